//! Asks nobody because it writes for the member who chose it: the digest, what is new and unread in one letter.
//!
//! It holds titles alone, and only of what this member sees at the moment of writing; nothing is sent when nothing
//! happened.

use serde_json::{Value, json};

use super::list::{Listing, ThreadItem, list};
use super::places::places;
use super::reading::standing;
use crate::content;
use crate::db::Tx;
use crate::kit::At;
use crate::kit::ids::MemberId;
use crate::kit::{Refusal, Result, Stop};
use crate::mail::{self, Letter};
use crate::members;
use crate::notifications::{self, DIGEST};
use crate::site;

/// Letters written in one round.
const AT_ONCE: i64 = 20;
/// Threads of each list.
const LINES: i64 = 8;
/// Characters of a title.
const TITLE: usize = 120;

/// The round: writes the digests that are due, some at a time.
///
/// # Errors
/// A fault where the database fails.
pub fn send_digests(tx: &mut Tx<'_>) -> Result<()> {
    let due = notifications::digests_due(tx, AT_ONCE)?;
    if due.is_empty() {
        tx.note_idle();
        return Ok(());
    }
    let site = site::settings(tx)?.name;
    for (member, since) in due {
        write(tx, member, since, &site)?;
    }
    Ok(())
}

fn write(tx: &mut Tx<'_>, member: MemberId, since: At, site: &str) -> Result<()> {
    let actor = match members::actor(tx, member) {
        Ok(actor) => actor,
        Err(Stop::Refused(Refusal::NotFound)) => return Ok(()),
        Err(stop) => return Err(stop),
    };
    let suspended = actor.person().is_some_and(|me| me.suspended.is_some());
    let to = members::seek_mailbox(tx, member)?;
    let Some((to, lang)) = to.and_then(|to| Some((to.confirmed?, to.lang))) else {
        return Ok(());
    };
    if suspended {
        return Ok(());
    }
    let places = places(tx)?;
    let begun = standing(tx, &actor, &places, since)?.map_or(since, |all| all.since);
    let fresh = list(tx, &actor, &places, Listing::Fresh(begun), None, LINES)?.items;
    let mut unread = list(tx, &actor, &places, Listing::Unread, None, LINES)?.items;
    unread.retain(|item| item.last_at > since);
    if fresh.is_empty() && unread.is_empty() {
        return Ok(());
    }
    let count = notifications::unread(tx, member)?;
    let leave = notifications::leave_link(tx, member, DIGEST)?;
    let lines = |tx: &Tx<'_>, items: &[ThreadItem]| -> Vec<Value> {
        let line = |item: &ThreadItem| {
            let title = content::summary(&item.title, TITLE);
            let link = tx.link(&item.entrance);
            json!({ "title": title, "link": link, "count": item.unread })
        };
        items.iter().map(line).collect()
    };
    let data = json!({
        "site": site,
        "fresh": lines(tx, &fresh),
        "unread": lines(tx, &unread),
        "count": count,
        "link": tx.link(if unread.is_empty() { "/new" } else { "/unread" }),
        "leave": leave,
    });
    let letter = Letter {
        to,
        lang,
        kind: DIGEST,
        data,
        message_id: None,
        references: None,
        unsubscribe: Some(leave),
    };
    mail::enqueue(tx, &letter)
}
