//! Holding a channel, or everything outward. Withdrawals go out all the same: what is taken back inside is taken back
//! outside even in a storm.

use diesel::prelude::*;
use serde_json::json;

use super::{Channel, find, find_in_use};
use crate::audit::{self, subject};
use crate::bridge::state::ChannelState;
use crate::db::schema::channels;
use crate::db::{Lock, Tx};
use crate::kit::Result;
use crate::kit::ids::ChannelId;
use crate::kit::stop::Refusal;
use crate::policy::{Action, Actor};
use crate::site;

/// Holds a channel. What is on its way this very moment arrives.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins; wrong state where it is not open.
pub fn pause(tx: &mut Tx<'_>, actor: &Actor, id: ChannelId, reason: &str) -> Result<Channel> {
    set(
        tx,
        actor,
        id,
        ChannelState::Open,
        ChannelState::Paused,
        reason,
    )
}

/// Lets a held channel go on.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins; wrong state where it is not paused.
pub fn resume(tx: &mut Tx<'_>, actor: &Actor, id: ChannelId) -> Result<Channel> {
    set(tx, actor, id, ChannelState::Paused, ChannelState::Open, "")
}

/// Holds everything outward.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins.
pub fn pause_all(tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
    site::stop_outward(tx, actor, true)
}

/// Lets everything go on.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins.
pub fn resume_all(tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
    site::stop_outward(tx, actor, false)
}

fn set(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ChannelId,
    from: ChannelState,
    to: ChannelState,
    reason: &str,
) -> Result<Channel> {
    find_in_use(tx, id)?;
    actor.may(&Action::PauseChannels)?;
    tx.lock(Lock::Channel(id))?;
    let before = find_in_use(tx, id)?;
    let is_held = before.held_note.is_some();
    if before.state == from {
        let note: String = reason.trim().chars().take(300).collect();
        diesel::update(channels::table.find(id))
            .set((
                channels::state.eq(to),
                channels::state_note.eq(note),
                channels::revision.eq(channels::revision + 1),
            ))
            .execute(tx.conn)?;
    } else if is_held && to == ChannelState::Open {
        // It is shut for another reason as well, and that one stays.
        diesel::update(channels::table.find(id))
            .set((
                channels::held_note.eq(None::<String>),
                channels::revision.eq(channels::revision + 1),
            ))
            .execute(tx.conn)?;
    } else {
        return Err(Refusal::WrongState(before.state.as_str()).into());
    }
    let kind = if to == ChannelState::Paused {
        "channel.paused"
    } else {
        "channel.resumed"
    };
    audit::record(
        tx,
        actor,
        kind,
        subject("channel", id.0),
        json!({}),
        Some(reason),
    )?;
    find(tx, id)
}
