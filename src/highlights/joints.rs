//! What this room hangs into the transactions of the rooms below: law 6 and law 7.
//!
//! Long because it is the one list of everything that happens below and concerns this room.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use super::announcement::{self, Announcement, ORIGIN};
use super::approval_word;
use super::approve;
use super::calendar;
use super::compose;
use super::consent;
use super::highlight::{self, Highlight, Kind};
use super::learning;
use super::pictures;
use super::quote;
use super::recalled;
use super::requests;
use super::settle;
use super::source;
use super::state::{State, Step};
use super::tell;
use super::unwind;
use crate::audit::{self, subject};
use crate::content::excerpt;
use crate::db::schema::{announcements, highlights};
use crate::db::{Lock, Tx};
use crate::forum;
use crate::guidelines;
use crate::kit::clock::{DAY, HOUR, SECOND};
use crate::kit::event::{Gate, Origin, Sanction};
use crate::kit::ids::{AnnouncementId, CategoryId, HighlightId, MemberId, PostId, ThreadId};
use crate::kit::stop::Document;
use crate::kit::{Event, Result};
use crate::members;
use crate::moderation;
use crate::policy::{Actor, ThreadFacts};

/// The house itself, as the log names it here.
const HOUSE: Actor = Actor::System("highlights");

/// Answers what happened below, in the same transaction.
///
/// # Errors
/// A fault where the database fails: then what happened below does not happen either.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::PostEdited {
            post, revision, by, ..
        } => {
            // Whoever edits writes the next revision; drawing the same one anew has no author.
            let before = if by.is_some() {
                revision - 1
            } else {
                *revision
            };
            edited(tx, *post, (before, *revision))
        }
        Event::PostsHidden { posts, deleted, .. } => {
            let note = if *deleted {
                "source-deleted"
            } else {
                "source-hidden"
            };
            hidden(tx, posts, note)
        }
        Event::PicturesRemoved { pictures, by } => pictures::removed(tx, pictures, *by),
        Event::ThreadsMoved { threads, to } => moved(tx, threads, *to),
        Event::CategoryChanged { category } => category_changed(tx, *category),
        Event::MemberSanctioned { member, kind } => sanctioned(tx, *member, *kind),
        Event::MemberRenamed { member, .. } => renamed(tx, *member),
        Event::MemberErased { member } => erased(tx, *member),
        Event::ZoneChanged { zone } => calendar::zone_changed(tx, zone),
        Event::DeliverySettled {
            origin,
            operation,
            state,
            url,
        } if origin.kind == ORIGIN => settle::settled(
            tx,
            AnnouncementId(origin.id),
            operation,
            state,
            url.as_deref(),
        ),
        // What became of their category is told with their thread.
        Event::PostsMoved { .. }
        | Event::PostWritten { .. }
        | Event::PollAsked { .. }
        | Event::ThreadEdited { .. }
        | Event::PostsRestored { .. }
        | Event::FirstPost { .. }
        | Event::RoleChanged { .. }
        | Event::GuidelinesPublished { .. }
        | Event::DeliverySettled { .. } => Ok(()),
    }
}

/// Takes the lock of the highlight behind a delivery, before the bridge takes its own.
///
/// # Errors
/// A fault where the database fails.
pub fn lock_origin(tx: &mut Tx<'_>, origin: &Origin) -> Result<()> {
    if origin.kind == approval_word::APPROVAL {
        return tx.lock(Lock::Highlight(HighlightId(origin.id)));
    }
    if origin.kind != ORIGIN {
        return Ok(());
    }
    match announcement::highlight_of(tx, AnnouncementId(origin.id))? {
        Some(id) => tx.lock(Lock::Highlight(id)),
        None => Ok(()),
    }
}

/// Takes the locks of every highlight that hangs on these posts or on this author, in their order.
///
/// # Errors
/// A fault where the database fails.
pub fn lock_behind(tx: &mut Tx<'_>, posts: &[PostId], author: Option<MemberId>) -> Result<()> {
    let mut ids = quote::quoting(tx, posts)?;
    ids.extend(threads_of(tx, posts)?);
    if let Some(author) = author {
        ids.extend(consent::concerning(tx, author)?);
    }
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        tx.lock(Lock::Highlight(id))?;
    }
    Ok(())
}

/// Law 6: everything is looked at again in the transaction that writes `sending`.
///
/// # Errors
/// A fault where the database fails.
pub fn before_send(tx: &mut Tx<'_>, origin: &Origin) -> Result<Gate> {
    if origin.kind == approval_word::APPROVAL {
        return approval_word::before_send(tx, origin);
    }
    if origin.kind != ORIGIN {
        return Ok(Gate::Go);
    }
    let cancel = |reason: &str| {
        Ok(Gate::Cancel {
            reason: reason.to_owned(),
        })
    };
    let Some(one) = announcement::seek(tx, AnnouncementId(origin.id))? else {
        return cancel("announcement-gone");
    };
    let highlight = highlight::find(tx, one.highlight)?;
    if one.withdrawn_at.is_some() || !(one.state.is_unfinished() || one.state.is_out()) {
        return cancel("withdrawn");
    }
    if highlight.state != State::Approved {
        return cancel("not-approved");
    }
    if one.content_hash != highlight.content_hash || !approve::binds(tx, &highlight)? {
        return cancel("approval-void");
    }
    if let Some(fallen) = source::fallen(tx, &highlight)? {
        return cancel(fallen.as_str());
    }
    let covered = source::covered(tx, &highlight)?;
    if !one.place().is_some_and(|place| covered.has(place)) {
        return cancel("channel-not-covered");
    }
    if pictures::is_gone(tx, highlight.id, one.picture)? {
        return cancel("picture-gone");
    }
    if !rules_current(tx, &one)? {
        return cancel("guidelines-changed");
    }
    if source::expired(tx, &highlight) {
        return cancel("expired");
    }
    // A decision about the words or a speaker takes effect in a moment, unless it is undone.
    let quotes = quote::list(tx, highlight.id)?;
    let posts: Vec<PostId> = quotes.iter().map(|quote| quote.post).collect();
    let speakers: Vec<MemberId> = quotes.iter().filter_map(|quote| quote.author).collect();
    if let Some(until) = moderation::may_fall_until(tx, &posts, highlight.thread, &speakers)? {
        return Ok(Gate::Hold {
            until: until.max(tx.now().plus(SECOND)).0,
            reason: "decision-pending".to_owned(),
        });
    }
    if let Some(until) = highlight.embargo_until.filter(|until| *until > tx.now()) {
        // Looked at again every hour: an embargo can be lifted.
        return Ok(Gate::Hold {
            until: until.min(tx.now().plus(HOUR)).0,
            reason: "embargo".to_owned(),
        });
    }
    Ok(Gate::Go)
}

/// Is the major version of the messaging guidelines still the one under which the text was scheduled?
fn rules_current(tx: &mut Tx<'_>, one: &Announcement) -> Result<bool> {
    let Some(current) = guidelines::current(tx, Document::Messaging)? else {
        return Ok(one.messaging_version.is_none());
    };
    let Some(then) = one.messaging_version else {
        return Ok(false);
    };
    Ok(then == current.id || guidelines::by_id(tx, then)?.major == current.major)
}

/// The words of a post changed: runs that are intact move along, the others are stale. What was lost at an earlier edit
/// stands at a revision before `before`; its author was asked then.
fn edited(tx: &mut Tx<'_>, post: PostId, (before, revision): (i64, i64)) -> Result<()> {
    let ids = quote::quoting(tx, &[post])?;
    for id in &ids {
        tx.lock(Lock::Highlight(*id))?;
    }
    for id in ids {
        let mut highlight = highlight::find(tx, id)?;
        if highlight.state.is_over() {
            continue;
        }
        let said = forum::said(tx, post)?;
        let mut touched: BTreeSet<MemberId> = BTreeSet::new();
        let mut intact: BTreeSet<MemberId> = BTreeSet::new();
        for quote in quote::list(tx, id)?.into_iter().filter(|q| q.post == post) {
            let run = quote
                .as_excerpt()
                .filter(|kept| excerpt::locate(&said.own_words, &kept.text).is_some())
                .and_then(|kept| excerpt::still_there(&said.text, &kept));
            match run {
                Some(run) => {
                    quote::moved(tx, quote.id, revision, &run)?;
                    intact.extend(quote.author);
                }
                None if quote.revision >= before => touched.extend(quote.author),
                None => {}
            }
        }
        follow(tx, &highlight, &touched, &intact)?;
        pictures::taken_out(tx, &highlight)?;
        if !touched.is_empty() {
            made_stale(tx, &mut highlight, &touched)?;
        }
    }
    Ok(())
}

/// Writes into the history of the consents whether they moved along or their words are gone. Whoever has yet to say what
/// becomes of words that went before is still asked.
fn follow(
    tx: &mut Tx<'_>,
    highlight: &Highlight,
    touched: &BTreeSet<MemberId>,
    intact: &BTreeSet<MemberId>,
) -> Result<()> {
    let asked = consent::undecided_after_edit(tx, highlight.id)?;
    for consent in consent::list(tx, highlight.id)? {
        if consent.live().is_none() {
            continue;
        }
        let event = if touched.contains(&consent.member) {
            "stale"
        } else if intact.contains(&consent.member) && !asked.contains(&consent.member) {
            "moved"
        } else {
            continue;
        };
        consent::note(
            tx,
            consent.id,
            event,
            consent.scope.as_ref(),
            &consent.words_hash,
        )?;
    }
    Ok(())
}

/// Words of these people are gone from the source; of others they may have gone before.
fn made_stale(
    tx: &mut Tx<'_>,
    highlight: &mut Highlight,
    touched: &BTreeSet<MemberId>,
) -> Result<()> {
    if highlight.state != State::Stale {
        highlight::step(tx, highlight, Step::SourceChanged, "source-edited")?;
        record(tx, highlight, "highlight.stale")?;
        tell::stale(tx, highlight)?;
    }
    let announced = unwind::recall_unfinished(tx, highlight.id, "source-edited")?;
    if !announced && !recalled::is_out(tx, highlight.id)? {
        return highlight::await_until(tx, highlight, None);
    }
    // What is out waits for the author's word; without one it is taken down.
    let deadline = tx.now().plus(super::DAYS_TO_ANSWER * DAY);
    highlight::await_until(tx, highlight, Some(deadline))?;
    for member in touched {
        tell::edited(tx, highlight, *member)?;
    }
    Ok(())
}

fn hidden(tx: &mut Tx<'_>, posts: &[PostId], note: &'static str) -> Result<()> {
    let mut ids = quote::quoting(tx, posts)?;
    // A thread as a whole stands and falls with its thread.
    for id in threads_of(tx, posts)? {
        let thread = highlight::find(tx, id)?.thread;
        if !is_thread_public(tx, thread)? {
            ids.push(id);
        }
    }
    take_all_back(tx, ids, note)
}

fn moved(tx: &mut Tx<'_>, threads: &[ThreadId], to: CategoryId) -> Result<()> {
    for some in threads.chunks(500) {
        diesel::update(highlights::table.filter(highlights::thread_id.eq_any(some)))
            .set(highlights::category_id.eq(to))
            .execute(tx.conn)?;
    }
    let threads: BTreeSet<ThreadId> = threads.iter().copied().collect();
    fallen_ones(tx, Some(&threads), "source-moved")
}

fn category_changed(tx: &mut Tx<'_>, _category: CategoryId) -> Result<()> {
    fallen_ones(tx, None, "source-closed")
}

/// Takes everything back whose source not everybody may see any more; of these threads, or of all.
fn fallen_ones(
    tx: &mut Tx<'_>,
    threads: Option<&BTreeSet<ThreadId>>,
    note: &'static str,
) -> Result<()> {
    // All of them are looked at together: there may be many, and one writes at a time.
    let rows: Vec<(HighlightId, Kind, Option<ThreadId>)> = highlights::table
        .filter(highlights::state.ne_all(over()))
        .order(highlights::id)
        .select((highlights::id, highlights::kind, highlights::thread_id))
        .load(tx.conn)?;
    let quoted = quote::of_all_but(tx, &over())?;
    let posts: Vec<PostId> = quoted.values().flatten().copied().collect();
    let posts = forum::facts_of_posts(tx, &posts)?;
    let whole: Vec<ThreadId> = rows
        .iter()
        .filter(|(_, kind, _)| *kind != Kind::Quotes)
        .filter_map(|(_, _, thread)| *thread)
        .collect();
    let whole = forum::facts_of_threads(tx, &whole)?;
    let mut fallen = Vec::new();
    for (id, kind, thread) in rows {
        let mut public = match (kind, thread) {
            (Kind::Quotes, _) | (Kind::Milestone, None) => true,
            (Kind::Thread | Kind::Milestone, thread) => thread
                .and_then(|thread| whole.get(&thread))
                .is_some_and(ThreadFacts::is_public),
        };
        for post in quoted.get(&id).into_iter().flatten() {
            public &= match posts.get(post) {
                None => false,
                Some(facts) => {
                    let concerned =
                        threads.is_none_or(|threads| threads.contains(&facts.thread.id));
                    !concerned || facts.is_public()
                }
            };
        }
        if !public {
            fallen.push(id);
        }
    }
    take_all_back(tx, fallen, note)
}

fn take_all_back(tx: &mut Tx<'_>, mut ids: Vec<HighlightId>, note: &'static str) -> Result<()> {
    ids.sort_unstable();
    ids.dedup();
    // All highlights are locked before any delivery is.
    for id in &ids {
        tx.lock(Lock::Highlight(*id))?;
    }
    for id in ids {
        let mut highlight = highlight::find(tx, id)?;
        if highlight.state.is_over() {
            // However it ended: nothing of it stays outside.
            unwind::recall_all(tx, id, note, None)?;
            continue;
        }
        unwind::take_back(tx, &mut highlight, Step::Withdraw, note, None)?;
        record(tx, &highlight, "highlight.withdrawn")?;
    }
    Ok(())
}

fn sanctioned(tx: &mut Tx<'_>, member: MemberId, kind: Sanction) -> Result<()> {
    if !matches!(kind, Sanction::Silence | Sanction::Suspension) {
        return Ok(());
    }
    let ids = consent::concerning(tx, member)?;
    for id in &ids {
        tx.lock(Lock::Highlight(*id))?;
    }
    for id in ids {
        let mut highlight = highlight::find(tx, id)?;
        if highlight.state.is_over() {
            continue;
        }
        unwind::recall_unfinished(tx, id, "author-sanctioned")?;
        // What was sent, and what could still be, comes before a moderator again.
        if highlight.state.after(Step::VoidApproval).is_some() {
            highlight::step(tx, &mut highlight, Step::VoidApproval, "author-sanctioned")?;
            record(tx, &highlight, "highlight.before-moderator")?;
            tell::waits_for_approval(tx, &HOUSE, &highlight)?;
        }
    }
    Ok(())
}

/// Somebody goes by another name: what was agreed to under the old one is looked at again before it is said.
fn renamed(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let cards = members::cards(tx, &[member])?;
    let Some(card) = cards.get(&member).filter(|card| !card.erased) else {
        return Ok(());
    };
    let ids = consent::concerning(tx, member)?;
    for id in &ids {
        tx.lock(Lock::Highlight(*id))?;
    }
    for id in ids {
        let mut highlight = highlight::find(tx, id)?;
        let Some(consent) = consent::seek(tx, id, member)? else {
            continue;
        };
        let Some(scope) = consent.live() else {
            continue;
        };
        let named = scope.attribution.named(&card.display);
        if named == consent.named || highlight.state.is_over() {
            continue;
        }
        consent::rename(tx, consent.id, named.as_deref())?;
        highlight::bind(tx, &mut highlight)?;
        unwind::recall_unfinished(tx, id, "author-renamed")?;
        if highlight.state.after(Step::VoidApproval).is_some() {
            highlight::step(tx, &mut highlight, Step::VoidApproval, "author-renamed")?;
        }
    }
    Ok(())
}

fn erased(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let ids = consent::concerning(tx, member)?;
    take_all_back(tx, ids.clone(), "author-erased")?;
    learning::forget(tx, member, &ids)?;
    for id in &ids {
        diesel::update(announcements::table.filter(announcements::highlight_id.eq(id)))
            .set((
                announcements::text.eq(""),
                announcements::picture_alt.eq(""),
            ))
            .execute(tx.conn)?;
        diesel::update(highlights::table.find(id))
            .set(highlights::find_text.eq(""))
            .execute(tx.conn)?;
    }
    // Texts in the making hold the same words; requests hold what staff wrote.
    compose::forget(tx, &ids)?;
    requests::erase(tx, member)?;
    quote::erase_words(tx, member)?;
    consent::erase_names(tx, member)
}

/// Highlights of whole threads among which these posts stand. Posts that are hidden together stand in one thread.
fn threads_of(tx: &mut Tx<'_>, posts: &[PostId]) -> Result<Vec<HighlightId>> {
    let Some(first) = posts.first() else {
        return Ok(Vec::new());
    };
    let thread = forum::post_facts(tx, *first)?.thread.id;
    Ok(highlights::table
        .filter(highlights::kind.eq_any([Kind::Thread, Kind::Milestone]))
        .filter(highlights::thread_id.eq(thread))
        .filter(highlights::state.ne_all(over()))
        .select(highlights::id)
        .load(tx.conn)?)
}

fn over() -> Vec<State> {
    State::ALL
        .iter()
        .copied()
        .filter(|state| state.is_over())
        .collect()
}

fn is_thread_public(tx: &mut Tx<'_>, thread: Option<ThreadId>) -> Result<bool> {
    let Some(thread) = thread else {
        return Ok(false);
    };
    Ok(forum::thread_facts(tx, thread)?.is_public())
}

fn record(tx: &mut Tx<'_>, highlight: &Highlight, what: &'static str) -> Result<()> {
    let details = json!({ "why": highlight.note });
    audit::record(
        tx,
        &HOUSE,
        what,
        subject("highlight", highlight.id.0),
        details,
        None,
    )
}
