DROP TABLE poll_votes;
DROP TABLE polls;
ALTER TABLE posts DROP COLUMN reactions;
DROP TABLE reactions;
