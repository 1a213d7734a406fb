//! Taking a channel out of use. Its row stays for the history; its secret goes, and the account's
//! address stays for whoever has to take something down there.

use diesel::prelude::*;
use serde_json::json;

use super::{Channel, find_in_use};
use crate::audit::{self, subject};
use crate::bridge::state::{ChannelState, State};
use crate::db::schema::{channels, deliveries};
use crate::db::{Lock, Tx};
use crate::kit::ids::ChannelId;
use crate::kit::stop::Refusal;
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// Takes a channel out of use, once nothing is on its way to it: what waits is to be recalled or cancelled first, so
/// that nothing that was planned disappears without a word.
///
/// # Errors
/// Refused to everybody but admins; wrong state while deliveries are unfinished.
pub fn remove_channel(tx: &mut Tx<'_>, actor: &Actor, id: ChannelId) -> Result<()> {
    find_in_use(tx, id)?;
    actor.may(&Action::ManageChannels)?;
    tx.lock(Lock::Channel(id))?;
    let before = find_in_use(tx, id)?;
    let settled: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| state.is_settled())
        .collect();
    let unfinished: i64 = deliveries::table
        .filter(deliveries::channel_id.eq(id))
        .filter(deliveries::state.ne_all(settled))
        .count()
        .get_result(tx.conn)?;
    if unfinished > 0 {
        return Err(Refusal::WrongState("unfinished-deliveries").into());
    }
    diesel::update(channels::table.find(id))
        .set((
            channels::state.eq(ChannelState::Removed),
            channels::state_note.eq(""),
            channels::secret_sealed.eq(None::<Vec<u8>>),
            channels::secret_hint.eq(""),
            channels::config.eq("{}"),
            channels::facts.eq(account(&before)?),
            channels::held_note.eq(None::<String>),
            channels::token_expires_at.eq(None::<At>),
            channels::revision.eq(channels::revision + 1),
        ))
        .execute(tx.conn)?;
    audit::record(
        tx,
        actor,
        "channel.removed",
        subject("channel", id.0),
        json!({}),
        None,
    )
}

/// Whose account it was: whoever has to take something down there by hand must still find it.
fn account(channel: &Channel) -> Result<String> {
    let settings = channel.settings()?;
    let mut kept = serde_json::Map::new();
    if let Some(name) = settings["facts"]["account"].as_str() {
        kept.insert("account".to_owned(), name.into());
    }
    if let Some(url) = channel.kind()?.account_url(&settings) {
        kept.insert("account_url".to_owned(), url.into());
    }
    Ok(serde_json::to_string(&kept)?)
}
