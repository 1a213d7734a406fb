-- What is looked for every hour is found by an index: sessions that nobody used, and accounts that nobody confirmed.
CREATE INDEX sessions_seen ON sessions (seen_at);
CREATE INDEX members_unconfirmed ON members (joined_at, id)
  WHERE email_confirmed_at IS NULL AND erased_at IS NULL AND email IS NOT NULL AND email_key IS NULL;
