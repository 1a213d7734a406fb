//! Taking an item, so that two moderators do not do the same work, and putting it back.

use diesel::prelude::*;
use serde_json::json;

use super::decisions::find_decision;
use super::history;
use super::item::{Item, ItemState, Subject};
use super::listing::item;
use super::standing::{Granting, granting};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::review_items as items;
use crate::forum;
use crate::kit::ids::{MemberId, ReviewItemId};
use crate::kit::stop::Refusal;
use crate::kit::{Result, Stop};
use crate::members::{self, Card};
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor, Role};

/// Takes an item that waits, also out of a colleague's hands.
///
/// # Errors
/// Refused to everybody but moderators; stale where it changed after `version`, or was decided meanwhile.
pub fn take(tx: &mut Tx<'_>, actor: &Actor, id: ReviewItemId, version: i64) -> Result<()> {
    let found = item(tx, actor, id)?;
    actor.may(&Action::Review)?;
    let me = actor.id();
    super::appeal::other_eyes(tx, actor, &found)?;
    change(tx, &found, version, ItemState::InProgress, me)?;
    history::add(tx, id, me, "taken", None)?;
    audit::record(
        tx,
        actor,
        "review.taken",
        subject("review_item", id.0),
        json!({ "kind": found.subject.kind(), "subject": found.subject.id() }),
        None,
    )
}

/// Puts an item back among those that wait for anybody.
///
/// # Errors
/// As [`take`].
pub fn put_back(tx: &mut Tx<'_>, actor: &Actor, id: ReviewItemId, version: i64) -> Result<()> {
    let found = item(tx, actor, id)?;
    actor.may(&Action::Review)?;
    super::appeal::other_eyes(tx, actor, &found)?;
    change(tx, &found, version, ItemState::Open, None)?;
    history::add(tx, id, actor.id(), "put_back", None)?;
    audit::record(
        tx,
        actor,
        "review.put_back",
        subject("review_item", id.0),
        json!({ "kind": found.subject.kind(), "subject": found.subject.id() }),
        None,
    )
}

/// Those of the other moderators who may see and decide this entry.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn colleagues(tx: &mut Tx<'_>, actor: &Actor, found: &Item) -> Result<Vec<Card>> {
    actor.may(&Action::Review)?;
    let mut able = Vec::new();
    for card in members::with_role(tx, Role::Moderator)? {
        if Some(card.id) == actor.id() || Some(card.id) == found.author {
            continue;
        }
        let colleague = members::actor(tx, card.id)?;
        let sees = match found.category {
            Some(category) => forum::sight(tx, &colleague)?.moderated.contains(&category),
            None => true,
        };
        if sees {
            able.push(card);
        }
    }
    Ok(able)
}

/// The other moderators who could answer this appeal: they may see it, and it is not against them or about them.
///
/// # Errors
/// Refused to everybody but moderators; a fault where the database fails.
pub fn answerers(
    tx: &mut Tx<'_>,
    actor: &Actor,
    found: &Item,
    granting: &Granting,
) -> Result<Vec<Card>> {
    let mut able = colleagues(tx, actor, found)?;
    able.retain(|card| !granting.concerns(card.id));
    Ok(able)
}

/// Asks a colleague to look at an item that waits.
///
/// # Errors
/// As [`take`]; a problem with `to` where that is no moderator who may see and decide it.
pub fn hand_to(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ReviewItemId,
    version: i64,
    to: MemberId,
) -> Result<()> {
    let found = item(tx, actor, id)?;
    actor.may(&Action::Review)?;
    super::appeal::other_eyes(tx, actor, &found)?;
    let mut able = colleagues(tx, actor, &found)?;
    if let Subject::Decision(decision) = found.subject {
        let told = find_decision(tx, decision)?;
        let granting = granting(tx, &told)?;
        able.retain(|card| !granting.concerns(card.id));
    }
    if !able.iter().any(|card| card.id == to) {
        return Err(Stop::invalid("to", "no-colleague"));
    }
    change(tx, &found, version, ItemState::InProgress, Some(to))?;
    history::add(tx, id, actor.id(), "assigned", None)?;
    audit::record(
        tx,
        actor,
        "review.assigned",
        subject("review_item", id.0),
        json!({ "to": to.0 }),
        None,
    )?;
    let notice = Notice {
        member: to,
        kind: "review-assigned",
        subject_kind: "review_item",
        subject_id: id.0,
        actor: actor.id(),
        data: json!({ "path": format!("/desk/review/{id}") }),
        mail: false,
    };
    notifications::tell_again(tx, &notice)
}

fn change(
    tx: &mut Tx<'_>,
    item: &Item,
    version: i64,
    state: ItemState,
    assignee: Option<MemberId>,
) -> Result<()> {
    if !item.waits || item.version != version {
        return Err(Refusal::Stale.into());
    }
    let now = tx.now();
    // The version in the condition decides between two moderators who click at once.
    let same = items::table
        .filter(items::id.eq(item.id))
        .filter(items::version.eq(version));
    let changed = diesel::update(same)
        .set((
            items::state.eq(state),
            items::assignee_id.eq(assignee),
            items::version.eq(items::version + 1),
            items::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    (changed == 1)
        .then_some(())
        .ok_or(Stop::Refused(Refusal::Stale))
}
