-- The writing desk: texts in the making, the calendar's slots, and requests for voices.
CREATE TABLE compositions (
  highlight_id BIGINT PRIMARY KEY NOT NULL REFERENCES highlights (id),
  master TEXT NOT NULL,
  lang TEXT NOT NULL,
  hashtags TEXT NOT NULL DEFAULT '',
  picture_id BIGINT,
  picture_alt TEXT NOT NULL DEFAULT '',
  revision BIGINT NOT NULL DEFAULT 1,
  saved_by BIGINT REFERENCES members (id),
  saved_at BIGINT NOT NULL
);
CREATE TABLE composition_texts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  highlight_id BIGINT NOT NULL REFERENCES compositions (highlight_id),
  channel_id BIGINT NOT NULL REFERENCES channels (id),
  text TEXT NOT NULL,
  own BOOLEAN NOT NULL DEFAULT FALSE,
  plan TEXT NOT NULL DEFAULT 'now',
  wall_time TEXT NOT NULL DEFAULT '',
  hour TEXT NOT NULL DEFAULT '',
  reasons TEXT NOT NULL DEFAULT '{}',
  note TEXT NOT NULL DEFAULT '',
  UNIQUE (highlight_id, channel_id)
);
CREATE TABLE queue_slots (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  channel_id BIGINT NOT NULL REFERENCES channels (id),
  weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  minute BIGINT NOT NULL CHECK (minute BETWEEN 0 AND 1439),
  created_at BIGINT NOT NULL,
  UNIQUE (channel_id, weekday, minute)
);
CREATE TABLE voice_requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  title TEXT NOT NULL,
  wish TEXT NOT NULL,
  voices BIGINT NOT NULL,
  category_id BIGINT REFERENCES categories (id),
  state TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  zone TEXT NOT NULL,
  wall_time TEXT NOT NULL,
  asked_by BIGINT REFERENCES members (id),
  taken_by BIGINT REFERENCES members (id),
  revision BIGINT NOT NULL DEFAULT 1,
  reminded_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX voice_requests_open ON voice_requests (state, due_at, id);
CREATE INDEX voice_requests_due ON voice_requests (due_at, id);
CREATE TABLE voice_answers (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  request_id BIGINT NOT NULL REFERENCES voice_requests (id),
  by_id BIGINT REFERENCES members (id),
  answer TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  charter_version BIGINT REFERENCES document_versions (id),
  charter_sentence TEXT NOT NULL DEFAULT '',
  at BIGINT NOT NULL
);
CREATE INDEX voice_answers_request ON voice_answers (request_id, id);
CREATE TABLE voice_offers (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  request_id BIGINT NOT NULL REFERENCES voice_requests (id),
  highlight_id BIGINT NOT NULL REFERENCES highlights (id),
  by_id BIGINT REFERENCES members (id),
  at BIGINT NOT NULL,
  UNIQUE (request_id, highlight_id)
);
ALTER TABLE announcements ADD COLUMN lang TEXT NOT NULL DEFAULT '';
ALTER TABLE announcements ADD COLUMN hashtags TEXT NOT NULL DEFAULT '';
ALTER TABLE announcements ADD COLUMN check_reasons TEXT NOT NULL DEFAULT '{}';
ALTER TABLE announcements ADD COLUMN released_by BIGINT;
ALTER TABLE announcements ADD COLUMN picture_id BIGINT;
ALTER TABLE announcements ADD COLUMN picture_alt TEXT NOT NULL DEFAULT '';
CREATE INDEX announcements_when ON announcements (planned_at, id);
CREATE INDEX announcements_at_channel ON announcements (channel_id, planned_at, id);
