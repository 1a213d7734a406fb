//! The keys that sign letters (DKIM). A new key signs once an admin says that its public half stands in DNS; until then
//! the one before goes on signing, so that no letter carries a signature that nobody can verify.

use diesel::prelude::*;
use serde_json::json;

use super::subscriber::bulletin_of;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::bulletin_keys as table;
use crate::db::{House, Lock};
use crate::kit::ids::ChannelId;
use crate::kit::seal::{Keyring, Place};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Fault, Result, Stop};
use crate::mail::{KeyPair, Signature};
use crate::policy::{Action, Actor};

/// A key, as far as it may be seen.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Key {
    /// Its number.
    pub id: i64,
    /// Under which name the public half stands in DNS, before `._domainkey.`.
    pub selector: String,
    /// The text of that record.
    pub record: String,
    /// When it was made.
    pub made_at: At,
    /// Since when it signs.
    pub in_use_at: Option<At>,
    /// Is it the one that signs now?
    pub signs: bool,
}

/// The keys of a bulletin, newest first.
///
/// # Errors
/// Refused to everybody but admins.
pub fn keys(tx: &mut Tx<'_>, actor: &Actor, bulletin: ChannelId) -> Result<Vec<Key>> {
    bulletin_of(tx, bulletin)?;
    actor.may(&Action::ManageChannels)?;
    let signing = newest_in_use(tx, bulletin)?.map(|(id, ..)| id);
    let rows: Vec<(i64, String, String, At, Option<At>)> = table::table
        .filter(table::channel_id.eq(bulletin))
        .order(table::id.desc())
        .limit(10)
        .select((
            table::id,
            table::selector,
            table::public_key,
            table::made_at,
            table::in_use_at,
        ))
        .load(tx.conn)?;
    let key =
        |(id, selector, public, made_at, in_use_at): (i64, String, String, At, Option<At>)| Key {
            id,
            selector,
            record: format!("v=DKIM1; k=rsa; p={public}"),
            made_at,
            in_use_at,
            signs: signing == Some(id),
        };
    Ok(rows.into_iter().map(key).collect())
}

/// Keeps a key that was made outside the transaction. It signs nothing yet.
///
/// # Errors
/// Refused to everybody but admins.
pub fn keep_key(
    tx: &mut Tx<'_>,
    actor: &Actor,
    bulletin: ChannelId,
    pair: &KeyPair,
) -> Result<i64> {
    bulletin_of(tx, bulletin)?;
    actor.may(&Action::ManageChannels)?;
    tx.lock(Lock::Channel(bulletin))?;
    let so_far: i64 = table::table
        .filter(table::channel_id.eq(bulletin))
        .count()
        .get_result(tx.conn)?;
    // The channel's number keeps two bulletins of one domain apart.
    let selector = format!("loggia{bulletin}-{}", so_far + 1);
    let sealed = tx
        .house()
        .ring
        .seal(&place(bulletin, &selector), pair.private_key.as_bytes())
        .map_err(|e| Stop::Fault(Fault::from_error("sealing a signing key", e)))?;
    let id: i64 = diesel::insert_into(table::table)
        .values((
            table::channel_id.eq(bulletin),
            table::selector.eq(&selector),
            table::sealed.eq(sealed),
            table::public_key.eq(&pair.public_key),
            table::made_at.eq(tx.now()),
        ))
        .returning(table::id)
        .get_result(tx.conn)?;
    record(tx, actor, bulletin, "bulletin.key_made", &selector)?;
    Ok(id)
}

/// From now on this key signs: its public half stands in DNS.
///
/// # Errors
/// Refused to everybody but admins; not found where there is no such key.
pub fn use_key(tx: &mut Tx<'_>, actor: &Actor, bulletin: ChannelId, id: i64) -> Result<()> {
    bulletin_of(tx, bulletin)?;
    actor.may(&Action::ManageChannels)?;
    tx.lock(Lock::Channel(bulletin))?;
    let selector: Option<String> = table::table
        .filter(table::id.eq(id))
        .filter(table::channel_id.eq(bulletin))
        .select(table::selector)
        .first(tx.conn)
        .optional()?;
    let selector = selector.or_not_found()?;
    diesel::update(table::table.find(id))
        .set(table::in_use_at.eq(tx.now()))
        .execute(tx.conn)?;
    record(tx, actor, bulletin, "bulletin.key_used", &selector)
}

fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    bulletin: ChannelId,
    what: &'static str,
    selector: &str,
) -> Result<()> {
    let facts = json!({ "selector": selector });
    audit::record(tx, actor, what, subject("channel", bulletin.0), facts, None)
}

fn newest_in_use(tx: &mut Tx<'_>, bulletin: ChannelId) -> Result<Option<(i64, String, Vec<u8>)>> {
    Ok(table::table
        .filter(table::channel_id.eq(bulletin))
        .filter(table::in_use_at.is_not_null())
        .order((table::in_use_at.desc(), table::id.desc()))
        .select((table::id, table::selector, table::sealed))
        .first(tx.conn)
        .optional()?)
}

/// The key that signs now, opened.
pub(super) fn signature(tx: &mut Tx<'_>, bulletin: ChannelId) -> Result<Option<Signature>> {
    let Some((_, selector, sealed)) = newest_in_use(tx, bulletin)? else {
        return Ok(None);
    };
    let private_key = open(tx.house(), bulletin, &selector, &sealed)?;
    Ok(Some(Signature {
        selector,
        private_key,
    }))
}

fn open(house: &House, bulletin: ChannelId, selector: &str, sealed: &[u8]) -> Result<String> {
    let broken = |e: &dyn std::fmt::Display| Stop::fault(format!("opening a signing key: {e}"));
    let plain = house
        .ring
        .open(&place(bulletin, selector), sealed)
        .map_err(|e| broken(&e))?;
    String::from_utf8(plain).map_err(|e| broken(&e))
}

fn place(bulletin: ChannelId, selector: &str) -> Place {
    Place::new("bulletin_keys", format!("{bulletin}:{selector}"), "sealed")
}

/// Seals signing keys again that were sealed with an older key. There are a handful.
///
/// # Errors
/// A fault where the database fails. A key that does not open stays as it is.
pub fn seal_keys_again(tx: &mut Tx<'_>) -> Result<()> {
    let all: Vec<(i64, ChannelId, String, Vec<u8>)> = table::table
        .order(table::id)
        .select((table::id, table::channel_id, table::selector, table::sealed))
        .load(tx.conn)?;
    for (id, bulletin, selector, sealed) in all {
        let again = {
            let ring = &tx.house().ring;
            let place = place(bulletin, &selector);
            if Keyring::sealed_with(&sealed) == Some(ring.current_id()) {
                continue;
            }
            let Ok(plain) = ring.open(&place, &sealed) else {
                continue;
            };
            ring.seal(&place, &plain)
                .map_err(|e| Stop::Fault(Fault::from_error("sealing a signing key", e)))?
        };
        diesel::update(table::table.find(id))
            .set(table::sealed.eq(again))
            .execute(tx.conn)?;
    }
    Ok(())
}
