//! Measures on record, for those who may know of them: one that came from an entry of the queue is known where the entry
//! is. Reads only.

use std::collections::HashSet;

use diesel::prelude::*;

use super::listing::in_rows;
use super::sanction::Sanctioned;
use crate::db::schema::{review_items as items, sanctions};
use crate::db::{Conn, Tx};
use crate::forum;
use crate::kit::Result;
use crate::kit::ids::{CategoryId, MemberId, SanctionId};
use crate::policy::{Action, Actor};

type Backend = <Conn as Connection>::Backend;

/// Which of these measures were given for something in one of these categories, or for nothing that stands anywhere; one
/// question, however many there are.
///
/// # Errors
/// A fault where the database fails.
pub fn sanctions_among(
    tx: &mut Tx<'_>,
    seen: &[CategoryId],
    ids: &[SanctionId],
) -> Result<HashSet<SanctionId>> {
    let found: Vec<SanctionId> = sanctions::table
        .left_join(items::table)
        .filter(sanctions::id.eq_any(ids))
        .filter(
            items::category_id
                .is_null()
                .or(items::category_id.eq_any(in_rows(seen))),
        )
        .select(sanctions::id)
        .load(tx.conn)?;
    Ok(found.into_iter().collect())
}

/// May this actor know of the measure?
pub(super) fn is_seen(tx: &mut Tx<'_>, actor: &Actor, id: SanctionId) -> Result<bool> {
    if matches!(actor, Actor::System(_)) {
        return Ok(true);
    }
    let seen = forum::sight(tx, actor)?.moderated;
    Ok(sanctions_among(tx, &seen, &[id])?.contains(&id))
}

/// Up to `most` measures against a member older than `before`, latest first; to moderators only those that were given for
/// something in a place that they may see.
///
/// # Errors
/// Refused to everybody but moderators and the member.
pub fn sanctions_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    member: MemberId,
    before: Option<SanctionId>,
    most: i64,
) -> Result<Vec<Sanctioned>> {
    let own = actor.id() == Some(member);
    if !own {
        actor.may(&Action::Review)?;
    }
    let mut query = sanctions::table
        .left_join(items::table)
        .filter(sanctions::member_id.eq(member))
        .filter(sanctions::id.lt(before.unwrap_or(SanctionId(i64::MAX))))
        .into_boxed::<Backend>();
    if !own && !matches!(actor, Actor::System(_)) {
        let seen = forum::sight(tx, actor)?.moderated;
        query = query.filter(
            items::category_id
                .is_null()
                .or(items::category_id.eq_any(in_rows(&seen))),
        );
    }
    Ok(query
        .order(sanctions::id.desc())
        .limit(most)
        .select(columns())
        .load(tx.conn)?)
}

/// The columns of a [`Sanctioned`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn columns() -> _ {
    (
        sanctions::id,
        sanctions::kind,
        sanctions::reason,
        sanctions::item_id,
        sanctions::by_id,
        sanctions::from_at,
        sanctions::until_at,
        sanctions::lifted_at,
        sanctions::lifted_by,
    )
}
