//! Other systems of the organisation learn by webhook that something stands in the library: its id and its address, no
//! word of it. When it leaves the library they learn that as well.

use super::approve;
use super::highlight::{self, Highlight};
use super::state::State;
use crate::bridge::{self, ChannelState, Notice, Role};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::event::{Gate, Origin};
use crate::kit::ids::HighlightId;

/// The word by which the bridge knows these messages.
pub(super) const APPROVAL: &str = "approval";

fn origin(id: HighlightId) -> Origin {
    Origin {
        kind: APPROVAL.to_owned(),
        id: id.0,
    }
}

/// Plans the message at every open webhook.
pub(super) fn tell_systems(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<()> {
    let origin = origin(highlight.id);
    // Each is a delivery of its own, told apart by its number; they never follow one another as corrections do.
    let mut number = bridge::deliveries_of(tx, &origin)?
        .iter()
        .map(|d| d.revision)
        .max()
        .unwrap_or(0);
    for channel in bridge::channels(tx)? {
        let role = bridge::kind(&channel.kind).map(|kind| kind.manner().role);
        if role != Some(Role::Systems) || channel.state != ChannelState::Open {
            continue;
        }
        number += 1;
        bridge::notify(
            tx,
            &Notice {
                origin: origin.clone(),
                channel: channel.id,
                number,
                path: format!("/outreach/library/{}", highlight.id),
            },
        )?;
    }
    Ok(())
}

/// It does not stand in the library any more.
pub(super) fn call_back(tx: &mut Tx<'_>, id: HighlightId, reason: &str) -> Result<()> {
    bridge::recall(tx, &origin(id), reason)
}

/// Law 6, for a message without words: it says that something stands in the library, so it has to stand there.
pub(super) fn before_send(tx: &mut Tx<'_>, origin: &Origin) -> Result<Gate> {
    let highlight = highlight::find(tx, HighlightId(origin.id))?;
    if highlight.state == State::Approved && approve::binds(tx, &highlight)? {
        return Ok(Gate::Go);
    }
    Ok(Gate::Cancel {
        reason: "not-approved".to_owned(),
    })
}
