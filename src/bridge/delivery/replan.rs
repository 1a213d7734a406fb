//! Asks nobody because the room behind the delivery decided who may move it, in the same transaction.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::open::expiry;
use super::{history, lock, write};
use crate::bridge::channel;
use crate::bridge::state::Operation;
use crate::db::Tx;
use crate::db::schema::deliveries;
use crate::kit::event::Origin;
use crate::kit::ids::DeliveryId;
use crate::kit::stop::OrRefuse;
use crate::kit::stop::Refusal;
use crate::kit::{At, Result};

/// Moves an announcement that has not left to another time; the words stay as they were frozen,
/// and where the bytes say a time, it is the new one.
///
/// # Errors
/// Not found where nothing was planned; wrong state where it has been tried, has left, or was called back.
pub fn replan(tx: &mut Tx<'_>, origin: &Origin, at: At) -> Result<()> {
    let id: Option<DeliveryId> = deliveries::table
        .filter(deliveries::origin_kind.eq(&origin.kind))
        .filter(deliveries::origin_id.eq(origin.id))
        .filter(deliveries::operation.eq(Operation::Announce))
        .order(deliveries::revision.desc())
        .select(deliveries::id)
        .first(tx.conn)
        .optional()?;
    let row = lock(tx, id.or_not_found()?)?;
    let standing = row.standing(history(tx, row.id, None)?);
    let Some(next) = standing.replanned(at, tx.now()) else {
        return Err(Refusal::WrongState(row.state.as_str()).into());
    };
    write(tx, &row, &next, None)?;
    let channel = channel::find(tx, row.channel_id)?;
    diesel::update(deliveries::table.find(row.id))
        .set((
            deliveries::planned_at.eq(at),
            deliveries::expires_at.eq(expiry(&channel, row.operation, at, tx.now())),
        ))
        .execute(tx.conn)?;
    // Never once a byte may have left: the record key that goes with the time is how a repetition is recognised.
    let untried = row.tries == 0 && row.first_sent_at.is_none();
    // Bytes that are not what was frozen are not frozen anew: the last look has to find them.
    let stands = Sha256::digest(row.payload.as_bytes()).as_slice() == row.payload_hash;
    if !untried || !stands {
        return Ok(());
    }
    let said_at = at.max(tx.now());
    let kind = channel.kind()?;
    let retimed = kind.retimed(&row.payload, &row.idempotency_key, said_at)?;
    if let Some(payload) = retimed {
        let hash = Sha256::digest(payload.as_bytes()).to_vec();
        diesel::update(deliveries::table.find(row.id))
            .set((
                deliveries::payload.eq(payload),
                deliveries::payload_hash.eq(hash),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}
