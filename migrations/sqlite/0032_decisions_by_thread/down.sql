-- The index goes.
DROP INDEX decisions_thread;
