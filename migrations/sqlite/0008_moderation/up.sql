-- Reports, the one review queue, and what was done to authors.
CREATE TABLE review_items (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  subject_author_id BIGINT REFERENCES members (id),
  category_id BIGINT,
  state TEXT NOT NULL CHECK (state IN ('open','in_progress','upheld','declined','ignored')),
  assignee_id BIGINT REFERENCES members (id),
  version BIGINT NOT NULL DEFAULT 1,
  snapshot TEXT,
  snapshot_hash BLOB,
  report_count BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by BIGINT REFERENCES members (id),
  decision TEXT NOT NULL DEFAULT '{}',
  UNIQUE (kind, subject_kind, subject_id)
);
CREATE INDEX review_items_queue ON review_items (state, updated_at, id);
CREATE TABLE reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  item_id BIGINT NOT NULL REFERENCES review_items (id),
  reporter_id BIGINT REFERENCES members (id),
  reason TEXT NOT NULL,
  message TEXT,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','upheld','declined','ignored','rescinded')),
  created_at BIGINT NOT NULL,
  UNIQUE (item_id, reporter_id)
);
CREATE TABLE sanctions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id BIGINT NOT NULL REFERENCES members (id),
  kind TEXT NOT NULL CHECK (kind IN ('warning','silence','suspension')),
  reason TEXT,
  reason_hash BLOB,
  item_id BIGINT REFERENCES review_items (id),
  by_id BIGINT REFERENCES members (id),
  from_at BIGINT NOT NULL,
  until_at BIGINT,
  lifted_at BIGINT,
  lifted_by BIGINT REFERENCES members (id)
);
CREATE INDEX sanctions_member ON sanctions (member_id, id);
