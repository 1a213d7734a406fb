//! Removing a picture wherever it stands, as its author hears of it, and bringing it back.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use super::decisions::{self, Fresh};
use super::words::{Because, reason_with_rule};
use crate::content::uploads;
use crate::db::Tx;
use crate::db::schema::decisions as table;
use crate::forum;
use crate::kit::Result;
use crate::kit::ids::{DecisionId, MediaId, MemberId, PostId};
use crate::kit::stop::OrRefuse;
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor};

/// The word under which the author reads of it.
pub(super) const PICTURE: &str = "picture";

/// Removes a picture, and every copy of it that stands where the actor moderates. What was announced with it is taken
/// back in the same transaction; the authors of the posts are told why.
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
    let removed = forum::remove_picture(tx, actor, id, Some(&reason))?;
    let posts: Vec<PostId> = removed.iter().filter_map(|(_, post)| *post).collect();
    let facts = forum::facts_of_posts(tx, &posts)?;
    let mut told = BTreeSet::new();
    for (picture, post) in removed {
        let Some(law) = post.and_then(|post| facts.get(&post)) else {
            continue;
        };
        let Some(author) = law.author.filter(|author| Some(*author) != actor.id()) else {
            continue;
        };
        let said = forum::said_source(tx, law.id)?;
        let fresh = Fresh {
            what: PICTURE,
            post: Some(law.id),
            picture: Some(picture),
            thread: Some(law.thread.id),
            category: Some(law.thread.category.id),
            title: Some(said.0),
            ..Fresh::of(author, because)
        };
        decisions::add(tx, actor, &fresh)?;
        // Each of the author's posts has its decision; one letter says so.
        if told.insert(author) {
            tell(tx, author, &reason)?;
        }
    }
    Ok(())
}

fn tell(tx: &mut Tx<'_>, author: MemberId, reason: &str) -> Result<()> {
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

/// Brings a removed picture back, with the copies that went with it. What was taken back outside stays taken back.
///
/// # Errors
/// As [`forum::bring_picture_back`].
pub fn bring_picture_back(tx: &mut Tx<'_>, actor: &Actor, id: MediaId) -> Result<()> {
    let post = uploads::find(tx, id)?.post.or_not_found()?;
    actor.may(&Action::HidePost(&forum::post_facts(tx, post)?))?;
    let back = forum::bring_picture_back(tx, actor, id)?;
    undone(tx, &back, post)
}

/// An appeal was granted: the picture it is about stands in its post again; of an older decision, that names none,
/// whatever was removed from the post.
pub(super) fn bring_all_back(
    tx: &mut Tx<'_>,
    actor: &Actor,
    decision: DecisionId,
    post: PostId,
) -> Result<()> {
    let removed = uploads::removed_of(tx, post)?;
    let about = picture_of(tx, decision)?;
    for id in removed {
        if about.is_none_or(|about| about == id) {
            bring_picture_back(tx, actor, id)?;
        }
    }
    Ok(())
}

/// Pictures are to be seen again; older decisions name the post alone.
fn undone(tx: &mut Tx<'_>, pictures: &[MediaId], post: PostId) -> Result<()> {
    let now = tx.now();
    for some in pictures.chunks(500) {
        diesel::update(
            table::table
                .filter(table::what.eq(PICTURE))
                .filter(table::media_id.eq_any(some))
                .filter(table::undone_at.is_null()),
        )
        .set(table::undone_at.eq(Some(now)))
        .execute(tx.conn)?;
    }
    diesel::update(
        table::table
            .filter(table::what.eq(PICTURE))
            .filter(table::post_id.eq(post))
            .filter(table::media_id.is_null())
            .filter(table::undone_at.is_null()),
    )
    .set(table::undone_at.eq(Some(now)))
    .execute(tx.conn)?;
    Ok(())
}

/// The picture that a decision is about; `None` for others, and for older ones.
pub(super) fn picture_of(tx: &mut Tx<'_>, id: DecisionId) -> Result<Option<MediaId>> {
    Ok(table::table
        .find(id)
        .select(table::media_id)
        .first(tx.conn)?)
}
