//! The one macro for words that the enum connection cannot say: upserts, batch inserts and row locks.

/// Runs the same diesel words against whichever database is open; `$c` is the concrete connection inside.
#[macro_export]
macro_rules! each_backend {
    ($conn:expr, $c:ident => $query:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($c) => $query,
            $crate::db::Conn::Postgres($c) => $query,
        }
    };
}
