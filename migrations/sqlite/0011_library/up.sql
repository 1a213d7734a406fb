-- The publisher's room: what a highlight is about and until when it holds, collections, who took what out and what has to follow a recall, feeds under secret addresses, and the weekly letter.
ALTER TABLE highlights ADD COLUMN category_id BIGINT REFERENCES categories (id);
ALTER TABLE highlights ADD COLUMN evergreen BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE highlights ADD COLUMN expires_at BIGINT;
ALTER TABLE highlights ADD COLUMN pictured BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE highlights ADD COLUMN find_text TEXT NOT NULL DEFAULT '';
CREATE INDEX highlights_library ON highlights (state, approved_at, id);
CREATE INDEX highlights_library_category ON highlights (category_id, state, approved_at, id);
CREATE INDEX highlights_expiry ON highlights (state, expires_at, id);
CREATE TABLE highlight_topics (
  highlight_id BIGINT NOT NULL REFERENCES highlights (id),
  name_key TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (highlight_id, name_key)
);
CREATE INDEX highlight_topics_name ON highlight_topics (name_key, highlight_id);
CREATE TABLE collections (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  created_by BIGINT REFERENCES members (id),
  created_at BIGINT NOT NULL
);
CREATE TABLE collection_items (
  collection_id BIGINT NOT NULL REFERENCES collections (id),
  highlight_id BIGINT NOT NULL REFERENCES highlights (id),
  added_by BIGINT REFERENCES members (id),
  added_at BIGINT NOT NULL,
  PRIMARY KEY (collection_id, highlight_id)
);
CREATE INDEX collection_items_highlight ON collection_items (highlight_id, collection_id);
CREATE TABLE pull_feeds (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id BIGINT NOT NULL REFERENCES members (id),
  label TEXT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  collection_id BIGINT REFERENCES collections (id),
  created_at BIGINT NOT NULL,
  read_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX pull_feeds_member ON pull_feeds (member_id, id);
ALTER TABLE pulls ADD COLUMN batch BIGINT;
ALTER TABLE pulls ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
ALTER TABLE pulls ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE pulls ADD COLUMN feed_id BIGINT REFERENCES pull_feeds (id);
ALTER TABLE pulls ADD COLUMN recalled_at BIGINT;
ALTER TABLE pulls ADD COLUMN recall_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE pulls ADD COLUMN done_at BIGINT;
ALTER TABLE pulls ADD COLUMN done_by BIGINT REFERENCES members (id);
CREATE INDEX pulls_batch ON pulls (batch, id);
CREATE UNIQUE INDEX pulls_feed ON pulls (feed_id, highlight_id) WHERE feed_id IS NOT NULL AND recalled_at IS NULL;
CREATE INDEX pulls_to_do ON pulls (id) WHERE recalled_at IS NOT NULL AND done_at IS NULL;
CREATE INDEX announcements_said ON announcements (sent_at, id) WHERE sent_at IS NOT NULL;
CREATE INDEX announcements_said_at ON announcements (channel_id, sent_at, id) WHERE sent_at IS NOT NULL;
CREATE INDEX page_entries_code ON page_entries (code);
CREATE TABLE library_letters (
  member_id BIGINT PRIMARY KEY NOT NULL REFERENCES members (id),
  wanted BOOLEAN NOT NULL DEFAULT TRUE,
  sent_at BIGINT
);
UPDATE pulls SET batch = id, how = CASE how WHEN 'feed' THEN 'api' ELSE how END;
UPDATE highlights SET category_id = (SELECT category_id FROM threads WHERE threads.id = highlights.thread_id);
INSERT INTO highlight_topics (highlight_id, name_key, name)
  SELECT highlights.id, tags.name_key, tags.name FROM highlights
  JOIN thread_tags ON thread_tags.thread_id = highlights.thread_id
  JOIN tags ON tags.id = thread_tags.tag_id
  WHERE highlights.approved_at IS NOT NULL;
UPDATE highlights SET find_text = lower(title || ' ' || audience || ' ' || reason || ' ' || coalesce((SELECT group_concat(excerpt, ' ') FROM highlight_quotes WHERE highlight_id = highlights.id), ''))
  WHERE approved_at IS NOT NULL;
