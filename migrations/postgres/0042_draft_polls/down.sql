-- Threads that are not sent yet lose the polls that were typed with them.
ALTER TABLE drafts DROP COLUMN poll;
