//! Taking back (law 7): everything unfinished stops, everything finished gets its withdrawal, in one transaction.

use diesel::prelude::*;

use super::{Row, find, history, write};
use crate::bridge::codes;
use crate::bridge::state::{Operation, State};
use crate::db::schema::deliveries;
use crate::db::{Lock, Tx};
use crate::kit::Result;
use crate::kit::event::Origin;
use crate::kit::ids::DeliveryId;

/// Takes back everything that this origin asked for. `reason` is a word for the list (`consent-withdrawn`).
///
/// What has not left is cancelled. What is being sent or may be there keeps its state and is marked: its withdrawal
/// opens when it turns out to be there. What is there gets its withdrawal now. The link code answers "gone" at once.
/// However often it was corrected, there is one withdrawal for it. Recalling twice changes nothing. The caller holds the
/// origin's own lock, and decided who may do this.
///
/// # Errors
/// A fault where the database fails.
pub fn recall(tx: &mut Tx<'_>, origin: &Origin, reason: &str) -> Result<()> {
    let ids: Vec<DeliveryId> = deliveries::table
        .filter(deliveries::origin_kind.eq(&origin.kind))
        .filter(deliveries::origin_id.eq(origin.id))
        .order(deliveries::id)
        .select(deliveries::id)
        .load(tx.conn)?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        tx.lock(Lock::Delivery(id))?;
        rows.push(find(tx, id)?);
    }
    // The newest first: its withdrawal is the one that takes down what stands there, and covers the others.
    rows.sort_by_key(|row| std::cmp::Reverse((row.revision, row.id)));
    for row in rows {
        take_back(tx, &row, reason)?;
    }
    codes::withdraw(tx, origin)
}

fn take_back(tx: &mut Tx<'_>, row: &Row, reason: &str) -> Result<()> {
    let standing = row.standing(history(tx, row.id, None)?);
    let Some(mut next) = standing.recall(tx.now()) else {
        return Ok(());
    };
    if matches!(next.state, State::Cancelled | State::Unknown) && !reason.is_empty() {
        next.why = reason.chars().take(80).collect();
    }
    // What somebody should have corrected by hand there is to be taken down there now: that is one thing to do, not two.
    let by_hand = row.state == State::NeedsHuman && row.state_reason == "by-hand";
    if by_hand && row.operation == Operation::Correct {
        next.state = State::Cancelled;
    }
    write(tx, row, &next, None)
}
