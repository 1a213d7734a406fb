//! Planning a delivery: from here on its words do not change.

use super::open::{Fresh, open};
use crate::bridge::channel;
use crate::bridge::message::{Notice, Plan};
use crate::bridge::state::{ChannelState, Operation};
use crate::db::Tx;
use crate::kit::ids::DeliveryId;
use crate::kit::stop::Refusal;
use crate::kit::{Result, Stop};

/// Plans a delivery for a time; a time that has passed means at once. Who may do this is decided by the room that
/// asks, in the same transaction.
///
/// # Errors
/// [`Refusal::ChannelClosed`] where the channel takes nothing; wrong state where this operation of this revision is
/// planned already; invalid where the message is too long for the channel.
pub fn plan(tx: &mut Tx<'_>, plan: &Plan<'_>) -> Result<DeliveryId> {
    if plan.operation == Operation::Withdraw {
        return Err(Stop::fault("withdrawals are opened by recalling"));
    }
    let channel = channel::find(tx, plan.channel)?;
    // A paused channel takes plans: they wait, and come too late if it stays paused for too long.
    if !matches!(channel.state, ChannelState::Open | ChannelState::Paused) {
        return Err(Refusal::ChannelClosed.into());
    }
    let fresh = Fresh {
        origin: plan.origin.clone(),
        channel: &channel,
        operation: plan.operation,
        revision: plan.revision,
        message: Some(plan.message),
        code: &plan.message.code,
        link: None,
        planned_at: plan.planned_at,
    };
    open(tx, &fresh)?.ok_or_else(|| Refusal::WrongState("planned-already").into())
}

/// Plans a message without words, to go out at once. Planning one of the same number again changes nothing.
///
/// # Errors
/// [`Refusal::ChannelClosed`] where the channel takes nothing.
pub fn notify(tx: &mut Tx<'_>, notice: &Notice) -> Result<Option<DeliveryId>> {
    let channel = channel::find(tx, notice.channel)?;
    if !matches!(channel.state, ChannelState::Open | ChannelState::Paused) {
        return Err(Refusal::ChannelClosed.into());
    }
    let fresh = Fresh {
        origin: notice.origin.clone(),
        channel: &channel,
        operation: Operation::Announce,
        revision: notice.number,
        message: None,
        code: "",
        link: Some(tx.link(&notice.path)),
        planned_at: tx.now(),
    };
    open(tx, &fresh)
}
