-- What the desk weighs: saved marks, answers, milestones, and the candidates of the week.
CREATE TABLE bookmarks (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id BIGINT NOT NULL REFERENCES members (id),
  post_id BIGINT NOT NULL REFERENCES posts (id),
  created_at BIGINT NOT NULL,
  UNIQUE (member_id, post_id)
);
CREATE INDEX bookmarks_member ON bookmarks (member_id, id);
CREATE INDEX bookmarks_post ON bookmarks (post_id);
ALTER TABLE posts ADD COLUMN bookmark_count BIGINT NOT NULL DEFAULT 0;
CREATE INDEX posts_saved ON posts (thread_id) WHERE bookmark_count > 0;
ALTER TABLE threads ADD COLUMN answer_post_id BIGINT;
ALTER TABLE threads ADD COLUMN answered_at BIGINT;
CREATE TABLE milestones (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL,
  number BIGINT NOT NULL,
  member_id BIGINT NOT NULL DEFAULT 0,
  thread_id BIGINT REFERENCES threads (id),
  highlight_id BIGINT REFERENCES highlights (id),
  reached_at BIGINT NOT NULL,
  UNIQUE (kind, number, member_id)
);
CREATE INDEX milestones_reached ON milestones (reached_at, id);
CREATE INDEX milestones_highlight ON milestones (highlight_id);
CREATE TABLE candidates (
  thread_id BIGINT PRIMARY KEY NOT NULL REFERENCES threads (id),
  category_id BIGINT NOT NULL,
  post_id BIGINT NOT NULL,
  participants BIGINT NOT NULL,
  saved BIGINT NOT NULL,
  solved BOOLEAN NOT NULL,
  first_voices BIGINT NOT NULL,
  place BIGINT NOT NULL,
  score BIGINT NOT NULL,
  dismissed_at BIGINT,
  dismissed_by BIGINT REFERENCES members (id),
  weighed_at BIGINT NOT NULL
);
CREATE INDEX candidates_ranked ON candidates (dismissed_at, score, thread_id);
CREATE INDEX consents_asked ON consents (asked_at, member_id);
-- What waited for a moderator before the one queue knew highlights stands in it from now on.
INSERT INTO review_items (kind, subject_kind, subject_id, state, created_at, updated_at)
  SELECT 'highlight', 'highlight', id, 'open', updated_at, updated_at FROM highlights WHERE state = 'consented';
