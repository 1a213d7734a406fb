-- Only saves are counted, and single keys are switched off by each browser for itself.
ALTER TABLE members DROP COLUMN single_keys;
DROP INDEX posts_answered;
ALTER TABLE posts DROP COLUMN reaction_count;
