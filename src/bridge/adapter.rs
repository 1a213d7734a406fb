//! What a channel has to be able to do. A new channel is a [`Kind`](super::kinds::Kind) and an [`Adapter`]; the rest
//! of the bridge does not know one channel from another.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use url::Url;

use super::pace::Retry;
use super::state::{Class, Operation};
use crate::kit::event::Origin;
use crate::kit::ids::{ChannelId, DeliveryId};
use crate::kit::{At, Clock};

/// A secret that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A channel as its adapter sees it.
#[derive(Debug, Clone)]
pub struct Destination {
    /// Which one.
    pub channel: ChannelId,
    /// Its settings, as its kind keeps them.
    pub config: Value,
    /// The secret in force and, while it is being changed, the one before.
    pub secrets: Vec<Secret>,
}

/// Where a post stands at the channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remote {
    /// The channel's own id for it.
    pub id: Option<String>,
    /// Where people find it.
    pub url: Option<String>,
}

/// One try, ready to go: committed as `sending` before the adapter sees it.
#[derive(Debug, Clone)]
pub struct Job {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// The lease it runs under; a newer one makes every write of this try void.
    pub fence: i64,
    /// What to do.
    pub operation: Operation,
    /// Who asked for it.
    pub origin: Origin,
    /// The revision of what is said.
    pub revision: i64,
    /// The same for every try of this delivery.
    pub key: String,
    /// The link code in the text: the handle by which a post is recognised.
    pub code: String,
    /// The frozen bytes; exactly these leave.
    pub payload: String,
    /// Where to.
    pub to: Destination,
    /// Where the announcement stands, for a correction or withdrawal.
    pub announced: Option<Remote>,
    /// When this try began.
    pub started_at: At,
    /// When the first try of this delivery began.
    pub first_sent_at: At,
    /// From then on another worker may have it: no byte may leave any more.
    pub deadline: At,
    /// The same on the clock that nobody sets, of the process that began the try.
    pub steady_deadline: i64,
}

impl Job {
    /// May bytes still leave? Every adapter asks right before the first one: a worker that was frozen since the
    /// commit finds out here that its lease is over, also where the machine's clock was set back meanwhile. (A machine
    /// that was suspended is told by the other clock.)
    #[must_use]
    pub fn in_time(&self, clock: &dyn Clock) -> bool {
        clock.now() < self.deadline && clock.steady() < self.steady_deadline
    }
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is there.
    Sent(Remote),
    /// It was taken, but the answer says not where it is.
    SentBlind,
    /// Not a byte arrived, or the channel certainly did not act: try again.
    NotSent,
    /// The channel asks for patience until then.
    Throttled(Option<At>),
    /// The channel no longer knows us.
    Unauthorised,
    /// The channel does not want these words; trying again does not help.
    Rejected,
    /// The old words were taken down to be said anew, and the channel does not want the new ones: nothing stands there.
    OldIsDown,
    /// The channel says it has that already.
    Duplicate,
    /// The endpoint is gone for good.
    Gone,
    /// Anything may have happened; not before then, if the channel said so.
    Unknown(Option<At>),
    /// No program can do this there: a person has to.
    ByHand,
}

/// An outcome with what a person may read about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// What came of it.
    pub outcome: Outcome,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// A few words; never an address, a header or a body.
    pub note: String,
}

impl Observed {
    /// An outcome with its status and words.
    pub fn new(outcome: Outcome, status: Option<u16>, note: impl Into<String>) -> Self {
        Self {
            outcome,
            status,
            note: note.into(),
        }
    }
}

/// What the channel answered when asked for a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// There it is.
    Present(Remote),
    /// Not in the window that was read.
    Absent,
    /// No answer.
    CannotTell(String),
}

/// What a look at something that was sent found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// It stands as it was sent.
    There,
    /// It stands, in other words than ours.
    Changed,
    /// It is not there any more.
    Gone,
    /// No answer, or nobody can tell.
    CannotTell,
}

/// What a channel that answers told us of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// A few words for the person who asked.
    pub note: String,
    /// What its kind wants to remember: `account`, `account_url`, `limit` and whatever else it reads again.
    pub facts: Map<String, Value>,
    /// When our token ends, where it does.
    pub expires_at: Option<At>,
}

impl Known {
    /// The facts as they stand in the row.
    pub(super) fn facts_text(&self) -> crate::kit::Result<String> {
        Ok(serde_json::to_string(&self.facts)?)
    }

    /// Known under this name, at this address.
    #[must_use]
    pub fn account(name: &str, url: &str) -> Self {
        Self::default()
            .with("account", name)
            .with("account_url", url)
    }

    /// With one more fact.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(key.to_owned(), value.into());
        self
    }
}

impl<T: Into<String>> From<T> for Known {
    fn from(note: T) -> Self {
        Self {
            note: note.into(),
            ..Self::default()
        }
    }
}

/// How a channel is, asked without posting anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It answers and knows us.
    Good(Known),
    /// It answers and does not know us.
    Unauthorised(String),
    /// It is gone for good.
    Gone(String),
    /// It does not answer as it should.
    Bad(String),
}

/// What an adapter promises for one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contract {
    /// May it be repeated?
    pub class: Class,
    /// Can the channel be asked?
    pub reads_back: bool,
    /// How long the channel remembers a key, in microseconds since the first try (class A).
    pub key_lifetime: i64,
    /// How often and when to try again.
    pub retry: Retry,
}

/// Carries deliveries to channels of one kind. It writes nothing of the bridge's own tables.
pub trait Adapter: Send + Sync {
    /// What can be promised about this operation at a channel with these settings.
    fn contract(&self, operation: Operation, config: &Value) -> Contract;

    /// Says it.
    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed>;

    /// Says it right.
    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed>;

    /// Takes it back. What is not there any more counts as taken back.
    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed>;

    /// Looks for it. Only called where the contract says the channel can be asked.
    fn read_back<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Seen>;

    /// Looks whether something that was sent still stands as it was sent. A read, and only where reads cost nothing.
    fn look<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Look> {
        Box::pin(async { Look::CannotTell })
    }

    /// Asks how the channel is, without posting.
    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health>;

    /// How an admin signs in there, where the vendor hands out tokens that way.
    fn grants(&self) -> Option<&dyn Grants> {
        None
    }
}

/// Where an admin is sent to sign in.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The vendor's address with everything but the state and what proves that the answer is ours.
    pub url: Url,
    /// Does the vendor take a proof key (PKCE)?
    pub proves: bool,
    /// What has to be kept before anybody goes there: the application that was just made.
    pub keep: Option<Secret>,
}

/// What the vendor gave in exchange for the code that an admin brought back.
#[derive(Debug, Clone)]
pub struct Granted {
    /// What is to be sealed.
    pub secret: Secret,
    /// When a person has to sign in again, where that is known.
    pub expires_at: Option<At>,
}

/// Signing in at a vendor (OAuth 2, RFC 6749; proof keys, RFC 7636). Everything else about it is the same everywhere.
pub trait Grants: Send + Sync {
    /// Makes ready and answers where to go. `back` is where the vendor sends the browser.
    fn invite<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
    ) -> BoxFuture<'a, Result<Invitation, String>>;

    /// Exchanges a code.
    fn redeem<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
        code: &'a str,
        proof: &'a str,
    ) -> BoxFuture<'a, Result<Granted, String>>;

    /// Tells the vendor that the token of this destination is not used any more (RFC 7009). Best effort: nobody waits for more
    /// than one request.
    fn revoke<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Result<(), String>> {
        let _tells_nobody = to;
        Box::pin(async { Ok(()) })
    }

    /// Is this who the vendor says it is that sent the browser back (RFC 9207)?
    fn is_issuer(&self, to: &Destination, issuer: &str) -> bool {
        let _nobody_asks = (to, issuer);
        true
    }
}

/// Which adapter carries which kind. Made once at start and handed to the engine.
#[derive(Clone, Default)]
pub struct Adapters(HashMap<String, Arc<dyn Adapter>>);

impl Adapters {
    /// No adapters yet.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// This table with one more (or another) adapter.
    #[must_use]
    pub fn with(mut self, kind: &str, adapter: Arc<dyn Adapter>) -> Self {
        self.0.insert(kind.to_owned(), adapter);
        self
    }

    /// The adapter for a kind, if there is one.
    #[must_use]
    pub fn of(&self, kind: &str) -> Option<&Arc<dyn Adapter>> {
        self.0.get(kind)
    }
}
