-- Every filter of the queue, and every moderator who sees a part of it, is answered by an index in the queue's own order.
CREATE INDEX review_items_place ON review_items (category_id, waits, priority, since, id);
CREATE INDEX review_items_place_kind ON review_items (category_id, kind, waits, priority, since, id);
CREATE INDEX review_items_done_place ON review_items (category_id, waits, updated_at, id);
CREATE INDEX review_items_held ON review_items (held_for, waits, priority, since, id);
CREATE INDEX review_items_done_held ON review_items (held_for, waits, updated_at, id);
CREATE INDEX review_items_state ON review_items (state, waits, priority, since, id);
CREATE INDEX review_items_done_state ON review_items (state, waits, updated_at, id);
CREATE INDEX review_items_first_decided ON review_items (first_decided_at);
-- Guests report threads and profiles, too.
ALTER TABLE guest_reports ADD COLUMN subject_kind TEXT NOT NULL DEFAULT 'post';
ALTER TABLE guest_reports RENAME COLUMN post_id TO subject_id;
-- What the desk has learnt is kept as keyed digests, with those of each lesson beside it, so that it can be unlearned to the last sign. Plain words cannot be
-- turned into digests here: the desk begins to learn anew.
DELETE FROM spam_words;
DELETE FROM spam_lessons;
ALTER TABLE spam_lessons ADD COLUMN signs TEXT NOT NULL DEFAULT '';
