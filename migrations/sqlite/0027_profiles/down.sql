DROP TABLE ignores;
DROP TABLE member_badges;
DROP TABLE badges;
ALTER TABLE members DROP COLUMN links;
ALTER TABLE members DROP COLUMN place;
ALTER TABLE members DROP COLUMN pronouns;
