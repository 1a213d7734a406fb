-- Which picture a decision is about: two pictures of one post may be removed by two decisions. Empty for older ones.
ALTER TABLE decisions ADD COLUMN media_id BIGINT;
CREATE INDEX decisions_media ON decisions (media_id);
-- Decisions that have not taken effect yet hold back what would leave meanwhile.
CREATE INDEX review_items_pending ON review_items (pending_until) WHERE pending_until IS NOT NULL;
