//! Nominating, and nominating anew what was returned or whose source changed.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use super::announcement;
use super::compose;
use super::consent;
use super::gather::{Gathered, Wish, gather};
use super::highlight::{self, Highlight, Kind};
use super::milestone;
use super::quote;
use super::scope::Scope;
use super::state::{ConsentState, State, Step};
use super::tell;
use super::unwind;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::highlights;
use crate::kit::clock::DAY;
use crate::kit::ids::{HighlightId, MemberId};
use crate::kit::{Refusal, Result, Stop};
use crate::members;
use crate::policy::{Action, Actor};

/// Days in which an answer is awaited.
pub const DAYS_TO_ANSWER: i64 = 14;

/// Writes a nomination down and asks everybody who is quoted or named. `own` is the nominator's answer for their own
/// words, given in the same breath; without it they are asked like everybody else.
///
/// # Errors
/// Refused by the law, or where an author said no to these words before; invalid where the input can be mended.
pub fn nominate(
    tx: &mut Tx<'_>,
    actor: &Actor,
    wish: &Wish,
    own: Option<&Scope>,
) -> Result<HighlightId> {
    let gathered = gather(tx, actor, wish, None)?;
    let now = tx.now();
    let id: HighlightId = diesel::insert_into(highlights::table)
        .values((
            highlights::kind.eq(gathered.kind),
            highlights::title.eq(&gathered.title),
            highlights::reason.eq(&gathered.reason),
            highlights::audience.eq(&gathered.audience),
            highlights::thread_id.eq(gathered.thread),
            highlights::state.eq(State::Nominated),
            highlights::nominated_by.eq(actor.id()),
            highlights::lang.eq(&gathered.lang),
            highlights::content_hash.eq(Vec::<u8>::new()),
            highlights::created_at.eq(now),
            highlights::updated_at.eq(now),
        ))
        .returning(highlights::id)
        .get_result(tx.conn)?;
    quote::replace(tx, id, &gathered.quotes)?;
    if let Some(reached) = gathered.milestone {
        milestone::carried_by(tx, reached, id)?;
    }
    let mut highlight = highlight::hold(tx, id)?;
    record(tx, actor, &highlight, "highlight.nominated")?;
    open(tx, actor, &mut highlight, &gathered.people, own)?;
    if gathered.kind == Kind::Thread {
        tell::thread_author(tx, actor, &highlight)?;
    }
    Ok(id)
}

/// Writes a highlight anew that was returned or whose source changed: its nominator, or a moderator, may. `version`
/// is the one the form was made from. Everybody is asked anew, unless neither words, heading nor people changed.
///
/// # Errors
/// Refused to others, in other states, where it changed meanwhile, or by the law; invalid where the input can be mended.
pub fn revise(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    version: i64,
    wish: &Wish,
    own: Option<&Scope>,
) -> Result<()> {
    let before = highlight::find(tx, id)?;
    let facts = highlight::facts(tx, &before)?;
    actor.may(&Action::SeeHighlight(&facts))?;
    if before.nominator != actor.id() && before.state != State::Approved {
        actor.may(&Action::SeeApprovals)?;
    }
    if before.state == State::Approved {
        // What stands in the library is the publishers' to change, and everybody quoted decides anew.
        actor.may(&Action::Announce(&facts))?;
    }
    let gathered = gather(tx, actor, wish, Some(id))?;
    let mut highlight = highlight::hold(tx, id)?;
    if highlight.version != version {
        return Err(Refusal::Stale.into());
    }
    // What is outside stands on the old words and the old consents: new words are a new highlight.
    if announcement::of_highlight(tx, id)?
        .iter()
        .any(|a| a.state.is_out())
    {
        return Err(Refusal::WrongState("announced").into());
    }
    if highlight.state == State::Approved
        && highlight.title == gathered.title
        && same_words(tx, &highlight, &gathered)?
    {
        return Err(Stop::invalid("excerpt", "excerpt-unchanged"));
    }
    let unchanged = same(tx, &highlight, &gathered)?;
    if !unchanged {
        // What was taken out, and texts in the making, say the old words.
        unwind::recall_all(tx, id, "words-changed", actor.id())?;
        compose::forget(tx, &[id])?;
    }
    highlight::step(tx, &mut highlight, Step::Revise, "")?;
    rewrite(tx, &mut highlight, &gathered)?;
    highlight::written_anew(tx, id, actor)?;
    record(tx, actor, &highlight, "highlight.revised")?;
    if unchanged {
        highlight::step(tx, &mut highlight, Step::Ask, "")?;
        return all_granted(tx, actor, &mut highlight);
    }
    quote::replace(tx, id, &gathered.quotes)?;
    open(tx, actor, &mut highlight, &gathered.people, own)
}

fn rewrite(tx: &mut Tx<'_>, highlight: &mut Highlight, gathered: &Gathered) -> Result<()> {
    highlight.title.clone_from(&gathered.title);
    highlight.thread = gathered.thread;
    diesel::update(highlights::table.find(highlight.id))
        .set((
            highlights::kind.eq(gathered.kind),
            highlights::title.eq(&gathered.title),
            highlights::reason.eq(&gathered.reason),
            highlights::audience.eq(&gathered.audience),
            highlights::thread_id.eq(gathered.thread),
            highlights::lang.eq(&gathered.lang),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Are these the very words that stand in it?
fn same_words(tx: &mut Tx<'_>, highlight: &Highlight, gathered: &Gathered) -> Result<bool> {
    let quotes = quote::list(tx, highlight.id)?;
    Ok(quotes.len() == gathered.quotes.len()
        && quotes
            .iter()
            .zip(&gathered.quotes)
            .all(|(a, b)| a.post == b.post && a.sha256 == b.excerpt.sha256))
}

/// Are words, heading and people the same, and every yes still alive?
fn same(tx: &mut Tx<'_>, highlight: &Highlight, gathered: &Gathered) -> Result<bool> {
    let words = same_words(tx, highlight, gathered)?;
    let consents = consent::list(tx, highlight.id)?;
    let people: BTreeSet<MemberId> = consents.iter().map(|c| c.member).collect();
    Ok(highlight.state == State::Returned
        && words
        && highlight.title == gathered.title
        && people == gathered.people
        && !people.is_empty()
        && consents.iter().all(|c| c.live().is_some()))
}

/// Asks the people, or goes straight on where there is nobody to ask.
fn open(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &mut Highlight,
    people: &BTreeSet<MemberId>,
    own: Option<&Scope>,
) -> Result<()> {
    consent::ask(tx, highlight.id, &highlight.title, people)?;
    if people.is_empty() {
        highlight::step(tx, highlight, Step::NobodyToAsk, "")?;
        highlight::await_until(tx, highlight, None)?;
        highlight::bind(tx, highlight)?;
        return tell::waits_for_approval(tx, actor, highlight);
    }
    highlight::step(tx, highlight, Step::Ask, "")?;
    let deadline = tx.now().plus(DAYS_TO_ANSWER * DAY);
    highlight::await_until(tx, highlight, Some(deadline))?;
    // A standing "never ask" is a no at once, and nobody else is bothered with the question.
    for member in people.iter().filter(|m| actor.id() != Some(**m)) {
        if members::never_asked(tx, *member)? {
            if let Some(mut no) = consent::seek(tx, highlight.id, *member)? {
                consent::set(tx, &mut no, ConsentState::Declined, "declined")?;
            }
            highlight::bind(tx, highlight)?;
            return highlight::step(tx, highlight, Step::Decline, "");
        }
    }
    highlight::bind(tx, highlight)?;
    for member in people {
        tell::asked(tx, actor, highlight, *member)?;
    }
    if let (Some(me), Some(scope)) = (actor.id().filter(|me| people.contains(me)), own) {
        super::answer::grant_own(tx, actor, highlight, me, scope)?;
    }
    Ok(())
}

/// The last yes is there: the highlight goes to the desk.
pub(super) fn all_granted(tx: &mut Tx<'_>, actor: &Actor, highlight: &mut Highlight) -> Result<()> {
    highlight::step(tx, highlight, Step::AllGranted, "")?;
    highlight::await_until(tx, highlight, None)?;
    highlight::bind(tx, highlight)?;
    tell::waits_for_approval(tx, actor, highlight)
}

fn record(tx: &mut Tx<'_>, actor: &Actor, highlight: &Highlight, what: &'static str) -> Result<()> {
    let thread = highlight.thread.map(|t| t.0);
    let details = json!({ "kind": highlight.kind, "thread": thread });
    audit::record(
        tx,
        actor,
        what,
        subject("highlight", highlight.id.0),
        details,
        None,
    )
}
