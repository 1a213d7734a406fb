//! What stands on the desk about one member: decisions about their words and account, and entries about what they wrote.
//! Reads only.

use diesel::prelude::*;

use super::decisions::{AppealLine, Told, appeals_of, columns};
use super::item::{self, Item, Kind, Row};
use super::listing::in_rows;
use crate::db::Tx;
use crate::db::schema::{decisions, review_items as items};
use crate::forum;
use crate::kit::Result;
use crate::kit::ids::{DecisionId, MemberId, ReviewItemId};
use crate::policy::{Action, Actor};

/// Up to `most` decisions about a member older than `before`, latest first, with the appeals against them: those about
/// places that the moderator may see. Measures have a list of their own.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn decisions_about(
    tx: &mut Tx<'_>,
    actor: &Actor,
    member: MemberId,
    before: Option<DecisionId>,
    most: i64,
) -> Result<Vec<(Told, Option<AppealLine>)>> {
    actor.may(&Action::Review)?;
    let seen = forum::sight(tx, actor)?.moderated;
    let rows: Vec<Told> = decisions::table
        .filter(decisions::member_id.eq(member))
        .filter(decisions::sanction_id.is_null())
        .filter(
            decisions::category_id
                .is_null()
                .or(decisions::category_id.eq_any(in_rows(&seen))),
        )
        .filter(decisions::id.lt(before.unwrap_or(DecisionId(i64::MAX))))
        .order(decisions::id.desc())
        .limit(most)
        .select(columns())
        .load(tx.conn)?;
    let ids: Vec<DecisionId> = rows.iter().map(|row| row.id).collect();
    let said = appeals_of(tx, &ids)?;
    let with = |row: Told| {
        let appeal = said.iter().find(|a| a.decision == row.id).cloned();
        (row, appeal)
    };
    Ok(rows.into_iter().map(with).collect())
}

/// Up to `most` entries of the queue about what a member wrote or shows, older than `before`, latest first: those about
/// places that the moderator may see.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn entries_about(
    tx: &mut Tx<'_>,
    actor: &Actor,
    member: MemberId,
    before: Option<ReviewItemId>,
    most: i64,
) -> Result<Vec<Item>> {
    actor.may(&Action::Review)?;
    let seen = forum::sight(tx, actor)?.moderated;
    let rows: Vec<Row> = items::table
        .filter(items::subject_author_id.eq(Some(member)))
        .filter(items::kind.eq_any([Kind::Report, Kind::Held]))
        .filter(
            items::category_id
                .is_null()
                .or(items::category_id.eq_any(in_rows(&seen))),
        )
        .filter(items::id.lt(before.unwrap_or(ReviewItemId(i64::MAX))))
        .order(items::id.desc())
        .limit(most)
        .select(item::columns())
        .load(tx.conn)?;
    rows.into_iter().map(Row::item).collect()
}
