-- How often a post was answered without words, so that a long thread's most answered posts are found by an index; and
-- whether a member wants single keys to do something.
ALTER TABLE posts ADD COLUMN reaction_count BIGINT NOT NULL DEFAULT 0;
UPDATE posts SET reaction_count = (SELECT count(*) FROM reactions WHERE reactions.post_id = posts.id) WHERE reactions <> '';
CREATE INDEX posts_answered ON posts (thread_id, (reaction_count + bookmark_count) DESC, number) WHERE reaction_count > 0 OR bookmark_count > 0;
ALTER TABLE members ADD COLUMN single_keys BOOLEAN NOT NULL DEFAULT TRUE;
