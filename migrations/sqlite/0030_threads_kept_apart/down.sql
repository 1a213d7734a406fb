-- Threads know only locked and pinned again.
ALTER TABLE threads DROP COLUMN archived;
ALTER TABLE threads DROP COLUMN unlisted;
ALTER TABLE threads DROP COLUMN slow_seconds;
ALTER TABLE threads DROP COLUMN merged_into_id;
ALTER TABLE uploads DROP COLUMN removed_at;
