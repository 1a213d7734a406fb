//! Asks nobody because it writes for the member who chose it: the digest, what is new and unread in one letter.
//!
//! It holds titles alone, and only of what this member sees at the moment of writing; nothing is sent when nothing
//! happened.

use serde_json::{Value, json};

use super::list::{Listing, ThreadItem, list};
use super::news::news_of;
use super::places::{Places, places};
use super::reading::standing;
use crate::content;
use crate::db::Tx;
use crate::kit::At;
use crate::kit::ids::MemberId;
use crate::kit::{Refusal, Result, Stop};
use crate::mail::{self, Letter};
use crate::members;
use crate::notifications::{self, DIGEST};
use crate::policy::Actor;
use crate::site;

/// Letters written in one round.
const AT_ONCE: i64 = 20;
/// Threads of each list.
const LINES: usize = 8;
/// Threads that are looked at for them.
const LOOKED_AT: i64 = 24;
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
    let mut fresh = list(tx, &actor, &places, Listing::Fresh(begun), None, LOOKED_AT)?.items;
    let silent = members::ignored_ids(tx, member)?;
    fresh.retain(|item| !silent.contains(&item.author.id));
    fresh.truncate(LINES);
    let unread = unread(tx, &actor, &places, since)?;
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
    let name = notifications::digest_name(tx, member, &to);
    let letter = Letter {
        to,
        lang,
        kind: DIGEST,
        data,
        message_id: Some(name),
        references: None,
        unsubscribe: Some(leave),
    };
    mail::enqueue(tx, &letter)
}

/// Followed threads in which somebody whom the member hears spoke since then, with how many such posts wait.
fn unread(tx: &mut Tx<'_>, actor: &Actor, places: &Places, since: At) -> Result<Vec<ThreadItem>> {
    let mut found = list(tx, actor, places, Listing::Unread, None, LOOKED_AT)?.items;
    found.retain(|item| item.last_at > since);
    let mut told = Vec::with_capacity(LINES);
    for mut item in found {
        let news = news_of(tx, actor, item.id, item.last_read)?;
        if news.count > 0 && told.len() < LINES {
            (item.unread, item.entrance) = (news.count, news.path);
            told.push(item);
        }
    }
    Ok(told)
}
