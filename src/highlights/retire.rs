//! Laying a highlight aside, and taking it up again. Nothing new is made of what was laid aside; what was said stands.

use diesel::prelude::*;
use serde_json::json;

use super::highlight;
use super::state::{State, Step};
use super::tell;
use super::unwind;
use crate::audit::{self, subject};
use crate::content::excerpt;
use crate::db::schema::highlights;
use crate::db::{Lock, Tx};
use crate::kit::Result;
use crate::kit::ids::HighlightId;
use crate::policy::{Action, Actor};

/// Highlights laid aside in one run; the next run goes on.
const SOME: i64 = 50;
/// The job, as the log names it.
const JOB: Actor = Actor::System("highlight-expiry");

/// Lays a highlight aside: what has not left stays here, feeds and cards are emptied, what was said stands.
///
/// # Errors
/// Refused to whoever keeps neither the library nor the desk, and where it is not in the library.
pub fn retire(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId, note: &str) -> Result<()> {
    let mut highlight = highlight::hold(tx, id)?;
    may(actor)?;
    let note: String = excerpt::normalise(note).chars().take(300).collect();
    highlight::step(tx, &mut highlight, Step::Retire, &note)?;
    unwind::recall_unfinished(tx, id, "retired")?;
    let reason = Some(note.as_str()).filter(|note| !note.is_empty());
    audit::record(
        tx,
        actor,
        "highlight.retired",
        subject("highlight", id.0),
        json!({}),
        reason,
    )
}

/// Takes up again what was laid aside. Time has passed, so a moderator looks at it first.
///
/// # Errors
/// Refused to whoever keeps neither the library nor the desk, and where it was not laid aside.
pub fn bring_back(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId) -> Result<()> {
    let mut highlight = highlight::hold(tx, id)?;
    may(actor)?;
    if highlight.state != State::Retired {
        return Err(crate::kit::Refusal::WrongState(highlight.state.as_str()).into());
    }
    highlight::step(tx, &mut highlight, Step::VoidApproval, "brought-back")?;
    diesel::update(highlights::table.find(id))
        .set(highlights::expires_at.eq(None::<crate::kit::At>))
        .execute(tx.conn)?;
    audit::record(
        tx,
        actor,
        "highlight.brought-back",
        subject("highlight", id.0),
        json!({}),
        None,
    )?;
    tell::waits_for_approval(tx, actor, &highlight)
}

fn may(actor: &Actor) -> Result<()> {
    if actor.can(&Action::SeeApprovals) {
        return Ok(());
    }
    actor.may(&Action::SeeLibrary)
}

/// The periodic job: lays aside what has come to its end.
///
/// # Errors
/// A fault where the database fails.
pub fn keep_expiry(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    let ids: Vec<HighlightId> = highlights::table
        .filter(highlights::state.eq(State::Approved))
        .filter(highlights::expires_at.le(now))
        .order(highlights::id)
        .limit(SOME)
        .select(highlights::id)
        .load(tx.conn)?;
    for id in &ids {
        tx.lock(Lock::Highlight(*id))?;
    }
    for id in ids {
        let over = {
            let highlight = highlight::find(tx, id)?;
            highlight.state == State::Approved && highlight.expires_at.is_some_and(|at| at <= now)
        };
        if over {
            retire(tx, &JOB, id, "expired")?;
        }
    }
    Ok(())
}
