DROP INDEX deliveries_looked;
ALTER TABLE deliveries DROP COLUMN looks;
ALTER TABLE deliveries DROP COLUMN looked_at;
ALTER TABLE channels DROP COLUMN token_expires_at;
ALTER TABLE channels DROP COLUMN facts;
