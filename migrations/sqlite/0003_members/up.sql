-- People with an account, how they prove who they are, and what they may do.
CREATE TABLE members (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  email TEXT,
  email_key TEXT UNIQUE,
  email_confirmed_at BIGINT,
  password_hash TEXT,
  bio_source TEXT NOT NULL DEFAULT '',
  bio_html TEXT NOT NULL DEFAULT '',
  avatar_hue BIGINT NOT NULL DEFAULT 190,
  lang TEXT NOT NULL DEFAULT 'en',
  zone TEXT NOT NULL DEFAULT '',
  theme TEXT NOT NULL DEFAULT '',
  consent_preference TEXT NOT NULL DEFAULT 'ask',
  joined_at BIGINT NOT NULL,
  joined_via TEXT,
  erased_at BIGINT,
  tokens_not_before BIGINT NOT NULL DEFAULT 0,
  thread_count BIGINT NOT NULL DEFAULT 0,
  post_count BIGINT NOT NULL DEFAULT 0,
  hidden_count BIGINT NOT NULL DEFAULT 0,
  last_post_at BIGINT
);
CREATE INDEX members_joined ON members (joined_at, id);
CREATE TABLE member_names (
  name_key TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  member_id BIGINT REFERENCES members (id),
  reserved_at BIGINT NOT NULL
);
CREATE INDEX member_names_member ON member_names (member_id);
CREATE TABLE standings (
  member_id BIGINT PRIMARY KEY NOT NULL REFERENCES members (id),
  roles BIGINT NOT NULL DEFAULT 0,
  group_ids TEXT NOT NULL DEFAULT '[]',
  trust TEXT NOT NULL DEFAULT 'new' CHECK (trust IN ('new','member','established')),
  silenced_until BIGINT,
  suspended_until BIGINT,
  community_ack BIGINT NOT NULL DEFAULT 0,
  messaging_ack BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL
);
CREATE INDEX standings_roles ON standings (roles, member_id);
CREATE TABLE required_acknowledgements (
  id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
  community_major BIGINT NOT NULL DEFAULT 0,
  messaging_major BIGINT NOT NULL DEFAULT 0
);
INSERT INTO required_acknowledgements (id, community_major, messaging_major) VALUES (1, 0, 0);
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  member_id BIGINT NOT NULL REFERENCES members (id),
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX sessions_member ON sessions (member_id, id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE TABLE mail_links (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  purpose TEXT NOT NULL,
  member_id BIGINT REFERENCES members (id),
  email_key TEXT,
  data TEXT NOT NULL DEFAULT '{}',
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX mail_links_member ON mail_links (member_id, purpose);
CREATE INDEX mail_links_expiry ON mail_links (expires_at);
CREATE TABLE api_tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  member_id BIGINT NOT NULL REFERENCES members (id),
  label TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX api_tokens_member ON api_tokens (member_id, id);
CREATE TABLE invitations (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  email TEXT,
  roles BIGINT NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  created_by BIGINT REFERENCES members (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_by BIGINT REFERENCES members (id),
  used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX invitations_created ON invitations (created_at, id);
CREATE TABLE groups (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL
);
CREATE TABLE group_members (
  group_id BIGINT NOT NULL REFERENCES groups (id),
  member_id BIGINT NOT NULL REFERENCES members (id),
  added_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, member_id)
);
CREATE INDEX group_members_member ON group_members (member_id);
