CREATE INDEX decisions_thread ON decisions (thread_id);
