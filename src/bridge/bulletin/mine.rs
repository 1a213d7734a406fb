//! A member's own say: the address is confirmed already, so one button is enough.

use diesel::prelude::*;
use serde_json::json;

use super::listing::bulletins;
use super::state::SubscriberState;
use super::subscriber::{bulletin_of, by_hash, end, hash_of};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::bulletin_subscribers as table;
use crate::each_backend;
use crate::kit::ids::ChannelId;
use crate::kit::{At, Refusal, Result};
use crate::members;
use crate::policy::{Action, Actor};

/// A bulletin, and whether I get it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Mine {
    /// Which.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
    /// Do I get it?
    pub subscribed: bool,
}

/// Every bulletin, and whether the actor gets it at the confirmed address.
///
/// # Errors
/// Refused to guests.
pub fn mine(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Mine>> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    let address = members::seek_mailbox(tx, me)?.and_then(|mailbox| mailbox.confirmed);
    let hash = address.map(|address| hash_of(tx.house(), &address));
    let mut all = Vec::new();
    for bulletin in bulletins(tx)? {
        let row = match &hash {
            Some(hash) => by_hash(tx, bulletin.id, hash)?,
            None => None,
        };
        all.push(Mine {
            id: bulletin.id,
            name: bulletin.name,
            subscribed: row.is_some_and(|row| row.state == SubscriberState::Confirmed),
        });
    }
    Ok(all)
}

/// Says whether the actor wants a bulletin.
///
/// # Errors
/// Refused to guests, and while the member's address is not confirmed; not found where there is no such bulletin.
pub fn choose(tx: &mut Tx<'_>, actor: &Actor, bulletin: ChannelId, wanted: bool) -> Result<()> {
    bulletin_of(tx, bulletin)?;
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    let mailbox = members::seek_mailbox(tx, me)?.ok_or(Refusal::SignInFirst)?;
    let address = mailbox.confirmed.ok_or(Refusal::ConfirmEmailFirst)?;
    let hash = hash_of(tx.house(), &address);
    let before = by_hash(tx, bulletin, &hash)?;
    let is_in = before
        .as_ref()
        .is_some_and(|row| row.state == SubscriberState::Confirmed);
    if wanted {
        let now = tx.now();
        let joined = (
            table::address.eq(&address),
            table::member_id.eq(me),
            table::lang.eq(&mailbox.lang),
            table::state.eq(SubscriberState::Confirmed),
            table::token_hash.eq(None::<Vec<u8>>),
            table::token_expires_at.eq(None::<At>),
            table::confirmed_at.eq(now),
            table::ended_at.eq(None::<At>),
            table::asked_at.eq(now),
            table::failures.eq(0_i64),
            table::note.eq(""),
        );
        let fresh = (
            table::channel_id.eq(bulletin),
            table::address_hash.eq(&hash),
        );
        each_backend!(tx.conn, c => diesel::insert_into(table::table)
            .values((fresh, joined.clone()))
            .on_conflict((table::channel_id, table::address_hash))
            .do_update()
            .set(joined)
            .execute(c))?;
    } else if let Some(row) = before.filter(|_| is_in) {
        end(tx, row.id, SubscriberState::Left, "")?;
    }
    if is_in == wanted {
        return Ok(());
    }
    audit::record(
        tx,
        actor,
        if wanted {
            "bulletin.joined"
        } else {
            "bulletin.left"
        },
        subject("channel", bulletin.0),
        json!({}),
        None,
    )
}
