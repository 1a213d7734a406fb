-- Takes the tables of this step away again, with everything in them.
DROP TABLE announcements;
DROP TABLE pulls;
DROP TABLE highlight_decisions;
DROP TABLE declined_words;
DROP TABLE consent_events;
DROP TABLE consents;
DROP TABLE highlight_quotes;
DROP TABLE highlight_changes;
DROP TABLE highlights;
