//! What this room does when something happens in a lower one, in the same transaction.

use diesel::prelude::*;

use super::decide::ContentChoice;
use super::item::seek_item;
use super::listing::item;
use super::report::reopen;
use crate::db::Tx;
use crate::db::schema::{reports, review_items as items, sanctions};
use crate::kit::ids::{MemberId, PostId, ReviewItemId};
use crate::kit::{Event, Result, Stop};
use crate::members;

/// The joint for events.
///
/// # Errors
/// A fault where the database fails.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::PostEdited {
            post, author, by, ..
        } if author == by => came_back(tx, *post),
        Event::MemberErased { member } => forget(tx, *member),
        _ => Ok(()),
    }
}

/// Words that were returned for a change and have been changed come back to the desk.
fn came_back(tx: &mut Tx<'_>, post: PostId) -> Result<()> {
    match seek_item(tx, post)? {
        Some(item)
            if !item.state.waits()
                && item
                    .decided
                    .as_ref()
                    .is_some_and(|decided| decided.content == ContentChoice::Return) =>
        {
            reopen(tx, &item)
        }
        _ => Ok(()),
    }
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
    let about: Vec<(ReviewItemId, String)> = items::table
        .filter(items::subject_author_id.eq(Some(member)))
        .select((items::id, items::decision))
        .load(tx.conn)?;
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
