//! The desk in figures. Only about places that the asking moderator may see.

use diesel::dsl::{count_star, min};
use diesel::prelude::*;

use super::decisions::AppealState;
use super::item::{ItemState, Kind};
use crate::db::Tx;
use crate::db::schema::{
    appeals, decisions, reports, review_events as events, review_items as items,
};
use crate::forum;
use crate::kit::clock::DAY;
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// Days that the figures look back.
pub const DAYS: i64 = 30;
/// Most decided entries that are looked at for one set of figures, the latest.
const MOST: i64 = 5_000;

/// The desk in figures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Waiting entries by kind.
    pub open: Vec<(Kind, i64)>,
    /// Since when the oldest waits.
    pub oldest: Option<At>,
    /// The middle of all times to a first decision in the last thirty days, in minutes.
    pub median_minutes: Option<i64>,
    /// The same for the slowest tenth.
    pub slow_minutes: Option<i64>,
    /// Decisions on each of the last thirty days, the oldest first; one that was decided again counts again.
    pub by_day: Vec<(At, i64)>,
    /// Decided reports of the last thirty days by reason: upheld and not.
    pub by_reason: Vec<(String, i64, i64)>,
    /// Appeals decided in the last thirty days: granted and refused.
    pub appeals: (i64, i64),
}

/// The desk in figures.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn figures(tx: &mut Tx<'_>, actor: &Actor) -> Result<Figures> {
    actor.may(&Action::Review)?;
    let seen: Vec<Option<i64>> = forum::sight(tx, actor)?
        .moderated
        .iter()
        .map(|id| Some(id.0))
        .collect();
    let mine = || {
        items::category_id
            .is_null()
            .or(items::category_id.eq_any(seen.clone()))
    };
    // What the queue hides is not counted either.
    let mut kinds = Kind::ALL.to_vec();
    kinds.retain(|kind| *kind != Kind::Highlight || actor.can(&Action::SeeApprovals));
    let open: Vec<(Kind, i64)> = items::table
        .filter(items::waits.eq(true))
        .filter(items::kind.eq_any(kinds.clone()))
        .filter(mine())
        .group_by(items::kind)
        .order(items::kind)
        .select((items::kind, count_star()))
        .load(tx.conn)?;
    let oldest: Option<At> = items::table
        .filter(items::waits.eq(true))
        .filter(items::kind.eq_any(kinds.clone()))
        .filter(mine())
        .select(min(items::since))
        .first::<Option<i64>>(tx.conn)?
        .map(At);
    let now = tx.now();
    let from = At((now.0 / DAY - DAYS + 1) * DAY);
    let minutes = minutes_until_decided(tx, from, &kinds, &seen)?;
    let at_share = |tenths: usize| minutes.get(minutes.len() * tenths / 10).copied();
    let mut each: Vec<At> = items::table
        .inner_join(events::table.on(events::item_id.eq(items::id)))
        .filter(items::decided_at.ge(Some(from)))
        .filter(mine())
        .filter(events::kind.eq("decided"))
        .filter(events::at.ge(from))
        .order(events::id.desc())
        .select(events::at)
        .limit(MOST)
        .load(tx.conn)?;
    // Highlights are decided in the room above, which leaves no steps here.
    if kinds.contains(&Kind::Highlight) {
        let approved: Vec<Option<At>> = items::table
            .filter(items::decided_at.ge(Some(from)))
            .filter(items::kind.eq(Kind::Highlight))
            .filter(items::state.ne(ItemState::Ignored))
            .order(items::decided_at.desc())
            .select(items::decided_at)
            .limit(MOST)
            .load(tx.conn)?;
        each.extend(approved.into_iter().flatten());
    }
    let by_day = (0..DAYS)
        .map(|day| {
            let begins = At(from.0 + day * DAY);
            let count = each
                .iter()
                .filter(|at| at.0 >= begins.0 && at.0 < begins.0 + DAY)
                .count();
            (begins, count as i64)
        })
        .collect();
    let by_reason = reasons_since(tx, from, &seen)?;
    Ok(Figures {
        open,
        oldest,
        median_minutes: at_share(5),
        slow_minutes: at_share(9),
        by_day,
        by_reason,
        appeals: appeals_since(tx, from, &seen)?,
    })
}

/// Minutes from the opening of an entry to its first decision, shortest first.
fn minutes_until_decided(
    tx: &mut Tx<'_>,
    from: At,
    kinds: &[Kind],
    seen: &[Option<i64>],
) -> Result<Vec<i64>> {
    let done: Vec<(At, Option<At>)> = items::table
        .filter(items::first_decided_at.ge(Some(from)))
        .filter(items::kind.eq_any(kinds))
        .filter(
            items::category_id
                .is_null()
                .or(items::category_id.eq_any(seen)),
        )
        .order(items::first_decided_at.desc())
        .select((items::created_at, items::first_decided_at))
        .limit(MOST)
        .load(tx.conn)?;
    let firsts: Vec<(At, At)> = done
        .iter()
        .filter_map(|(opened, decided)| Some((*opened, (*decided)?)))
        .collect();
    let mut minutes: Vec<i64> = firsts
        .iter()
        .map(|(opened, decided)| decided.since(*opened) / (60 * crate::kit::clock::SECOND))
        .collect();
    minutes.sort_unstable();
    Ok(minutes)
}

/// Appeals answered since a moment: granted, and refused.
fn appeals_since(tx: &mut Tx<'_>, from: At, seen: &[Option<i64>]) -> Result<(i64, i64)> {
    let answered: Vec<(AppealState, i64)> = appeals::table
        .inner_join(decisions::table)
        .filter(appeals::decided_at.ge(Some(from)))
        .filter(
            decisions::category_id
                .is_null()
                .or(decisions::category_id.eq_any(seen)),
        )
        .group_by(appeals::state)
        .select((appeals::state, count_star()))
        .load(tx.conn)?;
    let of = |wanted: AppealState| {
        answered
            .iter()
            .find(|(state, _)| *state == wanted)
            .map_or(0, |(_, count)| *count)
    };
    Ok((of(AppealState::Granted), of(AppealState::Refused)))
}

/// Decided reports since a moment by reason: upheld, and not.
fn reasons_since(
    tx: &mut Tx<'_>,
    from: At,
    seen: &[Option<i64>],
) -> Result<Vec<(String, i64, i64)>> {
    let rows: Vec<(String, super::ReportState, i64)> = reports::table
        .inner_join(items::table)
        .filter(items::decided_at.ge(Some(from)))
        .filter(
            items::category_id
                .is_null()
                .or(items::category_id.eq_any(seen.to_vec())),
        )
        .filter(reports::state.ne(super::ReportState::Pending))
        .group_by((reports::reason, reports::state))
        .order((reports::reason, reports::state))
        .select((reports::reason, reports::state, count_star()))
        .load(tx.conn)?;
    let mut by_reason: Vec<(String, i64, i64)> = Vec::new();
    for (reason, state, count) in rows {
        if by_reason.last().is_none_or(|last| last.0 != reason) {
            by_reason.push((reason, 0, 0));
        }
        if let Some(line) = by_reason.last_mut() {
            if state == super::ReportState::Upheld {
                line.1 += count;
            } else {
                line.2 += count;
            }
        }
    }
    Ok(by_reason)
}
