-- Pictures that members put into their posts, and whether a consent covers them.
CREATE TABLE uploads (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id BIGINT REFERENCES members (id),
  post_id BIGINT REFERENCES posts (id),
  name TEXT NOT NULL UNIQUE,
  media_type TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  alt TEXT NOT NULL,
  sha256 BLOB NOT NULL,
  created_at BIGINT NOT NULL,
  claimed_at BIGINT,
  doomed_at BIGINT
);
CREATE INDEX uploads_member ON uploads (member_id, id);
CREATE INDEX uploads_post ON uploads (post_id, id);
CREATE INDEX uploads_doomed ON uploads (doomed_at, id);
ALTER TABLE consents ADD COLUMN pictures BOOLEAN NOT NULL DEFAULT FALSE;
