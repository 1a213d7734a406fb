//! Trying again what was given up, after somebody mended what was wrong.

use serde_json::json;

use super::resolve::{extend, is_removed};
use super::{Row, find, history, lock, write};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::DeliveryId;
use crate::kit::stop::Refusal;
use crate::policy::{Action, Actor};

/// Puts a dead or expired delivery back: the same row, the same bytes, a new count of tries.
///
/// # Errors
/// Refused to everybody but publishers; wrong state where it is not given up, or was recalled.
pub fn requeue(tx: &mut Tx<'_>, actor: &Actor, id: DeliveryId) -> Result<Row> {
    find(tx, id)?;
    actor.may(&Action::ResolveDelivery)?;
    let row = lock(tx, id)?;
    let standing = row.standing(history(tx, id, None)?);
    if is_removed(tx, &row)? {
        return Err(Refusal::ChannelClosed.into());
    }
    let Some(next) = standing.requeued(tx.now()) else {
        return Err(Refusal::WrongState(row.state.as_str()).into());
    };
    extend(tx, &row, next.state)?;
    write(tx, &row, &next, None)?;
    audit::record(
        tx,
        actor,
        "delivery.requeued",
        subject("delivery", id.0),
        json!({}),
        None,
    )?;
    find(tx, id)
}
