//! Reads only: the queue, one item, its reports.

use diesel::prelude::*;

use super::cited::Cited;
use super::item::{HIGHLIGHT, Item, ItemState, Row, Subject, columns, seek};
use super::report::{Reason, ReportState};
use crate::db::Tx;
use crate::db::schema::{reports, review_items as items};
use crate::forum;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, MemberId, ReviewItemId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// Most reports of one item that are shown.
const MOST_REPORTS: i64 = 100;

/// Which items are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// Open and in progress, those that waited longest first.
    #[default]
    Waiting,
    /// All of one state: undecided ones oldest first, decided ones latest first.
    In(ItemState),
    /// Decided, latest first.
    Decided,
}

impl Wanted {
    fn states(self) -> Vec<ItemState> {
        match self {
            Self::Waiting => vec![ItemState::Open, ItemState::InProgress],
            Self::In(state) => vec![state],
            Self::Decided => vec![ItemState::Upheld, ItemState::Declined, ItemState::Ignored],
        }
    }

    fn oldest_first(self) -> bool {
        match self {
            Self::Waiting => true,
            Self::In(state) => state.waits(),
            Self::Decided => false,
        }
    }
}

/// An item as it stands in the queue.
pub type QueueLine = Item;

/// A page of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The items.
    pub items: Vec<QueueLine>,
    /// Where the list goes on.
    pub next: Option<Cursor>,
}

/// Up to `most` items of the queue, only about places that the moderator may see.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn queue(
    tx: &mut Tx<'_>,
    actor: &Actor,
    wanted: Wanted,
    after: Option<&Cursor>,
    most: i64,
) -> Result<Lines> {
    actor.may(&Action::Review)?;
    let seen = forum::sight(tx, actor)?.moderated;
    let mut query = items::table
        .filter(items::state.eq_any(wanted.states()))
        .filter(
            items::category_id
                .is_null()
                .or(items::category_id.eq_any(in_rows(&seen))),
        )
        .into_boxed();
    // Whoever reviews without being a moderator does not approve either.
    if !actor.can(&Action::SeeApprovals) {
        query = query.filter(items::kind.ne(HIGHLIGHT));
    }
    let place = after.and_then(Cursor::as_two);
    if wanted.oldest_first() {
        if let Some((at, id)) = place {
            query = query.filter(
                items::updated_at
                    .gt(at)
                    .or(items::updated_at.eq(at).and(items::id.gt(id))),
            );
        }
        query = query.order((items::updated_at.asc(), items::id.asc()));
    } else {
        if let Some((at, id)) = place {
            query = query.filter(
                items::updated_at
                    .lt(at)
                    .or(items::updated_at.eq(at).and(items::id.lt(id))),
            );
        }
        query = query.order((items::updated_at.desc(), items::id.desc()));
    }
    let rows: Vec<Row> = query.limit(most + 1).select(columns()).load(tx.conn)?;
    let mut lines = rows
        .into_iter()
        .map(Row::item)
        .collect::<Result<Vec<_>>>()?;
    let page = usize::try_from(most).unwrap_or(0);
    let more = lines.len() > page;
    lines.truncate(page);
    let last = lines.last().filter(|_| more);
    Ok(Lines {
        next: last.map(|item| Cursor::two(item.updated_at.0, item.id.0)),
        items: lines,
    })
}

fn in_rows(categories: &[CategoryId]) -> Vec<Option<i64>> {
    categories.iter().map(|id| Some(id.0)).collect()
}

/// How many items wait, up to 100: the figure beside the desk's name.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn waiting(tx: &mut Tx<'_>, actor: &Actor) -> Result<usize> {
    Ok(queue(tx, actor, Wanted::Waiting, None, 100)?.items.len())
}

/// One item.
///
/// # Errors
/// Refused to everybody but moderators; not found where there is none, or it is about a place the moderator may not see.
pub fn item(tx: &mut Tx<'_>, actor: &Actor, id: ReviewItemId) -> Result<Item> {
    actor.may(&Action::Review)?;
    let item = seek(tx, id)?.or_not_found()?;
    match item.subject {
        Subject::Post(post) => {
            let facts = forum::post_facts(tx, post)?;
            actor.may(&Action::SeePost(&facts))?;
        }
        Subject::Highlight(_) => actor.may(&Action::SeeApprovals)?,
    }
    Ok(item)
}

/// One member's report.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct ReportLine {
    /// Who; `None` once erased.
    pub reporter: Option<MemberId>,
    /// Why.
    pub reason: Reason,
    /// In words.
    pub message: Option<String>,
    /// What became of it.
    pub state: ReportState,
    /// When.
    pub at: At,
    /// The rule it has in mind: the version's id, and the number.
    pub rule: (Option<i64>, Option<i64>),
}

impl ReportLine {
    /// The rule it has in mind.
    #[must_use]
    pub fn cited(&self) -> Option<Cited> {
        Cited::of(self.rule)
    }
}

/// The reports of one item, oldest first, a hundred at most.
///
/// # Errors
/// As [`item`].
pub fn reports_of(tx: &mut Tx<'_>, actor: &Actor, id: ReviewItemId) -> Result<Vec<ReportLine>> {
    item(tx, actor, id)?;
    Ok(reports::table
        .filter(reports::item_id.eq(id))
        .order(reports::id)
        .limit(MOST_REPORTS)
        .select((
            reports::reporter_id,
            reports::reason,
            reports::message,
            reports::state,
            reports::created_at,
            (reports::rule_version, reports::rule_number),
        ))
        .load(tx.conn)?)
}
