//! Asks nobody because the post office acts by itself; the room behind an announcement is asked by `before_send`, for
//! each letter anew.
//!
//! The last look before a letter leaves: this transaction writes `sending`, and commits before a byte is said to the
//! mail server. A letter that stays `sending` belongs to a process that died, and becomes `unknown`.

use diesel::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::adapter::{KIND, drop_rest};
use super::letter::{Row, message_id, returns, seek};
use super::state::{LetterState, SubscriberState};
use super::subscriber::{self, Subscriber, hash_of};
use crate::bridge::channel::{self, Channel};
use crate::bridge::delivery;
use crate::bridge::engine::ask;
use crate::bridge::kinds::{BulletinWords, letters_per_minute};
use crate::bridge::state::ChannelState;
use crate::db::schema::{bulletin_letters as table, bulletin_subscribers, deliveries};
use crate::db::{Lock, Tx};
use crate::kit::clock::{DAY, SECOND};
use crate::kit::event::Gate;
use crate::kit::ids::{ChannelId, LetterId};
use crate::kit::{At, Result};
use crate::mail::{Mailing, Waiting};
use crate::{members, site};

/// How long a letter may be on its way to the mail server: connecting, signing in, and every answer.
pub(super) const LEASE: i64 = 300 * SECOND;
/// What must be left of it before the first byte.
pub(super) const CONVERSATION: i64 = 200 * SECOND;
/// A letter that could not leave for so long is old news.
const TOO_LATE: i64 = 7 * DAY;
/// The window in which the pace is counted.
const MINUTE: i64 = 60 * SECOND;

/// What there is to do.
pub(super) enum Claim {
    /// Nothing now.
    Nothing,
    /// Something moved on without a letter; look again.
    Moved,
    /// This letter leaves.
    Letter(Box<Errand>),
}

/// A letter that is committed as `sending`.
pub(super) struct Errand {
    pub id: LetterId,
    pub fence: i64,
    pub until: At,
    pub letter: Waiting,
    pub mailing: Mailing,
}

/// The bulletins at which a letter is due, or at which a process died.
pub(super) fn due(tx: &mut Tx<'_>) -> Result<Vec<ChannelId>> {
    let now = tx.now();
    let waits = table::state
        .eq_any(LetterState::WAITING)
        .and(table::next_at.le(now));
    let lost = table::state
        .eq(LetterState::Sending)
        .and(table::leased_until.lt(now));
    Ok(table::table
        .filter(waits.or(lost))
        .select(table::channel_id)
        .distinct()
        .limit(100)
        .load(tx.conn)?)
}

/// Takes the next letter of a bulletin.
pub(super) fn claim(tx: &mut Tx<'_>, id: ChannelId, host: &str) -> Result<Claim> {
    let now = tx.now();
    if settle_lost(tx, id)? > 0 {
        return Ok(Claim::Moved);
    }
    let next: Option<Row> = table::table
        .filter(table::channel_id.eq(id))
        .filter(table::state.eq_any(LetterState::WAITING))
        .filter(table::next_at.le(now))
        .order((table::next_at, table::id))
        .first(tx.conn)
        .optional()?;
    let Some(row) = next else {
        return nothing(tx);
    };
    let origin = row.origin();
    delivery::lock_origin(tx, &origin)?;
    // Asked before our own locks: the answer takes locks that stand before them.
    let gate = ask(tx, &origin)?;
    tx.lock(Lock::Channel(id))?;
    let channel = channel::find(tx, id)?;
    let row = seek(tx, row.id)?.filter(|row| LetterState::WAITING.contains(&row.state));
    let Some(row) = row else {
        return Ok(Claim::Moved);
    };
    match gate {
        Gate::Cancel { reason } => {
            drop_rest(tx, &origin, &reason)?;
            return Ok(Claim::Moved);
        }
        Gate::Hold { until, .. } => {
            hold(tx, &row, At(until))?;
            return Ok(Claim::Moved);
        }
        Gate::Go => {}
    }
    let carried = delivery::find(tx, row.delivery)?;
    if is_recalled(tx, &row)? {
        drop_rest(tx, &origin, "withdrawn")?;
        return Ok(Claim::Moved);
    }
    let hash = Sha256::digest(carried.payload.as_bytes());
    if hash.as_slice() != carried.payload_hash {
        drop_rest(tx, &origin, "words-gone")?;
        return Ok(Claim::Moved);
    }
    if row.created_at.plus(TOO_LATE) < now {
        drop_rest(tx, &origin, "too-late")?;
        return Ok(Claim::Moved);
    }
    if channel.state != ChannelState::Open || site::outward_stopped(tx)? || is_full(tx, &channel)? {
        return nothing(tx);
    }
    let Some((reader, address)) = recipient(tx, &row)? else {
        return Ok(Claim::Moved);
    };
    let words: BulletinWords = serde_json::from_str(&carried.payload)?;
    let errand = write(tx, &row, &channel, &reader, address, &words, host)?;
    Ok(Claim::Letter(Box::new(errand)))
}

/// Nothing was written: what is kept for guests may go on being kept.
fn nothing(tx: &mut Tx<'_>) -> Result<Claim> {
    tx.note_idle();
    Ok(Claim::Nothing)
}

/// Nobody knows what became of letters whose process died: they are shown, and not sent again.
fn settle_lost(tx: &mut Tx<'_>, id: ChannelId) -> Result<usize> {
    let now = tx.now();
    let lost = table::table
        .filter(table::channel_id.eq(id))
        .filter(table::state.eq(LetterState::Sending))
        .filter(table::leased_until.lt(now));
    Ok(diesel::update(lost)
        .set((
            table::state.eq(LetterState::Unknown),
            table::note.eq("the process ended while it was on its way"),
            table::leased_until.eq(None::<At>),
            table::settled_at.eq(now),
        ))
        .execute(tx.conn)?)
}

/// Was the announcement taken back?
fn is_recalled(tx: &mut Tx<'_>, row: &Row) -> Result<bool> {
    let recalled = deliveries::table
        .filter(deliveries::origin_kind.eq(&row.origin_kind))
        .filter(deliveries::origin_id.eq(row.origin_id))
        .filter(deliveries::recalled.eq(true));
    Ok(diesel::select(diesel::dsl::exists(recalled)).get_result(tx.conn)?)
}

/// All letters of the announcement wait.
fn hold(tx: &mut Tx<'_>, row: &Row, until: At) -> Result<()> {
    diesel::update(
        table::table
            .filter(table::origin_kind.eq(&row.origin_kind))
            .filter(table::origin_id.eq(row.origin_id))
            .filter(table::state.eq_any(LetterState::WAITING))
            .filter(table::next_at.lt(until)),
    )
    .set(table::next_at.eq(until))
    .execute(tx.conn)?;
    Ok(())
}

/// Have as many letters begun in the last minute as may?
fn is_full(tx: &mut Tx<'_>, channel: &Channel) -> Result<bool> {
    let begun: i64 = table::table
        .filter(table::channel_id.eq(channel.id))
        .filter(table::begun_at.gt(tx.now().plus(-MINUTE)))
        .count()
        .get_result(tx.conn)?;
    Ok(begun >= letters_per_minute(&channel.settings()?))
}

/// Who gets it, and where; a letter to somebody who left meanwhile is dropped.
fn recipient(tx: &mut Tx<'_>, row: &Row) -> Result<Option<(Subscriber, String)>> {
    let found = match row.subscriber {
        Some(id) => subscriber::seek(tx, id)?,
        None => None,
    };
    let Some(found) = found.filter(|one| one.state == SubscriberState::Confirmed) else {
        drop_one(tx, row.id, "left")?;
        return Ok(None);
    };
    let address = match found.member {
        // A member's letters follow the account's address.
        Some(member) => match members::seek_mailbox(tx, member)?.and_then(|m| m.confirmed) {
            Some(address) if follow(tx, row, &found, &address)? => Some(address),
            _ => None,
        },
        None => found.address.clone(),
    };
    match address {
        Some(address) => Ok(Some((found, address))),
        None => {
            drop_one(tx, row.id, "no-address")?;
            Ok(None)
        }
    }
}

/// Keeps the rows at the account's present address; `false` where that address has a letter of its own.
fn follow(tx: &mut Tx<'_>, row: &Row, who: &Subscriber, address: &str) -> Result<bool> {
    let hash = hash_of(tx.house(), address);
    if hash == who.address_hash {
        return Ok(true);
    }
    let others = bulletin_subscribers::table
        .filter(bulletin_subscribers::channel_id.eq(who.channel))
        .filter(bulletin_subscribers::address_hash.eq(&hash));
    let taken: bool = diesel::select(diesel::dsl::exists(others)).get_result(tx.conn)?;
    let theirs = table::table
        .filter(table::origin_kind.eq(&row.origin_kind))
        .filter(table::origin_id.eq(row.origin_id))
        .filter(table::address_hash.eq(&hash));
    let written: bool = diesel::select(diesel::dsl::exists(theirs)).get_result(tx.conn)?;
    if taken || written {
        // That address speaks for itself: it gets the bulletin under its own row, or has left it.
        subscriber::end(tx, who.id, SubscriberState::Left, "moved")?;
        return Ok(false);
    }
    diesel::update(bulletin_subscribers::table.find(who.id))
        .set((
            bulletin_subscribers::address.eq(address),
            bulletin_subscribers::address_hash.eq(&hash),
        ))
        .execute(tx.conn)?;
    diesel::update(table::table.find(row.id))
        .set(table::address_hash.eq(hash))
        .execute(tx.conn)?;
    Ok(true)
}

fn drop_one(tx: &mut Tx<'_>, id: LetterId, why: &str) -> Result<()> {
    diesel::update(table::table.find(id))
        .set((
            table::state.eq(LetterState::Dropped),
            table::note.eq(why),
            table::settled_at.eq(tx.now()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Writes `sending`, and puts together what the mail server will be told.
fn write(
    tx: &mut Tx<'_>,
    row: &Row,
    channel: &Channel,
    reader: &Subscriber,
    address: String,
    words: &BulletinWords,
    host: &str,
) -> Result<Errand> {
    let now = tx.now();
    let (fence, until) = (row.fence + 1, now.plus(LEASE));
    diesel::update(table::table.find(row.id))
        .set((
            table::state.eq(LetterState::Sending),
            table::tries.eq(row.tries + 1),
            table::fence.eq(fence),
            table::leased_until.eq(until),
            table::begun_at.eq(now),
            table::note.eq(""),
        ))
        .execute(tx.conn)?;
    let settings = channel.settings()?;
    let leave = super::leave::link(tx, reader.id)?;
    let lines: Vec<&str> = words
        .text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let letter = Waiting {
        to: address,
        lang: reader.lang.clone(),
        kind: KIND.to_owned(),
        data: json!({
            "site": words.site, "title": words.title, "text": words.text, "lines": lines,
            "words_lang": words.lang, "quotes": words.quotes, "link": words.link,
            "leave": leave, "bulletin": channel.name,
        }),
        message_id: Some(message_id(tx.house(), row.id, host)),
        references: None,
        unsubscribe: Some(leave.clone()),
        // The same for every try and every recipient: the moment at which the bulletin was written.
        at: row.created_at,
        about: None,
    };
    let bounces = settings["bounces"].as_str();
    let mailing = Mailing {
        name: words.site.clone(),
        from: settings["from"].as_str().map(str::to_owned),
        list_id: format!("bulletin-{}.{host}", channel.id),
        returns: bounces.and_then(|base| returns(tx.house(), row.id, base)),
        signature: super::keys::signature(tx, channel.id)?,
    };
    Ok(Errand {
        id: row.id,
        fence,
        until,
        letter,
        mailing,
    })
}
