-- Takes notes, examples and suggestions away again, with everything in them.
DROP TABLE text_suggestions;
DROP TABLE announcement_notes;
