-- Highlights that were decided before count towards the time to a first decision; those that were only taken back do not.
UPDATE review_items SET first_decided_at = decided_at
WHERE kind = 'highlight' AND first_decided_at IS NULL AND decided_at IS NOT NULL AND state IN ('upheld', 'declined');
