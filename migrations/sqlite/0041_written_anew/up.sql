-- Who wrote a highlight anew does not approve it, whatever becomes of it later. Those before this was kept stand in the log.
CREATE TABLE highlight_revisers (
  highlight_id BIGINT NOT NULL REFERENCES highlights (id) ON DELETE CASCADE,
  member_id BIGINT NOT NULL REFERENCES members (id),
  PRIMARY KEY (highlight_id, member_id)
);
INSERT INTO highlight_revisers (highlight_id, member_id)
  SELECT DISTINCT highlights.id, members.id FROM audit_entries
  JOIN highlights ON highlights.id = audit_entries.subject_id
  JOIN members ON members.id = audit_entries.actor_id
  WHERE audit_entries.kind = 'highlight.revised' AND audit_entries.subject_kind = 'highlight';
-- A correction that waits for its second reader. What stands outside stays as it is until then.
CREATE TABLE waiting_corrections (
  announcement_id BIGINT PRIMARY KEY NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  reasons TEXT NOT NULL,
  picture_alt TEXT,
  without_picture BOOLEAN NOT NULL,
  written_by BIGINT REFERENCES members (id),
  written_at BIGINT NOT NULL
);
