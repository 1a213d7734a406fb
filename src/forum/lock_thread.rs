//! Locking a thread, so that it takes no more replies, and opening it again; pinning it to the top of its category.

use diesel::prelude::*;

use super::facts::find_thread;
use super::list::PINNED;
use crate::audit;
use crate::db::schema::threads;
use crate::db::{Lock, Tx};
use crate::kit::ids::ThreadId;
use crate::kit::{Problems, Refusal, Result};
use crate::policy::{Action, Actor};

/// Locks a thread.
///
/// # Errors
/// Not found where the thread is not the actor's to see; a refusal where the actor does not moderate there or it is
/// locked already.
pub fn lock_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    reason: Option<&str>,
) -> Result<()> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::ModerateThread(&law))?;
    if row.locked {
        return Err(Refusal::WrongState("locked").into());
    }
    let now = tx.now();
    diesel::update(threads::table.find(thread))
        .set((threads::locked.eq(true), threads::updated_at.eq(now)))
        .execute(tx.conn)?;
    record(tx, actor, "thread.locked", thread, reason)
}

/// Opens a locked thread.
///
/// # Errors
/// As [`lock_thread`], where it is not locked.
pub fn unlock_thread(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId) -> Result<()> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::ModerateThread(&law))?;
    if !row.locked {
        return Err(Refusal::WrongState("unlocked").into());
    }
    let now = tx.now();
    diesel::update(threads::table.find(thread))
        .set((threads::locked.eq(false), threads::updated_at.eq(now)))
        .execute(tx.conn)?;
    record(tx, actor, "thread.unlocked", thread, None)
}

/// Pins a thread to the top of its category.
///
/// # Errors
/// As [`lock_thread`], where it is pinned already; a problem with `reason` where as many are pinned as fit.
pub fn pin_thread(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId) -> Result<()> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::ModerateThread(&law))?;
    if row.pinned {
        return Err(Refusal::WrongState("pinned").into());
    }
    let there: i64 = threads::table
        .filter(threads::category_id.eq(row.category))
        .filter(threads::pinned.eq(true))
        .count()
        .get_result(tx.conn)?;
    if there >= PINNED {
        let mut problems = Problems::default();
        problems.add("reason", "pinned-full", &[("most", PINNED.to_string())]);
        return Err(problems.into());
    }
    diesel::update(threads::table.find(thread))
        .set(threads::pinned.eq(true))
        .execute(tx.conn)?;
    record(tx, actor, "thread.pinned", thread, None)
}

/// Lets a pinned thread go.
///
/// # Errors
/// As [`lock_thread`], where it is not pinned.
pub fn unpin_thread(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId) -> Result<()> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::ModerateThread(&law))?;
    if !row.pinned {
        return Err(Refusal::WrongState("unpinned").into());
    }
    diesel::update(threads::table.find(thread))
        .set(threads::pinned.eq(false))
        .execute(tx.conn)?;
    record(tx, actor, "thread.unpinned", thread, None)
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
