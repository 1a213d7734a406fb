//! A letter's row, and the names by which a bounce finds it again.

use diesel::prelude::*;

use super::state::LetterState;
use super::subscriber::keyed;
use crate::db::House;
use crate::db::Tx;
use crate::db::schema::bulletin_letters as table;
use crate::kit::event::Origin;
use crate::kit::ids::{ChannelId, DeliveryId, LetterId, SubscriberId};
use crate::kit::{At, Result};

/// A row.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Row {
    pub id: LetterId,
    #[expect(dead_code, reason = "read in the order of the columns")]
    pub channel: ChannelId,
    pub delivery: DeliveryId,
    pub origin_kind: String,
    pub origin_id: i64,
    pub subscriber: Option<SubscriberId>,
    #[expect(dead_code, reason = "read in the order of the columns")]
    pub address_hash: Vec<u8>,
    pub state: LetterState,
    pub tries: i64,
    pub next_at: At,
    pub fence: i64,
    #[expect(dead_code, reason = "read in the order of the columns")]
    pub leased_until: Option<At>,
    #[expect(dead_code, reason = "read in the order of the columns")]
    pub begun_at: Option<At>,
    pub status: Option<i64>,
    pub note: String,
    pub created_at: At,
    pub settled_at: Option<At>,
}

impl Row {
    /// What it tells.
    pub fn origin(&self) -> Origin {
        Origin {
            kind: self.origin_kind.clone(),
            id: self.origin_id,
        }
    }
}

/// One letter for lists.
#[derive(Debug, Clone, serde::Serialize)]
pub struct LetterLine {
    /// Its id.
    pub id: LetterId,
    /// To whom; only for admins, and only while the address is known.
    pub address: Option<String>,
    /// How it stands.
    pub state: LetterState,
    /// Tries so far.
    pub tries: i64,
    /// The mail server's three digits.
    pub status: Option<i64>,
    /// A few words; never an address.
    pub note: String,
    /// Nothing happens before then.
    pub next_at: At,
    /// When its outcome was known.
    pub settled_at: Option<At>,
}

pub(super) fn seek(tx: &mut Tx<'_>, id: LetterId) -> Result<Option<Row>> {
    Ok(table::table.find(id).first(tx.conn).optional()?)
}

/// What only we can have written behind a letter's number, so that nobody can make a letter bounce by counting.
fn mark(house: &House, id: LetterId) -> String {
    let bytes = keyed(house, &format!("bulletin-letter:{id}"));
    crate::kit::hex(bytes.iter().take(8))
}

/// The lasting name of a letter, the same for every try.
pub(super) fn message_id(house: &House, id: LetterId, host: &str) -> String {
    format!("<bulletin.{id}.{}@{host}>", mark(house, id))
}

/// Where a letter that cannot be delivered is sent back to: `bounces+7.k3…@host` (RFC 5233 calls it detail).
pub(super) fn returns(house: &House, id: LetterId, base: &str) -> Option<String> {
    let (local, domain) = base.rsplit_once('@')?;
    Some(format!("{local}+{id}.{}@{domain}", mark(house, id)))
}

/// The letters that are named somewhere in a text, each named as only we name them.
pub(super) fn named(house: &House, text: &str) -> Vec<LetterId> {
    let mut found = Vec::new();
    for at in text.match_indices('@').map(|(at, _)| at) {
        let before = text.get(..at).unwrap_or_default();
        let start = before
            .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '.')
            .map_or(0, |at| at + 1);
        let name = before.get(start..).unwrap_or_default();
        let name = name.strip_prefix("bulletin.").unwrap_or(name);
        let Some((id, said)) = name.split_once('.') else {
            continue;
        };
        let Ok(id) = id.parse::<LetterId>() else {
            continue;
        };
        let good = crate::kit::token::same_secret(said.as_bytes(), mark(house, id).as_bytes());
        if good && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}
