//! Opening an entry of the queue, or joining the one that stands: one row per kind and subject, for ever.

use diesel::prelude::*;

use super::history;
use super::item::{Item, ItemState, Kind, Subject, seek_of};
use super::snapshot::Snapshot;
use crate::db::schema::review_items as items;
use crate::db::{Lock, Tx};
use crate::kit::ids::{CategoryId, MemberId, ReviewItemId, ThreadId};
use crate::kit::{At, Result};

/// Legal first.
pub(super) const LEGAL: i64 = 1;
/// Then appeals, and what three or more have reported.
pub(super) const URGENT: i64 = 2;
/// Then the rest, what waited longest first.
pub(super) const USUAL: i64 = 3;

/// Words that stand and were marked for a look.
pub(super) const FLAGGED: &str = "flagged";

/// What is to stand in the queue.
pub(super) struct Entry {
    pub kind: Kind,
    pub subject: Subject,
    pub author: Option<MemberId>,
    pub category: Option<CategoryId>,
    pub thread: Option<ThreadId>,
    pub priority: i64,
    /// Why the words were held back, where they were.
    pub held_for: Option<&'static str>,
    /// What the classifier says of the words.
    pub hint: Option<String>,
}

/// An entry that stands now.
pub(super) struct Opened {
    pub id: ReviewItemId,
    /// New, open again, or for the first time about what may break the law: the moderators are told.
    pub news: bool,
}

/// Opens an entry, opens a decided one again, or joins the one that waits.
pub(super) fn open(tx: &mut Tx<'_>, entry: &Entry) -> Result<Opened> {
    // Two who come at once meet here, not in a violated constraint.
    match entry.subject {
        Subject::Post(post) => tx.lock(Lock::Post(post))?,
        Subject::Thread(thread) => tx.lock(Lock::Thread(thread))?,
        Subject::Member(member) => tx.lock(Lock::Member(member))?,
        Subject::Highlight(_) | Subject::Decision(_) => {}
    }
    match seek_of(tx, entry.kind, entry.subject)? {
        None => {
            let id = insert(tx, entry)?;
            history::add(tx, id, None, "opened", None)?;
            Ok(Opened { id, news: true })
        }
        Some(item) if item.state.waits() => {
            raise(tx, &item, entry.priority)?;
            // Words that were only marked at first and are held now say so.
            if entry.held_for.is_some_and(|why| why != FLAGGED) {
                diesel::update(items::table.filter(items::id.eq(item.id)))
                    .set((
                        items::held_for.eq(entry.held_for),
                        items::hint.eq(&entry.hint),
                    ))
                    .execute(tx.conn)?;
            }
            look_again(tx, &item)?;
            Ok(Opened {
                id: item.id,
                news: entry.priority == LEGAL && item.priority != LEGAL,
            })
        }
        Some(item) => {
            reopen(tx, &item, entry.priority)?;
            diesel::update(items::table.filter(items::id.eq(item.id)))
                .set((
                    items::held_for.eq(entry.held_for),
                    items::hint.eq(&entry.hint),
                ))
                .execute(tx.conn)?;
            Ok(Opened {
                id: item.id,
                news: true,
            })
        }
    }
}

fn insert(tx: &mut Tx<'_>, entry: &Entry) -> Result<ReviewItemId> {
    let snapshot = match Snapshot::of(tx, entry.subject)? {
        Some(words) => Some(words.stored()?),
        None => None,
    };
    let (snapshot, hash) = snapshot.unzip();
    let now = tx.now();
    Ok(diesel::insert_into(items::table)
        .values((
            items::kind.eq(entry.kind),
            items::subject_kind.eq(entry.subject.kind()),
            items::subject_id.eq(entry.subject.id()),
            items::subject_author_id.eq(entry.author),
            items::category_id.eq(entry.category),
            items::thread_id.eq(entry.thread),
            items::state.eq(ItemState::Open),
            items::waits.eq(true),
            items::priority.eq(entry.priority),
            items::since.eq(now),
            items::held_for.eq(entry.held_for),
            items::hint.eq(&entry.hint),
            items::snapshot.eq(snapshot),
            items::snapshot_hash.eq(hash),
            items::created_at.eq(now),
            items::updated_at.eq(now),
        ))
        .returning(items::id)
        .get_result(tx.conn)?)
}

/// A waiting entry goes to the place that its newest reason asks for; nothing sinks.
fn raise(tx: &mut Tx<'_>, item: &Item, priority: i64) -> Result<()> {
    if priority < item.priority {
        diesel::update(items::table.filter(items::id.eq(item.id)))
            .set(items::priority.eq(priority))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Something changed about an entry that waits, or whose decision is on its way: whoever read it before reads it again, and
/// nothing is done that was decided without knowing of it.
pub(super) fn look_again(tx: &mut Tx<'_>, item: &Item) -> Result<()> {
    let now = tx.now();
    diesel::update(items::table.filter(items::id.eq(item.id)))
        .set((
            items::version.eq(items::version + 1),
            items::waits.eq(true),
            items::pending.eq(None::<String>),
            items::pending_by.eq(None::<MemberId>),
            items::pending_until.eq(None::<At>),
            items::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    if item.pending.is_some() {
        history::add(tx, item.id, None, "not_applied", None)?;
    }
    Ok(())
}

/// Opens a decided item again, with the words as they are now.
pub(super) fn reopen(tx: &mut Tx<'_>, item: &Item, priority: i64) -> Result<()> {
    let snapshot = match Snapshot::of(tx, item.subject)? {
        Some(words) => Some(words.stored()?),
        None => None,
    };
    let (snapshot, hash) = snapshot.unzip();
    let now = tx.now();
    diesel::update(items::table.filter(items::id.eq(item.id)))
        .set((
            items::state.eq(ItemState::Open),
            items::assignee_id.eq(None::<MemberId>),
            items::version.eq(items::version + 1),
            items::waits.eq(true),
            items::priority.eq(priority),
            items::since.eq(now),
            items::snapshot.eq(snapshot),
            items::snapshot_hash.eq(hash),
            items::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    history::add(tx, item.id, None, "reopened", None)
}
