//! New rows: every delivery is made here, its bytes frozen and hashed.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::{Row, find, history, standing_at, write};
use crate::bridge::channel::{self, Channel};
use crate::bridge::kinds::Letter;
use crate::bridge::message::Message;
use crate::bridge::state::{ChannelState, Operation, State};
use crate::db::Tx;
use crate::db::schema::deliveries;
use crate::each_backend;
use crate::kit::clock::SECOND;
use crate::kit::event::Origin;
use crate::kit::ids::DeliveryId;
use crate::kit::{At, Result, token};

/// A delivery to be made.
pub(super) struct Fresh<'f> {
    pub origin: Origin,
    pub channel: &'f Channel,
    pub operation: Operation,
    pub revision: i64,
    pub message: Option<&'f Message>,
    pub code: &'f str,
    /// Where people are led, where that is not the link code.
    pub link: Option<String>,
    pub planned_at: At,
}

/// From when on it is too late. Only saying something for the first time can come too late.
pub(super) fn expiry(channel: &Channel, operation: Operation, planned_at: At, now: At) -> At {
    let lateness = channel.max_lateness_seconds.saturating_mul(SECOND);
    match operation {
        Operation::Announce => planned_at.max(now).plus(lateness),
        Operation::Correct | Operation::Withdraw => At(i64::MAX),
    }
}

/// Makes a delivery; `None` where this operation of this revision exists already.
pub(super) fn open(tx: &mut Tx<'_>, fresh: &Fresh<'_>) -> Result<Option<DeliveryId>> {
    // No dot in it: the webhook's signature puts dots between its parts.
    let key = format!("msg_{}", token::random_token().0);
    let link = match (fresh.message, &fresh.link) {
        (Some(message), _) => message.link.clone(),
        (None, Some(link)) => link.clone(),
        (None, None) if fresh.code.is_empty() => String::new(),
        (None, None) => tx.link(&format!("/h/{}", fresh.code)),
    };
    let config = fresh.channel.settings()?;
    let payload = fresh.channel.kind()?.freeze(&Letter {
        config: &config,
        operation: fresh.operation,
        origin: &fresh.origin,
        revision: fresh.revision,
        key: &key,
        // When it is to be said, not when that was decided: some channels show it.
        at: fresh.planned_at.max(tx.now()),
        code: fresh.code,
        link: &link,
        message: fresh.message,
    })?;
    let now = tx.now();
    let state = if fresh.planned_at > now {
        State::Planned
    } else {
        State::Queued
    };
    let expires_at = expiry(fresh.channel, fresh.operation, fresh.planned_at, now);
    let hash = Sha256::digest(payload.as_bytes()).to_vec();
    let row = (
        deliveries::channel_id.eq(fresh.channel.id),
        deliveries::origin_kind.eq(&fresh.origin.kind),
        deliveries::origin_id.eq(fresh.origin.id),
        deliveries::operation.eq(fresh.operation),
        deliveries::revision.eq(fresh.revision),
        deliveries::state.eq(state),
        deliveries::payload.eq(payload),
        deliveries::words.eq(fresh.message.map_or("", |message| message.text.as_str())),
        deliveries::payload_hash.eq(hash),
        deliveries::idempotency_key.eq(key),
        deliveries::code.eq(fresh.code),
        deliveries::planned_at.eq(fresh.planned_at),
        deliveries::next_at.eq(fresh.planned_at),
        deliveries::expires_at.eq(expires_at),
        deliveries::created_at.eq(now),
        deliveries::updated_at.eq(now),
    );
    let made: Option<DeliveryId> = each_backend!(tx.conn, c => diesel::insert_into(deliveries::table)
        .values(row)
        .on_conflict((deliveries::origin_kind, deliveries::origin_id, deliveries::operation, deliveries::revision))
        .do_nothing()
        .returning(deliveries::id)
        .get_result(c)
        .optional())?;
    Ok(made)
}

/// Opens the withdrawal of something that is or may be at its channel: one for an announcement at its channel, of whatever
/// stands there when it begins. One that waits, or that a person has to carry, covers what comes to light meanwhile; one
/// that failed before is tried again; and what turns out to be there after one has left gets its own.
pub(super) fn open_withdrawal(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    let now = tx.now();
    let by_hand = deliveries::state
        .eq(State::NeedsHuman)
        .and(deliveries::state_reason.eq("by-hand"));
    let waits = [
        State::Planned,
        State::Queued,
        State::Leased,
        State::RetryWait,
    ];
    let covered: Option<DeliveryId> = deliveries::table
        .filter(deliveries::origin_kind.eq(&row.origin_kind))
        .filter(deliveries::origin_id.eq(row.origin_id))
        .filter(deliveries::channel_id.eq(row.channel_id))
        .filter(deliveries::operation.eq(Operation::Withdraw))
        .filter(deliveries::state.eq_any(waits).or(by_hand))
        .select(deliveries::id)
        .first(tx.conn)
        .optional()?;
    if covered.is_some() {
        return Ok(());
    }
    let channel = channel::find(tx, row.channel_id)?;
    let failed: Vec<DeliveryId> = deliveries::table
        .filter(deliveries::origin_kind.eq(&row.origin_kind))
        .filter(deliveries::origin_id.eq(row.origin_id))
        .filter(deliveries::channel_id.eq(row.channel_id))
        .filter(deliveries::operation.eq(Operation::Withdraw))
        .filter(deliveries::state.eq_any([State::Dead, State::Cancelled, State::Expired]))
        .select(deliveries::id)
        .load(tx.conn)?;
    if !failed.is_empty() {
        diesel::update(deliveries::table.filter(deliveries::id.eq_any(&failed)))
            .set((
                deliveries::state.eq(State::Queued),
                deliveries::next_at.eq(now),
                deliveries::tries.eq(0),
                deliveries::updated_at.eq(now),
                deliveries::settled_at.eq(None::<At>),
            ))
            .execute(tx.conn)?;
        return hand_over(tx, &channel, &failed);
    }
    let fresh = Fresh {
        origin: row.origin(),
        channel: &channel,
        operation: Operation::Withdraw,
        revision: row.revision,
        message: None,
        code: &row.code,
        link: None,
        planned_at: now,
    };
    let made = open(tx, &fresh)?;
    hand_over(tx, &channel, made.as_slice())
}

/// What is to be taken back at a removed channel is a person's to do: no worker goes there any more, and there is no
/// secret left to do it with. Where it stands is written into the row, since that is all they have.
fn hand_over(tx: &mut Tx<'_>, channel: &Channel, withdrawals: &[DeliveryId]) -> Result<()> {
    if channel.state != ChannelState::Removed {
        return Ok(());
    }
    for id in withdrawals {
        let row = find(tx, *id)?;
        let next = row.standing(history(tx, row.id, None)?).by_hand(tx.now());
        let stands = standing_at(tx, &row)?;
        write(tx, &row, &next, stands.as_ref())?;
    }
    Ok(())
}
