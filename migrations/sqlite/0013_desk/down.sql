-- Takes what this step added away again.
DELETE FROM review_items WHERE kind = 'highlight';
DROP INDEX consents_asked;
DROP TABLE candidates;
DROP TABLE milestones;
ALTER TABLE threads DROP COLUMN answered_at;
ALTER TABLE threads DROP COLUMN answer_post_id;
DROP INDEX posts_saved;
ALTER TABLE posts DROP COLUMN bookmark_count;
DROP TABLE bookmarks;
