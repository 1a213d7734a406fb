-- Trust that moderators hold where it is: it neither grows nor falls by itself.
ALTER TABLE standings ADD COLUMN trust_locked BOOLEAN NOT NULL DEFAULT FALSE;
