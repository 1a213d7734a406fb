//! Floor 1. The database: one set of words for SQLite and PostgreSQL.
//!
//! [`Db::write`] and [`Db::read`] are the only ways to a [`Tx`], the open transaction that every verb takes.
//! Reads run on threads of their own, each with a connection; writes on SQLite share one thread that commits
//! in groups, on PostgreSQL they run side by side and are tried again after a serialisation failure.

pub mod backup;
mod conn;
pub mod counted;
mod each_backend;
pub mod idempotency;
pub mod jobs;
mod kept;
pub mod leases;
pub mod limits;
pub mod migrate;
mod options;
mod queue;
pub mod schema;
mod serve;
mod tx;
mod unique;
mod url;
mod workers;

pub use conn::Conn;
pub use options::DbOptions;
pub use tx::{House, Joints, Lock, Tx};
pub use unique::violated;
pub use url::DatabaseUrl;
pub use workers::Db;
