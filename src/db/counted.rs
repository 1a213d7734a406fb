//! How many statements a database was asked, so that tests can say that a page asks the same number however long it is.
//! Nothing is counted in a release.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use diesel::Connection;
use diesel::connection::InstrumentationEvent;

use super::url::DatabaseUrl;

/// Counters by database: a process of tests has many.
static COUNTERS: LazyLock<Mutex<HashMap<String, Arc<AtomicU64>>>> = LazyLock::new(Mutex::default);

fn counter(url: &DatabaseUrl) -> Arc<AtomicU64> {
    let mut all = COUNTERS.lock().unwrap_or_else(PoisonError::into_inner);
    all.entry(format!("{url:?}")).or_default().clone()
}

/// Statements that read or changed rows of this database so far; what begins and ends transactions is left out.
#[must_use]
pub fn statements(url: &DatabaseUrl) -> u64 {
    counter(url).load(Ordering::Acquire)
}

/// Counts what this connection is asked.
pub(super) fn count(conn: &mut impl Connection, url: &DatabaseUrl) {
    if !cfg!(debug_assertions) {
        return;
    }
    let counter = counter(url);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let words = query.to_string();
            let first = words.split_whitespace().next().unwrap_or_default();
            // Looking for what other processes wrote is nobody's question.
            let looks = words.contains("data_version") || words.contains("pg_current_snapshot");
            if !looks && ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&first) {
                counter.fetch_add(1, Ordering::AcqRel);
            }
        }
    });
}
