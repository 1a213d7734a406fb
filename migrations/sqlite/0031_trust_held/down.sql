-- Trust moves by itself everywhere again.
ALTER TABLE standings DROP COLUMN trust_locked;
