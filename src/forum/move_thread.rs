//! Moving a thread to another category. Its address stays what it was.

use diesel::prelude::*;

use super::facts::find_thread;
use super::places;
use super::{counters, index};
use crate::audit;
use crate::db::schema::threads;
use crate::db::{Lock, Tx};
use crate::kit::ids::{CategoryId, ThreadId};
use crate::kit::{Event, Refusal, Result};
use crate::policy::{Action, Actor, PostState};

/// Moves a thread.
///
/// # Errors
/// Not found where thread or category are not the actor's to see; a refusal where the actor does not moderate there,
/// or the thread stands in that category already.
pub fn move_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    to: CategoryId,
    reason: Option<&str>,
) -> Result<()> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;
    let target = places::category_facts(tx, to)?;

    actor.may(&Action::MoveThread(&law, &target))?;
    if law.category.id == to {
        return Err(Refusal::WrongState("there").into());
    }

    let now = tx.now();
    diesel::update(threads::table.find(thread))
        .set((threads::category_id.eq(to), threads::updated_at.eq(now)))
        .execute(tx.conn)?;
    index::thread(tx, thread)?;
    if row.state == PostState::Visible {
        // In the order of their ids, so that two threads that change places do not wait for each other.
        let from = law.category.id;
        let mut changes = [(from, -1), (to, 1)];
        changes.sort_unstable();
        for (category, more) in changes {
            counters::category_changed(tx, category, more, more * row.post_count)?;
        }
    }

    audit::record(
        tx,
        actor,
        "thread.moved",
        audit::subject("thread", thread.0),
        serde_json::json!({ "from": law.category.id, "to": to }),
        reason,
    )?;
    tx.tell(&Event::ThreadsMoved {
        threads: vec![thread],
        to,
    })
}
