//! Asking a channel how it is. Nothing is ever posted for it; the asking itself is done by the engine between the
//! two transactions that stand here.

use diesel::prelude::*;
use serde_json::json;

use super::{Channel, find, find_in_use, reopen, shut};
use crate::audit::{self, subject};
use crate::bridge::adapter::{Destination, Health};
use crate::bridge::state::ChannelState;
use crate::db::schema::channels;
use crate::db::{Lock, Tx};
use crate::kit::ids::ChannelId;
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// What the asking brought.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The channel afterwards.
    pub channel: Channel,
    /// What it answered.
    pub health: Health,
}

/// Where to ask, for whoever may: the word of the kind and the destination.
///
/// # Errors
/// Refused to everybody but admins; gone where it was removed.
pub fn destination_to_verify(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ChannelId,
) -> Result<(String, Destination)> {
    let channel = find_in_use(tx, id)?;
    actor.may(&Action::ManageChannels)?;
    Ok((channel.kind.clone(), channel.destination(tx)?))
}

/// Writes down what a channel answered. One that answers well is open again.
///
/// # Errors
/// Refused to everybody but admins; gone where it was removed meanwhile.
pub fn record_verification(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ChannelId,
    health: &Health,
) -> Result<Verified> {
    find_in_use(tx, id)?;
    actor.may(&Action::ManageChannels)?;
    tx.lock(Lock::Channel(id))?;
    let before = find_in_use(tx, id)?;
    note_health(tx, &before, health)?;
    let answer = match health {
        Health::Good(_) => "good",
        Health::Unauthorised(_) => "unauthorised",
        Health::Gone(_) => "gone",
        Health::Bad(_) => "bad",
    };
    let facts = json!({ "answer": answer });
    audit::record(
        tx,
        actor,
        "channel.verified",
        subject("channel", id.0),
        facts,
        None,
    )?;
    Ok(Verified {
        channel: find(tx, id)?,
        health: health.clone(),
    })
}

/// What an answer changes in the row.
pub(in crate::bridge) fn note_health(
    tx: &mut Tx<'_>,
    before: &Channel,
    health: &Health,
) -> Result<()> {
    let paused = before.state == ChannelState::Paused;
    match health {
        Health::Good(known) => {
            diesel::update(channels::table.find(before.id))
                .set((
                    channels::verified_at.eq(tx.now()),
                    channels::facts.eq(known.facts_text()?),
                    channels::token_expires_at.eq(known.expires_at.or(before.token_expires_at)),
                    channels::failures.eq(0),
                    channels::breaker_until.eq(None::<At>),
                ))
                .execute(tx.conn)?;
            if before.state == ChannelState::Open {
                diesel::update(channels::table.find(before.id))
                    .set(channels::state_note.eq(""))
                    .execute(tx.conn)?;
            }
            reopen(tx, before)?;
        }
        Health::Unauthorised(note) => shut(tx, before, ChannelState::NeedsReauth, &short(note))?,
        Health::Gone(note) => shut(tx, before, ChannelState::Disabled, &short(note))?,
        Health::Bad(note) if !paused => {
            diesel::update(channels::table.find(before.id))
                .set(channels::state_note.eq(short(note)))
                .execute(tx.conn)?;
        }
        Health::Bad(_) => {}
    }
    Ok(())
}

/// Words from outside, cut to what a row should hold.
pub(in crate::bridge) fn short(words: &str) -> String {
    words
        .chars()
        .filter(|c| !c.is_control())
        .take(300)
        .collect()
}
