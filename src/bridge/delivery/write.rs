//! The one place where a delivery's state is written, so that nothing is forgotten: the withdrawal that has to follow,
//! the channel that is given up, and the room that asked.

use diesel::prelude::*;

use super::Row;
use super::open::open_withdrawal;
use crate::bridge::adapter::Remote;
use crate::bridge::channel::{self, shut};
use crate::bridge::machine::Next;
use crate::bridge::state::{ChannelState, Operation, State};
use crate::db::Tx;
use crate::db::schema::deliveries;
use crate::kit::{At, Event, Result};

/// Where a post was found, if it was.
pub(in crate::bridge) type Found<'r> = Option<&'r Remote>;

/// Writes a delivery's next state. The delivery is locked.
pub(in crate::bridge) fn write(
    tx: &mut Tx<'_>,
    row: &Row,
    next: &Next,
    found: Found<'_>,
) -> Result<()> {
    let settled = next.state.is_settled().then(|| tx.now());
    diesel::update(deliveries::table.find(row.id))
        .set((
            deliveries::state.eq(next.state),
            deliveries::state_reason.eq(&next.why),
            deliveries::recalled.eq(next.recalled),
            deliveries::next_at.eq(next.at),
            deliveries::tries.eq(next.tries),
            deliveries::checks.eq(next.checks),
            deliveries::updated_at.eq(tx.now()),
            deliveries::settled_at.eq(settled),
        ))
        .execute(tx.conn)?;
    if next.state != State::Sending {
        diesel::update(deliveries::table.find(row.id))
            .set(deliveries::leased_until.eq(None::<At>))
            .execute(tx.conn)?;
    }
    if let Some(remote) = found {
        diesel::update(deliveries::table.find(row.id))
            .set((
                deliveries::remote_id.eq(remote.id.as_ref().or(row.remote_id.as_ref())),
                deliveries::remote_url.eq(remote.url.as_ref().or(row.remote_url.as_ref())),
            ))
            .execute(tx.conn)?;
    }
    if next.withdraw {
        open_withdrawal(tx, row)?;
    }
    if next.gives_up_channel {
        let before = channel::find(tx, row.channel_id)?;
        if matches!(before.state, ChannelState::Open | ChannelState::Paused) {
            shut(tx, &before, ChannelState::Disabled, "tries")?;
        }
    }
    if next.state == row.state {
        return Ok(());
    }
    tell(tx, row, next, found)
}

/// Tells the room that asked, where it has to know.
fn tell(tx: &mut Tx<'_>, row: &Row, next: &Next, found: Found<'_>) -> Result<()> {
    let state = match (row.operation, next.state) {
        (Operation::Withdraw, State::Sent) => "withdrawn",
        (_, State::Sent | State::Dead | State::Cancelled | State::Expired | State::NeedsHuman) => {
            next.state.as_str()
        }
        _ => return Ok(()),
    };
    let url = found
        .and_then(|remote| remote.url.clone())
        .or_else(|| row.remote_url.clone());
    tx.tell(&Event::DeliverySettled {
        origin: row.origin(),
        operation: row.operation.as_str().to_owned(),
        state: state.to_owned(),
        url,
    })
}
