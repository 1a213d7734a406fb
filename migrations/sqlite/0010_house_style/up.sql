-- House style as data beside the messaging guidelines, what writers refer to, reminders, and who is named as a champion.
ALTER TABLE document_versions ADD COLUMN rules TEXT NOT NULL DEFAULT '';
CREATE TABLE problem_statements (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  words TEXT NOT NULL,
  who TEXT NOT NULL DEFAULT '',
  position BIGINT NOT NULL,
  created_by BIGINT REFERENCES members (id),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX problem_statements_order ON problem_statements (position, id);
CREATE TABLE acknowledgement_reminders (
  member_id BIGINT NOT NULL REFERENCES members (id),
  kind TEXT NOT NULL,
  major BIGINT NOT NULL,
  times BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (member_id, kind)
);
CREATE INDEX acknowledgements_major ON acknowledgements (kind, major, id);
CREATE INDEX standings_community_ack ON standings (community_ack, member_id);
CREATE INDEX standings_messaging_ack ON standings (messaging_ack, member_id);
ALTER TABLE members ADD COLUMN named_champion BOOLEAN NOT NULL DEFAULT FALSE;
-- The numbered rule of the community guidelines that a report has in mind: the version's id and the rule's number in it.
ALTER TABLE reports ADD COLUMN rule_version BIGINT;
ALTER TABLE reports ADD COLUMN rule_number BIGINT;
