//! Bulletins, their subscribers and their letters, as people see them.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::adapter::KIND;
use super::letter::{LetterLine, Row};
use super::state::{LetterState, SubscriberState};
use super::subscriber::{Subscriber, bulletin_of};
use crate::bridge::channel::{self, Channel};
use crate::bridge::delivery;
use crate::bridge::state::ChannelState;
use crate::db::Tx;
use crate::db::schema::{bulletin_letters, bulletin_subscribers as table, channels};
use crate::kit::ids::{ChannelId, DeliveryId, LetterId, MemberId, SubscriberId};
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// A bulletin that can be subscribed to.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Bulletin {
    /// Which.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
}

/// Every bulletin in use, for everybody.
///
/// # Errors
/// A fault where the database fails.
pub fn bulletins(tx: &mut Tx<'_>) -> Result<Vec<Bulletin>> {
    let rows: Vec<Channel> = channels::table
        .filter(channels::kind.eq(KIND))
        .filter(channels::state.ne(ChannelState::Removed))
        .order((channels::position, channels::id))
        .limit(100)
        .load(tx.conn)?;
    let line = |row: Channel| Bulletin {
        id: row.id,
        name: row.name,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// One bulletin in use.
///
/// # Errors
/// Not found where there is no such bulletin, gone where it was removed.
pub fn bulletin(tx: &mut Tx<'_>, id: ChannelId) -> Result<Bulletin> {
    let row = bulletin_of(tx, id)?;
    Ok(Bulletin {
        id: row.id,
        name: row.name,
    })
}

/// One subscriber.
#[derive(Debug, Clone, serde::Serialize)]
pub struct SubscriberLine {
    /// The number.
    pub id: SubscriberId,
    /// The address, while it is kept.
    pub address: Option<String>,
    /// The account that subscribed, if it was one.
    pub member: Option<MemberId>,
    /// How they stand to the bulletin.
    pub state: SubscriberState,
    /// The language of their letters' frame.
    pub lang: String,
    /// A word that says why it ended.
    pub note: String,
    /// Letters in a row that did not arrive.
    pub failures: i64,
    /// When they asked.
    pub asked_at: At,
    /// When they said it twice.
    pub confirmed_at: Option<At>,
    /// When it ended.
    pub ended_at: Option<At>,
}

/// Which subscribers, and where the list goes on.
#[derive(Debug, Clone, Default)]
pub struct SubscribersWanted {
    /// Only those.
    pub state: Option<SubscriberState>,
    /// Older than this one.
    pub before: Option<SubscriberId>,
    /// At most so many.
    pub most: i64,
}

/// Subscribers, newest first.
///
/// # Errors
/// Refused to everybody but admins: these are addresses.
pub fn subscribers(
    tx: &mut Tx<'_>,
    actor: &Actor,
    bulletin: ChannelId,
    wanted: &SubscribersWanted,
) -> Result<Vec<SubscriberLine>> {
    bulletin_of(tx, bulletin)?;
    actor.may(&Action::ManageChannels)?;
    let states = wanted.state.map_or_else(
        || {
            vec![
                SubscriberState::Pending,
                SubscriberState::Confirmed,
                SubscriberState::Left,
                SubscriberState::Suppressed,
            ]
        },
        |state| vec![state],
    );
    let mut query = table::table
        .filter(table::channel_id.eq(bulletin))
        .filter(table::state.eq_any(states))
        .order(table::id.desc())
        .limit(wanted.most.clamp(1, 1000))
        .into_boxed();
    if let Some(before) = wanted.before {
        query = query.filter(table::id.lt(before));
    }
    let rows: Vec<Subscriber> = query.load(tx.conn)?;
    let line = |row: Subscriber| SubscriberLine {
        id: row.id,
        // Whoever has not confirmed has not said yes to being read of, either.
        address: row
            .address
            .filter(|_| row.state == SubscriberState::Confirmed),
        member: row.member,
        state: row.state,
        lang: row.lang,
        note: row.note,
        failures: row.failures,
        asked_at: row.asked_at,
        confirmed_at: row.confirmed_at,
        ended_at: row.ended_at,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// How many subscribers stand how.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins.
pub fn subscriber_counts(
    tx: &mut Tx<'_>,
    actor: &Actor,
    bulletin: ChannelId,
) -> Result<Vec<(SubscriberState, i64)>> {
    bulletin_of(tx, bulletin)?;
    actor.may(&Action::SeeOutreach)?;
    Ok(table::table
        .filter(table::channel_id.eq(bulletin))
        .group_by(table::state)
        .select((table::state, count_star()))
        .load(tx.conn)?)
}

/// Which letters, and where the list goes on.
#[derive(Debug, Clone, Default)]
pub struct LettersWanted {
    /// Only those.
    pub state: Option<LetterState>,
    /// After this one.
    pub after: Option<LetterId>,
    /// At most so many.
    pub most: i64,
}

/// The letters of the announcement that a delivery belongs to, in the order in which they were written.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins; not found where it is no bulletin's.
pub fn letters(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: DeliveryId,
    wanted: &LettersWanted,
) -> Result<Vec<LetterLine>> {
    let origin = delivery_of(tx, id)?;
    actor.may(&Action::SeeOutreach)?;
    let mut query = bulletin_letters::table
        .filter(bulletin_letters::origin_kind.eq(origin.kind))
        .filter(bulletin_letters::origin_id.eq(origin.id))
        .order(bulletin_letters::id)
        .limit(wanted.most.clamp(1, 200))
        .into_boxed();
    if let Some(state) = wanted.state {
        query = query.filter(bulletin_letters::state.eq(state));
    }
    if let Some(after) = wanted.after {
        query = query.filter(bulletin_letters::id.gt(after));
    }
    let rows: Vec<Row> = query.load(tx.conn)?;
    let shows = actor.can(&Action::ManageChannels);
    let known: Vec<SubscriberId> = rows.iter().filter_map(|row| row.subscriber).collect();
    let addresses: Vec<(SubscriberId, Option<String>)> = if shows {
        table::table
            .filter(table::id.eq_any(known))
            .select((table::id, table::address))
            .load(tx.conn)?
    } else {
        Vec::new()
    };
    let address = |row: &Row| {
        let found = addresses.iter().find(|(id, _)| Some(*id) == row.subscriber);
        found.and_then(|(_, address)| address.clone())
    };
    let line = |row: Row| LetterLine {
        id: row.id,
        address: address(&row),
        state: row.state,
        tries: row.tries,
        status: row.status,
        note: row.note,
        next_at: row.next_at,
        settled_at: row.settled_at,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// How many letters of an announcement stand how.
///
/// # Errors
/// As for [`letters`].
pub fn letter_counts(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: DeliveryId,
) -> Result<Vec<(LetterState, i64)>> {
    let origin = delivery_of(tx, id)?;
    actor.may(&Action::SeeOutreach)?;
    Ok(bulletin_letters::table
        .filter(bulletin_letters::origin_kind.eq(origin.kind))
        .filter(bulletin_letters::origin_id.eq(origin.id))
        .group_by(bulletin_letters::state)
        .select((bulletin_letters::state, count_star()))
        .load(tx.conn)?)
}

/// What a bulletin's delivery belongs to.
fn delivery_of(tx: &mut Tx<'_>, id: DeliveryId) -> Result<crate::kit::event::Origin> {
    let row = delivery::find(tx, id)?;
    if channel::find(tx, row.channel_id)?.kind != KIND {
        return Err(crate::kit::Refusal::NotFound.into());
    }
    Ok(row.origin())
}
