-- Names are found by handle only, and examples show the note as it was written.
ALTER TABLE announcement_notes DROP COLUMN because;
DROP INDEX members_display;
