//! How many threads the database is given, and how long its queues are.

/// How many threads and how long the queues are.
#[derive(Debug, Clone, Copy)]
pub struct DbOptions {
    /// Reading threads, each with a connection (on PostgreSQL they write as well).
    pub threads: usize,
    /// Writes that may wait; the next one is answered 503.
    pub write_queue: usize,
    /// Reads that may wait; the next one is answered 503.
    pub read_queue: usize,
    /// The most writes that share one commit on SQLite.
    pub group: usize,
    /// Must an acknowledged write survive a power cut? Only a database that is thrown away anyway need not.
    pub durable: bool,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self {
            threads: 4,
            write_queue: 256,
            read_queue: 1024,
            group: 64,
            durable: true,
        }
    }
}
