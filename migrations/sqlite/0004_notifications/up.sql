-- What members are told, in the forum and by mail.
CREATE TABLE notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id BIGINT NOT NULL REFERENCES members (id),
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  actor_id BIGINT REFERENCES members (id),
  data TEXT NOT NULL DEFAULT '{}',
  created_at BIGINT NOT NULL,
  read_at BIGINT
);
CREATE INDEX notices_member ON notices (member_id, id);
CREATE INDEX notices_unread ON notices (member_id, read_at, id);
CREATE INDEX notices_subject ON notices (subject_kind, subject_id);
