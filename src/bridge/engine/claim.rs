//! Step one: a worker takes a channel and, under its lease, one delivery. What a lost worker left is settled first.

use diesel::prelude::*;

use super::{Engine, LEASE};
use crate::bridge::adapter::Destination;
use crate::bridge::channel::{self, Channel, LOCKED, is_locked, lock_up};
use crate::bridge::delivery::{self, Row, history, write};
use crate::bridge::state::{ChannelState, Operation, State};
use crate::db::schema::{channels, deliveries};
use crate::db::{Lock, Tx};
use crate::kit::ids::{ChannelId, DeliveryId};
use crate::kit::{At, Result};
use crate::site;

/// What a worker may do now.
#[derive(Debug)]
pub enum Claim {
    /// Nothing is due, or another worker has the channel.
    Nothing,
    /// Something moved on without anything to send; look again.
    Moved,
    /// The channel has been failing: ask how it is before anything is sent.
    Probe(Probe),
    /// This delivery.
    Delivery(Claimed),
}

/// A delivery under a lease.
#[derive(Debug, Clone, Copy)]
pub struct Claimed {
    /// The channel whose lease it is.
    pub channel: ChannelId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// The lease's number.
    pub fence: i64,
}

/// A question to a channel under a lease.
#[derive(Debug)]
pub struct Probe {
    /// The channel.
    pub channel: ChannelId,
    /// The lease's number.
    pub fence: i64,
    pub(super) kind: String,
    pub(super) destination: Destination,
}

/// The states that wait for a worker.
const FOR_WORKERS: [State; 5] = [
    State::Planned,
    State::Queued,
    State::RetryWait,
    State::Unknown,
    State::Reconciling,
];

/// The states in which a worker has it.
const WITH_WORKERS: [State; 2] = [State::Leased, State::Sending];

/// Channels at which something is due, or at which a worker was lost.
pub(super) fn due(tx: &mut Tx<'_>) -> Result<Vec<ChannelId>> {
    let now = tx.now();
    let waiting = deliveries::state
        .eq_any(FOR_WORKERS)
        .and(deliveries::next_at.le(now));
    let is_lost = deliveries::state
        .eq_any(WITH_WORKERS)
        .and(deliveries::leased_until.lt(now));
    let candidates: Vec<ChannelId> = deliveries::table
        .inner_join(channels::table)
        .filter(waiting.or(is_lost))
        .filter(
            channels::leased_until
                .is_null()
                .or(channels::leased_until.lt(now)),
        )
        .select(deliveries::channel_id)
        .distinct()
        .limit(200)
        .load(tx.conn)?;
    // What waits at a closed channel is no reason to write.
    let mut channels = Vec::new();
    for id in candidates {
        if lost(tx, id)?.is_some() || next(tx, id)?.is_some() {
            channels.push(id);
        }
    }
    Ok(channels)
}

impl Engine {
    /// Takes the channel and what is due there.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub async fn claim(&self, channel: ChannelId) -> Result<Claim> {
        let engine = self.clone();
        self.db().write(move |tx| take(&engine, tx, channel)).await
    }
}

fn take(engine: &Engine, tx: &mut Tx<'_>, id: ChannelId) -> Result<Claim> {
    let now = tx.now();
    let candidate = match lost(tx, id)? {
        Some(row) => Some(row),
        None => next(tx, id)?,
    };
    let Some(row) = candidate else {
        return Ok(Claim::Nothing);
    };
    delivery::lock_origin(tx, &row.origin())?;
    tx.lock(Lock::Channel(id))?;
    let channel = channel::find(tx, id)?;
    if channel.leased_until.is_some_and(|until| now <= until) {
        return Ok(Claim::Nothing);
    }
    tx.lock(Lock::Delivery(row.id))?;
    let row = delivery::find(tx, row.id)?;
    if WITH_WORKERS.contains(&row.state) {
        // The lease of its channel is over, so whoever had it is gone or frozen, and cannot write any more.
        let standing = row.standing(history(tx, row.id, None)?);
        let contract = engine.contract(&channel, row.operation);
        let next = standing.lease_lost(&contract, now, engine.draw());
        tracing::warn!(delivery = row.id.0, state = %row.state, next = %next.state, "a worker was lost");
        write(tx, &row, &next, None)?;
        return Ok(Claim::Moved);
    }
    if !FOR_WORKERS.contains(&row.state) || row.next_at > now {
        return Ok(Claim::Moved);
    }
    if row.state == State::Unknown {
        // Recalled or cancelled while it might be there already: the classes part here.
        let standing = row.standing(history(tx, row.id, None)?);
        let contract = engine.contract(&channel, row.operation);
        let next = standing.unsure(&contract, now, None, engine.draw());
        write(tx, &row, &next, None)?;
        return Ok(Claim::Moved);
    }
    if is_locked(tx, &channel) {
        // What is due waits for the secret; what may be there already is a person's to find out, since nobody can ask.
        if row.state == State::Reconciling {
            let standing = row.standing(history(tx, row.id, None)?);
            write(tx, &row, &standing.locked(now), None)?;
        }
        let known = channel.state == ChannelState::NeedsReauth && channel.state_note == LOCKED;
        if !known {
            lock_up(tx, &channel)?;
        }
        return Ok(Claim::Moved);
    }
    if channel.pulse().rests(now) {
        hold(tx, &channel)?;
        return Ok(Claim::Nothing);
    }
    let fence = lease(tx, &channel)?;
    if channel.pulse().is_open() {
        return Ok(Claim::Probe(Probe {
            channel: id,
            fence,
            kind: channel.kind.clone(),
            destination: channel.destination(tx)?,
        }));
    }
    let state = match row.state {
        State::Reconciling => State::Reconciling,
        _ => State::Leased,
    };
    diesel::update(deliveries::table.find(row.id))
        .set((
            deliveries::state.eq(state),
            deliveries::lease_token.eq(fence),
            deliveries::leased_until.eq(now.plus(LEASE)),
            deliveries::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    Ok(Claim::Delivery(Claimed {
        channel: id,
        delivery: row.id,
        fence,
    }))
}

/// What a worker has whose lease is over.
fn lost(tx: &mut Tx<'_>, id: ChannelId) -> Result<Option<Row>> {
    Ok(deliveries::table
        .filter(deliveries::channel_id.eq(id))
        .filter(deliveries::state.eq_any(WITH_WORKERS))
        .filter(deliveries::leased_until.lt(tx.now()))
        .order(deliveries::id)
        .first(tx.conn)
        .optional()?)
}

/// The next delivery that this channel takes in its present state. Withdrawals come first.
fn next(tx: &mut Tx<'_>, id: ChannelId) -> Result<Option<Row>> {
    let state: ChannelState = channels::table
        .find(id)
        .select(channels::state)
        .first(tx.conn)?;
    let stopped = site::outward_stopped(tx)?;
    let due = |tx: &mut Tx<'_>, states: &[State], withdraws: bool| -> Result<Option<Row>> {
        let query = deliveries::table
            .filter(deliveries::channel_id.eq(id))
            .filter(deliveries::state.eq_any(states.to_vec()))
            .filter(deliveries::next_at.le(tx.now()))
            .order((deliveries::next_at, deliveries::id));
        let found = if withdraws {
            query
                .filter(deliveries::operation.eq(Operation::Withdraw))
                .first(tx.conn)
                .optional()?
        } else {
            query.first(tx.conn).optional()?
        };
        Ok(found)
    };
    // Finding out what became of something sends nothing: it happens whatever the channel's state.
    let open_questions = [State::Unknown, State::Reconciling];
    if let Some(row) = due(tx, &open_questions, false)? {
        return Ok(Some(row));
    }
    match state {
        ChannelState::Open | ChannelState::Paused => {}
        ChannelState::NeedsReauth | ChannelState::Disabled | ChannelState::Removed => {
            return Ok(None);
        }
    }
    let sendable = [State::Queued, State::Planned, State::RetryWait];
    if let Some(row) = due(tx, &sendable, true)? {
        return Ok(Some(row));
    }
    if state == ChannelState::Paused || stopped {
        return Ok(None);
    }
    due(tx, &sendable, false)
}

/// Takes the channel's lease and answers its number.
fn lease(tx: &mut Tx<'_>, channel: &Channel) -> Result<i64> {
    Ok(diesel::update(channels::table.find(channel.id))
        .set((
            channels::lease_token.eq(channels::lease_token + 1),
            channels::leased_until.eq(tx.now().plus(LEASE)),
        ))
        .returning(channels::lease_token)
        .get_result(tx.conn)?)
}

/// What waits at a resting channel need not be looked at before the rest is over.
fn hold(tx: &mut Tx<'_>, channel: &Channel) -> Result<()> {
    let Some(until) = channel.breaker_until else {
        return Ok(());
    };
    let waiting = deliveries::table
        .filter(deliveries::channel_id.eq(channel.id))
        .filter(deliveries::state.eq_any([
            State::Queued,
            State::Planned,
            State::RetryWait,
            State::Reconciling,
        ]))
        .filter(deliveries::next_at.le(tx.now()));
    diesel::update(waiting)
        .set(deliveries::next_at.eq(until.plus(1)))
        .execute(tx.conn)?;
    Ok(())
}

/// Lets the channel go, if this lease still holds it.
pub(super) fn release(tx: &mut Tx<'_>, channel: ChannelId, fence: i64) -> Result<()> {
    let mine = channels::table
        .filter(channels::id.eq(channel))
        .filter(channels::lease_token.eq(fence));
    diesel::update(mine)
        .set(channels::leased_until.eq(None::<At>))
        .execute(tx.conn)?;
    Ok(())
}
