-- What tags a category takes.
ALTER TABLE categories ADD COLUMN tag_limit BIGINT NOT NULL DEFAULT 5;
ALTER TABLE categories ADD COLUMN allowed_tags TEXT NOT NULL DEFAULT '';
