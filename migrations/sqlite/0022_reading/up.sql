-- How far members have read, and what they follow.
CREATE TABLE thread_reads (
  member_id BIGINT NOT NULL REFERENCES members (id),
  thread_id BIGINT NOT NULL REFERENCES threads (id),
  last_read BIGINT NOT NULL DEFAULT 0,
  undo_read BIGINT,
  level TEXT NOT NULL DEFAULT 'normal' CHECK (level IN ('watching','tracking','normal','muted')),
  chosen BOOLEAN NOT NULL DEFAULT FALSE,
  read_at BIGINT,
  PRIMARY KEY (member_id, thread_id)
);
CREATE INDEX thread_reads_followed ON thread_reads (member_id, level, thread_id);
CREATE INDEX thread_reads_watchers ON thread_reads (thread_id, level, member_id);
CREATE TABLE category_follows (
  member_id BIGINT NOT NULL REFERENCES members (id),
  category_id BIGINT NOT NULL REFERENCES categories (id),
  level TEXT NOT NULL CHECK (level IN ('watching','tracking','normal','muted')),
  PRIMARY KEY (member_id, category_id)
);
CREATE INDEX category_follows_watchers ON category_follows (category_id, level, member_id);
CREATE TABLE tag_follows (
  member_id BIGINT NOT NULL REFERENCES members (id),
  tag_id BIGINT NOT NULL REFERENCES tags (id),
  level TEXT NOT NULL CHECK (level IN ('watching','tracking','normal','muted')),
  PRIMARY KEY (member_id, tag_id)
);
CREATE INDEX tag_follows_watchers ON tag_follows (tag_id, level, member_id);
CREATE TABLE reading_marks (
  member_id BIGINT NOT NULL PRIMARY KEY REFERENCES members (id),
  new_since BIGINT NOT NULL DEFAULT 0,
  undo_since BIGINT,
  unread_marked_at BIGINT
);
