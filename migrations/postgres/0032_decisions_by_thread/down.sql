DROP INDEX decisions_thread;
