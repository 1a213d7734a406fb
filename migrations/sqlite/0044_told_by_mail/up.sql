-- What was told by mail alone: it does not stand in the list, and is not told a second time.
ALTER TABLE notices ADD COLUMN by_mail BOOLEAN NOT NULL DEFAULT FALSE;
