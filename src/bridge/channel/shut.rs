//! Shutting a channel because of what it answered, and opening it again. A pause is somebody's decision: it outlives
//! both, and only a person ends it.

use diesel::prelude::*;

use super::{Channel, tell_keepers};
use crate::bridge::state::ChannelState;
use crate::db::Tx;
use crate::db::schema::channels;
use crate::kit::Result;

/// Shuts a channel until a person looks, and tells who keeps it the first time. The channel is locked.
pub(in crate::bridge) fn shut(
    tx: &mut Tx<'_>,
    before: &Channel,
    state: ChannelState,
    note: &str,
) -> Result<()> {
    if before.state == ChannelState::Removed {
        return Ok(());
    }
    let held = match before.state {
        ChannelState::Paused => Some(before.state_note.clone()),
        _ => before.held_note.clone(),
    };
    diesel::update(channels::table.find(before.id))
        .set((
            channels::state.eq(state),
            channels::state_note.eq(note),
            channels::held_note.eq(held),
        ))
        .execute(tx.conn)?;
    if before.state == state {
        return Ok(());
    }
    tracing::warn!(channel = before.id.0, state = %state, "a person has to look at this channel");
    tell_keepers(tx, before, "channel-needs-person", 0)
}

/// Opens a channel that was shut; one that somebody paused before goes back to its pause.
pub(in crate::bridge) fn reopen(tx: &mut Tx<'_>, before: &Channel) -> Result<()> {
    if !matches!(
        before.state,
        ChannelState::NeedsReauth | ChannelState::Disabled
    ) {
        return Ok(());
    }
    let (state, note) = match &before.held_note {
        Some(note) => (ChannelState::Paused, note.as_str()),
        None => (ChannelState::Open, ""),
    };
    diesel::update(channels::table.find(before.id))
        .set((
            channels::state.eq(state),
            channels::state_note.eq(note),
            channels::held_note.eq(None::<String>),
        ))
        .execute(tx.conn)?;
    Ok(())
}
