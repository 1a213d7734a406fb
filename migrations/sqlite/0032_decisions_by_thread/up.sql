-- What was decided about a thread is looked up whenever it is moved, split, merged or brought back.
CREATE INDEX decisions_thread ON decisions (thread_id);
