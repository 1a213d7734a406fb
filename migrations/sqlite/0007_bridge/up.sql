-- Outward destinations, what was sent to them, every try, the announcements page, and the codes by which people come back.
CREATE TABLE channels (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  config TEXT NOT NULL DEFAULT '{}',
  secret_sealed BLOB,
  secret_hint TEXT NOT NULL DEFAULT '',
  secret_set_at BIGINT,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','paused','needs_reauth','disabled','removed')),
  state_note TEXT NOT NULL DEFAULT '',
  verified_at BIGINT,
  failures BIGINT NOT NULL DEFAULT 0,
  breaker_until BIGINT,
  min_gap_seconds BIGINT NOT NULL DEFAULT 0,
  daily_cap BIGINT NOT NULL DEFAULT 0,
  max_lateness_seconds BIGINT NOT NULL DEFAULT 86400,
  last_sent_at BIGINT,
  last_success_at BIGINT,
  lease_token BIGINT NOT NULL DEFAULT 0,
  leased_until BIGINT,
  position BIGINT NOT NULL DEFAULT 0,
  revision BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  channel_id BIGINT NOT NULL REFERENCES channels (id),
  origin_kind TEXT NOT NULL,
  origin_id BIGINT NOT NULL,
  operation TEXT NOT NULL CHECK (operation IN ('announce','correct','withdraw')),
  revision BIGINT NOT NULL,
  state TEXT NOT NULL,
  state_reason TEXT NOT NULL DEFAULT '',
  recalled BOOLEAN NOT NULL DEFAULT FALSE,
  payload TEXT NOT NULL,
  payload_hash BLOB NOT NULL,
  idempotency_key TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL DEFAULT '',
  planned_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  checks BIGINT NOT NULL DEFAULT 0,
  lease_token BIGINT NOT NULL DEFAULT 0,
  leased_until BIGINT,
  first_sent_at BIGINT,
  remote_id TEXT,
  remote_url TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  settled_at BIGINT,
  UNIQUE (origin_kind, origin_id, operation, revision)
);
CREATE INDEX deliveries_due ON deliveries (state, next_at, id);
CREATE INDEX deliveries_channel ON deliveries (channel_id, state, next_at, id);
CREATE INDEX deliveries_code ON deliveries (code);
CREATE TABLE attempts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  delivery_id BIGINT NOT NULL REFERENCES deliveries (id),
  number BIGINT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'send' CHECK (kind IN ('send','read_back','person')),
  fence BIGINT NOT NULL,
  payload_hash BLOB NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  outcome TEXT NOT NULL DEFAULT '',
  status BIGINT,
  detail TEXT NOT NULL DEFAULT '',
  by_member BIGINT REFERENCES members (id)
);
CREATE INDEX attempts_delivery ON attempts (delivery_id, number);
CREATE INDEX attempts_started ON attempts (started_at);
CREATE TABLE page_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  channel_id BIGINT NOT NULL REFERENCES channels (id),
  origin_kind TEXT NOT NULL,
  origin_id BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  lang TEXT NOT NULL DEFAULT '',
  link TEXT NOT NULL,
  said TEXT NOT NULL DEFAULT '[]',
  published_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  withdrawn_at BIGINT,
  UNIQUE (origin_kind, origin_id)
);
CREATE INDEX page_entries_order ON page_entries (channel_id, withdrawn_at, published_at, id);
CREATE TABLE link_codes (
  code TEXT PRIMARY KEY NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_id BIGINT NOT NULL,
  channel_id BIGINT REFERENCES channels (id),
  path TEXT NOT NULL,
  withdrawn_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX link_codes_origin ON link_codes (origin_kind, origin_id);
CREATE TABLE clicks (
  day BIGINT NOT NULL,
  code TEXT NOT NULL,
  people BIGINT NOT NULL DEFAULT 0,
  previews BIGINT NOT NULL DEFAULT 0,
  sign_ups BIGINT NOT NULL DEFAULT 0,
  first_posts BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (day, code)
);
CREATE INDEX clicks_code ON clicks (code, day);
