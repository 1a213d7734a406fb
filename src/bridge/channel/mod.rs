//! Channels: outward destinations, their secrets, and who holds them.

mod address;
mod change;
mod create;
mod grant;
mod listing;
mod overview;
mod pause;
mod remove;
mod secret;
mod shut;
mod token;
mod verify;

use diesel::prelude::*;
use serde_json::Value;

use super::adapter::Destination;
use super::kinds::{Kind, kind};
use super::pace::Pulse;
use super::state::ChannelState;
use crate::db::Tx;
use crate::db::schema::channels;
use crate::kit::ids::ChannelId;
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result, Stop};

pub use change::{Changes, change_channel};
pub use create::{NewChannel, create_channel, ensure_page};
pub use grant::{
    Holder, begin_grant, holder_of_member, holder_of_session, keep_application, keep_grant,
    take_grant,
};
pub use listing::{ChannelLine, channel, channels, health, warn_of_versions};
pub use overview::{Watch, overview, watch};
pub use pause::{pause, pause_all, resume, resume_all};
pub use remove::remove_channel;
pub use secret::{Made, check_keys, rotate_secret, seal_again, sealed_before, set_secret};
pub use token::remind_of_tokens;
pub use verify::{Verified, destination_to_verify, record_verification};

pub(super) use secret::{LOCKED, current_secret, exchange, is_locked, lock_up, open_secrets};
pub(super) use shut::{reopen, shut};
pub(super) use token::tell_keepers;
pub(super) use verify::{note_health, short};

/// A channel's row.
#[derive(Debug, Clone, Queryable)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// The word of its kind.
    pub kind: String,
    /// What people call it.
    pub name: String,
    /// Its settings, as its kind keeps them (JSON).
    pub config: String,
    pub(super) secret_sealed: Option<Vec<u8>>,
    /// The last four characters of its secret.
    pub secret_hint: String,
    /// When the secret was set.
    pub secret_set_at: Option<At>,
    /// Is it open?
    pub state: ChannelState,
    /// Why it is not.
    pub state_note: String,
    /// When it last answered a question.
    pub verified_at: Option<At>,
    /// Failures in a row.
    pub failures: i64,
    /// It is left alone until then.
    pub breaker_until: Option<At>,
    /// Seconds between two announcements.
    pub min_gap_seconds: i64,
    /// Announcements in 24 hours; 0 is no limit.
    pub daily_cap: i64,
    /// Seconds after its time that an announcement may still go out.
    pub max_lateness_seconds: i64,
    /// When something was last sent.
    pub last_sent_at: Option<At>,
    /// When something last arrived.
    pub last_success_at: Option<At>,
    /// Grows with every lease.
    pub lease_token: i64,
    /// A worker has it until then.
    pub leased_until: Option<At>,
    /// Its place in lists.
    pub position: i64,
    /// Counts its changes.
    pub revision: i64,
    /// When it was made.
    pub created_at: At,
    /// What the channel told us of itself (JSON).
    pub facts: String,
    /// When its token ends, where it does.
    pub token_expires_at: Option<At>,
    /// When the nightly round was here last.
    pub looked_at: Option<At>,
    pub(super) token_told_for: Option<At>,
    pub(super) token_told_days: i64,
    /// Why somebody paused it, where it is shut for another reason meanwhile.
    pub held_note: Option<String>,
}

impl Channel {
    /// The kind.
    ///
    /// # Errors
    /// A fault where the row names a kind that this version does not know.
    pub fn kind(&self) -> Result<&'static dyn Kind> {
        kind(&self.kind).ok_or_else(|| Stop::fault(format!("unknown channel kind {:?}", self.kind)))
    }

    /// Its settings as a value, with what the channel told us of itself under `facts`.
    ///
    /// # Errors
    /// A fault where the row is not JSON.
    pub fn settings(&self) -> Result<Value> {
        let mut settings: Value = serde_json::from_str(&self.config)?;
        let facts: Value = serde_json::from_str(&self.facts)?;
        if let Some(map) = settings.as_object_mut() {
            map.insert("facts".to_owned(), facts);
        }
        Ok(settings)
    }

    pub(super) const fn pulse(&self) -> Pulse {
        Pulse {
            failures: self.failures,
            until: self.breaker_until,
        }
    }

    /// As its adapter sees it, secrets opened.
    pub(super) fn destination(&self, tx: &Tx<'_>) -> Result<Destination> {
        Ok(Destination {
            channel: self.id,
            config: self.settings()?,
            secrets: open_secrets(tx, self)?,
        })
    }
}

/// A channel that must be there.
pub(super) fn find(tx: &mut Tx<'_>, id: ChannelId) -> Result<Channel> {
    let found: Option<Channel> = channels::table.find(id).first(tx.conn).optional()?;
    found.or_not_found()
}

/// A channel that must be there and in use.
pub(super) fn find_in_use(tx: &mut Tx<'_>, id: ChannelId) -> Result<Channel> {
    let channel = find(tx, id)?;
    if channel.state == ChannelState::Removed {
        return Err(crate::kit::Refusal::Gone.into());
    }
    Ok(channel)
}
