-- Signing in at a channel's vendor: what an admin began there and has not come back from yet.
CREATE TABLE channel_grants (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  channel_id BIGINT NOT NULL REFERENCES channels (id),
  state_hash BLOB NOT NULL UNIQUE,
  holder_hash BLOB NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX channel_grants_expires ON channel_grants (expires_at);
CREATE INDEX channel_grants_channel ON channel_grants (channel_id);
