DROP INDEX uploads_loose;
ALTER TABLE uploads DROP COLUMN loose_since;
