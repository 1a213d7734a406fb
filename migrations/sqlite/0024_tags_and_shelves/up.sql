-- Threads that are put away or kept out of lists, and what tags a category takes.
ALTER TABLE threads ADD COLUMN archived BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE threads ADD COLUMN unlisted BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE categories ADD COLUMN tag_limit BIGINT NOT NULL DEFAULT 5;
ALTER TABLE categories ADD COLUMN allowed_tags TEXT NOT NULL DEFAULT '';
