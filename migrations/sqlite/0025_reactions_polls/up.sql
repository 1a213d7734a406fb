-- Answering without words: one reaction per member and post, and polls. What is counted stands in the row that is read anyway.
CREATE TABLE reactions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id BIGINT NOT NULL REFERENCES members (id),
  post_id BIGINT NOT NULL REFERENCES posts (id),
  kind TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (member_id, post_id)
);
CREATE INDEX reactions_post ON reactions (post_id, id);
ALTER TABLE posts ADD COLUMN reactions TEXT NOT NULL DEFAULT '';
CREATE TABLE polls (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  post_id BIGINT NOT NULL UNIQUE REFERENCES posts (id),
  kind TEXT NOT NULL CHECK (kind IN ('single','multiple','ranked')),
  secret BOOLEAN NOT NULL DEFAULT FALSE,
  question TEXT NOT NULL,
  options TEXT NOT NULL,
  closes_at BIGINT,
  tally TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE poll_votes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  poll_id BIGINT NOT NULL REFERENCES polls (id),
  member_id BIGINT NOT NULL REFERENCES members (id),
  choice TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (poll_id, member_id)
);
CREATE INDEX poll_votes_poll ON poll_votes (poll_id, id);
CREATE INDEX poll_votes_member ON poll_votes (member_id);
