-- The places to talk, the conversations in them, and what was said.
CREATE TABLE categories (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  parent_id BIGINT REFERENCES categories (id),
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  colour TEXT NOT NULL DEFAULT '#0b5d5e',
  position BIGINT NOT NULL DEFAULT 0,
  lang TEXT NOT NULL DEFAULT '',
  nominable BOOLEAN NOT NULL DEFAULT TRUE,
  closed BOOLEAN NOT NULL DEFAULT FALSE,
  thread_count BIGINT NOT NULL DEFAULT 0,
  post_count BIGINT NOT NULL DEFAULT 0,
  last_post_at BIGINT,
  revision BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);
CREATE INDEX categories_order ON categories (parent_id, position, id);
CREATE TABLE category_grants (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  category_id BIGINT NOT NULL REFERENCES categories (id),
  who TEXT NOT NULL CHECK (who IN ('everyone','members','group')),
  group_id BIGINT REFERENCES groups (id),
  may_see BOOLEAN NOT NULL,
  may_reply BOOLEAN NOT NULL,
  may_start BOOLEAN NOT NULL,
  may_moderate BOOLEAN NOT NULL
);
CREATE INDEX category_grants_category ON category_grants (category_id, id);
CREATE INDEX category_grants_group ON category_grants (group_id);
CREATE TABLE threads (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  category_id BIGINT REFERENCES categories (id),
  author_id BIGINT REFERENCES members (id),
  title TEXT NOT NULL,
  slug TEXT NOT NULL,
  lang TEXT NOT NULL DEFAULT '',
  summary TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'visible' CHECK (state IN ('visible','hidden','deleted')),
  locked BOOLEAN NOT NULL DEFAULT FALSE,
  pinned BOOLEAN NOT NULL DEFAULT FALSE,
  revision BIGINT NOT NULL DEFAULT 1,
  post_counter BIGINT NOT NULL DEFAULT 0,
  post_count BIGINT NOT NULL DEFAULT 0,
  first_post_id BIGINT,
  last_post_id BIGINT,
  last_post_number BIGINT NOT NULL DEFAULT 0,
  last_author_id BIGINT REFERENCES members (id),
  created_at BIGINT NOT NULL,
  last_post_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX threads_latest ON threads (state, last_post_at, id);
CREATE INDEX threads_new ON threads (state, created_at, id);
CREATE INDEX threads_category ON threads (category_id, state, pinned, last_post_at, id);
CREATE INDEX threads_author ON threads (author_id, id);
CREATE TABLE posts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  thread_id BIGINT NOT NULL REFERENCES threads (id),
  number BIGINT NOT NULL,
  author_id BIGINT REFERENCES members (id),
  reply_to_id BIGINT REFERENCES posts (id),
  body_source TEXT NOT NULL,
  body_html TEXT NOT NULL,
  body_text TEXT NOT NULL,
  render_version BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1,
  state TEXT NOT NULL DEFAULT 'visible' CHECK (state IN ('visible','hidden','deleted')),
  state_by BIGINT REFERENCES members (id),
  state_at BIGINT,
  state_reason TEXT,
  created_at BIGINT NOT NULL,
  edited_at BIGINT,
  UNIQUE (thread_id, number)
);
CREATE INDEX posts_author ON posts (author_id, id);
CREATE INDEX posts_reply_to ON posts (reply_to_id);
CREATE INDEX posts_render_version ON posts (render_version, id);
CREATE TABLE post_revisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  post_id BIGINT NOT NULL REFERENCES posts (id),
  revision BIGINT NOT NULL,
  body_source TEXT NOT NULL,
  body_text TEXT NOT NULL,
  edited_by BIGINT REFERENCES members (id),
  note TEXT NOT NULL DEFAULT '',
  at BIGINT NOT NULL,
  UNIQUE (post_id, revision)
);
CREATE TABLE post_addresses (
  thread_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  post_id BIGINT NOT NULL REFERENCES posts (id),
  PRIMARY KEY (thread_id, number)
);
CREATE INDEX post_addresses_post ON post_addresses (post_id);
CREATE TABLE tags (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  thread_count BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);
CREATE TABLE thread_tags (
  thread_id BIGINT NOT NULL REFERENCES threads (id),
  tag_id BIGINT NOT NULL REFERENCES tags (id),
  PRIMARY KEY (thread_id, tag_id)
);
CREATE INDEX thread_tags_tag ON thread_tags (tag_id, thread_id);
