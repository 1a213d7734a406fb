DROP INDEX members_unconfirmed;
DROP INDEX sessions_seen;
