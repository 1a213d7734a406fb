//! Step two: the last look (law 6). This transaction writes `sending` and the attempt; it commits before a byte leaves.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::claim::{Claimed, release};
use super::{Engine, LEASE, REQUEST, Started, Task};
use crate::bridge::adapter::Job;
use crate::bridge::budget;
use crate::bridge::channel::{self, Channel};
use crate::bridge::delivery::{self, Row, begin_attempt, history, standing_at, write};
use crate::bridge::machine::{Announced, Door, Pass};
use crate::bridge::state::{AttemptKind, Operation, State};
use crate::db::schema::{channels, deliveries};
use crate::db::{Lock, Tx};
use crate::kit::clock::{DAY, SECOND};
use crate::kit::event::{Gate, Origin};
use crate::kit::ids::AttemptId;
use crate::kit::{At, Result};
use crate::site;

impl Engine {
    /// Looks a last time and writes that it begins; `None` where it does not go out now.
    ///
    /// # Errors
    /// A fault where the database fails; nothing has left then, and the lease runs out.
    pub async fn begin(&self, claimed: Claimed) -> Result<Option<Task>> {
        let engine = self.clone();
        self.db().write(move |tx| start(&engine, tx, claimed)).await
    }
}

fn start(engine: &Engine, tx: &mut Tx<'_>, claimed: Claimed) -> Result<Option<Task>> {
    let origin = delivery::find(tx, claimed.delivery)?.origin();
    delivery::lock_origin(tx, &origin)?;
    let before = delivery::find(tx, claimed.delivery)?;
    // Asked first, since the answer takes locks that stand before ours. A withdrawal needs nobody's leave.
    let gate = match before.operation {
        Operation::Announce | Operation::Correct if before.state == State::Leased => {
            ask(tx, &origin)?
        }
        _ => Gate::Go,
    };
    tx.lock(Lock::Channel(claimed.channel))?;
    tx.lock(Lock::Delivery(claimed.delivery))?;
    let channel = channel::find(tx, claimed.channel)?;
    let row = delivery::find(tx, claimed.delivery)?;
    let now = tx.now();
    let held = row.lease_token == claimed.fence && channel.lease_token == claimed.fence;
    let in_time = row
        .leased_until
        .is_some_and(|until| now.plus(REQUEST) < until);
    if !held || !in_time || !matches!(row.state, State::Leased | State::Reconciling) {
        // Recalled, or overtaken: what is not ours is not touched.
        release(tx, claimed.channel, claimed.fence)?;
        return Ok(None);
    }
    let standing = row.standing(history(tx, row.id, None)?);
    let contract = engine.contract(&channel, row.operation);
    if row.state == State::Reconciling {
        let attempt = begin_attempt(tx, &row, AttemptKind::ReadBack, claimed.fence, None)?;
        let started = started(tx, &channel, &row, claimed.fence, attempt)?;
        return Ok(Some(Task::ReadBack(started)));
    }
    let door = Door {
        state: channel.state,
        stopped: site::outward_stopped(tx)?,
        pulse: channel.pulse(),
        free_at: free_at(tx, &channel)?,
    };
    let gate = budget::gate(tx, &channel, &row, gate)?;
    let stands = Sha256::digest(row.payload.as_bytes()).as_slice() == row.payload_hash;
    let announced = announced(tx, &row)?;
    match standing.gate(&contract, &gate, &door, announced, stands, now) {
        Pass::No(next) => {
            write(tx, &row, &next, None)?;
            release(tx, claimed.channel, claimed.fence)?;
            Ok(None)
        }
        Pass::Go => {
            diesel::update(deliveries::table.find(row.id))
                .set((
                    deliveries::state.eq(State::Sending),
                    deliveries::state_reason.eq(""),
                    deliveries::tries.eq(row.tries + 1),
                    deliveries::first_sent_at.eq(row.first_sent_at.unwrap_or(now)),
                    deliveries::leased_until.eq(now.plus(LEASE)),
                    deliveries::updated_at.eq(now),
                ))
                .execute(tx.conn)?;
            // Withdrawals do not use up the channel's pace.
            let last = match row.operation {
                Operation::Announce | Operation::Correct => Some(now),
                Operation::Withdraw => channel.last_sent_at,
            };
            diesel::update(channels::table.find(channel.id))
                .set((
                    channels::last_sent_at.eq(last),
                    channels::leased_until.eq(now.plus(LEASE)),
                ))
                .execute(tx.conn)?;
            let attempt = begin_attempt(tx, &row, AttemptKind::Send, claimed.fence, None)?;
            let started = started(tx, &channel, &row, claimed.fence, attempt)?;
            Ok(Some(Task::Send(started)))
        }
    }
}

/// Asks the room behind the delivery; the strictest answer counts.
pub(in crate::bridge) fn ask(tx: &mut Tx<'_>, origin: &Origin) -> Result<Gate> {
    let house = tx.house().clone();
    let mut strictest = Gate::Go;
    for joint in &house.joints.before_send {
        let answer = joint(tx, origin)?;
        strictest = match (strictest, answer) {
            (Gate::Cancel { reason }, _) | (_, Gate::Cancel { reason }) => Gate::Cancel { reason },
            (Gate::Hold { until, reason }, Gate::Hold { until: other, .. }) => Gate::Hold {
                until: until.max(other),
                reason,
            },
            (Gate::Hold { until, reason }, Gate::Go) | (Gate::Go, Gate::Hold { until, reason }) => {
                Gate::Hold { until, reason }
            }
            (Gate::Go, Gate::Go) => Gate::Go,
        };
    }
    Ok(strictest)
}

/// The next moment that the channel's gap and its cap of 24 hours leave open. Withdrawals count for neither.
fn free_at(tx: &mut Tx<'_>, channel: &Channel) -> Result<At> {
    let mut free = At(0);
    if let Some(last) = channel.last_sent_at.filter(|_| channel.min_gap_seconds > 0) {
        free = last.plus(channel.min_gap_seconds.saturating_mul(SECOND));
    }
    if channel.daily_cap > 0 {
        let day = tx.now().plus(-DAY);
        // With so many in the last 24 hours, the one that was that many ago has to be a day old first.
        let oldest: Option<Option<At>> = deliveries::table
            .filter(deliveries::channel_id.eq(channel.id))
            .filter(deliveries::operation.ne(Operation::Withdraw))
            .filter(deliveries::first_sent_at.gt(day))
            .order(deliveries::first_sent_at.desc())
            .offset(channel.daily_cap - 1)
            .select(deliveries::first_sent_at)
            .first(tx.conn)
            .optional()?;
        if let Some(first) = oldest.flatten() {
            free = free.max(first.plus(DAY));
        }
    }
    Ok(free)
}

/// Does what this corrects stand at the channel?
fn announced(tx: &mut Tx<'_>, row: &Row) -> Result<Announced> {
    if row.operation != Operation::Correct {
        return Ok(Announced::Yes);
    }
    Ok(match announcement(tx, row)? {
        None | Some((_, true) | (State::Cancelled, _)) => Announced::Never,
        Some((State::Sent, _)) => Announced::Yes,
        Some((State::Dead | State::Expired, _)) => Announced::Failed,
        Some(_) => Announced::NotYet,
    })
}

/// The announcement that a correction or withdrawal belongs to: its state, and whether it was recalled.
type Announcement = (State, bool);

fn announcement(tx: &mut Tx<'_>, row: &Row) -> Result<Option<Announcement>> {
    Ok(deliveries::table
        .filter(deliveries::origin_kind.eq(&row.origin_kind))
        .filter(deliveries::origin_id.eq(row.origin_id))
        .filter(deliveries::operation.eq(Operation::Announce))
        .order(deliveries::revision.desc())
        .select((deliveries::state, deliveries::recalled))
        .first(tx.conn)
        .optional()?)
}

fn started(
    tx: &mut Tx<'_>,
    channel: &Channel,
    row: &Row,
    fence: i64,
    attempt: AttemptId,
) -> Result<Started> {
    let announced = match row.operation {
        Operation::Announce => None,
        Operation::Correct | Operation::Withdraw => standing_at(tx, row)?,
    };
    let now = tx.now();
    Ok(Started {
        kind: channel.kind.clone(),
        attempt,
        job: Job {
            delivery: row.id,
            fence,
            operation: row.operation,
            origin: row.origin(),
            revision: row.revision,
            key: row.idempotency_key.clone(),
            code: row.code.clone(),
            payload: row.payload.clone(),
            to: channel.destination(tx)?,
            announced,
            started_at: now,
            first_sent_at: row.first_sent_at.unwrap_or(now),
            deadline: now.plus(LEASE - REQUEST),
            steady_deadline: tx.house().clock.steady() + LEASE - REQUEST,
        },
    })
}
