//! The highlight: its row, and the one way its state changes.

use std::collections::HashMap;

use diesel::prelude::*;

use super::announcement;
use super::approval_word;
use super::binding;
use super::consent;
use super::quote;
use super::state::{State, Step};
use crate::db::schema::{highlight_changes, highlight_revisers, highlights};
use crate::db::{Lock, Tx};
use crate::each_backend;
use crate::kit::ids::{CategoryId, HighlightId, MemberId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::moderation::{self, Finding};
use crate::policy::{Actor, HighlightFacts};
use crate::site;

crate::text_enum! {
    /// What a highlight is made of.
    pub enum Kind {
        /// One to several quotes.
        Quotes = "quotes",
        /// A thread as a whole.
        Thread = "thread",
        /// Something the community reached together.
        Milestone = "milestone",
    }
}

/// A highlight as it stands in its row.
#[derive(Debug, Clone, Queryable)]
pub struct Highlight {
    /// Which one.
    pub id: HighlightId,
    /// What it is made of.
    pub kind: Kind,
    /// Its heading, which goes outside with it.
    pub title: String,
    /// Why it is worth telling; stays inside.
    pub reason: String,
    /// For whom it is worth telling; stays inside.
    pub audience: String,
    /// The thread it points to: of the first quote, or the thread itself.
    pub thread: Option<ThreadId>,
    /// Where it stands.
    pub state: State,
    /// What was said when it got there: feedback, a reason, a word for why it was taken back.
    pub note: String,
    /// Who nominated it; `None` once erased.
    pub nominator: Option<MemberId>,
    /// The language of the words (BCP 47), empty where unknown.
    pub lang: String,
    /// Counts changes, from 1.
    pub version: i64,
    /// Binds title, words, names and scope; see [`binding`].
    pub content_hash: Vec<u8>,
    /// Until when an answer is awaited.
    pub deadline: Option<At>,
    /// When somebody was reminded.
    pub reminded_at: Option<At>,
    /// Not to be said before.
    pub embargo_until: Option<At>,
    /// Who approved it; stays when the approval is void.
    pub approver: Option<MemberId>,
    /// When it was approved, the last time.
    pub approved_at: Option<At>,
    /// When it was nominated.
    pub created_at: At,
    /// When it changed last.
    pub updated_at: At,
    /// The category of its source, for the shelves.
    pub category: Option<CategoryId>,
    /// Good at any time of the year.
    pub evergreen: bool,
    /// Not to be used from then on.
    pub expires_at: Option<At>,
    /// A picture stands in one of the posts.
    pub pictured: bool,
}

/// The columns of a [`Highlight`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn columns() -> _ {
    (
        highlights::id,
        highlights::kind,
        highlights::title,
        highlights::reason,
        highlights::audience,
        highlights::thread_id,
        highlights::state,
        highlights::state_note,
        highlights::nominated_by,
        highlights::lang,
        highlights::version,
        highlights::content_hash,
        highlights::consent_deadline,
        highlights::reminded_at,
        highlights::embargo_until,
        highlights::approved_by,
        highlights::approved_at,
        highlights::created_at,
        highlights::updated_at,
        highlights::category_id,
        highlights::evergreen,
        highlights::expires_at,
        highlights::pictured,
    )
}

/// A highlight, for reading.
///
/// # Errors
/// Not found, or a fault where the database fails.
pub(super) fn find(tx: &mut Tx<'_>, id: HighlightId) -> Result<Highlight> {
    highlights::table
        .find(id)
        .select(columns())
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

/// A highlight, for deciding: whoever reads or changes a gate holds its row until the end of the transaction.
///
/// # Errors
/// Not found, or a fault where the database fails.
pub(super) fn hold(tx: &mut Tx<'_>, id: HighlightId) -> Result<Highlight> {
    tx.lock(Lock::Highlight(id))?;
    find(tx, id)
}

/// Where each of these highlights stands.
pub(super) fn states(tx: &mut Tx<'_>, ids: &[HighlightId]) -> Result<HashMap<HighlightId, State>> {
    let rows: Vec<(HighlightId, State)> = highlights::table
        .filter(highlights::id.eq_any(ids))
        .select((highlights::id, highlights::state))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// Several highlights by their numbers; those that are not there are left out.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn find_many(
    tx: &mut Tx<'_>,
    ids: &[HighlightId],
) -> Result<HashMap<HighlightId, Highlight>> {
    let rows: Vec<Highlight> = highlights::table
        .filter(highlights::id.eq_any(ids))
        .select(columns())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|h| (h.id, h)).collect())
}

/// What the law has to know of it.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn facts(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<HighlightFacts> {
    let mut all = facts_of_many(tx, std::slice::from_ref(highlight))?;
    all.remove(&highlight.id).or_not_found()
}

/// The same of several, in as many questions.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn facts_of_many(
    tx: &mut Tx<'_>,
    highlights: &[Highlight],
) -> Result<HashMap<HighlightId, HighlightFacts>> {
    let ids: Vec<HighlightId> = highlights.iter().map(|h| h.id).collect();
    let approver_may_send = site::settings(tx)?.approver_may_send;
    let abroad = announcement::abroad_among(tx, &ids)?;
    let mut authors = consent::members_of_many(tx, &ids)?;
    for (id, quotes) in quote::of_many(tx, &ids)? {
        let of = authors.entry(id).or_default();
        of.extend(quotes.iter().filter_map(|q| q.author));
    }
    let mut revisers = revisers(tx, &ids)?;
    let of = |highlight: &Highlight| {
        let id = highlight.id;
        let mut authors = authors.remove(&id).unwrap_or_default();
        authors.sort_unstable();
        authors.dedup();
        let facts = HighlightFacts {
            nominator: highlight.nominator,
            revisers: revisers.remove(&id).unwrap_or_default(),
            authors,
            in_library: (highlight.approved_at.is_some() && !highlight.state.is_over())
                || abroad.contains(&id),
            approver: highlight.approver,
            approver_may_send,
        };
        (id, facts)
    };
    Ok(highlights.iter().map(of).collect())
}

/// Everybody who ever wrote them anew. They stay here whatever becomes of it: law 3 asks.
fn revisers(tx: &mut Tx<'_>, ids: &[HighlightId]) -> Result<HashMap<HighlightId, Vec<MemberId>>> {
    let rows: Vec<(HighlightId, MemberId)> = highlight_revisers::table
        .filter(highlight_revisers::highlight_id.eq_any(ids))
        .order(highlight_revisers::member_id)
        .select((
            highlight_revisers::highlight_id,
            highlight_revisers::member_id,
        ))
        .load(tx.conn)?;
    let mut by: HashMap<HighlightId, Vec<MemberId>> = HashMap::new();
    for (id, member) in rows {
        by.entry(id).or_default().push(member);
    }
    Ok(by)
}

/// Keeps who wrote it anew.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn written_anew(tx: &mut Tx<'_>, id: HighlightId, actor: &Actor) -> Result<()> {
    let Some(member) = actor.id() else {
        return Ok(());
    };
    let row = (
        highlight_revisers::highlight_id.eq(id),
        highlight_revisers::member_id.eq(member),
    );
    each_backend!(tx.conn, c => diesel::insert_into(highlight_revisers::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Takes a step: the only place where the state changes. The change is numbered for those who follow the library.
///
/// # Errors
/// Refused where the step is not possible from here; a fault where the database fails.
pub(super) fn step(
    tx: &mut Tx<'_>,
    highlight: &mut Highlight,
    step: Step,
    note: &str,
) -> Result<()> {
    let before = highlight.state;
    let next = before.step(step)?;
    highlight.state = next;
    note.clone_into(&mut highlight.note);
    highlight.version += 1;
    highlight.updated_at = tx.now();
    diesel::update(highlights::table.find(highlight.id))
        .set((
            highlights::state.eq(next),
            highlights::state_note.eq(note),
            highlights::version.eq(highlight.version),
            highlights::updated_at.eq(highlight.updated_at),
        ))
        .execute(tx.conn)?;
    number_change(tx, highlight.id);
    if before == State::Approved && next != State::Approved {
        approval_word::call_back(tx, highlight.id, note)?;
    }
    queue(tx, highlight, before)
}

/// Notes a change that leaves the state as it is: a form made before is stale, and those who follow are told.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn changed(tx: &mut Tx<'_>, highlight: &mut Highlight) -> Result<()> {
    highlight.version += 1;
    diesel::update(highlights::table.find(highlight.id))
        .set(highlights::version.eq(highlight.version))
        .execute(tx.conn)?;
    number_change(tx, highlight.id);
    Ok(())
}

/// What waits for a moderator stands in the one review queue, and leaves it when it waits no more.
fn queue(tx: &mut Tx<'_>, highlight: &Highlight, before: State) -> Result<()> {
    match (before, highlight.state) {
        (_, State::Consented) => moderation::highlight_waits(tx, highlight.id),
        (State::Consented, after) => {
            let finding = match after {
                State::Approved => Finding::Upheld,
                State::Returned | State::Refused => Finding::Declined,
                _ => Finding::Ignored,
            };
            moderation::highlight_settled(tx, highlight.id, finding)
        }
        _ => Ok(()),
    }
}

/// Reckons the content hash anew and keeps it. Answers whether it changed, which makes an approval void.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn bind(tx: &mut Tx<'_>, highlight: &mut Highlight) -> Result<bool> {
    let hash = binding::of(tx, highlight)?;
    if hash == highlight.content_hash {
        return Ok(false);
    }
    diesel::update(highlights::table.find(highlight.id))
        .set(highlights::content_hash.eq(&hash))
        .execute(tx.conn)?;
    highlight.content_hash = hash;
    Ok(true)
}

/// Sets until when an answer is awaited; a reminder may come again.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn await_until(
    tx: &mut Tx<'_>,
    highlight: &mut Highlight,
    deadline: Option<At>,
) -> Result<()> {
    highlight.deadline = deadline;
    highlight.reminded_at = None;
    diesel::update(highlights::table.find(highlight.id))
        .set((
            highlights::consent_deadline.eq(deadline),
            highlights::reminded_at.eq(None::<At>),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Numbers a change at the very end of the transaction, behind the lock that every writer of the log takes there:
/// so the numbers become visible in their order and nobody who follows them misses one.
fn number_change(tx: &mut Tx<'_>, id: HighlightId) {
    tx.at_end(move |tx| {
        tx.lock(Lock::AuditChain)?;
        let now = tx.now();
        let seq: i64 = diesel::insert_into(highlight_changes::table)
            .values((
                highlight_changes::highlight_id.eq(id),
                highlight_changes::at.eq(now),
            ))
            .returning(highlight_changes::seq)
            .get_result(tx.conn)?;
        diesel::update(highlights::table.find(id))
            .set(highlights::change_seq.eq(seq))
            .execute(tx.conn)?;
        Ok(())
    });
}
