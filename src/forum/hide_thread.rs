//! Hiding a whole thread, deleting it, and bringing it back. Its posts keep their own states underneath.

use diesel::prelude::*;

use super::facts::find_thread;
use super::state_post::held_against;
use super::state_thread;
use super::told;
use crate::audit;
use crate::db::schema::threads;
use crate::db::{Lock, Tx};
use crate::kit::ids::ThreadId;
use crate::kit::{Event, Refusal, Result};
use crate::policy::{Action, Actor, PostState};

/// Hides a thread from everybody but its author and the moderators.
///
/// # Errors
/// Not found where the thread is not the actor's to see; a refusal where the actor does not moderate there, or the
/// thread is hidden or deleted already.
pub fn hide_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    reason: Option<&str>,
) -> Result<()> {
    let step = Step {
        from: &[PostState::Visible],
        to: PostState::Hidden,
        kind: "thread.hidden",
    };
    step.take(tx, actor, thread, reason)
}

/// Brings a hidden thread back.
///
/// # Errors
/// As [`hide_thread`], where it is not hidden.
pub fn unhide_thread(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId) -> Result<()> {
    let step = Step {
        from: &[PostState::Hidden],
        to: PostState::Visible,
        kind: "thread.unhidden",
    };
    step.take(tx, actor, thread, None)
}

/// Deletes a thread: only moderators can see it.
///
/// # Errors
/// As [`hide_thread`], where it is deleted already.
pub fn delete_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    reason: Option<&str>,
) -> Result<()> {
    let step = Step {
        from: &[PostState::Visible, PostState::Hidden],
        to: PostState::Deleted,
        kind: "thread.deleted",
    };
    step.take(tx, actor, thread, reason)
}

/// Restores a deleted thread.
///
/// # Errors
/// As [`hide_thread`], where it is not deleted.
pub fn restore_thread(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId) -> Result<()> {
    let step = Step {
        from: &[PostState::Deleted],
        to: PostState::Visible,
        kind: "thread.restored",
    };
    step.take(tx, actor, thread, None)
}

/// Takes a deletion back by which a thread was deleted that had been hidden before: it is hidden again.
///
/// # Errors
/// As [`restore_thread`].
pub fn hide_deleted_thread(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId) -> Result<()> {
    let step = Step {
        from: &[PostState::Deleted],
        to: PostState::Hidden,
        kind: "thread.restored",
    };
    step.take(tx, actor, thread, None)
}

/// The one step that all of them take.
struct Step {
    from: &'static [PostState],
    to: PostState,
    kind: &'static str,
}

impl Step {
    fn take(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        thread: ThreadId,
        reason: Option<&str>,
    ) -> Result<()> {
        // Members are locked before threads; what was read before the lock is compared with what is read under it.
        let (seen, law) = find_thread(tx, thread)?;
        actor.may(&Action::ModerateThread(&law))?;
        let held = |state: PostState| state != PostState::Visible;
        held_against(tx, seen.author, held(seen.state), held(self.to))?;
        tx.lock(Lock::Thread(thread))?;
        let (row, law) = find_thread(tx, thread)?;

        actor.may(&Action::ModerateThread(&law))?;
        if row.state != seen.state {
            return Err(Refusal::WrongState(row.state.as_str()).into());
        }
        if !self.from.contains(&row.state) {
            return Err(Refusal::WrongState(row.state.as_str()).into());
        }

        // What was merged away is an address that leads on, not a thread to bring back.
        let merged: Option<ThreadId> = threads::table
            .find(thread)
            .select(threads::merged_into_id)
            .first(tx.conn)?;
        if merged.is_some() {
            return Err(Refusal::WrongState("merged").into());
        }

        state_thread::put(tx, &row, self.to)?;

        audit::record(
            tx,
            actor,
            self.kind,
            audit::subject("thread", thread.0),
            // Whoever takes the deletion of a hidden thread back hides it again.
            if row.state == PostState::Hidden && self.to == PostState::Deleted {
                serde_json::json!({ "hidden": true })
            } else {
                serde_json::json!({})
            },
            reason,
        )?;
        if row.state == PostState::Deleted && self.to == PostState::Hidden {
            // Nobody sees anything else than before.
            return Ok(());
        }
        let posts = state_thread::visible_posts(tx, thread)?;
        if row.state == PostState::Hidden && self.to == PostState::Visible {
            told::let_through(tx, &posts)?;
        }
        let event = match self.to {
            PostState::Visible => Event::PostsRestored { posts },
            PostState::Hidden | PostState::Deleted => Event::PostsHidden {
                posts,
                by: actor.id(),
                deleted: self.to == PostState::Deleted,
            },
        };
        tx.tell(&event)
    }
}
