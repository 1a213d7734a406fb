-- Threads that are kept but not talked in (archived), not listed, slowed down, or merged into another one; and pictures
-- that were taken out of sight everywhere without being lost at once.
ALTER TABLE threads ADD COLUMN archived BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE threads ADD COLUMN unlisted BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE threads ADD COLUMN slow_seconds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE threads ADD COLUMN merged_into_id BIGINT;
ALTER TABLE uploads ADD COLUMN removed_at BIGINT;
