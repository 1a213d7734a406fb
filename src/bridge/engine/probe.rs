//! Asking a channel how it is: before anything is sent to one that has been failing, and when an admin wants to know.

use diesel::prelude::*;

use super::Engine;
use super::claim::{Probe, release};
use crate::bridge::adapter::{Destination, Health};
use crate::bridge::channel::{
    self, LOCKED, Verified, destination_to_verify, is_locked, note_health, record_verification,
};
use crate::db::schema::channels;
use crate::db::{Lock, Tx};
use crate::kit::Result;
use crate::kit::ids::ChannelId;
use crate::policy::Actor;

impl Engine {
    /// Asks a channel how it is and writes the answer down. Nothing is posted.
    ///
    /// # Errors
    /// Refused to everybody but admins; gone where it was removed.
    pub async fn verify(&self, actor: &Actor, id: ChannelId) -> Result<Verified> {
        let who = actor.clone();
        let (kind, destination, locked) = self
            .db()
            .read(move |tx| {
                let (kind, destination) = destination_to_verify(tx, &who, id)?;
                let known = channel::find(tx, id)?;
                let locked = is_locked(tx, &known);
                Ok((kind, destination, locked))
            })
            .await?;
        // There is nothing to ask with.
        let health = if locked {
            Health::Unauthorised(LOCKED.to_owned())
        } else {
            self.health(&kind, &destination).await
        };
        let who = actor.clone();
        self.db()
            .write(move |tx| record_verification(tx, &who, id, &health))
            .await
    }

    /// Asks a failing channel under its lease.
    ///
    /// # Errors
    /// A fault where the database fails; the lease runs out then.
    pub async fn probe(&self, probe: Probe) -> Result<()> {
        let health = self.health(&probe.kind, &probe.destination).await;
        let (id, fence, draw) = (probe.channel, probe.fence, self.draw());
        self.db()
            .write(move |tx| {
                tx.lock(Lock::Channel(id))?;
                let before = channel::find(tx, id)?;
                if before.lease_token != fence {
                    return Ok(());
                }
                note_health(tx, &before, &health)?;
                if matches!(health, Health::Bad(_)) {
                    rest(tx, id, before.pulse().failed(tx.now(), draw))?;
                }
                release(tx, id, fence)
            })
            .await
    }

    async fn health(&self, kind: &str, destination: &Destination) -> Health {
        match self.adapter(kind) {
            Some(adapter) => adapter.verify(destination).await,
            None => Health::Bad("no adapter carries this kind".to_owned()),
        }
    }
}

fn rest(tx: &mut Tx<'_>, id: ChannelId, pulse: crate::bridge::pace::Pulse) -> Result<()> {
    diesel::update(channels::table.find(id))
        .set((
            channels::failures.eq(pulse.failures),
            channels::breaker_until.eq(pulse.until),
        ))
        .execute(tx.conn)?;
    Ok(())
}
