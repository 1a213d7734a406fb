//! Lists: what waits at the desk, what is mine, what was announced.

use std::collections::HashMap;

use diesel::prelude::*;

use super::announcement::{self, Announcement};
use super::consent::{self, Consent};
use super::fairness;
use super::highlight::{self, Highlight, columns};
use super::quote;
use super::state::State;
use super::taken::{self, PullLine};
use crate::db::Tx;
use crate::db::schema::{announcements, highlights};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{AnnouncementId, HighlightId, MemberId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Refusal, Result};
use crate::members::{self, Card};
use crate::policy::{Action, Actor, ConsentFacts};

/// Entries on one page.
const PAGE: i64 = 30;

/// One line of the approval desk.
#[derive(Debug, Clone)]
pub struct DeskLine {
    /// The highlight.
    pub highlight: Highlight,
    /// Who nominated it.
    pub nominator: Card,
    /// May this moderator decide on it?
    pub mine_to_decide: bool,
    /// Somebody quoted or named in it was never nominated before.
    pub first_time: bool,
}

/// What waits for a moderator, longest first; or what moderators decided, newest first.
///
/// # Errors
/// Refused to whoever is no moderator; a fault where the database fails.
pub fn desk(
    tx: &mut Tx<'_>,
    actor: &Actor,
    waiting: bool,
    after: Option<Cursor>,
) -> Result<(Vec<DeskLine>, Option<Cursor>)> {
    actor.may(&Action::SeeApprovals)?;
    let at = after.and_then(|c| c.as_two());
    let mut rows: Vec<Highlight> = if waiting {
        let (at, id) = at.unwrap_or((i64::MIN, i64::MIN));
        highlights::table
            .filter(highlights::state.eq(State::Consented))
            .filter(
                highlights::updated_at.gt(At(at)).or(highlights::updated_at
                    .eq(At(at))
                    .and(highlights::id.gt(HighlightId(id)))),
            )
            .order((highlights::updated_at, highlights::id))
            .limit(PAGE + 1)
            .select(columns())
            .load(tx.conn)?
    } else {
        let (at, id) = at.unwrap_or((i64::MAX, i64::MAX));
        highlights::table
            .filter(highlights::state.eq_any([State::Approved, State::Returned, State::Refused]))
            .filter(
                highlights::updated_at.lt(At(at)).or(highlights::updated_at
                    .eq(At(at))
                    .and(highlights::id.lt(HighlightId(id)))),
            )
            .order((highlights::updated_at.desc(), highlights::id.desc()))
            .limit(PAGE + 1)
            .select(columns())
            .load(tx.conn)?
    };
    let next = Cursor::turn(&mut rows, PAGE, |h| Cursor::two(h.updated_at.0, h.id.0));
    let people: Vec<MemberId> = rows.iter().filter_map(|h| h.nominator).collect();
    let cards = members::cards(tx, &people)?;
    let mut facts = highlight::facts_of_many(tx, &rows)?;
    let asked: Vec<MemberId> = facts.values().flat_map(|f| f.authors.clone()).collect();
    let times = fairness::nominated_times(tx, &asked)?;
    let mut lines = Vec::with_capacity(rows.len());
    for highlight in rows {
        let facts = facts.remove(&highlight.id).or_not_found()?;
        let nominator = highlight.nominator.and_then(|id| cards.get(&id).cloned());
        lines.push(DeskLine {
            nominator: nominator.unwrap_or_else(Card::nobody),
            mine_to_decide: actor.can(&Action::Approve(&facts)),
            first_time: facts.authors.iter().any(|id| times.get(id) == Some(&1)),
            highlight,
        });
    }
    Ok((lines, next))
}

/// How many highlights wait for a moderator; counted up to 100.
///
/// # Errors
/// A fault where the database fails.
pub fn waiting(tx: &mut Tx<'_>) -> Result<i64> {
    let ids: Vec<HighlightId> = highlights::table
        .filter(highlights::state.eq(State::Consented))
        .limit(100)
        .select(highlights::id)
        .load(tx.conn)?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

/// One of my own: what I was asked about, what I said, and what became of it.
#[derive(Debug, Clone)]
pub struct MyConsent {
    /// What I was asked and said.
    pub consent: Consent,
    /// The highlight.
    pub highlight: Highlight,
    /// My words in it.
    pub words: Vec<String>,
    /// What is or was outside.
    pub announcements: Vec<Announcement>,
    /// How staff took it out, newest first.
    pub pulls: Vec<PullLine>,
    /// My words were edited, what is outside stands on the old ones, and I have not said whether it may.
    pub edited: bool,
}

/// Everything I was ever asked about, newest first.
///
/// # Errors
/// Refused to guests; a fault where the database fails.
pub fn my_consents(
    tx: &mut Tx<'_>,
    actor: &Actor,
    after: Option<Cursor>,
) -> Result<(Vec<MyConsent>, Option<Cursor>)> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    let before = after.and_then(|c| c.as_one()).unwrap_or(i64::MAX);
    let mut consents = consent::of_member(tx, me, before, PAGE + 1)?;
    let next = Cursor::turn(&mut consents, PAGE, |c| Cursor::one(c.id.0));
    let ids: Vec<HighlightId> = consents.iter().map(|c| c.highlight).collect();
    let mut quotes = quote::of_many(tx, &ids)?;
    let mut said = announcement::of_many(tx, &ids)?;
    let mut pulled = taken::of_many(tx, &ids)?;
    let mut highlights = highlight::find_many(tx, &ids)?;
    let mut mine = Vec::with_capacity(consents.len());
    for consent in consents {
        let highlight = highlights.remove(&consent.highlight).or_not_found()?;
        let words = quotes
            .remove(&highlight.id)
            .unwrap_or_default()
            .into_iter()
            .filter(|q| q.author == Some(me))
            .filter_map(|q| q.excerpt)
            .collect();
        let announcements = said.remove(&highlight.id).unwrap_or_default();
        let pulls = pulled.remove(&highlight.id).unwrap_or_default();
        let waits = highlight.state == State::Stale && highlight.deadline.is_some();
        let edited = waits && consent::undecided_after_edit(tx, highlight.id)?.contains(&me);
        mine.push(MyConsent {
            edited,
            consent,
            highlight,
            words,
            announcements,
            pulls,
        });
    }
    Ok((mine, next))
}

/// What somebody may still take back: the heading and the own words of every live yes, newest first, a page of them.
/// Taken back, a line makes room for the next.
///
/// # Errors
/// Refused to whoever it does not belong to; a fault where the database fails.
pub fn live_consents(
    tx: &mut Tx<'_>,
    actor: &Actor,
) -> Result<Vec<(HighlightId, String, Vec<String>)>> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::TakeWordsBack(ConsentFacts { member: me }))?;
    let ids = consent::live_of(tx, me, PAGE)?;
    let mut quotes = quote::of_many(tx, &ids)?;
    let titles = titles(tx, &ids)?;
    let line = |id: HighlightId| {
        let quotes = quotes.remove(&id).unwrap_or_default();
        let mine = quotes.into_iter().filter(|q| q.author == Some(me));
        let title = titles.get(&id).cloned().unwrap_or_default();
        (id, title, mine.filter_map(|q| q.excerpt).collect())
    };
    Ok(ids.into_iter().map(line).collect())
}

/// A page of announcements, newest plan first.
///
/// # Errors
/// Refused to whoever does not work outward; a fault where the database fails.
pub fn announcements(
    tx: &mut Tx<'_>,
    actor: &Actor,
    after: Option<Cursor>,
) -> Result<(Vec<(Announcement, Highlight)>, Option<Cursor>)> {
    actor.may(&Action::SeeOutreach)?;
    let mut rows = announcement::newest(tx, after.and_then(|c| c.as_two()), PAGE + 1)?;
    let next = Cursor::turn(&mut rows, PAGE, |a| Cursor::two(a.planned_at.0, a.id.0));
    let ids: Vec<HighlightId> = rows.iter().map(|one| one.highlight).collect();
    let of = highlight::find_many(tx, &ids)?;
    let beside = |one: Announcement| Some((of.get(&one.highlight)?.clone(), one));
    let all = rows.into_iter().filter_map(beside);
    Ok((all.map(|(highlight, one)| (one, highlight)).collect(), next))
}

/// The headings of these announcements, for lists that know only their numbers.
///
/// # Errors
/// Refused to whoever does not work outward; a fault where the database fails.
pub fn headings(
    tx: &mut Tx<'_>,
    actor: &Actor,
    ids: &[AnnouncementId],
) -> Result<HashMap<AnnouncementId, String>> {
    actor.may(&Action::SeeOutreach)?;
    let pairs: Vec<(AnnouncementId, HighlightId)> = announcements::table
        .filter(announcements::id.eq_any(ids))
        .select((announcements::id, announcements::highlight_id))
        .load(tx.conn)?;
    let of: Vec<HighlightId> = pairs.iter().map(|(_, highlight)| *highlight).collect();
    let titles: HashMap<HighlightId, String> = highlights::table
        .filter(highlights::id.eq_any(of))
        .select((highlights::id, highlights::title))
        .load::<(HighlightId, String)>(tx.conn)?
        .into_iter()
        .collect();
    let heading = |(id, of): (AnnouncementId, HighlightId)| Some((id, titles.get(&of)?.clone()));
    Ok(pairs.into_iter().filter_map(heading).collect())
}

/// One announcement with its highlight.
///
/// # Errors
/// Not found, or refused to whoever neither works outward nor is concerned.
pub fn announcement(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
) -> Result<(Announcement, Highlight)> {
    let one = announcement::find(tx, id)?;
    let highlight = highlight::find(tx, one.highlight)?;
    let facts = highlight::facts(tx, &highlight)?;
    if !actor.can(&Action::SeeOutreach) {
        actor.may(&Action::SeeHighlight(&facts))?;
    }
    Ok((one, highlight))
}

/// How staff took out what a member is quoted in, newest first.
///
/// # Errors
/// Not found where the actor was not asked.
pub fn my_pulls(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId) -> Result<Vec<PullLine>> {
    my_consent(tx, actor, id)?;
    let mut pulled = taken::of_many(tx, &[id])?;
    Ok(pulled.remove(&id).unwrap_or_default())
}

/// A member's own consent for its page, with its history.
///
/// # Errors
/// Not found where the actor was not asked.
pub fn my_consent(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
) -> Result<(Consent, Vec<(String, At)>)> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    let consent = consent::seek(tx, id, me)?.ok_or(Refusal::NotFound)?;
    let history = consent::history(tx, consent.id)?;
    Ok((consent, history))
}

/// My nominations, newest first.
///
/// # Errors
/// Refused to guests; a fault where the database fails.
pub fn my_nominations(
    tx: &mut Tx<'_>,
    actor: &Actor,
    after: Option<Cursor>,
) -> Result<(Vec<Highlight>, Option<Cursor>)> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    let before = after.and_then(|c| c.as_one()).unwrap_or(i64::MAX);
    let mut rows: Vec<Highlight> = highlights::table
        .filter(highlights::nominated_by.eq(me))
        .filter(highlights::id.lt(HighlightId(before)))
        .order(highlights::id.desc())
        .limit(PAGE + 1)
        .select(columns())
        .load(tx.conn)?;
    let next = Cursor::turn(&mut rows, PAGE, |h| Cursor::one(h.id.0));
    Ok((rows, next))
}

/// The headings of these highlights, for the desk, which answers for who may read them.
///
/// # Errors
/// A fault where the database fails.
pub fn titles(tx: &mut Tx<'_>, ids: &[HighlightId]) -> Result<HashMap<HighlightId, String>> {
    let rows: Vec<(HighlightId, String)> = highlights::table
        .filter(highlights::id.eq_any(ids))
        .select((highlights::id, highlights::title))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}
