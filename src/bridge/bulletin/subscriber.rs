//! A subscriber's row, and the hash by which an address is known after it is gone. Asks nobody: reads and writes for
//! the verbs beside it.

use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::state::SubscriberState;
use crate::bridge::channel::{self, Channel};
use crate::bridge::state::ChannelState;
use crate::db::schema::bulletin_subscribers as table;
use crate::db::{House, Tx};
use crate::kit::ids::{ChannelId, MemberId, SubscriberId};
use crate::kit::names::email_key;
use crate::kit::{At, Refusal, Result};

/// A row.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Subscriber {
    pub id: SubscriberId,
    pub channel: ChannelId,
    pub address: Option<String>,
    pub address_hash: Vec<u8>,
    pub member: Option<MemberId>,
    pub lang: String,
    pub state: SubscriberState,
    pub token_hash: Option<Vec<u8>>,
    pub token_expires_at: Option<At>,
    pub failures: i64,
    pub note: String,
    pub asked_at: At,
    pub confirmed_at: Option<At>,
    pub ended_at: Option<At>,
}

/// A keyed hash of anything of ours.
pub(super) fn keyed(house: &House, what: &str) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&house.secret) else {
        // HMAC takes keys of every length.
        return Vec::new();
    };
    mac.update(what.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The hash of an address: the same however it is written, and of no use without our key.
pub(super) fn hash_of(house: &House, address: &str) -> Vec<u8> {
    keyed(house, &format!("bulletin-address:{}", email_key(address)))
}

/// The channel, if it is a bulletin in use.
pub(super) fn bulletin_of(tx: &mut Tx<'_>, id: ChannelId) -> Result<Channel> {
    let channel = channel::find(tx, id)?;
    if channel.kind != super::adapter::KIND {
        return Err(Refusal::NotFound.into());
    }
    if channel.state == ChannelState::Removed {
        return Err(Refusal::Gone.into());
    }
    Ok(channel)
}

/// Who goes by this hash.
pub(super) fn by_hash(
    tx: &mut Tx<'_>,
    channel: ChannelId,
    hash: &[u8],
) -> Result<Option<Subscriber>> {
    Ok(table::table
        .filter(table::channel_id.eq(channel))
        .filter(table::address_hash.eq(hash))
        .first(tx.conn)
        .optional()?)
}

/// The row of this id.
pub(super) fn seek(tx: &mut Tx<'_>, id: SubscriberId) -> Result<Option<Subscriber>> {
    Ok(table::table.find(id).first(tx.conn).optional()?)
}

/// No more letters: the address goes at once, the hash stays for a while.
pub(super) fn end(
    tx: &mut Tx<'_>,
    id: SubscriberId,
    state: SubscriberState,
    note: &str,
) -> Result<()> {
    diesel::update(table::table.find(id))
        .set((
            table::state.eq(state),
            table::address.eq(None::<String>),
            table::member_id.eq(None::<MemberId>),
            table::token_hash.eq(None::<Vec<u8>>),
            table::token_expires_at.eq(None::<At>),
            table::note.eq(note),
            table::ended_at.eq(tx.now()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// An account is erased: so is everything of it here. Letters keep their state and lose whom they went to.
pub(in crate::bridge) fn forget_member(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::delete(table::table.filter(table::member_id.eq(member))).execute(tx.conn)?;
    Ok(())
}
