DROP INDEX announcements_suggestion;
DROP INDEX compositions_suggestion;
ALTER TABLE announcements DROP COLUMN suggestion_id;
ALTER TABLE compositions DROP COLUMN suggestion_id;
