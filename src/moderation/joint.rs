//! What this room does when something happens in a lower one, in the same transaction.

use diesel::prelude::*;

use super::choices::ContentChoice;
use super::entry::{USUAL, look_again, reopen};
use super::item::{ItemState, Kind, Subject, seek_of};
use super::listing::item;
use super::{decisions, decisions_along, history, people, spam};
use crate::db::Tx;
use crate::db::schema::{guest_reports, reports, review_items as items, sanctions};
use crate::forum;
use crate::kit::ids::{CategoryId, MemberId, PostId, ReviewItemId, ThreadId};
use crate::kit::{At, Event, Result, Stop};
use crate::members;

/// The joint for events.
///
/// # Errors
/// A fault where the database fails.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::PostEdited {
            post, author, by, ..
        } => {
            changed(tx, *post)?;
            if author == by {
                came_back(tx, *post)?;
            }
            Ok(())
        }
        // What was read under another title, or without the poll, was not read.
        Event::ThreadEdited { first, author, by } => {
            changed(tx, *first)?;
            if author == by {
                came_back(tx, *first)?;
            }
            Ok(())
        }
        Event::PollAsked { post, .. } => changed(tx, *post),
        Event::ThreadsMoved { threads, to } => moved(tx, threads, *to),
        Event::PostsMoved {
            posts,
            thread,
            category,
        } => went_along(tx, posts, *thread, *category),
        Event::MemberErased { member } => forget(tx, *member),
        _ => Ok(()),
    }
}

/// What a moderator has read of words that wait is no longer what they say.
fn changed(tx: &mut Tx<'_>, post: PostId) -> Result<()> {
    let mut about = vec![
        (Kind::Report, Subject::Post(post)),
        (Kind::Held, Subject::Post(post)),
    ];
    let said = forum::said(tx, post)?;
    if said.number == 1 {
        about.push((Kind::Report, Subject::Thread(said.thread)));
    }
    for (kind, subject) in about {
        if let Some(item) = seek_of(tx, kind, subject)?
            && item.state.waits()
        {
            look_again(tx, &item)?;
        }
    }
    Ok(())
}

/// Words that were returned for a change and have been changed come back to the desk.
fn came_back(tx: &mut Tx<'_>, post: PostId) -> Result<()> {
    for kind in [Kind::Report, Kind::Held] {
        if let Some(item) = seek_of(tx, kind, Subject::Post(post))?
            && !item.state.waits()
            && item
                .decided
                .as_ref()
                .is_some_and(|decided| decided.content == ContentChoice::Return)
        {
            reopen(tx, &item, USUAL)?;
        }
    }
    Ok(())
}

/// Who may decide about something follows where it stands now.
fn moved(tx: &mut Tx<'_>, threads: &[ThreadId], to: CategoryId) -> Result<()> {
    for some in threads.chunks(500) {
        let some: Vec<Option<i64>> = some.iter().map(|id| Some(id.0)).collect();
        let along: Vec<ReviewItemId> =
            diesel::update(items::table.filter(items::thread_id.eq_any(some)))
                .set(items::category_id.eq(Some(to)))
                .returning(items::id)
                .get_results(tx.conn)?;
        measures_follow(tx, &along, to)?;
    }
    decisions_along::moved(tx, threads, to)
}

/// What was done to an author is known where the words stand that it was done for; so is an appeal against it.
fn measures_follow(tx: &mut Tx<'_>, along: &[ReviewItemId], to: CategoryId) -> Result<()> {
    let decided = decisions_along::measures_went(tx, along, to)?;
    let decided: Vec<i64> = decided.into_iter().map(|id| id.0).collect();
    if decided.is_empty() {
        return Ok(());
    }
    diesel::update(
        items::table
            .filter(items::subject_kind.eq(super::item::DECISION))
            .filter(items::subject_id.eq_any(decided)),
    )
    .set(items::category_id.eq(Some(to)))
    .execute(tx.conn)?;
    Ok(())
}

fn went_along(
    tx: &mut Tx<'_>,
    posts: &[PostId],
    thread: ThreadId,
    category: CategoryId,
) -> Result<()> {
    for some in posts.chunks(500) {
        let ids: Vec<i64> = some.iter().map(|id| id.0).collect();
        let along: Vec<ReviewItemId> = diesel::update(
            items::table
                .filter(items::subject_kind.eq(super::item::POST))
                .filter(items::subject_id.eq_any(ids)),
        )
        .set((
            items::thread_id.eq(Some(thread)),
            items::category_id.eq(Some(category)),
        ))
        .returning(items::id)
        .get_results(tx.conn)?;
        measures_follow(tx, &along, category)?;
        // Appeals against what was decided about them go along.
        let decided: Vec<i64> = decisions_along::went_along(tx, some, thread, category)?
            .into_iter()
            .map(|id| id.0)
            .collect();
        diesel::update(
            items::table
                .filter(items::subject_kind.eq(super::item::DECISION))
                .filter(items::subject_id.eq_any(decided)),
        )
        .set((
            items::thread_id.eq(Some(thread)),
            items::category_id.eq(Some(category)),
        ))
        .execute(tx.conn)?;
    }
    Ok(())
}

/// Words of and about a member who is gone: what they reported, what they had said, why they were sanctioned. Ids, kinds
/// and hashes stay, so that the log still adds up.
fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::update(reports::table.filter(reports::reporter_id.eq(Some(member))))
        .set(reports::message.eq(None::<String>))
        .execute(tx.conn)?;
    diesel::update(sanctions::table.filter(sanctions::member_id.eq(member)))
        .set(sanctions::reason.eq(None::<String>))
        .execute(tx.conn)?;
    people::forget(tx, member)?;
    decisions::forget(tx, member)?;
    let about: Vec<(ReviewItemId, String)> = items::table
        .filter(items::subject_author_id.eq(Some(member)))
        .select((items::id, items::decision))
        .load(tx.conn)?;
    let posts: Vec<i64> = items::table
        .filter(items::subject_author_id.eq(Some(member)))
        .filter(items::subject_kind.eq(super::item::POST))
        .select(items::subject_id)
        .load(tx.conn)?;
    for some in posts.chunks(500) {
        let about_words = guest_reports::table
            .filter(guest_reports::subject_kind.eq(super::item::POST))
            .filter(guest_reports::subject_id.eq_any(some));
        diesel::update(about_words)
            .set(guest_reports::message.eq(None::<String>))
            .execute(tx.conn)?;
    }
    for post in posts {
        spam::unlearn(tx, PostId(post))?;
    }
    let ids: Vec<ReviewItemId> = about.iter().map(|(id, _)| *id).collect();
    history::forget(tx, &ids, member)?;
    for (id, decision) in about {
        let mut decision: serde_json::Value = serde_json::from_str(&decision)?;
        if let Some(reason) = decision.get_mut("reason") {
            *reason = serde_json::Value::from("");
        }
        diesel::update(items::table.filter(items::id.eq(id)))
            .set((
                items::snapshot.eq(None::<String>),
                items::decision.eq(serde_json::to_string(&decision)?),
            ))
            .execute(tx.conn)?;
        // A decision on its way would bring the words back.
        diesel::update(items::table.filter(items::id.eq(id)))
            .set((
                items::pending.eq(None::<String>),
                items::pending_by.eq(None::<MemberId>),
                items::pending_until.eq(None::<At>),
                items::hint.eq(None::<String>),
            ))
            .execute(tx.conn)?;
        let open = [ItemState::Open, ItemState::InProgress];
        diesel::update(items::table.filter(items::id.eq(id)))
            .filter(items::state.eq_any(open))
            .set(items::waits.eq(true))
            .execute(tx.conn)?;
        // Others may have quoted the words in their report.
        diesel::update(reports::table.filter(reports::item_id.eq(id)))
            .set(reports::message.eq(None::<String>))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// The joint for notices: a review item is for those on the desk who may see the place it is about.
///
/// # Errors
/// A fault where the database fails.
pub fn may_be_told(
    tx: &mut Tx<'_>,
    member: MemberId,
    subject_kind: &str,
    subject_id: i64,
) -> Result<bool> {
    if subject_kind != "review_item" {
        return Ok(true);
    }
    let seen = members::actor(tx, member)
        .and_then(|actor| item(tx, &actor, ReviewItemId(subject_id)).map(drop));
    match seen {
        Ok(()) => Ok(true),
        Err(Stop::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}
