//! Dropping a delivery that has not left.

use serde_json::json;

use super::{Row, find, history, lock, write};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::DeliveryId;
use crate::kit::stop::Refusal;
use crate::policy::{Action, Actor};

/// Cancels a delivery that waits or was given up. One that may have arrived before is first found out about.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins; wrong state where it has left, or its outcome is open.
pub fn cancel(tx: &mut Tx<'_>, actor: &Actor, id: DeliveryId, reason: &str) -> Result<Row> {
    find(tx, id)?;
    actor.may(&Action::WithdrawAnnouncement)?;
    let row = lock(tx, id)?;
    let standing = row.standing(history(tx, id, None)?);
    let Some(next) = standing.cancelled(tx.now()) else {
        return Err(Refusal::WrongState(row.state.as_str()).into());
    };
    write(tx, &row, &next, None)?;
    let about = subject("delivery", id.0);
    audit::record(
        tx,
        actor,
        "delivery.cancelled",
        about,
        json!({}),
        Some(reason),
    )?;
    find(tx, id)
}
