//! The periodic job: one reminder, then silence means no.

use diesel::prelude::*;
use serde_json::json;

use super::consent;
use super::highlight;
use super::state::{ConsentState, State, Step};
use super::tell;
use super::unwind;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::highlights;
use crate::kit::clock::DAY;
use crate::kit::ids::HighlightId;
use crate::kit::{At, Result};
use crate::policy::Actor;

/// Days before the deadline at which people are reminded.
const REMIND_BEFORE: i64 = 7;
/// Highlights dealt with in one run; the next run goes on.
const SOME: i64 = 50;
/// The job, as the log names it.
const JOB: Actor = Actor::System("highlight-deadlines");

/// Reminds once, and lets lapse what nobody answered. Answers whether there may be more to do.
///
/// # Errors
/// A fault where the database fails.
pub fn keep_deadlines(tx: &mut Tx<'_>) -> Result<bool> {
    let now = tx.now();
    let over: Vec<HighlightId> = highlights::table
        .filter(highlights::state.eq_any([State::ConsentPending, State::Stale]))
        .filter(highlights::consent_deadline.le(now))
        .order(highlights::id)
        .limit(SOME)
        .select(highlights::id)
        .load(tx.conn)?;
    let soon: Vec<HighlightId> = highlights::table
        .filter(highlights::state.eq_any([State::ConsentPending, State::Stale]))
        .filter(highlights::consent_deadline.gt(now))
        .filter(highlights::consent_deadline.le(now.plus(REMIND_BEFORE * DAY)))
        .filter(highlights::reminded_at.is_null())
        .order(highlights::id)
        .limit(SOME)
        .select(highlights::id)
        .load(tx.conn)?;
    let more = over.len() as i64 == SOME || soon.len() as i64 == SOME;
    let mut all: Vec<HighlightId> = over.iter().chain(&soon).copied().collect();
    all.sort_unstable();
    for id in all {
        tx.lock(crate::db::Lock::Highlight(id))?;
    }
    for id in over {
        lapse(tx, id)?;
    }
    for id in soon {
        remind(tx, id)?;
    }
    Ok(more)
}

fn lapse(tx: &mut Tx<'_>, id: HighlightId) -> Result<()> {
    let mut highlight = highlight::find(tx, id)?;
    let due = highlight.deadline.is_some_and(|at| at <= tx.now());
    if !due || highlight.state.after(Step::Lapse).is_none() {
        return Ok(());
    }
    if highlight.state == State::Stale {
        // Nobody said that it may stand: it is taken down.
        unwind::take_back(tx, &mut highlight, Step::Lapse, "edited-unanswered", None)?;
    } else {
        for mut consent in consent::list(tx, id)? {
            if consent.state == ConsentState::Asked {
                consent::set(tx, &mut consent, ConsentState::Lapsed, "lapsed")?;
            }
        }
        highlight::step(tx, &mut highlight, Step::Lapse, "")?;
        highlight::await_until(tx, &mut highlight, None)?;
        highlight::bind(tx, &mut highlight)?;
        unwind::recall_all(tx, id, "consent-lapsed", None)?;
    }
    audit::record(
        tx,
        &JOB,
        "highlight.lapsed",
        subject("highlight", id.0),
        json!({}),
        None,
    )
}

fn remind(tx: &mut Tx<'_>, id: HighlightId) -> Result<()> {
    let highlight = highlight::find(tx, id)?;
    if highlight.reminded_at.is_some() {
        return Ok(());
    }
    let now = tx.now();
    diesel::update(highlights::table.find(id))
        .set(highlights::reminded_at.eq(Some(At(now.0))))
        .execute(tx.conn)?;
    if highlight.state == State::Stale {
        for member in consent::undecided_after_edit(tx, id)? {
            tell::edited(tx, &highlight, member)?;
        }
        return Ok(());
    }
    for consent in consent::list(tx, id)? {
        if consent.state == ConsentState::Asked {
            tell::reminded(tx, &highlight, consent.member)?;
        }
    }
    Ok(())
}
