-- One desk: what waits in one order, who does what about it, what members read of it, and what holds words back.
ALTER TABLE review_items ADD COLUMN waits BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE review_items ADD COLUMN priority BIGINT NOT NULL DEFAULT 3;
ALTER TABLE review_items ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE review_items ADD COLUMN thread_id BIGINT;
ALTER TABLE review_items ADD COLUMN held_for TEXT;
ALTER TABLE review_items ADD COLUMN hint TEXT;
ALTER TABLE review_items ADD COLUMN pending TEXT;
ALTER TABLE review_items ADD COLUMN pending_by BIGINT;
ALTER TABLE review_items ADD COLUMN pending_until BIGINT;
ALTER TABLE review_items ADD COLUMN first_decided_at BIGINT;
UPDATE review_items SET since = updated_at, waits = (state IN ('open','in_progress')), first_decided_at = decided_at;
UPDATE review_items SET priority = 2 WHERE kind = 'report' AND report_count >= 3;
UPDATE review_items SET priority = 1 WHERE id IN (SELECT item_id FROM reports WHERE reason = 'illegal' AND state = 'pending');
UPDATE review_items SET thread_id = (SELECT thread_id FROM posts WHERE posts.id = review_items.subject_id) WHERE subject_kind = 'post';
DROP INDEX review_items_queue;
CREATE INDEX review_items_waiting ON review_items (waits, priority, since, id);
CREATE INDEX review_items_kind ON review_items (kind, waits, priority, since, id);
CREATE INDEX review_items_mine ON review_items (assignee_id, waits, priority, since, id);
CREATE INDEX review_items_done ON review_items (waits, updated_at, id);
CREATE INDEX review_items_done_kind ON review_items (kind, waits, updated_at, id);
CREATE INDEX review_items_done_mine ON review_items (assignee_id, waits, updated_at, id);
CREATE INDEX review_items_thread ON review_items (thread_id);
CREATE INDEX review_items_author ON review_items (subject_author_id, id);
CREATE INDEX review_items_decided ON review_items (decided_at);
ALTER TABLE reports ADD COLUMN guest_id BIGINT;
CREATE INDEX reports_reporter ON reports (reporter_id, created_at);
CREATE TABLE review_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  item_id BIGINT NOT NULL REFERENCES review_items (id),
  at BIGINT NOT NULL,
  by_id BIGINT REFERENCES members (id),
  kind TEXT NOT NULL,
  words TEXT
);
CREATE INDEX review_events_item ON review_events (item_id, id);
CREATE TABLE report_reasons (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  word TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL DEFAULT '',
  more TEXT NOT NULL DEFAULT '',
  rule_number BIGINT,
  needs_words BOOLEAN NOT NULL DEFAULT FALSE,
  legal BOOLEAN NOT NULL DEFAULT FALSE,
  counts BOOLEAN NOT NULL DEFAULT TRUE,
  position BIGINT NOT NULL DEFAULT 0,
  retired_at BIGINT
);
INSERT INTO report_reasons (word, needs_words, legal, counts, position) VALUES
  ('spam', FALSE, FALSE, TRUE, 1), ('off_topic', FALSE, FALSE, TRUE, 2), ('unkind', FALSE, FALSE, TRUE, 3),
  ('illegal', TRUE, TRUE, FALSE, 4), ('other', TRUE, FALSE, FALSE, 5);
CREATE TABLE guest_reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  post_id BIGINT NOT NULL,
  email TEXT,
  message TEXT,
  lang TEXT NOT NULL DEFAULT '',
  token_hash BLOB UNIQUE,
  asked_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  confirmed_at BIGINT
);
CREATE INDEX guest_reports_expiry ON guest_reports (expires_at);
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id BIGINT NOT NULL REFERENCES members (id),
  what TEXT NOT NULL,
  post_id BIGINT,
  thread_id BIGINT,
  sanction_id BIGINT REFERENCES sanctions (id),
  item_id BIGINT REFERENCES review_items (id),
  category_id BIGINT,
  title TEXT,
  original TEXT,
  reason TEXT,
  rule_version BIGINT,
  rule_number BIGINT,
  by_id BIGINT REFERENCES members (id),
  at BIGINT NOT NULL,
  undone_at BIGINT
);
CREATE INDEX decisions_member ON decisions (member_id, id);
CREATE INDEX decisions_post ON decisions (post_id);
CREATE INDEX decisions_sanction ON decisions (sanction_id);
CREATE TABLE appeals (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  decision_id BIGINT NOT NULL UNIQUE REFERENCES decisions (id),
  member_id BIGINT NOT NULL REFERENCES members (id),
  words TEXT,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','granted','refused')),
  at BIGINT NOT NULL,
  answer TEXT,
  decided_at BIGINT,
  decided_by BIGINT REFERENCES members (id)
);
CREATE INDEX appeals_decided ON appeals (decided_at);
CREATE TABLE member_notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id BIGINT NOT NULL REFERENCES members (id),
  by_id BIGINT REFERENCES members (id),
  words TEXT,
  at BIGINT NOT NULL
);
CREATE INDEX member_notes_member ON member_notes (member_id, id);
CREATE TABLE watched_words (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  pattern TEXT NOT NULL,
  is_regex BOOLEAN NOT NULL DEFAULT FALSE,
  action TEXT NOT NULL CHECK (action IN ('hold','flag','refuse')),
  note TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL
);
CREATE TABLE desk_settings (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
);
CREATE TABLE spam_words (
  word TEXT PRIMARY KEY NOT NULL,
  spam BIGINT NOT NULL DEFAULT 0,
  ham BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE spam_lessons (
  post_id BIGINT PRIMARY KEY NOT NULL,
  spam BOOLEAN NOT NULL,
  at BIGINT NOT NULL
);
