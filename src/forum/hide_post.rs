//! Hiding a post from everybody but its author and the moderators, and bringing it back.

use super::facts::find_post;
use super::state_post;
use super::told;
use crate::audit;
use crate::db::Tx;
use crate::kit::ids::PostId;
use crate::kit::{Event, Result};
use crate::policy::{Action, Actor, PostState};

/// Hides a post. `reason` is what its author and colleagues read.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal where the actor does not moderate there, or the post
/// is hidden or deleted already.
pub fn hide_post(tx: &mut Tx<'_>, actor: &Actor, post: PostId, reason: Option<&str>) -> Result<()> {
    let (row, _, law) = find_post(tx, post)?;

    actor.may(&Action::HidePost(&law))?;

    state_post::set(
        tx,
        actor.id(),
        &row,
        PostState::Hidden,
        &[PostState::Visible],
        reason,
    )?;

    audit::record(
        tx,
        actor,
        "post.hidden",
        audit::subject("post", post.0),
        serde_json::json!({}),
        reason,
    )?;
    tx.tell(&Event::PostsHidden {
        posts: vec![post],
        by: actor.id(),
        deleted: false,
    })
}

/// Brings a hidden post back.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal where the actor does not moderate there, or the post
/// is not hidden.
pub fn unhide_post(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<()> {
    let (row, _, law) = find_post(tx, post)?;

    actor.may(&Action::HidePost(&law))?;

    state_post::set(
        tx,
        actor.id(),
        &row,
        PostState::Visible,
        &[PostState::Hidden],
        None,
    )?;

    audit::record(
        tx,
        actor,
        "post.unhidden",
        audit::subject("post", post.0),
        serde_json::json!({}),
        None,
    )?;
    told::let_through(tx, &[post])?;
    tx.tell(&Event::PostsRestored { posts: vec![post] })
}
