-- Drafts that another device can go on with; posts that others may edit; words said for the community; reminders.
CREATE TABLE drafts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id BIGINT NOT NULL REFERENCES members (id),
  thread_id BIGINT NOT NULL DEFAULT 0,
  title TEXT NOT NULL,
  category TEXT NOT NULL,
  tags TEXT NOT NULL,
  body TEXT NOT NULL,
  reply_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  saved_at BIGINT NOT NULL,
  UNIQUE (member_id, thread_id)
);
CREATE INDEX drafts_saved ON drafts (member_id, saved_at, id);
ALTER TABLE posts ADD COLUMN wiki BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE posts ADD COLUMN official BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE post_revisions ADD COLUMN passed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE bookmarks ADD COLUMN remind_at BIGINT;
CREATE INDEX bookmarks_due ON bookmarks (remind_at) WHERE remind_at IS NOT NULL;
