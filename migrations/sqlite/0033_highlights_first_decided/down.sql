UPDATE review_items SET first_decided_at = NULL WHERE kind = 'highlight';
