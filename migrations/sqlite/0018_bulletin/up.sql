-- The bulletin: who wants letters, which letter went to whom and how it fared, and the keys that sign them.
CREATE TABLE bulletin_subscribers (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  channel_id BIGINT NOT NULL REFERENCES channels (id),
  address TEXT,
  address_hash BLOB NOT NULL,
  member_id BIGINT REFERENCES members (id),
  lang TEXT NOT NULL,
  state TEXT NOT NULL,
  token_hash BLOB UNIQUE,
  token_expires_at BIGINT,
  failures BIGINT NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  asked_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  ended_at BIGINT,
  UNIQUE (channel_id, address_hash)
);
CREATE INDEX bulletin_subscribers_state ON bulletin_subscribers (channel_id, state, id);
CREATE INDEX bulletin_subscribers_member ON bulletin_subscribers (member_id, id);
CREATE INDEX bulletin_subscribers_ended ON bulletin_subscribers (state, ended_at, id);
CREATE TABLE bulletin_letters (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  channel_id BIGINT NOT NULL REFERENCES channels (id),
  delivery_id BIGINT NOT NULL REFERENCES deliveries (id),
  origin_kind TEXT NOT NULL,
  origin_id BIGINT NOT NULL,
  subscriber_id BIGINT REFERENCES bulletin_subscribers (id) ON DELETE SET NULL,
  address_hash BLOB NOT NULL,
  state TEXT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  fence BIGINT NOT NULL DEFAULT 0,
  leased_until BIGINT,
  begun_at BIGINT,
  status BIGINT,
  note TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  settled_at BIGINT,
  UNIQUE (origin_kind, origin_id, address_hash)
);
CREATE INDEX bulletin_letters_due ON bulletin_letters (state, next_at, id);
CREATE INDEX bulletin_letters_channel ON bulletin_letters (channel_id, state, next_at, id);
CREATE INDEX bulletin_letters_pace ON bulletin_letters (channel_id, begun_at);
CREATE INDEX bulletin_letters_list ON bulletin_letters (origin_kind, origin_id, id);
CREATE INDEX bulletin_letters_subscriber ON bulletin_letters (subscriber_id, id);
CREATE INDEX bulletin_letters_settled ON bulletin_letters (settled_at, id);
CREATE INDEX bulletin_letters_delivery ON bulletin_letters (delivery_id);
CREATE TABLE bulletin_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  channel_id BIGINT NOT NULL REFERENCES channels (id),
  selector TEXT NOT NULL,
  sealed BLOB NOT NULL,
  public_key TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  in_use_at BIGINT,
  UNIQUE (channel_id, selector)
);
