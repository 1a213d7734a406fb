-- What members tell of themselves, the badges they wear, and whom they would rather not hear.
ALTER TABLE members ADD COLUMN pronouns TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN links TEXT NOT NULL DEFAULT '';
CREATE TABLE badges (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  rule TEXT NOT NULL DEFAULT 'hand',
  created_at BIGINT NOT NULL
);
CREATE TABLE member_badges (
  member_id BIGINT NOT NULL REFERENCES members (id),
  badge_id BIGINT NOT NULL REFERENCES badges (id),
  given_at BIGINT NOT NULL,
  PRIMARY KEY (member_id, badge_id)
);
CREATE INDEX member_badges_badge ON member_badges (badge_id, member_id);
CREATE TABLE ignores (
  member_id BIGINT NOT NULL REFERENCES members (id),
  ignored_id BIGINT NOT NULL REFERENCES members (id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (member_id, ignored_id)
);
CREATE INDEX ignores_ignored ON ignores (ignored_id);
INSERT INTO badges (name, rule, created_at) VALUES
  ('', 'first-post', 0), ('', 'year', 0), ('', 'hundred-posts', 0);
