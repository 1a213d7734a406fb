-- Takes house style, statements, reminders and the ties to rules away again.
ALTER TABLE reports DROP COLUMN rule_number;
ALTER TABLE reports DROP COLUMN rule_version;
ALTER TABLE members DROP COLUMN named_champion;
DROP INDEX standings_messaging_ack;
DROP INDEX standings_community_ack;
DROP INDEX acknowledgements_major;
DROP TABLE acknowledgement_reminders;
DROP TABLE problem_statements;
ALTER TABLE document_versions DROP COLUMN rules;
