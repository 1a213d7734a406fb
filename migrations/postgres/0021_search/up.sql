-- The index of what was said: rows that say who may find it, and its words. Filled by a job with what is there already.
CREATE TABLE search_threads (
  thread_id BIGINT PRIMARY KEY NOT NULL,
  category_id BIGINT,
  author_id BIGINT,
  state TEXT NOT NULL,
  solved BOOLEAN NOT NULL
);
CREATE TABLE search_tags (
  thread_id BIGINT NOT NULL,
  tag_id BIGINT NOT NULL,
  PRIMARY KEY (thread_id, tag_id)
);
CREATE INDEX search_tags_tag ON search_tags (tag_id, thread_id);
CREATE TABLE search_posts (
  post_id BIGINT PRIMARY KEY NOT NULL,
  thread_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  author_id BIGINT,
  state TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX search_posts_thread ON search_posts (thread_id, post_id);
CREATE INDEX search_posts_author ON search_posts (author_id, post_id);
CREATE INDEX search_posts_at ON search_posts (at, post_id);
CREATE TABLE search_progress (
  id BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  done BOOLEAN NOT NULL,
  last_post_id BIGINT NOT NULL
);
CREATE TABLE search_words (
  post_id BIGINT PRIMARY KEY NOT NULL,
  words TSVECTOR NOT NULL
);
CREATE INDEX search_words_words ON search_words USING gin (words);
