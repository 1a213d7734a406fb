DROP INDEX bookmarks_due;
ALTER TABLE bookmarks DROP COLUMN remind_at;
ALTER TABLE post_revisions DROP COLUMN passed;
ALTER TABLE posts DROP COLUMN official;
ALTER TABLE posts DROP COLUMN wiki;
DROP TABLE drafts;
