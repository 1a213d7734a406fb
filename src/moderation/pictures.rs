//! Removing a picture wherever it stands, as its author hears of it, and bringing it back.

use serde_json::json;

use super::decisions::{self, Fresh};
use super::words::{Because, reason_with_rule};
use crate::content::uploads;
use crate::db::Tx;
use crate::forum;
use crate::kit::Result;
use crate::kit::ids::{MediaId, PostId};
use crate::kit::stop::OrRefuse;
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor};

/// The word under which the author reads of it.
pub(super) const PICTURE: &str = "picture";

/// Removes a picture and every copy of it. What was announced with it is taken back in the same transaction; the author
/// of the post is told why.
///
/// # Errors
/// As [`forum::remove_picture`]; invalid where it is somebody else's and there is neither a rule nor a reason in words.
pub fn remove_picture(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: MediaId,
    because: &Because,
) -> Result<()> {
    let post = uploads::find(tx, id)?.post.or_not_found()?;
    let facts = forum::post_facts(tx, post)?;
    actor.may(&Action::HidePost(&facts))?;
    if facts.author.is_none() || facts.author != actor.id() {
        because.can_be_read()?;
    }
    let reason = reason_with_rule(tx, because)?;
    forum::remove_picture(tx, actor, id, Some(&reason))?;
    let Some(author) = facts.author.filter(|author| Some(*author) != actor.id()) else {
        return Ok(());
    };
    let said = forum::said_source(tx, post)?;
    let fresh = Fresh {
        what: PICTURE,
        post: Some(post),
        thread: Some(facts.thread.id),
        category: Some(facts.thread.category.id),
        title: Some(said.0),
        ..Fresh::of(author, because)
    };
    decisions::add(tx, actor, &fresh)?;
    let notice = Notice {
        member: author,
        kind: "picture-removed",
        subject_kind: "member",
        subject_id: author.0,
        actor: None,
        data: json!({ "reason": reason, "path": "/my/decisions" }),
        mail: true,
    };
    notifications::tell(tx, &notice)
}

/// Brings a removed picture back, with every copy of it. What was taken back outside stays taken back.
///
/// # Errors
/// As [`forum::bring_picture_back`].
pub fn bring_picture_back(tx: &mut Tx<'_>, actor: &Actor, id: MediaId) -> Result<()> {
    let post = uploads::find(tx, id)?.post.or_not_found()?;
    actor.may(&Action::HidePost(&forum::post_facts(tx, post)?))?;
    forum::bring_picture_back(tx, actor, id)?;
    decisions::undone_for_picture(tx, post)
}

/// An appeal was granted: whatever was removed from this post stands in it again.
pub(super) fn bring_all_back(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<()> {
    for id in uploads::removed_of(tx, post)? {
        bring_picture_back(tx, actor, id)?;
    }
    Ok(())
}
