DROP INDEX review_items_pending;
DROP INDEX decisions_media;
ALTER TABLE decisions DROP COLUMN media_id;
