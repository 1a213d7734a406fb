//! The third gate: a moderator who neither nominated it, nor wrote it anew, nor is quoted in it lets a highlight through,
//! gives it back, or refuses it.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::json;

use super::approval_word;
use super::ground::Ground;
use super::heading;
use super::highlight::{self, Highlight};
use super::label;
use super::source;
use super::state::{State, Step};
use super::tell;
use super::unwind;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::{highlight_decisions, highlights};
use crate::kit::ids::{HighlightId, MemberId};
use crate::kit::{At, Refusal, Result, Stop};
use crate::members::{self, Card};
use crate::moderation;
use crate::policy::{Action, Actor, HighlightFacts, Role};

/// Longest note, in characters.
const LONGEST_NOTE: usize = 2_000;

crate::text_enum! {
    /// What a moderator decides.
    pub enum Verdict {
        /// It goes to the library.
        Approve = "approve",
        /// Back to the nominator, with feedback.
        Return = "return",
        /// It does not go outside, with a reason.
        Refuse = "refuse",
    }
}

/// A decision as it was written down.
#[derive(Debug, Clone, Queryable)]
pub struct Decision {
    /// Who decided; `None` once erased.
    pub by: Option<MemberId>,
    /// What was decided.
    pub verdict: Verdict,
    /// The feedback or reason.
    pub note: String,
    /// When.
    pub at: At,
}

/// Decides on a highlight. `seen` is the content hash that the moderator looked at, where the form knew one: what
/// changed in between is looked at again.
///
/// # Errors
/// Refused by law 3, without acknowledged messaging guidelines, in another state, where a consent or the source is
/// gone, or where it changed meanwhile; invalid without a note for a return or refusal, or where the heading says more
/// than was agreed to.
pub fn decide(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    verdict: Verdict,
    note: &str,
    seen: Option<&[u8]>,
) -> Result<State> {
    let mut highlight = highlight::hold(tx, id)?;
    let facts = highlight::facts(tx, &highlight)?;
    actor.may(&Action::SeeHighlight(&facts))?;
    actor.may(&Action::Approve(&facts))?;
    let step = match verdict {
        Verdict::Approve => Step::Approve,
        Verdict::Return => Step::Return,
        Verdict::Refuse => Step::Refuse,
    };
    highlight.state.step(step)?;
    highlight::bind(tx, &mut highlight)?;
    if seen.is_some_and(|seen| seen != highlight.content_hash) {
        return Err(Refusal::Stale.into());
    }
    let note = note.trim();
    if note.is_empty() && verdict != Verdict::Approve {
        return Err(Stop::invalid("note", "note-needed"));
    }
    if note.chars().count() > LONGEST_NOTE {
        return Err(Stop::invalid("note", "decision-note-too-long"));
    }
    if verdict == Verdict::Approve {
        source::stands(tx, &highlight)?;
        heading::passes(tx, &highlight)?;
    }
    highlight::step(tx, &mut highlight, step, note)?;
    if verdict == Verdict::Refuse {
        // It may have been approved before, and said.
        unwind::recall_all(tx, id, "highlight-refused", actor.id())?;
    }
    moderation::highlight_decided_by(tx, id, actor.id())?;
    write(tx, actor, &highlight, verdict, note)?;
    if verdict == Verdict::Approve {
        label::shelve(tx, &highlight)?;
        approval_word::tell_systems(tx, &highlight)?;
    }
    let what = match verdict {
        Verdict::Approve => "highlight.approved",
        Verdict::Return => "highlight.returned",
        Verdict::Refuse => "highlight.refused",
    };
    let told = match verdict {
        Verdict::Approve => "highlight-approved",
        Verdict::Return => "highlight-returned",
        Verdict::Refuse => "highlight-refused",
    };
    let reason = Some(note).filter(|note| !note.is_empty());
    audit::record(
        tx,
        actor,
        what,
        subject("highlight", id.0),
        json!({}),
        reason,
    )?;
    tell::decided(tx, actor, &highlight, told)?;
    Ok(highlight.state)
}

/// Decides on several at once: all of them, or none. Law 3 holds for each.
///
/// # Errors
/// As [`decide`], with the highlight that stood in the way.
pub fn decide_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    wanted: &[(HighlightId, Vec<u8>)],
    verdict: Verdict,
    note: &str,
) -> std::result::Result<(), (HighlightId, Stop)> {
    let mut wanted = wanted.to_vec();
    // Locks of one kind are taken in the order of their ids.
    wanted.sort();
    wanted.dedup_by_key(|(id, _)| *id);
    for (id, seen) in wanted {
        decide(tx, actor, id, verdict, note, Some(&seen)).map_err(|stop| (id, stop))?;
    }
    Ok(())
}

fn write(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &Highlight,
    verdict: Verdict,
    note: &str,
) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(highlight_decisions::table)
        .values((
            highlight_decisions::highlight_id.eq(highlight.id),
            highlight_decisions::by_id.eq(actor.id()),
            highlight_decisions::decision.eq(verdict),
            highlight_decisions::note.eq(note),
            highlight_decisions::content_hash.eq(&highlight.content_hash),
            highlight_decisions::at.eq(now),
        ))
        .execute(tx.conn)?;
    if verdict == Verdict::Approve {
        diesel::update(highlights::table.find(highlight.id))
            .set((
                highlights::approved_by.eq(actor.id()),
                highlights::approved_at.eq(now),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// What was decided so far, oldest first.
pub(super) fn decisions(tx: &mut Tx<'_>, id: HighlightId) -> Result<Vec<Decision>> {
    Ok(highlight_decisions::table
        .filter(highlight_decisions::highlight_id.eq(id))
        .order(highlight_decisions::id)
        .limit(50)
        .select((
            highlight_decisions::by_id,
            highlight_decisions::decision,
            highlight_decisions::note,
            highlight_decisions::at,
        ))
        .load(tx.conn)?)
}

/// The last decision about each of these, with the content it was about.
pub(super) fn latest(
    tx: &mut Tx<'_>,
    ids: &[HighlightId],
) -> Result<HashMap<HighlightId, (Verdict, Vec<u8>)>> {
    let rows: Vec<(HighlightId, Verdict, Vec<u8>)> = highlight_decisions::table
        .filter(highlight_decisions::highlight_id.eq_any(ids))
        .order(highlight_decisions::id)
        .select((
            highlight_decisions::highlight_id,
            highlight_decisions::decision,
            highlight_decisions::content_hash,
        ))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, v, hash)| (id, (v, hash)))
        .collect())
}

/// Does the approval in force bind exactly this content?
pub(super) fn binds(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<bool> {
    Ok(Ground::of(tx, std::slice::from_ref(highlight))?.binds(highlight))
}

/// A moderator who may decide on a highlight.
#[derive(Debug, Clone)]
pub struct Approver {
    /// Who.
    pub card: Card,
    /// Has yet to acknowledge the messaging guidelines.
    pub has_to_read: bool,
}

/// The moderators who may decide on it: without a part in it, and free to act.
///
/// # Errors
/// A fault where the database fails.
pub fn approvers(tx: &mut Tx<'_>, facts: &HighlightFacts) -> Result<Vec<Approver>> {
    let mut found = Vec::new();
    for card in members::with_role(tx, Role::Moderator)? {
        let actor = members::actor(tx, card.id)?;
        let has_to_read = match actor.may(&Action::Approve(facts)) {
            Ok(()) => false,
            Err(Stop::Refused(Refusal::AcknowledgeFirst(_))) => {
                if facts.is_party(card.id) {
                    continue;
                }
                true
            }
            Err(Stop::Refused(_)) => continue,
            Err(stop) => return Err(stop),
        };
        found.push(Approver { card, has_to_read });
    }
    Ok(found)
}

/// Where nobody is left who may decide: champions who are no party to it and could be made moderators, and the admins
/// who can do that.
///
/// # Errors
/// A fault where the database fails.
pub fn whom_to_ask(tx: &mut Tx<'_>, facts: &HighlightFacts) -> Result<(Vec<Card>, Vec<Card>)> {
    let party = |card: &Card| facts.is_party(card.id) || card.erased;
    let mut champions = members::with_role(tx, Role::Champion)?;
    champions.retain(|card| !party(card) && !card.roles.contains(&Role::Moderator));
    champions.truncate(10);
    let mut admins = members::with_role(tx, Role::Admin)?;
    admins.truncate(10);
    Ok((champions, admins))
}
