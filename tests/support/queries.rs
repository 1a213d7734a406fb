//! How many queries a question takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Connection, InstrumentationEvent};
use loggia::db::Tx;
use loggia::kit::Result;

/// What a question answers, and how many queries it took.
pub fn asked<T>(
    tx: &mut Tx<'_>,
    question: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<(T, usize)> {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    tx.conn
        .set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        });
    let found = question(tx)?;
    tx.conn
        .set_instrumentation(|_: InstrumentationEvent<'_>| {});
    Ok((found, count.load(Ordering::Relaxed)))
}
