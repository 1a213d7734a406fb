-- Which pictures left in a media kit, so that they can be asked back; and the picture of an announcement on our own page.
CREATE TABLE pull_pictures (
  pull_id BIGINT NOT NULL REFERENCES pulls (id) ON DELETE CASCADE,
  upload_id BIGINT NOT NULL,
  PRIMARY KEY (pull_id, upload_id)
);
CREATE INDEX pull_pictures_upload ON pull_pictures (upload_id, pull_id);
-- What was handed out before this was written down: every picture that the consents covered then.
INSERT INTO pull_pictures (pull_id, upload_id)
  SELECT DISTINCT pulls.id, uploads.id FROM pulls
  JOIN highlight_quotes ON highlight_quotes.highlight_id = pulls.highlight_id
  JOIN uploads ON uploads.post_id = highlight_quotes.post_id
  JOIN consents ON consents.highlight_id = pulls.highlight_id AND consents.member_id = highlight_quotes.author_id
  WHERE pulls.how = 'kit' AND pulls.recalled_at IS NULL AND consents.pictures AND uploads.claimed_at <= pulls.at;
ALTER TABLE page_entries ADD COLUMN picture TEXT NOT NULL DEFAULT '';
