//! The engine: carries deliveries to their channels, one at a time per channel, side by side over channels and nodes.
//!
//! A delivery goes through four steps, each a transaction of its own but the third:
//! 1. [`claim`](Engine::claim): take the channel's lease, and the delivery under it. Whatever a lost worker left is
//!    found here.
//! 2. [`begin`](Engine::begin): the last look at every gate; writes `sending` and the attempt, and commits.
//! 3. [`carry`](Engine::carry): the bytes leave.
//! 4. [`record`](Engine::record): writes the result, if the lease is still ours.
//!
//! A process can die between any two of them, or freeze and come back; the steps are public so that tests can do that.
//! Leases are compared with each node's own clock, so nodes must agree on the time to within some seconds (NTP).

mod begin;
mod claim;
mod grant;
mod idle;
mod look;
mod probe;
mod record;
mod run;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::sync::Notify;

use super::adapter::{Adapter, Adapters, Contract, Job, Observed, Seen};
use super::channel::Channel;
use super::pace::Retry;
use super::state::{Class, Operation};
use crate::db::Db;
use crate::kit::clock::SECOND;
use crate::kit::ids::{AttemptId, ChannelId};
use crate::kit::{Result, token};

pub(super) use begin::ask;
pub use claim::{Claim, Claimed, Probe};
pub use grant::{CALLBACK, Invited, Parting, Redeemed, Returned};
pub use idle::{RENEW, renew_soon};
pub use look::{LOOK, look_tonight};
pub use run::Stopper;

/// How long a lease lasts: longer than the slowest request and everything around it.
pub const LEASE: i64 = 90 * SECOND;
/// How long before its end no byte may begin to leave: the longest that a request takes, and some more.
pub const REQUEST: i64 = 40 * SECOND;

/// What is to be done with a claimed delivery once its lease and its attempt are committed.
#[derive(Debug, Clone)]
pub enum Task {
    /// Bytes leave.
    Send(Started),
    /// The channel is asked for it.
    ReadBack(Started),
}

/// A try that has been written down.
#[derive(Debug, Clone)]
pub struct Started {
    /// What to carry.
    pub job: Job,
    /// The word of the channel's kind.
    pub kind: String,
    /// Its row in the history.
    pub attempt: AttemptId,
}

/// What a try brought.
#[derive(Debug, Clone)]
pub enum Brought {
    /// Of sending.
    Observed(Observed),
    /// Of asking.
    Seen(Seen),
}

/// Carries deliveries. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    adapters: Adapters,
    chance: Mutex<StdRng>,
    wake: Notify,
}

impl Engine {
    /// An engine over these adapters.
    #[must_use]
    pub fn new(db: Db, adapters: Adapters) -> Self {
        let (_, seed) = token::random_token();
        Self::seeded(db, adapters, seed)
    }

    /// An engine whose jitter follows from a seed.
    #[must_use]
    pub fn seeded(db: Db, adapters: Adapters, seed: [u8; 32]) -> Self {
        let inner = Inner {
            db,
            adapters,
            chance: Mutex::new(StdRng::from_seed(seed)),
            wake: Notify::new(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Looks for work now instead of up to a second later.
    pub fn wake(&self) {
        self.inner.wake.notify_one();
    }

    fn db(&self) -> &Db {
        &self.inner.db
    }

    fn adapter(&self, kind: &str) -> Option<&Arc<dyn Adapter>> {
        self.inner.adapters.of(kind)
    }

    /// What can be promised for an operation at a channel. Where there is no adapter nothing is.
    fn contract(&self, channel: &Channel, operation: Operation) -> Contract {
        let config = channel.settings().unwrap_or_default();
        self.adapter(&channel.kind).map_or(
            Contract {
                class: Class::C,
                reads_back: false,
                key_lifetime: 0,
                retry: Retry::Jitter,
            },
            |adapter| adapter.contract(operation, &config),
        )
    }

    fn draw(&self) -> f64 {
        let mut chance = self
            .inner
            .chance
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        chance.random_range(0.0..1.0)
    }

    /// Does one thing at this channel, if anything is due: a delivery, a look back, or a question how it is.
    /// Answers whether there was anything to do.
    ///
    /// # Errors
    /// A fault where the database fails; whatever was begun is found again by its lease.
    pub async fn serve(&self, channel: ChannelId) -> Result<bool> {
        let claim = match self.claim(channel).await? {
            Claim::Nothing => return Ok(false),
            Claim::Moved => return Ok(true),
            Claim::Probe(probe) => {
                self.probe(probe).await?;
                return Ok(true);
            }
            Claim::Delivery(claimed) => claimed,
        };
        let Some(task) = self.begin(claim).await? else {
            return Ok(true);
        };
        let brought = self.carry(&task).await;
        self.record(&task, brought).await?;
        Ok(true)
    }

    /// Lets the bytes leave, or asks for them.
    pub async fn carry(&self, task: &Task) -> Brought {
        match task {
            Task::Send(started) => {
                let Some(adapter) = self.adapter(&started.kind) else {
                    let note = "no adapter carries this kind";
                    return Brought::Observed(Observed::new(super::Outcome::NotSent, None, note));
                };
                let job = &started.job;
                // A worker that froze since the commit finds out here; adapters look once more before the first byte.
                if !job.in_time(self.db().house().clock.as_ref()) {
                    let note = "the lease was over";
                    return Brought::Observed(Observed::new(super::Outcome::NotSent, None, note));
                }
                Brought::Observed(match job.operation {
                    Operation::Announce => adapter.announce(job).await,
                    Operation::Correct => adapter.correct(job).await,
                    Operation::Withdraw => adapter.withdraw(job).await,
                })
            }
            Task::ReadBack(started) => Brought::Seen(match self.adapter(&started.kind) {
                Some(adapter) => adapter.read_back(&started.job).await,
                None => Seen::CannotTell("no adapter carries this kind".to_owned()),
            }),
        }
    }
}
