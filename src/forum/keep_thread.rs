//! Archiving a thread (it is read and takes nothing new), taking it off the lists, and slowing it down; and undoing that.

use diesel::prelude::*;

use super::facts::find_thread;
use super::index;
use crate::audit;
use crate::db::schema::{posts, threads};
use crate::db::{Lock, Tx};
use crate::kit::clock::SECOND;
use crate::kit::ids::ThreadId;
use crate::kit::{At, Refusal, Result, Stop};
use crate::policy::{Action, Actor};

/// The longest pause between two posts of one member in a slow thread, in seconds.
pub const SLOWEST: i64 = 86_400;

/// Archives a thread: it is read as before and takes no replies or edits but the moderators'.
///
/// # Errors
/// Not found where the thread is not the actor's to see; a refusal where the actor does not moderate there or it is
/// archived already.
pub fn archive_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    reason: Option<&str>,
) -> Result<()> {
    archived(tx, actor, thread, (true, "thread.archived"), reason)
}

/// Brings a thread back from the archive.
///
/// # Errors
/// As [`archive_thread`], where it is not archived.
pub fn unarchive_thread(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId) -> Result<()> {
    archived(tx, actor, thread, (false, "thread.unarchived"), None)
}

fn archived(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    (to, kind): (bool, &'static str),
    reason: Option<&str>,
) -> Result<()> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::ModerateThread(&law))?;
    if row.archived == to {
        return Err(Refusal::WrongState(if to { "archived" } else { "unarchived" }).into());
    }
    let now = tx.now();
    diesel::update(threads::table.find(thread))
        .set((threads::archived.eq(to), threads::updated_at.eq(now)))
        .execute(tx.conn)?;
    record(tx, actor, kind, thread, reason)
}

/// Takes a thread off every list, feed and search; who has its address reads it.
///
/// # Errors
/// As [`archive_thread`], where it is off the lists already.
pub fn unlist_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    reason: Option<&str>,
) -> Result<()> {
    unlisted(tx, actor, thread, (true, "thread.unlisted"), reason)
}

/// Puts a thread back on the lists.
///
/// # Errors
/// As [`archive_thread`], where it is on them.
pub fn list_thread(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId) -> Result<()> {
    unlisted(tx, actor, thread, (false, "thread.listed"), None)
}

fn unlisted(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    (to, kind): (bool, &'static str),
    reason: Option<&str>,
) -> Result<()> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::ModerateThread(&law))?;
    if row.unlisted == to {
        return Err(Refusal::WrongState(if to { "unlisted" } else { "listed" }).into());
    }
    let now = tx.now();
    diesel::update(threads::table.find(thread))
        .set((threads::unlisted.eq(to), threads::updated_at.eq(now)))
        .execute(tx.conn)?;
    index::thread(tx, thread)?;
    record(tx, actor, kind, thread, reason)
}

/// Lets each member write in a thread only every so many seconds; 0 lifts that.
///
/// # Errors
/// As [`archive_thread`]; a problem with `seconds` beyond a day.
pub fn slow_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    seconds: i64,
    reason: Option<&str>,
) -> Result<()> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::ModerateThread(&law))?;
    if !(0..=SLOWEST).contains(&seconds) {
        return Err(Stop::invalid("seconds", "slow-range"));
    }
    if row.slow == seconds {
        return Err(Refusal::WrongState("slow").into());
    }
    diesel::update(threads::table.find(thread))
        .set(threads::slow_seconds.eq(seconds))
        .execute(tx.conn)?;
    let about = audit::subject("thread", thread.0);
    let details = serde_json::json!({ "seconds": seconds, "before": row.slow });
    audit::record(tx, actor, "thread.slowed", about, details, reason)
}

/// Holds the pause of a slow thread; moderators are not held.
pub(super) fn keep_pause(
    tx: &mut Tx<'_>,
    actor: &Actor,
    row: &super::facts::ThreadRow,
    moderates: bool,
) -> Result<()> {
    let Some(me) = actor.id().filter(|_| row.slow > 0 && !moderates) else {
        return Ok(());
    };
    let last: Option<At> = posts::table
        .filter(posts::thread_id.eq(row.id))
        .filter(posts::author_id.eq(me))
        .order(posts::number.desc())
        .select(posts::created_at)
        .first(tx.conn)
        .optional()?;
    let left = last.map_or(0, |at| row.slow - tx.now().since(at) / SECOND);
    if left > 0 {
        return Err(Refusal::TooMany { retry_after: left }.into());
    }
    Ok(())
}

fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: &'static str,
    thread: ThreadId,
    reason: Option<&str>,
) -> Result<()> {
    let about = audit::subject("thread", thread.0);
    audit::record(tx, actor, kind, about, serde_json::json!({}), reason)
}
