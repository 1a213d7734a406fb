//! Step four: the result is written where the lease is still ours. A worker that comes back too late leaves its word in
//! the history and changes nothing.

use diesel::prelude::*;

use super::claim::release;
use super::{Brought, Engine, Started, Task};
use crate::bridge::adapter::{Observed, Outcome, Remote, Seen};
use crate::bridge::channel::{self, shut};
use crate::bridge::delivery::{self, finish_attempt, history, mark_down, note_late, write};
use crate::bridge::machine::Next;
use crate::bridge::pace::Verdict;
use crate::bridge::state::{ChannelState, Ending, State};
use crate::db::schema::channels;
use crate::db::{Lock, Tx};
use crate::kit::Result;

impl Engine {
    /// Writes what a try brought; `false` where the lease was over and nothing was changed.
    ///
    /// # Errors
    /// A fault where the database fails; the outcome is then as unknown as if the process had died.
    pub async fn record(&self, task: &Task, brought: Brought) -> Result<bool> {
        let (engine, task) = (self.clone(), task.clone());
        self.db()
            .write(move |tx| settle(&engine, tx, &task, &brought))
            .await
    }
}

fn settle(engine: &Engine, tx: &mut Tx<'_>, task: &Task, brought: &Brought) -> Result<bool> {
    let (Task::Send(started) | Task::ReadBack(started)) = task;
    let job = &started.job;
    delivery::lock_origin(tx, &job.origin)?;
    tx.lock(Lock::Channel(job.to.channel))?;
    tx.lock(Lock::Delivery(job.delivery))?;
    let row = delivery::find(tx, job.delivery)?;
    let expected = match task {
        Task::Send(_) => State::Sending,
        Task::ReadBack(_) => State::Reconciling,
    };
    if row.lease_token != job.fence || row.state != expected {
        late(tx, started, brought)?;
        return Ok(false);
    }
    let (now, draw) = (tx.now(), engine.draw());
    let standing = row.standing(history(tx, row.id, Some(started.attempt))?);
    let channel = channel::find(tx, job.to.channel)?;
    let contract = engine.contract(&channel, row.operation);
    let next: Next;
    let mut found: Option<&Remote> = None;
    match brought {
        Brought::Observed(observed) => {
            next = standing.observed(&contract, &observed.outcome, now, draw);
            if let Outcome::Sent(remote) = &observed.outcome {
                found = Some(remote);
            }
            if observed.outcome == Outcome::OldIsDown {
                mark_down(tx, &row)?;
            }
            let ending = ending(&observed.outcome);
            finish_attempt(tx, started.attempt, ending, observed.status, &observed.note)?;
            note_pulse(tx, started, observed, draw)?;
        }
        Brought::Seen(seen) => {
            next = standing.seen(&contract, seen, now, draw);
            if let Seen::Present(remote) = seen {
                found = Some(remote);
            }
            // The second time in a row is when it is believed.
            let believed = next.state != State::Reconciling && next.state != State::NeedsHuman;
            let (ending, note) = match seen {
                Seen::Present(_) => (Ending::Present, ""),
                Seen::Absent if believed => (Ending::ConfirmedAbsent, ""),
                Seen::Absent => (Ending::Absent, ""),
                Seen::CannotTell(note) => (Ending::CannotTell, note.as_str()),
            };
            finish_attempt(tx, started.attempt, ending, None, note)?;
        }
    }
    write(tx, &row, &next, found)?;
    release(tx, job.to.channel, job.fence)?;
    Ok(true)
}

const fn ending(outcome: &Outcome) -> Ending {
    match outcome {
        Outcome::Sent(_) => Ending::Sent,
        Outcome::NotSent => Ending::NotSent,
        Outcome::Throttled(_) => Ending::Throttled,
        Outcome::Unauthorised => Ending::Unauthorised,
        Outcome::Rejected | Outcome::OldIsDown => Ending::Rejected,
        Outcome::Gone => Ending::Gone,
        Outcome::ByHand => Ending::ByHand,
        Outcome::SentBlind | Outcome::Duplicate | Outcome::Unknown(_) => Ending::Unknown,
    }
}

/// What an outcome means for the channel.
fn note_pulse(tx: &mut Tx<'_>, started: &Started, observed: &Observed, draw: f64) -> Result<()> {
    let id = started.job.to.channel;
    let before = channel::find(tx, id)?;
    let (pulse, verdict) = before.pulse().after(&observed.outcome, tx.now(), draw);
    let arrived = matches!(observed.outcome, Outcome::Sent(_) | Outcome::SentBlind);
    let success = if arrived {
        Some(tx.now())
    } else {
        before.last_success_at
    };
    diesel::update(channels::table.find(id))
        .set((
            channels::failures.eq(pulse.failures),
            channels::breaker_until.eq(pulse.until),
            channels::last_success_at.eq(success),
        ))
        .execute(tx.conn)?;
    if pulse.is_open() && !before.pulse().is_open() {
        tracing::warn!(
            channel = id.0,
            "five failures in a row: the channel is left alone for a while"
        );
    }
    let (state, note) = match verdict {
        Verdict::Fine => return Ok(()),
        Verdict::NeedsReauth => (ChannelState::NeedsReauth, "unauthorised"),
        Verdict::Disable => (ChannelState::Disabled, "gone"),
    };
    shut(tx, &before, state, note)
}

/// A worker whose lease was over: its word is kept, nothing else.
fn late(tx: &mut Tx<'_>, started: &Started, brought: &Brought) -> Result<()> {
    tracing::warn!(
        delivery = started.job.delivery.0,
        fence = started.job.fence,
        "a worker came back after its lease"
    );
    match brought {
        Brought::Observed(observed) => {
            let word = ending(&observed.outcome);
            note_late(
                tx,
                started.attempt,
                observed.status,
                &format!("{word} {}", observed.note),
            )
        }
        Brought::Seen(_) => Ok(()),
    }
}
