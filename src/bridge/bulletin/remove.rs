//! An admin takes somebody off the list.

use serde_json::json;

use super::state::SubscriberState;
use super::subscriber::{bulletin_of, end, seek};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::{ChannelId, SubscriberId};
use crate::kit::stop::OrRefuse;
use crate::policy::{Action, Actor};

/// Takes a subscriber off the list, as if they had left: the address goes at once.
///
/// # Errors
/// Refused to everybody but admins; not found where there is no such subscriber.
pub fn remove_subscriber(
    tx: &mut Tx<'_>,
    actor: &Actor,
    bulletin: ChannelId,
    id: SubscriberId,
) -> Result<()> {
    bulletin_of(tx, bulletin)?;
    actor.may(&Action::ManageChannels)?;
    let row = seek(tx, id)?.filter(|row| row.channel == bulletin);
    let row = row.or_not_found()?;
    if row.state == SubscriberState::Left {
        return Ok(());
    }
    end(tx, id, SubscriberState::Left, "removed")?;
    audit::record(
        tx,
        actor,
        "bulletin.removed",
        subject("subscriber", id.0),
        json!({ "channel": bulletin.0 }),
        None,
    )
}
