//! Channels that nobody speaks through keep their tokens: a vendor renews one that still holds, and none that is over.
//! Asking such a channel how it is renews on the way what ends soon.

use diesel::prelude::*;
use serde_json::json;

use super::Engine;
use crate::bridge::state::ChannelState;
use crate::db::schema::channels;
use crate::db::{Tx, jobs};
use crate::kit::clock::DAY;
use crate::kit::ids::ChannelId;
use crate::kit::{At, Result};
use crate::policy::Actor;

/// The job that renews what ends soon.
pub const RENEW: &str = "bridge-renew";

/// A token that ends within this is looked after every day, in microseconds. No vendor renews longer before.
const SOON: i64 = 7 * DAY;
/// Whoever asks.
const KEEPER: Actor = Actor::System("bridge");

/// Channels that speak, or would if they were not paused, with a token that ends soon and has not ended.
fn ending(tx: &mut Tx<'_>) -> Result<Vec<ChannelId>> {
    let now = tx.now();
    let states = [ChannelState::Open, ChannelState::Paused];
    Ok(channels::table
        .filter(channels::state.eq_any(states))
        .filter(channels::token_expires_at.between(now, now.plus(SOON)))
        .order(channels::id)
        .select(channels::id)
        .load(tx.conn)?)
}

/// Plans the asking, once a day however many nodes look, where a token ends soon.
///
/// # Errors
/// A fault where the database fails.
pub fn renew_soon(tx: &mut Tx<'_>) -> Result<()> {
    if ending(tx)?.is_empty() {
        return Ok(());
    }
    let now: At = tx.now();
    let key = format!("{RENEW} {}", now.0 / DAY);
    jobs::enqueue_at(tx, RENEW, &json!({}), now, Some(&key))
}

impl Engine {
    /// Asks every channel whose token ends soon how it is; answers how many there were. What an answer says of the
    /// channel is written down as if an admin had asked.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub async fn renew_idle(&self) -> Result<usize> {
        let ending = self.db().read(ending).await?;
        for id in &ending {
            self.verify(&KEEPER, *id).await?;
        }
        Ok(ending.len())
    }
}
