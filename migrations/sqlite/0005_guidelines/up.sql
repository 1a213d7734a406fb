-- The charter and the two guidelines as versioned documents, and who has acknowledged which.
CREATE TABLE document_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('charter','community','messaging')),
  number BIGINT NOT NULL,
  major BIGINT NOT NULL,
  minor BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft','published')),
  body_source TEXT NOT NULL,
  body_html TEXT NOT NULL,
  text_hash BLOB NOT NULL,
  change_note TEXT NOT NULL DEFAULT '',
  created_by BIGINT REFERENCES members (id),
  created_at BIGINT NOT NULL,
  published_at BIGINT,
  effective_at BIGINT,
  UNIQUE (kind, number)
);
CREATE INDEX document_versions_current ON document_versions (kind, state, number);
CREATE TABLE acknowledgements (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id BIGINT NOT NULL REFERENCES members (id),
  kind TEXT NOT NULL,
  version_id BIGINT NOT NULL REFERENCES document_versions (id),
  major BIGINT NOT NULL,
  text_hash BLOB NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (member_id, version_id)
);
CREATE INDEX acknowledgements_version ON acknowledgements (version_id, id);
