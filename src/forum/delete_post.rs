//! Taking a post back, and restoring it.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::facts::find_post;
use super::{state_post, state_thread};
use crate::audit;
use crate::db::Tx;
use crate::db::schema::posts;
use crate::kit::ids::{MemberId, PostId};
use crate::kit::{Event, Result};
use crate::policy::{Action, Actor, PostState};

/// How words stood that were hidden already when they were deleted; the log's entry of the deletion keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenBefore {
    /// Who had hidden them; nobody where the house did.
    pub by: Option<MemberId>,
    /// What their author read.
    pub reason: Option<String>,
    /// Their thread went with them, since nothing else was left in it.
    pub thread: bool,
}

/// Deletes a post: its words are shown to nobody but moderators. When nothing else is left to see in the thread, the
/// thread goes with it; otherwise the first post leaves a gap like any other, and the talk around it stands.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal where it is not theirs to delete or is deleted already.
pub fn delete_post(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    reason: Option<&str>,
) -> Result<()> {
    let (row, _, law) = find_post(tx, post)?;

    actor.may(&Action::DeletePost(&law))?;

    let own = actor.id().is_some() && actor.id() == row.author;
    // What others took from sight stays in their hands: whoever deletes it cannot restore it past them.
    let by = if own && state_post::is_held(row.state, row.state_by, row.author) {
        row.state_by
    } else {
        actor.id()
    };
    let allowed = [PostState::Visible, PostState::Hidden];
    let told: Option<String> = posts::table
        .find(post)
        .select(posts::state_reason)
        .first(tx.conn)?;
    let thread = state_post::set(tx, by, &row, PostState::Deleted, &allowed, reason)?;
    let left = thread.post_count - i64::from(row.state == PostState::Visible);
    let with_thread = left == 0 && thread.state == PostState::Visible;
    if with_thread {
        let mut thread = thread;
        thread.post_count = left;
        state_thread::put(tx, &thread, PostState::Deleted)?;
    }
    let mut details = serde_json::json!({ "own": own });
    if row.state == PostState::Hidden {
        details["hidden"] = serde_json::to_value(HiddenBefore {
            by: row.state_by,
            reason: told,
            thread: with_thread,
        })?;
    }

    audit::record(
        tx,
        actor,
        "post.deleted",
        audit::subject("post", post.0),
        details,
        reason,
    )?;
    tx.tell(&Event::PostsHidden {
        posts: vec![post],
        by: actor.id(),
        deleted: true,
    })
}

/// Restores a deleted post, and its thread where that had gone with it.
///
/// # Errors
/// Not found where the thread is not the actor's to see; a refusal where the actor neither moderates there nor took
/// their own words away themselves, or the post is not deleted.
pub fn restore_post(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<()> {
    let (row, _, law) = find_post(tx, post)?;

    let by_author = row.state_by.is_some() && row.state_by == row.author;
    actor.may(&Action::RestorePost(&law, by_author))?;

    let allowed = [PostState::Deleted];
    let thread = state_post::set(tx, actor.id(), &row, PostState::Visible, &allowed, None)?;
    // A thread of which nothing was left to see went with its last post, and comes back with it.
    if thread.post_count == 0 && thread.state == PostState::Deleted {
        let mut thread = thread;
        thread.post_count = 1;
        state_thread::put(tx, &thread, PostState::Visible)?;
    }

    audit::record(
        tx,
        actor,
        "post.restored",
        audit::subject("post", post.0),
        serde_json::json!({}),
        None,
    )?;
    tx.tell(&Event::PostsRestored { posts: vec![post] })
}

/// Takes a deletion back by which words were deleted that had been hidden before: they are hidden again, as they were.
///
/// # Errors
/// As [`restore_post`].
pub fn hide_deleted_post(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    before: &HiddenBefore,
) -> Result<()> {
    let (row, _, law) = find_post(tx, post)?;

    let by_author = row.state_by.is_some() && row.state_by == row.author;
    actor.may(&Action::RestorePost(&law, by_author))?;

    let allowed = [PostState::Deleted];
    let reason = before.reason.as_deref();
    let thread = state_post::set(tx, before.by, &row, PostState::Hidden, &allowed, reason)?;
    if before.thread && thread.state == PostState::Deleted {
        state_thread::put(tx, &thread, PostState::Visible)?;
    }

    audit::record(
        tx,
        actor,
        "post.restored",
        audit::subject("post", post.0),
        serde_json::json!({ "hidden": true }),
        None,
    )
}
