//! Making categories, changing them with their grants, and putting them in order.

use diesel::prelude::*;

use super::category::Grant;
use super::category_draft::CategoryDraft;
use super::places::{Places, places};
use crate::audit;
use crate::db::Tx;
use crate::db::schema::{categories, category_grants};
use crate::kit::ids::{CategoryId, GroupId};
use crate::kit::slug::slugify;
use crate::kit::{Event, Problems, Refusal, Result};
use crate::members;
use crate::policy::{Action, Actor};

/// Which way a category goes among its siblings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Nearer to the top.
    Up,
    /// Nearer to the end.
    Down,
}

/// Makes a category, last among its siblings.
///
/// # Errors
/// A refusal where the actor is no admin; problems with its fields.
pub fn create_category(
    tx: &mut Tx<'_>,
    actor: &Actor,
    draft: &CategoryDraft,
) -> Result<CategoryId> {
    let all = places(tx)?;

    actor.may(&Action::ManageCategories)?;
    let draft = draft.checked()?;
    stands(&all, None, &draft)?;
    meant(tx, &draft.grants)?;
    if !all.has_room() {
        return Err(Problems::one("", "categories-full").into());
    }

    let now = tx.now();
    let last = all.children(draft.parent).map(|c| c.position).max();
    let id: CategoryId = diesel::insert_into(categories::table)
        .values((
            (
                categories::parent_id.eq(draft.parent),
                categories::slug.eq(slugify(&draft.name)),
                categories::name.eq(&draft.name),
                categories::description.eq(&draft.description),
                categories::colour.eq(&draft.colour),
            ),
            (
                categories::position.eq(last.unwrap_or(0) + 1),
                categories::lang.eq(&draft.lang),
                categories::nominable.eq(draft.nominable),
                categories::closed.eq(draft.closed),
                categories::tag_limit.eq(draft.tag_limit),
                categories::allowed_tags.eq(&draft.allowed_tags),
                categories::created_at.eq(now),
            ),
        ))
        .returning(categories::id)
        .get_result(tx.conn)?;
    put_grants(tx, id, &draft.grants)?;

    record(tx, actor, "category.created", id)?;
    Ok(id)
}

/// Changes a category. `revision` is the one the editor had read.
///
/// # Errors
/// A refusal where the actor is no admin, or [`Refusal::Stale`] where somebody changed it meanwhile; problems with its
/// fields.
pub fn change_category(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: CategoryId,
    draft: &CategoryDraft,
    revision: i64,
) -> Result<()> {
    let all = places(tx)?;

    actor.may(&Action::ManageCategories)?;
    let before = all.find(id)?;
    let draft = draft.checked()?;
    stands(&all, Some(id), &draft)?;
    meant(tx, &draft.grants)?;

    let changed = diesel::update(
        categories::table
            .find(id)
            .filter(categories::revision.eq(revision)),
    )
    .set((
        categories::parent_id.eq(draft.parent),
        categories::slug.eq(slugify(&draft.name)),
        categories::name.eq(&draft.name),
        categories::description.eq(&draft.description),
        categories::colour.eq(&draft.colour),
        categories::lang.eq(&draft.lang),
        categories::nominable.eq(draft.nominable),
        categories::closed.eq(draft.closed),
        categories::tag_limit.eq(draft.tag_limit),
        categories::allowed_tags.eq(&draft.allowed_tags),
        categories::revision.eq(revision + 1),
    ))
    .execute(tx.conn)?;
    if changed == 0 {
        return Err(Refusal::Stale.into());
    }
    if before.grants != draft.grants {
        diesel::delete(category_grants::table.filter(category_grants::category_id.eq(id)))
            .execute(tx.conn)?;
        put_grants(tx, id, &draft.grants)?;
    }

    record(tx, actor, "category.changed", id)?;
    let law_changed = before.grants != draft.grants
        || before.parent != draft.parent
        || before.facts.nominable != draft.nominable
        || before.facts.closed != draft.closed;
    if law_changed {
        // What stands in it is narrowed by it.
        let below: Vec<CategoryId> = all.children(Some(id)).map(|c| c.id).collect();
        for category in std::iter::once(id).chain(below) {
            tx.tell(&Event::CategoryChanged { category })?;
        }
    }
    Ok(())
}

/// Moves a category one place among its siblings; at the end of the row it stays where it is.
///
/// # Errors
/// A refusal where the actor is no admin; not found where there is no such category.
pub fn order_category(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: CategoryId,
    direction: Direction,
) -> Result<()> {
    let all = places(tx)?;

    actor.may(&Action::ManageCategories)?;
    let parent = all.find(id)?.parent;
    let mut row: Vec<CategoryId> = all.children(parent).map(|c| c.id).collect();
    let at = row.iter().position(|other| *other == id).unwrap_or(0);
    let to = match direction {
        Direction::Up => at.saturating_sub(1),
        Direction::Down => (at + 1).min(row.len().saturating_sub(1)),
    };
    row.swap(at, to);
    for (position, category) in (1_i64..).zip(row) {
        diesel::update(categories::table.find(category))
            .set(categories::position.eq(position))
            .execute(tx.conn)?;
    }

    record(tx, actor, "category.ordered", id)
}

/// Two levels are enough: a category stands at the top, or in one that does.
fn stands(all: &Places, id: Option<CategoryId>, draft: &CategoryDraft) -> Result<()> {
    let Some(parent) = draft.parent else {
        return Ok(());
    };
    let at_top = all.seek(parent).is_some_and(|p| p.parent.is_none());
    let has_children = id.is_some_and(|id| all.children(Some(id)).next().is_some());
    if at_top && id != Some(parent) && !has_children {
        Ok(())
    } else {
        Err(Problems::one("parent", "no-parent").into())
    }
}

/// Groups that are granted something are there.
fn meant(tx: &mut Tx<'_>, grants: &[Grant]) -> Result<()> {
    let groups: Vec<GroupId> = members::groups(tx)?.into_iter().map(|g| g.id).collect();
    let missing = |grant: &Grant| grant.group.is_some_and(|id| !groups.contains(&id));
    if grants.iter().any(missing) {
        return Err(Problems::one("grants", "grant-without-group").into());
    }
    Ok(())
}

fn put_grants(tx: &mut Tx<'_>, id: CategoryId, grants: &[Grant]) -> Result<()> {
    for grant in grants {
        diesel::insert_into(category_grants::table)
            .values((
                category_grants::category_id.eq(id),
                category_grants::who.eq(grant.who),
                category_grants::group_id.eq(grant.group),
                category_grants::may_see.eq(grant.see),
                category_grants::may_reply.eq(grant.reply),
                category_grants::may_start.eq(grant.start),
                category_grants::may_moderate.eq(grant.moderate),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

fn record(tx: &mut Tx<'_>, actor: &Actor, kind: &'static str, id: CategoryId) -> Result<()> {
    let about = audit::subject("category", id.0);
    audit::record(tx, actor, kind, about, serde_json::json!({}), None)
}
