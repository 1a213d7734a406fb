//! Reads only: one item, its reports, and how its reporters fare.

use std::collections::HashMap;

use diesel::prelude::*;

use super::cited::Cited;
use super::item::{Item, Kind, Subject, seek};
use super::report::ReportState;
use crate::db::schema::{reports, review_items as items};
use crate::db::{Conn, Tx};
use crate::forum;
use crate::kit::ids::{CategoryId, MemberId, ReviewItemId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

type Backend = <Conn as Connection>::Backend;

/// Most reports of one item that are shown.
const MOST_REPORTS: i64 = 100;
/// Categories as rows name them, where some name none.
pub(super) fn in_rows(categories: &[CategoryId]) -> Vec<Option<i64>> {
    categories.iter().map(|id| Some(id.0)).collect()
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
        Subject::Thread(thread) => {
            let facts = forum::thread_facts(tx, thread)?;
            actor.may(&Action::SeeThread(&facts))?;
        }
        Subject::Highlight(_) => actor.may(&Action::SeeApprovals)?,
        Subject::Member(_) => {}
        Subject::Decision(_) => {
            if let Some(category) = item.category {
                let facts = forum::category_facts(tx, category)?;
                actor.may(&Action::SeeCategory(&facts))?;
            }
        }
    }
    Ok(item)
}

/// Which of these entries are about places that the actor moderates and not about their own words, and of which kind they are; one question, however many
/// there are.
///
/// # Errors
/// A fault where the database fails.
pub fn items_among(
    tx: &mut Tx<'_>,
    actor: &Actor,
    ids: &[ReviewItemId],
) -> Result<HashMap<ReviewItemId, Kind>> {
    let seen = forum::sight(tx, actor)?.moderated;
    let mut query = items::table
        .filter(items::id.eq_any(ids))
        .filter(
            items::category_id
                .is_null()
                .or(items::category_id.eq_any(in_rows(&seen))),
        )
        .into_boxed::<Backend>();
    if !actor.can(&Action::SeeApprovals) {
        query = query.filter(items::kind.ne(Kind::Highlight));
    }
    // Nobody reads in the log who reported their own words.
    if let Some(me) = actor.id() {
        query = query.filter(
            items::kind
                .eq(Kind::Highlight)
                .or(items::subject_author_id.is_null())
                .or(items::subject_author_id.ne(me)),
        );
    }
    let found: Vec<(ReviewItemId, Kind)> = query.select((items::id, items::kind)).load(tx.conn)?;
    Ok(found.into_iter().collect())
}

/// One person's report.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct ReportLine {
    /// Who; `None` for a guest, and once erased.
    pub reporter: Option<MemberId>,
    /// A guest's report, confirmed by mail.
    pub guest: Option<i64>,
    /// Why: the word of a reason.
    pub reason: String,
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
    // Nobody reads who reported their own words.
    if item(tx, actor, id)?.is_about(actor) {
        return Ok(Vec::new());
    }
    Ok(reports::table
        .filter(reports::item_id.eq(id))
        .order(reports::id)
        .limit(MOST_REPORTS)
        .select(report_columns())
        .load(tx.conn)?)
}

/// The latest reports of entries that the actor was shown already (a page of [`queue`]), oldest first: one question,
/// however many entries there are, and two thousand reports at most.
///
/// # Errors
/// A fault where the database fails.
pub fn reports_of_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    shown: &[Item],
) -> Result<HashMap<ReviewItemId, Vec<ReportLine>>> {
    let others = shown.iter().filter(|item| !item.is_about(actor));
    let ids: Vec<ReviewItemId> = others.map(|item| item.id).collect();
    let rows: Vec<(ReviewItemId, ReportLine)> = reports::table
        .filter(reports::item_id.eq_any(ids))
        .order(reports::id.desc())
        .limit(20 * MOST_REPORTS)
        .select((reports::item_id, report_columns()))
        .load(tx.conn)?;
    let mut by_item: HashMap<ReviewItemId, Vec<ReportLine>> = HashMap::new();
    for (item, report) in rows.into_iter().rev() {
        by_item.entry(item).or_default().push(report);
    }
    Ok(by_item)
}

/// The columns of a [`ReportLine`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
fn report_columns() -> _ {
    (
        reports::reporter_id,
        reports::guest_id,
        reports::reason,
        reports::message,
        reports::state,
        reports::created_at,
        (reports::rule_version, reports::rule_number),
    )
}

/// How a member's reports have fared: all, those of the last day, and how many were right. For the desk, where somebody
/// who reports too much is to be seen. Reports about places that the asking moderator does not see are not counted.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn reporter_record(tx: &mut Tx<'_>, actor: &Actor, who: MemberId) -> Result<Record> {
    actor.may(&Action::Review)?;
    let day = tx.now().plus(-crate::kit::clock::DAY);
    let seen = forum::sight(tx, actor)?.moderated;
    let rows: Vec<(ReportState, At)> = reports::table
        .inner_join(items::table)
        .filter(
            items::category_id
                .is_null()
                .or(items::category_id.eq_any(in_rows(&seen))),
        )
        .filter(reports::reporter_id.eq(Some(who)))
        .order(reports::created_at.desc())
        .limit(200)
        .select((reports::state, reports::created_at))
        .load(tx.conn)?;
    let count = |state: ReportState| rows.iter().filter(|row| row.0 == state).count();
    Ok(Record {
        all: rows.len(),
        today: rows.iter().filter(|row| row.1 > day).count(),
        upheld: count(ReportState::Upheld),
        declined: count(ReportState::Declined) + count(ReportState::Ignored),
    })
}

/// How a member's latest two hundred reports have fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Record {
    /// How many there were.
    pub all: usize,
    /// How many of the last day.
    pub today: usize,
    /// Right.
    pub upheld: usize,
    /// Not right, or nothing to answer.
    pub declined: usize,
}
