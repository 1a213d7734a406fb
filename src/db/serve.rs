//! A thread that runs one transaction after the other on a connection of its own, and finds another connection when
//! that one is gone.

use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::conn::{Conn, Purpose};
use super::tx::Tx;
use super::workers::{Ran, Shared, Work};
use crate::kit::token::random_token;
use crate::kit::{Fault, Refusal, Result, Stop};

/// Times a closure is tried again after a serialisation failure, a deadlock or a lost connection.
const RETRIES: usize = 5;
/// Seconds after which a reader may ask again while the database cannot be reached.
const AWAY: i64 = 5;
/// The pause before the first further try; it doubles with each.
const PAUSE: Duration = Duration::from_millis(8);
/// Times one piece of work looks for another connection, for about a second, before its asker is told to come back later.
const LOOKS: usize = 10;

pub(super) fn worth_retrying(fault: &Fault) -> bool {
    let Some(error) = fault
        .source
        .as_ref()
        .and_then(|s| s.downcast_ref::<DieselError>())
    else {
        return false;
    };
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(_, info) => info.message().contains("deadlock detected"),
        _ => false,
    }
}

pub(super) fn connection_lost(fault: &Fault) -> bool {
    let Some(error) = fault
        .source
        .as_ref()
        .and_then(|s| s.downcast_ref::<DieselError>())
    else {
        return false;
    };
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => true,
        DieselError::DatabaseError(_, info) => {
            let message = info.message();
            message.contains("server closed the connection")
                || message.contains("terminating connection")
                || message.contains("no connection to the server")
        }
        _ => false,
    }
}

/// Another process holds SQLite's file for longer than one waits for it.
pub(super) fn in_the_way(fault: &Fault) -> bool {
    fault.to_string().contains("database is locked")
}

/// Why a transaction did not end as it should.
enum Failed {
    /// It was in another one's way; nothing was committed.
    Again(Fault),
    /// The connection is gone, and nothing was committed.
    Lost(Fault),
    /// Nobody knows what was committed, or trying again does not help.
    Told(Fault),
}

pub(super) fn serve(
    mut conn: Conn,
    purpose: Purpose,
    shared: &Shared,
    queue: &Mutex<Receiver<Box<dyn Work>>>,
) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut work) = next else { return };
        if work.abandoned() {
            continue;
        }
        let committed = run(&mut conn, purpose, shared, work.as_mut());
        work.answer(committed);
    }
}

/// One piece of work, tried again as often as makes sense.
fn run(conn: &mut Conn, purpose: Purpose, shared: &Shared, work: &mut dyn Work) -> Result<()> {
    let mut tries = 0;
    loop {
        let Err(failed) = transact(conn, purpose, shared, work) else {
            return Ok(());
        };
        tries += 1;
        match failed {
            Failed::Again(_) if tries <= RETRIES => pause(tries),
            Failed::Lost(fault) if tries <= RETRIES => {
                tracing::warn!(%fault, "the connection to the database was lost; taking another");
                *conn = another(purpose, shared)?;
            }
            Failed::Again(fault) | Failed::Lost(fault) => return Err(Stop::Fault(fault)),
            Failed::Told(fault) => {
                if is_gone(conn, &fault)
                    && let Ok(fresh) = Conn::open(&shared.url, purpose)
                {
                    *conn = fresh;
                }
                return Err(Stop::Fault(fault));
            }
        }
    }
}

/// Waits longer each time, and never as long as a neighbour: two that were in each other's way would meet again.
#[expect(
    clippy::disallowed_methods,
    reason = "this thread serves one connection, and that one is gone or in somebody's way"
)]
fn pause(tries: usize) {
    let longest = PAUSE.saturating_mul(1 << tries.min(RETRIES));
    let (_, [chance, ..]) = random_token();
    thread::sleep(longest.mul_f64(f64::from(chance.max(25)) / 255.0));
}

/// Another connection: a server that is restarting or ends connections one by one lets the second or third asker in.
fn another(purpose: Purpose, shared: &Shared) -> Result<Conn> {
    let mut tries = 0;
    loop {
        match Conn::open(&shared.url, purpose) {
            Ok(conn) => return Ok(conn),
            Err(fault) if tries == LOOKS => {
                tracing::warn!(%fault, "the database cannot be reached");
                return Err(Stop::from(Refusal::Busy { retry_after: AWAY }));
            }
            Err(_) => {
                tries += 1;
                pause(tries);
            }
        }
    }
}

fn is_gone(conn: &mut Conn, fault: &Fault) -> bool {
    connection_lost(fault) || conn.batch("SELECT 1").is_err()
}

fn transact(
    conn: &mut Conn,
    purpose: Purpose,
    shared: &Shared,
    work: &mut dyn Work,
) -> std::result::Result<(), Failed> {
    let begin = match (purpose, conn.is_sqlite()) {
        (Purpose::Read, false) => "BEGIN READ ONLY",
        _ => "BEGIN",
    };
    let epoch = shared.epoch.load(Ordering::Acquire);
    if let Err(error) = conn.batch(begin) {
        let fault = Fault::from_error("beginning a transaction", error);
        return Err(match is_gone(conn, &fault) {
            true => Failed::Lost(fault),
            false => Failed::Told(fault),
        });
    }
    let (ran, idle, wakes) = {
        let kept = (purpose == Purpose::Read).then_some(&shared.kept);
        let mut tx = Tx::new(conn, &shared.house, epoch, kept);
        let ran = work.run(&mut tx);
        (ran, tx.was_idle(), tx.woke_jobs())
    };
    let rolled_back = |conn: &mut Conn| {
        let rolled = conn.batch("ROLLBACK");
        rolled.map_err(|e| Fault::from_error("rolling back", e))
    };
    match ran {
        Ran::Kept => {
            let committed = conn.batch("COMMIT");
            if purpose == Purpose::Read {
                // What was read was read; there is nothing to lose but the connection.
                return committed.map_err(|e| Failed::Lost(Fault::from_error("ending a read", e)));
            }
            // Whether a commit arrived that nobody answered is not known here: the asker's key tells at the next try.
            let committed = committed.map_err(|e| Fault::from_error("committing", e));
            if committed.as_ref().is_err_and(Fault::no_room) {
                shared.found_no_room();
            }
            committed.map_err(Failed::Told)?;
            if !idle {
                shared.committed(1, wakes);
            }
            Ok(())
        }
        // The verb's own answer stands; a rollback that fails means that the connection is gone, which `run` looks at.
        Ran::Undone => rolled_back(conn).map_err(Failed::Told),
        Ran::NoRoom => {
            shared.found_no_room();
            rolled_back(conn).map_err(Failed::Told)
        }
        Ran::Again => {
            rolled_back(conn).map_err(Failed::Lost)?;
            let often = "the database asked for another try too often";
            Err(Failed::Again(Fault::new(often)))
        }
        Ran::Lost => {
            let gone = "the connection to the database was lost too often";
            Err(Failed::Lost(Fault::new(gone)))
        }
    }
}
