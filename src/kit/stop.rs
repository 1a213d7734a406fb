//! The three ways a verb can stop, each with a fate of its own: refused, invalid, fault.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use serde::Serialize;

use super::clock::At;

/// What every verb answers.
pub type Result<T, E = Stop> = std::result::Result<T, E>;

/// Why a verb did not happen.
#[derive(Debug)]
pub enum Stop {
    /// The house says no: its own sentence, 403 or 404 (or another honest status), and a way on.
    Refused(Refusal),
    /// The input is not right: the form again with everything in it, 422.
    Invalid(Problems),
    /// Something is broken: logged once with a reference number; the person sees only the number.
    Fault(Fault),
}

crate::text_enum! {
    /// The three versioned documents.
    pub enum Document {
        /// What the community is, and what it is not.
        Charter = "charter",
        /// How we speak in here.
        Community = "community",
        /// How we speak about the community out there.
        Messaging = "messaging",
    }
}

/// A no with its reason. The sentence stands in the locale under `refused-{key}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such thing, or it is not for this reader: the two are not told apart.
    NotFound,
    /// Guests cannot; a member perhaps can.
    SignInFirst,
    /// The e-mail address waits for its confirmation.
    ConfirmEmailFirst,
    /// A document's current major version waits for acknowledgement.
    AcknowledgeFirst(Document),
    /// It belongs to somebody else.
    NotYours,
    /// One's own words are for others to answer.
    OwnWords,
    /// Only people with one of the named roles.
    RoleNeeded(&'static str),
    /// Only established members.
    EstablishedOnly,
    /// Law 3: the nominator and the authors of a highlight do not decide on it.
    FourEyes,
    /// The thread is locked.
    Locked,
    /// The category takes no new threads or replies from this person.
    CategoryClosed,
    /// The person may read and not write until then; `None` is without end.
    Silenced(Option<At>),
    /// The person may not take part until then; `None` is without end.
    Suspended(Option<At>),
    /// Somebody else changed it in the meantime (409).
    Stale,
    /// It is in a state in which this cannot be done (409); the word names the state.
    WrongState(&'static str),
    /// Only what everybody may see can go outside.
    NotPublic,
    /// The category or thread is closed to nomination.
    NotNominable,
    /// Its author said no before, and that stands.
    DeclinedBefore,
    /// Too often; try again after that many seconds (429).
    TooMany { retry_after: i64 },
    /// The house has too much to do; try again after that many seconds (503).
    Busy { retry_after: i64 },
    /// The disk is full: nothing can be written until somebody makes room (507).
    NoRoom,
    /// It was here and was taken back (410).
    Gone,
    /// The link has expired, was used, or was never ours (410).
    LinkDead,
    /// The name and password do not belong together (401 in the API).
    WrongPassword,
    /// The Bearer token is not (or no longer) one of ours (401).
    BadToken,
    /// The form's guard did not match: forged, foreign or too old (403).
    Forged,
    /// The body is larger than this address takes (413), in bytes.
    TooLarge { limit: usize },
    /// The body came too slowly (408).
    TooSlow,
    /// The request cannot be read (400); the word says what is wrong.
    Unreadable(&'static str),
    /// The content type is not taken here (415).
    WrongType(&'static str),
    /// The address knows other verbs only (405).
    WrongMethod,
    /// The host name is not this community's (421).
    WrongHost,
    /// The same idempotency key came with other words (422).
    KeyReused,
    /// The same idempotency key is at work right now (409).
    KeyRunning,
    /// The channel is not open, paused or not verified.
    ChannelClosed,
    /// Law 2: a live consent does not cover this.
    NoConsent,
    /// Nobody would be left who may do this (last admin).
    LastOne,
    /// The setup link was used, or an admin exists already.
    SetUpAlready,
}

impl Refusal {
    /// The HTTP status that says it best.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unreadable(_) => 400,
            Self::SignInFirst | Self::WrongPassword | Self::BadToken => 401,
            Self::NotFound | Self::SetUpAlready => 404,
            Self::WrongMethod => 405,
            Self::TooSlow => 408,
            Self::Stale | Self::WrongState(_) | Self::KeyRunning | Self::LastOne => 409,
            Self::Gone | Self::LinkDead => 410,
            Self::TooLarge { .. } => 413,
            Self::WrongType(_) => 415,
            Self::WrongHost => 421,
            Self::KeyReused
            | Self::NoConsent
            | Self::NotPublic
            | Self::NotNominable
            | Self::DeclinedBefore
            | Self::ChannelClosed => 422,
            Self::TooMany { .. } => 429,
            Self::Busy { .. } => 503,
            Self::NoRoom => 507,
            Self::ConfirmEmailFirst
            | Self::AcknowledgeFirst(_)
            | Self::NotYours
            | Self::RoleNeeded(_)
            | Self::EstablishedOnly
            | Self::OwnWords
            | Self::FourEyes
            | Self::Locked
            | Self::CategoryClosed
            | Self::Silenced(_)
            | Self::Suspended(_)
            | Self::Forged => 403,
        }
    }

    /// The word that stands for it in locales (`refused-{key}`), problem types and snapshots.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::SignInFirst => "sign-in-first",
            Self::ConfirmEmailFirst => "confirm-email-first",
            Self::AcknowledgeFirst(_) => "acknowledge-first",
            Self::NotYours => "not-yours",
            Self::OwnWords => "own-words",
            Self::RoleNeeded(_) => "role-needed",
            Self::EstablishedOnly => "established-only",
            Self::FourEyes => "four-eyes",
            Self::Locked => "locked",
            Self::CategoryClosed => "category-closed",
            Self::Silenced(_) => "silenced",
            Self::Suspended(_) => "suspended",
            Self::Stale => "stale",
            Self::WrongState(_) => "wrong-state",
            Self::NotPublic => "not-public",
            Self::NotNominable => "not-nominable",
            Self::DeclinedBefore => "declined-before",
            Self::TooMany { .. } => "too-many",
            Self::Busy { .. } => "busy",
            Self::NoRoom => "no-room",
            Self::Gone => "gone",
            Self::LinkDead => "link-dead",
            Self::WrongPassword => "wrong-password",
            Self::BadToken => "bad-token",
            Self::Forged => "forged",
            Self::TooLarge { .. } => "too-large",
            Self::TooSlow => "too-slow",
            Self::Unreadable(_) => "unreadable",
            Self::WrongType(_) => "wrong-type",
            Self::WrongMethod => "wrong-method",
            Self::WrongHost => "wrong-host",
            Self::KeyReused => "key-reused",
            Self::KeyRunning => "key-running",
            Self::ChannelClosed => "channel-closed",
            Self::NoConsent => "no-consent",
            Self::LastOne => "last-one",
            Self::SetUpAlready => "set-up-already",
        }
    }

    /// Seconds to wait before trying again, where that helps.
    #[must_use]
    pub const fn retry_after(&self) -> Option<i64> {
        match self {
            Self::TooMany { retry_after } | Self::Busy { retry_after } => Some(*retry_after),
            Self::NoRoom => Some(300),
            _ => None,
        }
    }
}

/// What is wrong with one field. `key` names the sentence in the locale (`problem-{key}`), `args` fills it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The form field or JSON member; empty where it concerns the whole.
    pub field: String,
    /// The sentence's key.
    pub key: String,
    /// Numbers and words for the sentence.
    pub args: BTreeMap<String, String>,
}

/// Everything that is wrong with an input, so that a person can mend it in one go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// One problem without numbers.
    #[must_use]
    pub fn one(field: &str, key: &str) -> Self {
        let mut problems = Self::default();
        problems.add(field, key, &[]);
        problems
    }

    /// Adds a problem; `args` fill its sentence.
    pub fn add(&mut self, field: &str, key: &str, args: &[(&str, String)]) {
        self.0.push(Problem {
            field: field.to_owned(),
            key: key.to_owned(),
            args: args
                .iter()
                .map(|(k, v)| ((*k).to_owned(), v.clone()))
                .collect(),
        });
    }

    /// `Err` where anything was found.
    ///
    /// # Errors
    /// [`Stop::Invalid`] with everything found so far.
    pub fn check(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Stop::Invalid(self))
        }
    }

    /// The problem of a field, if it has one.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&Problem> {
        self.0.iter().find(|p| p.field == field)
    }
}

/// Something broken: its cause and what was being done. Never shown to a person.
#[derive(Debug)]
pub struct Fault {
    /// What was being done, for the person who runs the server.
    pub context: String,
    /// What went wrong below.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault without a cause below it.
    pub fn new(context: impl Into<String>) -> Self {
        Self {
            context: context.into(),
            source: None,
        }
    }

    /// A fault with its cause.
    pub fn from_error(
        context: impl Into<String>,
        source: impl Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            context: context.into(),
            source: Some(Box::new(source)),
        }
    }

    /// The disk is full, as SQLite, PostgreSQL and the system say it.
    #[must_use]
    pub fn no_room(&self) -> bool {
        let words = self.to_string();
        let full = [
            "database or disk is full",
            "No space left on device",
            "Disk quota exceeded",
        ];
        full.iter().any(|said| words.contains(said))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{}: {source}", self.context),
            None => f.write_str(&self.context),
        }
    }
}

impl Stop {
    /// A fault without a cause below it.
    pub fn fault(context: impl Into<String>) -> Self {
        Self::Fault(Fault::new(context))
    }

    /// One problem with one field.
    #[must_use]
    pub fn invalid(field: &str, key: &str) -> Self {
        Self::Invalid(Problems::one(field, key))
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "refused: {}", refusal.key()),
            Self::Invalid(problems) => {
                f.write_str("invalid:")?;
                problems
                    .0
                    .iter()
                    .try_for_each(|p| write!(f, " {}={}", p.field, p.key))
            }
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl Error for Stop {}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Problems> for Stop {
    fn from(problems: Problems) -> Self {
        Self::Invalid(problems)
    }
}

impl From<diesel::result::Error> for Stop {
    fn from(error: diesel::result::Error) -> Self {
        Self::Fault(Fault::from_error("database", error))
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(Fault::from_error("json", error))
    }
}

/// `found.or_refuse()?`: what is not there is refused as not found.
pub trait OrRefuse<T> {
    /// The value, or [`Refusal::NotFound`].
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where there is none.
    fn or_not_found(self) -> Result<T>;
}

impl<T> OrRefuse<T> for Option<T> {
    fn or_not_found(self) -> Result<T> {
        self.ok_or(Stop::Refused(Refusal::NotFound))
    }
}
