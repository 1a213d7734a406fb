-- What members want to be told of, and how; and mailboxes that do not take letters any more.
CREATE TABLE notice_ways (
  member_id BIGINT NOT NULL REFERENCES members (id),
  kind TEXT NOT NULL,
  way TEXT NOT NULL CHECK (way IN ('both','forum','mail','none')),
  PRIMARY KEY (member_id, kind)
);
CREATE TABLE digests (
  member_id BIGINT NOT NULL PRIMARY KEY REFERENCES members (id),
  pace TEXT NOT NULL CHECK (pace IN ('daily','weekly')),
  sent_at BIGINT NOT NULL
);
CREATE INDEX digests_due ON digests (pace, sent_at);
CREATE TABLE mail_suppressions (
  mailbox TEXT NOT NULL PRIMARY KEY,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL
);
