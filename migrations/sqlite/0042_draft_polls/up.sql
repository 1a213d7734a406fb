-- The poll of a thread that is not sent yet, as the form has it; empty for none.
ALTER TABLE drafts ADD COLUMN poll TEXT NOT NULL DEFAULT '';
