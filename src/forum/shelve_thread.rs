//! Putting a thread away, so that it can be read and takes nothing more; and keeping one out of every list, so that only
//! those who have its address find it.

use diesel::prelude::*;

use super::facts::find_thread;
use super::index;
use crate::audit;
use crate::db::schema::threads;
use crate::db::{Lock, Tx};
use crate::kit::ids::ThreadId;
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor};

/// Puts a thread away, or takes it up again.
///
/// # Errors
/// Not found where the thread is not the actor's to see; a refusal where the actor does not moderate there or it is so
/// already.
pub fn archive_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    away: bool,
    reason: Option<&str>,
) -> Result<()> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::ModerateThread(&law))?;
    if row.archived == away {
        return Err(Refusal::WrongState(if away { "archived" } else { "unarchived" }).into());
    }
    let now = tx.now();
    diesel::update(threads::table.find(thread))
        .set((threads::archived.eq(away), threads::updated_at.eq(now)))
        .execute(tx.conn)?;
    let kind = if away {
        "thread.archived"
    } else {
        "thread.unarchived"
    };
    let about = audit::subject("thread", thread.0);
    audit::record(tx, actor, kind, about, serde_json::json!({}), reason)
}

/// Keeps a thread out of lists, feeds and search, or lets it stand in them again.
///
/// # Errors
/// As [`archive_thread`].
pub fn unlist_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    out: bool,
    reason: Option<&str>,
) -> Result<()> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::ModerateThread(&law))?;
    if row.unlisted == out {
        return Err(Refusal::WrongState(if out { "unlisted" } else { "listed" }).into());
    }
    let now = tx.now();
    diesel::update(threads::table.find(thread))
        .set((threads::unlisted.eq(out), threads::updated_at.eq(now)))
        .execute(tx.conn)?;
    index::thread(tx, thread)?;
    let kind = if out {
        "thread.unlisted"
    } else {
        "thread.listed"
    };
    let about = audit::subject("thread", thread.0);
    audit::record(tx, actor, kind, about, serde_json::json!({}), reason)
}
