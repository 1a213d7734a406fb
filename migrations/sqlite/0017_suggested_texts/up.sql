-- A text that began with what a champion suggested says whose it was, for as long as that member has an account.
ALTER TABLE compositions ADD COLUMN suggestion_id BIGINT REFERENCES text_suggestions (id) ON DELETE SET NULL;
ALTER TABLE announcements ADD COLUMN suggestion_id BIGINT REFERENCES text_suggestions (id) ON DELETE SET NULL;
CREATE INDEX compositions_suggestion ON compositions (suggestion_id);
CREATE INDEX announcements_suggestion ON announcements (suggestion_id);
