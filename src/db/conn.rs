//! Connections: the enum over both databases, opened with the settings each needs.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::counted;
use super::url::DatabaseUrl;
use crate::kit::Fault;

/// One connection to whichever database this community lives in.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded file.
    Sqlite(diesel::SqliteConnection),
    /// A server.
    Postgres(diesel::PgConnection),
}

/// What a connection is for; SQLite readers cannot write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    Write,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// The oldest SQLite without the WAL-reset corruption fault (fixed 2026-03-13).
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);

impl Conn {
    pub(super) fn open(url: &DatabaseUrl, purpose: Purpose) -> Result<Self, Fault> {
        match url {
            DatabaseUrl::Sqlite(path) => {
                let mut conn = open_sqlite(path, purpose)?;
                counted::count(&mut conn, url);
                Ok(Self::Sqlite(conn))
            }
            DatabaseUrl::Postgres(text) => {
                let mut conn = open_postgres(text)?;
                counted::count(&mut conn, url);
                Ok(Self::Postgres(conn))
            }
        }
    }

    /// Runs plain statements; for transaction control and settings, never for data.
    pub(super) fn batch(&mut self, sql: &str) -> QueryResult<()> {
        match self {
            Self::Sqlite(c) => c.batch_execute(sql),
            Self::Postgres(c) => c.batch_execute(sql),
        }
    }

    /// True on the embedded database.
    #[must_use]
    pub const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

fn open_sqlite(path: &Path, purpose: Purpose) -> Result<SqliteConnection, Fault> {
    let context = || format!("opening {}", path.display());
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| Fault::from_error(context(), e))?;
    }
    let name = path
        .to_str()
        .ok_or_else(|| Fault::new("the database path is not UTF-8"))?;
    let mut conn =
        SqliteConnection::establish(name).map_err(|e| Fault::from_error(context(), e))?;
    // busy_timeout comes first, so that the switch to WAL waits for a neighbour instead of failing.
    let mut settings = vec![
        "PRAGMA busy_timeout = 5000",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        "PRAGMA trusted_schema = OFF",
        "PRAGMA cell_size_check = ON",
        "PRAGMA secure_delete = ON",
        "PRAGMA wal_autocheckpoint = 1000",
        "PRAGMA temp_store = MEMORY",
    ];
    if purpose == Purpose::Read {
        settings.push("PRAGMA query_only = ON");
    }
    for setting in settings {
        conn.batch_execute(setting)
            .map_err(|e| Fault::from_error(context(), e))?;
    }
    let version = diesel::sql_query("SELECT sqlite_version() AS word")
        .get_result::<Word>(&mut conn)
        .map_err(|e| Fault::from_error(context(), e))?
        .word;
    if !new_enough(&version) {
        return Err(Fault::new(format!(
            "SQLite {version} can corrupt a database; 3.51.3 or newer is needed"
        )));
    }
    Ok(conn)
}

fn new_enough(version: &str) -> bool {
    let mut parts = version.split('.').map(|p| p.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next()) >= SQLITE_FLOOR
}

/// Seconds after which a server that does not answer counts as away.
const PATIENCE: [(&str, &str); 2] = [("connect_timeout", "5"), ("tcp_user_timeout", "5000")];

/// The address with a limit to waiting for a server behind a wall that swallows everything; what the address says
/// itself stands.
fn impatient(text: &str) -> String {
    let mut text = text.to_owned();
    for (name, value) in PATIENCE {
        if !text.contains(&format!("{name}=")) {
            let joint = if text.contains('?') { '&' } else { '?' };
            text = format!("{text}{joint}{name}={value}");
        }
    }
    text
}

fn open_postgres(text: &str) -> Result<PgConnection, Fault> {
    let mut conn = PgConnection::establish(&impatient(text))
        .map_err(|e| Fault::from_error("connecting to PostgreSQL", e))?;
    conn.batch_execute(
        "SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
         SET idle_in_transaction_session_timeout = '15s'; SET client_min_messages = warning; SET timezone = 'UTC'",
    )
    .map_err(|e| Fault::from_error("setting up a PostgreSQL connection", e))?;
    let version = diesel::sql_query("SELECT current_setting('server_version_num') AS word")
        .get_result::<Word>(&mut conn)
        .map_err(|e| Fault::from_error("asking PostgreSQL for its version", e))?
        .word;
    if version.parse::<u32>().unwrap_or(0) < 140_000 {
        return Err(Fault::new(format!(
            "PostgreSQL {version} is too old; 14 or newer is needed"
        )));
    }
    Ok(conn)
}

#[cfg(test)]
mod tests {
    use super::{impatient, new_enough};

    #[test]
    fn a_server_that_swallows_everything_is_not_waited_for() {
        let waits = "connect_timeout=5&tcp_user_timeout=5000";
        assert_eq!(
            impatient("postgres://db/x"),
            format!("postgres://db/x?{waits}")
        );
        let own = "postgres://db/x?connect_timeout=60";
        assert_eq!(impatient(own), format!("{own}&tcp_user_timeout=5000"));
    }

    #[test]
    fn the_corrupting_versions_are_refused() {
        assert!(!new_enough("3.40.1") && !new_enough("3.51.2") && !new_enough(""));
        assert!(new_enough("3.51.3") && new_enough("3.54.1") && new_enough("4.0.0"));
    }
}
