-- Cards under bare links: what a public page says of itself, fetched once and kept here.
CREATE TABLE link_cards (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  url TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('wanted','ready','none')),
  title TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  site TEXT NOT NULL DEFAULT '',
  picture TEXT NOT NULL DEFAULT '',
  at BIGINT NOT NULL
);
CREATE INDEX link_cards_state ON link_cards (state, at);
CREATE INDEX link_cards_picture ON link_cards (picture);
