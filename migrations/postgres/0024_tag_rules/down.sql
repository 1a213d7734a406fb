ALTER TABLE categories DROP COLUMN allowed_tags;
ALTER TABLE categories DROP COLUMN tag_limit;
