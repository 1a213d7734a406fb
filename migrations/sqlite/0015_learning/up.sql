-- What was learned from announcements, the examples made of it, and texts that champions suggest.
CREATE TABLE announcement_notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  announcement_id BIGINT NOT NULL REFERENCES announcements (id),
  author_id BIGINT REFERENCES members (id),
  kind TEXT NOT NULL CHECK (kind IN ('worked','better')),
  words TEXT NOT NULL,
  rule_version BIGINT REFERENCES document_versions (id),
  rule_number BIGINT,
  named BOOLEAN NOT NULL DEFAULT FALSE,
  said TEXT NOT NULL DEFAULT '',
  rather TEXT NOT NULL DEFAULT '',
  picked_at BIGINT,
  picked_by BIGINT REFERENCES members (id),
  created_at BIGINT NOT NULL
);
CREATE INDEX announcement_notes_of ON announcement_notes (announcement_id, id);
CREATE INDEX announcement_notes_picked ON announcement_notes (picked_at, id);
CREATE INDEX announcement_notes_author ON announcement_notes (author_id);
CREATE TABLE text_suggestions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  highlight_id BIGINT NOT NULL REFERENCES highlights (id),
  author_id BIGINT REFERENCES members (id),
  words TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('open','taken','set_aside')),
  answer TEXT NOT NULL DEFAULT '',
  answered_by BIGINT REFERENCES members (id),
  answered_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX text_suggestions_state ON text_suggestions (state, id);
CREATE INDEX text_suggestions_highlight ON text_suggestions (highlight_id, id);
CREATE INDEX text_suggestions_author ON text_suggestions (author_id, id);
