//! Bringing a database to the present shape at start, one node at a time.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::{Conn, Purpose};
use super::url::DatabaseUrl;
use crate::kit::Fault;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The advisory lock that one migrating node holds on PostgreSQL; an arbitrary number that is ours.
const LOCK: i64 = 0x10_66_1A;

/// Runs what is missing and answers the names of the steps taken.
///
/// # Errors
/// A fault where the database cannot be opened or a step fails; the step is rolled back and the next start tries it again.
pub fn run(url: &DatabaseUrl) -> Result<Vec<String>, Fault> {
    let mut conn = Conn::open(url, Purpose::Write)?;
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| Fault {
        context: "migrating".into(),
        source: Some(e),
    };
    match &mut conn {
        Conn::Sqlite(c) => {
            let _guard = lock_file(url)?;
            let steps = c.run_pending_migrations(SQLITE).map_err(failed)?;
            Ok(steps.iter().map(ToString::to_string).collect())
        }
        Conn::Postgres(c) => {
            use diesel::connection::SimpleConnection;
            let run = |c: &mut diesel::PgConnection, sql: &str| {
                c.batch_execute(sql)
                    .map_err(|e| Fault::from_error("locking for migration", e))
            };
            run(c, "SET statement_timeout = 0; SET lock_timeout = '60s'")?;
            run(c, &format!("SELECT pg_advisory_lock({LOCK})"))?;
            let steps = c
                .run_pending_migrations(POSTGRES)
                .map_err(failed)
                .map(|s| s.iter().map(ToString::to_string).collect());
            run(c, &format!("SELECT pg_advisory_unlock({LOCK})"))?;
            steps
        }
    }
}

/// Takes every step back again that comes after the first `kept` ones; tests only use it to prove that each step can be
/// undone, and taken by a database that is filled.
///
/// # Errors
/// A fault where a step cannot be undone.
pub fn revert(url: &DatabaseUrl, kept: usize) -> Result<usize, Fault> {
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| Fault {
        context: "reverting".into(),
        source: Some(e),
    };
    let mut conn = Conn::open(url, Purpose::Write)?;
    let applied = match &mut conn {
        Conn::Sqlite(c) => c.applied_migrations(),
        Conn::Postgres(c) => c.applied_migrations(),
    };
    let taken = applied.map_err(failed)?.len().saturating_sub(kept);
    for _ in 0..taken {
        match &mut conn {
            Conn::Sqlite(c) => c.revert_last_migration(SQLITE),
            Conn::Postgres(c) => c.revert_last_migration(POSTGRES),
        }
        .map_err(failed)?;
    }
    Ok(taken)
}

/// An operating-system lock beside the database file, let go when dropped or when the process dies.
fn lock_file(url: &DatabaseUrl) -> Result<Option<std::fs::File>, Fault> {
    let Some(path) = url.file() else {
        return Ok(None);
    };
    let mut name = path.as_os_str().to_owned();
    name.push(".migrate-lock");
    let context = "locking for migration";
    let file = std::fs::File::create(&name).map_err(|e| Fault::from_error(context, e))?;
    file.lock().map_err(|e| Fault::from_error(context, e))?;
    Ok(Some(file))
}
