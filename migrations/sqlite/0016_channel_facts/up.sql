-- What a channel told us of itself (limits, the account's name), until when its token holds, and what a nightly look
-- found of something that was sent.
ALTER TABLE channels ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';
ALTER TABLE channels ADD COLUMN token_expires_at BIGINT;
ALTER TABLE deliveries ADD COLUMN looked_at BIGINT;
ALTER TABLE deliveries ADD COLUMN looks TEXT NOT NULL DEFAULT '';
CREATE INDEX deliveries_looked ON deliveries (state, looked_at, id);
