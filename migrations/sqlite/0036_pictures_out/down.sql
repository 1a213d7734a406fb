-- Nobody knows any more which pictures left in a kit, and our own page shows none.
ALTER TABLE page_entries DROP COLUMN picture;
DROP TABLE pull_pictures;
