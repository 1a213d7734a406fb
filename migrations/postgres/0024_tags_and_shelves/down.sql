ALTER TABLE categories DROP COLUMN allowed_tags;
ALTER TABLE categories DROP COLUMN tag_limit;
ALTER TABLE threads DROP COLUMN unlisted;
ALTER TABLE threads DROP COLUMN archived;
