-- The door: what was nominated, who was asked, who decided, what was taken out, and the texts written for each channel.
CREATE TABLE highlights (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('quotes','thread','milestone')),
  title TEXT NOT NULL,
  reason TEXT NOT NULL,
  audience TEXT NOT NULL DEFAULT '',
  thread_id BIGINT REFERENCES threads (id),
  state TEXT NOT NULL,
  state_note TEXT NOT NULL DEFAULT '',
  nominated_by BIGINT REFERENCES members (id),
  lang TEXT NOT NULL DEFAULT '',
  version BIGINT NOT NULL DEFAULT 1,
  change_seq BIGINT NOT NULL DEFAULT 0,
  content_hash BLOB NOT NULL,
  consent_deadline BIGINT,
  reminded_at BIGINT,
  embargo_until BIGINT,
  approved_by BIGINT REFERENCES members (id),
  approved_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX highlights_state ON highlights (state, updated_at, id);
CREATE INDEX highlights_changes ON highlights (change_seq);
CREATE INDEX highlights_nominator ON highlights (nominated_by, id);
CREATE INDEX highlights_thread ON highlights (thread_id, id);
CREATE TABLE highlight_changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  highlight_id BIGINT NOT NULL REFERENCES highlights (id),
  at BIGINT NOT NULL
);
CREATE INDEX highlight_changes_highlight ON highlight_changes (highlight_id, seq);
CREATE TABLE highlight_quotes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  highlight_id BIGINT NOT NULL REFERENCES highlights (id),
  position BIGINT NOT NULL,
  post_id BIGINT NOT NULL REFERENCES posts (id),
  author_id BIGINT REFERENCES members (id),
  post_revision BIGINT NOT NULL,
  excerpt TEXT,
  start_char BIGINT NOT NULL,
  end_char BIGINT NOT NULL,
  sha256 BLOB NOT NULL,
  UNIQUE (highlight_id, position)
);
CREATE INDEX highlight_quotes_post ON highlight_quotes (post_id, highlight_id);
CREATE INDEX highlight_quotes_author ON highlight_quotes (author_id, highlight_id);
CREATE TABLE consents (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  highlight_id BIGINT NOT NULL REFERENCES highlights (id),
  member_id BIGINT NOT NULL REFERENCES members (id),
  state TEXT NOT NULL CHECK (state IN ('asked','granted','declined','lapsed','withdrawn')),
  attribution TEXT NOT NULL DEFAULT '',
  attributed_as TEXT,
  trimming BOOLEAN NOT NULL DEFAULT FALSE,
  by_hand BOOLEAN NOT NULL DEFAULT FALSE,
  channel_kinds TEXT NOT NULL DEFAULT '[]',
  words_hash BLOB NOT NULL,
  wording TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  decided_at BIGINT,
  withdrawn_at BIGINT,
  UNIQUE (highlight_id, member_id)
);
CREATE INDEX consents_member ON consents (member_id, id);
CREATE INDEX consents_state ON consents (state, asked_at);
CREATE TABLE consent_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  consent_id BIGINT NOT NULL REFERENCES consents (id),
  event TEXT NOT NULL,
  scope TEXT NOT NULL,
  words_hash BLOB NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX consent_events_consent ON consent_events (consent_id, id);
CREATE TABLE declined_words (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  post_id BIGINT NOT NULL REFERENCES posts (id),
  sha256 BLOB NOT NULL,
  start_char BIGINT NOT NULL,
  end_char BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX declined_words_post ON declined_words (post_id, id);
CREATE TABLE highlight_decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  highlight_id BIGINT NOT NULL REFERENCES highlights (id),
  by_id BIGINT REFERENCES members (id),
  decision TEXT NOT NULL CHECK (decision IN ('approve','return','refuse')),
  note TEXT NOT NULL DEFAULT '',
  content_hash BLOB NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX highlight_decisions_highlight ON highlight_decisions (highlight_id, id);
CREATE TABLE pulls (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  highlight_id BIGINT NOT NULL REFERENCES highlights (id),
  member_id BIGINT REFERENCES members (id),
  how TEXT NOT NULL,
  purpose TEXT NOT NULL DEFAULT '',
  at BIGINT NOT NULL
);
CREATE INDEX pulls_highlight ON pulls (highlight_id, id);
CREATE TABLE announcements (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  highlight_id BIGINT NOT NULL REFERENCES highlights (id),
  channel_id BIGINT NOT NULL REFERENCES channels (id),
  revision BIGINT NOT NULL DEFAULT 1,
  state TEXT NOT NULL,
  text TEXT NOT NULL,
  text_hash BLOB NOT NULL,
  check_report TEXT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  messaging_version BIGINT REFERENCES document_versions (id),
  content_hash BLOB NOT NULL,
  planned_at BIGINT NOT NULL,
  zone TEXT NOT NULL,
  wall_time TEXT NOT NULL,
  remote_url TEXT,
  created_by BIGINT REFERENCES members (id),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  sent_at BIGINT,
  withdrawn_at BIGINT,
  withdrawn_by BIGINT REFERENCES members (id)
);
CREATE INDEX announcements_highlight ON announcements (highlight_id, id);
CREATE INDEX announcements_channel ON announcements (channel_id, state, id);
CREATE INDEX announcements_plan ON announcements (state, planned_at, id);
