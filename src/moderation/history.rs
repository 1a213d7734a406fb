//! What happened to an entry of the queue, step by step, and what colleagues noted beside it. Nothing is taken away.

use diesel::prelude::*;

use super::listing::item;
use crate::db::Tx;
use crate::db::schema::review_events as events;
use crate::kit::ids::{MemberId, ReviewItemId};
use crate::kit::{At, Problems, Refusal, Result};
use crate::policy::{Action, Actor};

/// The longest note, in characters.
const MOST_NOTE: usize = 2_000;
/// Most steps of one entry that are shown, the latest.
const MOST: i64 = 100;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Step {
    /// When.
    pub at: At,
    /// Who; `None` for the house.
    pub by: Option<MemberId>,
    /// A word with a sentence of its own.
    pub kind: String,
    /// A colleague's words; only with notes.
    pub words: Option<String>,
}

/// Adds a step.
pub(super) fn add(
    tx: &mut Tx<'_>,
    id: ReviewItemId,
    by: Option<MemberId>,
    kind: &str,
    words: Option<&str>,
) -> Result<()> {
    diesel::insert_into(events::table)
        .values((
            events::item_id.eq(id),
            events::at.eq(tx.now()),
            events::by_id.eq(by),
            events::kind.eq(kind),
            events::words.eq(words),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Leaves a note for colleagues beside an entry; nobody else reads it.
///
/// # Errors
/// As [`item`]; invalid where it is empty or too long.
pub fn leave_note(tx: &mut Tx<'_>, actor: &Actor, id: ReviewItemId, words: &str) -> Result<()> {
    if item(tx, actor, id)?.is_about(actor) {
        return Err(Refusal::FourEyes.into());
    }
    actor.may(&Action::Review)?;
    check_note(words)?;
    add(tx, id, actor.id(), "note", Some(words.trim()))
}

/// A note has words, and not too many.
pub(super) fn check_note(words: &str) -> Result<()> {
    let mut problems = Problems::default();
    if words.trim().is_empty() {
        problems.add("note", "needed", &[]);
    }
    if words.chars().count() > MOST_NOTE {
        problems.add("note", "too-long", &[("most", MOST_NOTE.to_string())]);
    }
    problems.check()
}

/// The latest steps of one entry, oldest first.
///
/// # Errors
/// As [`item`].
pub fn history_of(tx: &mut Tx<'_>, actor: &Actor, id: ReviewItemId) -> Result<Vec<Step>> {
    if item(tx, actor, id)?.is_about(actor) {
        return Ok(Vec::new());
    }
    let mut steps: Vec<Step> = events::table
        .filter(events::item_id.eq(id))
        .order(events::id.desc())
        .limit(MOST)
        .select((events::at, events::by_id, events::kind, events::words))
        .load(tx.conn)?;
    steps.reverse();
    Ok(steps)
}

/// Forgets the words of notes beside these entries, and those that a member wrote.
pub(super) fn forget(tx: &mut Tx<'_>, about: &[ReviewItemId], member: MemberId) -> Result<()> {
    for some in about.chunks(500) {
        diesel::update(events::table.filter(events::item_id.eq_any(some)))
            .set(events::words.eq(None::<String>))
            .execute(tx.conn)?;
    }
    diesel::update(events::table.filter(events::by_id.eq(Some(member))))
        .set(events::words.eq(None::<String>))
        .execute(tx.conn)?;
    Ok(())
}
