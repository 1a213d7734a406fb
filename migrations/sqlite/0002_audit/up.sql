-- The append-only log of what was done by whom: ids, kinds and keyed hashes, chained; a reason in words stands in a column that can be erased.
CREATE TABLE audit_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT,
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id BIGINT,
  details TEXT NOT NULL,
  reason TEXT,
  reason_hash BLOB,
  prev_hash BLOB NOT NULL,
  hash BLOB NOT NULL
);
CREATE INDEX audit_entries_subject ON audit_entries (subject_kind, subject_id, id);
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_kind ON audit_entries (kind, id);
