//! Asks nobody because everybody may ask for letters to an address: nothing comes of it until the link in a letter to
//! that very address is used.

use diesel::prelude::*;
use serde_json::json;

use super::state::SubscriberState;
use super::subscriber::{bulletin_of, by_hash, hash_of};
use crate::db::Tx;
use crate::db::schema::bulletin_subscribers as table;
use crate::each_backend;
use crate::kit::clock::DAY;
use crate::kit::ids::ChannelId;
use crate::kit::names::Email;
use crate::kit::token::random_token;
use crate::kit::{At, Result};
use crate::mail::{self, Letter};
use crate::site;

/// How long the link to confirm holds: a night and a morning. It opens no account.
pub(super) const LINK: i64 = DAY;

/// Somebody asks for the bulletin to an address: a letter goes there, and nothing else changes until its link is used.
/// The answer is the same whether the address is known, unknown, dead, or has been asked for too often.
///
/// # Errors
/// Not found or gone where there is no such bulletin; `TooMany` where this client asks too often.
pub fn subscribe(
    tx: &mut Tx<'_>,
    bulletin: ChannelId,
    address: &Email,
    lang: &str,
    client: &str,
) -> Result<()> {
    let channel = bulletin_of(tx, bulletin)?;
    if !mail::may_send(tx, "bulletin", address.as_str(), client)? {
        return Ok(());
    }
    let site = site::settings(tx)?.name;
    let hash = hash_of(tx.house(), address.as_str());
    let before = by_hash(tx, bulletin, &hash)?;
    let (kind, link) = match &before {
        Some(known) if known.state == SubscriberState::Confirmed => {
            let leave = super::leave::link(tx, known.id)?;
            ("bulletin-known", leave)
        }
        _ => {
            let (shown, token) = random_token();
            let now = tx.now();
            // Only the newest link holds, and whoever left is not back before it is used.
            let state = before.map_or(SubscriberState::Pending, |known| known.state);
            let asked = (
                table::token_hash.eq(token.to_vec()),
                table::token_expires_at.eq(now.plus(LINK)),
                table::asked_at.eq(now),
                table::lang.eq(lang),
                table::address.eq(address.as_str()),
            );
            let fresh = (
                table::channel_id.eq(bulletin),
                table::address_hash.eq(&hash),
                table::state.eq(state),
            );
            each_backend!(tx.conn, c => diesel::insert_into(table::table)
                .values((fresh, asked.clone()))
                .on_conflict((table::channel_id, table::address_hash))
                .do_update()
                .set(asked)
                .execute(c))?;
            let path = format!("/bulletin/confirm/{shown}");
            ("bulletin-confirm", tx.link(&path))
        }
    };
    let letter = Letter {
        to: address.as_str().to_owned(),
        lang: lang.to_owned(),
        kind,
        data: json!({ "link": link, "site": site, "name": channel.name }),
        message_id: None,
        references: None,
        unsubscribe: None,
    };
    mail::enqueue(tx, &letter)
}

/// Takes back what was asked for and never confirmed: the address of somebody who never said yes is not kept.
pub(super) fn forget_unconfirmed(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    diesel::delete(
        table::table
            .filter(table::state.eq(SubscriberState::Pending))
            .filter(table::token_expires_at.lt(now)),
    )
    .execute(tx.conn)?;
    // Who had left, asked again and did not confirm goes on having left.
    diesel::update(
        table::table
            .filter(table::state.eq_any([SubscriberState::Left, SubscriberState::Suppressed]))
            .filter(table::token_expires_at.lt(now)),
    )
    .set((
        table::address.eq(None::<String>),
        table::token_hash.eq(None::<Vec<u8>>),
        table::token_expires_at.eq(None::<At>),
    ))
    .execute(tx.conn)?;
    Ok(())
}
