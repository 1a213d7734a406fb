//! Asks nobody because the link is the proof: it went to the address alone, serves this purpose alone, and holds once.

use diesel::prelude::*;
use serde_json::json;

use super::state::SubscriberState;
use super::subscriber::{Subscriber, bulletin_of};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::bulletin_subscribers as table;
use crate::kit::ids::{ChannelId, MemberId};
use crate::kit::token::hash_token;
use crate::kit::{At, Refusal, Result};
use crate::policy::Actor;

/// What a link that is good right now would confirm.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The bulletin's name.
    pub name: String,
}

fn find(tx: &mut Tx<'_>, token: &str) -> Result<(Subscriber, String)> {
    let row: Option<Subscriber> = table::table
        .filter(table::token_hash.eq(hash_token(token).to_vec()))
        .first(tx.conn)
        .optional()?;
    let row = row.ok_or(Refusal::LinkDead)?;
    let good = row.token_expires_at.is_some_and(|until| tx.now() < until);
    if !good || row.address.is_none() || row.state == SubscriberState::Confirmed {
        return Err(Refusal::LinkDead.into());
    }
    let name = bulletin_of(tx, row.channel)?.name;
    Ok((row, name))
}

/// What the link would confirm. Looking changes nothing.
///
/// # Errors
/// [`Refusal::LinkDead`] where it was used, is too old, or a newer one was sent.
pub fn to_confirm(tx: &mut Tx<'_>, token: &str) -> Result<Waiting> {
    let (_, name) = find(tx, token)?;
    Ok(Waiting { name })
}

/// The address is a subscriber's from now on.
///
/// # Errors
/// [`Refusal::LinkDead`] as for [`to_confirm`].
pub fn confirm(tx: &mut Tx<'_>, token: &str) -> Result<ChannelId> {
    let (row, _) = find(tx, token)?;
    // Of two that come at the same moment one finds the link used.
    let mine = table::table
        .filter(table::id.eq(row.id))
        .filter(table::token_hash.eq(&row.token_hash));
    let changed = diesel::update(mine)
        .set((
            table::state.eq(SubscriberState::Confirmed),
            table::token_hash.eq(None::<Vec<u8>>),
            table::token_expires_at.eq(None::<At>),
            table::confirmed_at.eq(tx.now()),
            table::ended_at.eq(None::<At>),
            table::member_id.eq(None::<MemberId>),
            table::failures.eq(0),
            table::note.eq(""),
        ))
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(Refusal::LinkDead.into());
    }
    audit::record(
        tx,
        &Actor::Guest,
        "bulletin.joined",
        subject("subscriber", row.id.0),
        json!({ "channel": row.channel.0 }),
        None,
    )?;
    Ok(row.channel)
}
