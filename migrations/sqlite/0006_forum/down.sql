-- Takes the tables of this step away again, with everything in them.
DROP TABLE thread_tags;
DROP TABLE tags;
DROP TABLE post_addresses;
DROP TABLE post_revisions;
DROP TABLE posts;
DROP TABLE threads;
DROP TABLE category_grants;
DROP TABLE categories;
