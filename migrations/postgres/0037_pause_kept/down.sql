ALTER TABLE channels DROP COLUMN held_note;
