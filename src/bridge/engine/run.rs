//! The loop: look for channels with something due, and serve each in a task of its own, so that a slow one holds up no
//! other.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Engine;
use super::claim::due;
use crate::kit::Result;
use crate::kit::ids::ChannelId;

/// How often a commit of this or another process is noticed.
const GLANCE: Duration = Duration::from_millis(100);
/// How many glances without a commit until the clock alone is reason enough to look: a second.
const PATIENCE: u32 = 10;
/// The most channels served side by side.
const SIDE_BY_SIDE: usize = 32;

/// Ends an engine's loop: what is under way is finished, nothing new is begun.
#[derive(Debug, Clone)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// A stopper, and what the loop listens to.
    #[must_use]
    pub fn new() -> (Self, watch::Receiver<bool>) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), receiver)
    }

    /// Ends the loop.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Engine {
    /// Serves channels until told to stop (or the stopper is gone), then finishes what is under way.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let busy: Arc<Mutex<HashSet<ChannelId>>> = Arc::default();
        let mut tasks = JoinSet::new();
        let (mut seen, mut glances) = (0, 0);
        loop {
            let commits = self.db().epoch();
            if commits != seen || glances >= PATIENCE {
                (seen, glances) = (commits, 0);
                if let Err(stop) = self.start_due(&busy, &mut tasks).await {
                    tracing::warn!(%stop, "the bridge could not look for work");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(GLANCE) => glances += 1,
                () = self.inner.wake.notified() => glances = PATIENCE,
                _ = tasks.join_next(), if !tasks.is_empty() => {}
                changed = stop.changed() => if changed.is_err() || *stop.borrow() { break },
            }
        }
        while tasks.join_next().await.is_some() {}
    }

    /// Starts a task for every channel that has something due and none yet.
    async fn start_due(
        &self,
        busy: &Arc<Mutex<HashSet<ChannelId>>>,
        tasks: &mut JoinSet<()>,
    ) -> Result<()> {
        for channel in self.db().read(due).await? {
            if tasks.len() >= SIDE_BY_SIDE {
                break;
            }
            if !locked(busy).insert(channel) {
                continue;
            }
            let (engine, busy) = (self.clone(), Arc::clone(busy));
            tasks.spawn(async move {
                let served = engine.serve_until_idle(channel).await;
                locked(&busy).remove(&channel);
                if let Err(stop) = served {
                    tracing::warn!(channel = channel.0, %stop, "the bridge could not serve a channel");
                }
            });
        }
        Ok(())
    }

    async fn serve_until_idle(&self, channel: ChannelId) -> Result<()> {
        while self.serve(channel).await? {}
        Ok(())
    }

    /// Serves everything that is due now, channel by channel, and answers how many things were done. For commands and
    /// tests that have no loop running.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub async fn serve_due(&self) -> Result<usize> {
        let mut done = 0;
        for channel in self.db().read(due).await? {
            while self.serve(channel).await? {
                done += 1;
            }
        }
        Ok(done)
    }
}

fn locked(busy: &Mutex<HashSet<ChannelId>>) -> std::sync::MutexGuard<'_, HashSet<ChannelId>> {
    busy.lock().unwrap_or_else(PoisonError::into_inner)
}
