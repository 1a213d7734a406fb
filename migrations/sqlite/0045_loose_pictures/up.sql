-- Since when a picture stands in no post; empty while it stands in one. A picture that was taken out of an old post
-- has its week from then on.
ALTER TABLE uploads ADD COLUMN loose_since BIGINT;
UPDATE uploads SET loose_since = created_at WHERE post_id IS NULL;
CREATE INDEX uploads_loose ON uploads (loose_since, id);
