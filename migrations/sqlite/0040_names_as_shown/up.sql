-- Members are found by the name that others read, so that no announcement names somebody who was not asked; and why an
-- example is one is kept without anybody's words and names in it. Examples made before are picked anew.
CREATE INDEX members_display ON members (display_name);
ALTER TABLE announcement_notes ADD COLUMN because TEXT NOT NULL DEFAULT '';
UPDATE announcement_notes SET said = '', rather = '', picked_at = NULL, picked_by = NULL WHERE picked_at IS NOT NULL;
