//! A channel outside: it keeps every byte that reached it, and misbehaves on demand. What it calls a post is what the
//! world would see.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use loggia::bridge::{
    Adapter, Class, Contract, Destination, Health, Job, Observed, Operation, Outcome, Remote,
    Retry, Seen,
};
use loggia::kit::At;
use loggia::kit::clock::{Clock, HOUR, MINUTE, ManualClock, SECOND};

/// What the channel does with the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// Takes it and says so.
    Accept,
    /// Takes it; the answer is lost.
    AcceptAndDrop,
    /// Takes it and answers 500.
    AcceptAndFail,
    /// Takes it and answers 200 with nonsense.
    AcceptAndBabble,
    /// Cannot be reached.
    Unreachable,
    /// Loses it, and nobody can tell.
    Lose,
    /// Answers 500 and takes nothing.
    Fail,
    /// Asks for ten minutes' patience.
    Throttle,
    /// Does not want it.
    Reject,
}

/// What the channel is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Knows a repetition by its key, for an hour.
    Keyed,
    /// Takes everything it gets, and can be asked.
    Asked,
    /// Takes everything it gets.
    Blind,
}

/// A post as the world sees it.
#[derive(Debug, Clone)]
pub struct Post {
    /// The link code in it.
    pub code: String,
    /// The bytes that made it.
    pub bytes: String,
    /// When it came.
    pub at: At,
    /// When it went.
    pub deleted: bool,
}

#[derive(Default)]
pub struct Inside {
    pub next: Option<Act>,
    pub posts: Vec<Post>,
    pub requests: usize,
    pub acts: BTreeMap<Act, usize>,
    /// Bytes by key: every request with one key must carry the same.
    pub bytes: HashMap<String, String>,
    keys: HashMap<String, (usize, At)>,
    /// Asked for by an answer; whether anybody of ours lives to read it is another matter.
    asked: Option<At>,
    /// Asked for, and we know it.
    patience: Option<At>,
    pub complaints: Vec<String>,
}

/// The channel, with the adapter that speaks to it.
pub struct Fake {
    pub nature: Nature,
    /// What the adapter claims; a lie is one of the planted bugs.
    pub claims: Class,
    pub inside: Mutex<Inside>,
    /// The clock of our nodes; it can jump.
    pub clock: Arc<ManualClock>,
    /// The channel's own clock: it only ever goes on.
    pub outside: ManualClock,
}

/// How long a key is known: some more than the adapter counts on, as adapters of real channels do.
const REMEMBERED: i64 = HOUR + 5 * MINUTE;

/// How long a post stays invisible to whoever asks.
const LAG: i64 = 2 * MINUTE;

impl Fake {
    /// What the last answer asked for has been written down by us: from now on it counts.
    pub fn is_heard(&self) {
        let mut inside = self.inside.lock().unwrap();
        inside.patience = inside.asked;
    }

    pub fn new(nature: Nature, clock: Arc<ManualClock>) -> Self {
        let claims = match nature {
            Nature::Keyed => Class::A,
            Nature::Asked => Class::B,
            Nature::Blind => Class::C,
        };
        Self {
            nature,
            claims,
            inside: Mutex::default(),
            outside: ManualClock::at(clock.now()),
            clock,
        }
    }

    pub fn will(&self, act: Act) {
        self.inside.lock().unwrap().next = Some(act);
    }

    pub fn live(&self, code: &str) -> usize {
        let inside = self.inside.lock().unwrap();
        inside
            .posts
            .iter()
            .filter(|p| p.code == code && !p.deleted)
            .count()
    }

    fn receive(&self, job: &Job) -> Observed {
        let now = self.outside.now();
        let not_sent = || Observed::new(Outcome::NotSent, None, "no connection");
        // As every adapter does, right before the first byte.
        if !job.in_time(self.clock.as_ref()) {
            return not_sent();
        }
        let inside = &mut *self.inside.lock().unwrap();
        let act = inside.next.take().unwrap_or(Act::Accept);
        *inside.acts.entry(act).or_default() += 1;
        if act == Act::Unreachable {
            return not_sent();
        }
        inside.requests += 1;
        if let Some(until) = inside.patience.filter(|until| now < *until) {
            inside.complaints.push(format!(
                "asked for patience until {until:?}, hurried at {now:?}"
            ));
        }
        let known = inside
            .bytes
            .entry(job.key.clone())
            .or_insert_with(|| job.payload.clone());
        if *known != job.payload {
            inside
                .complaints
                .push(format!("other bytes under the key {}", job.key));
        }
        match act {
            Act::Lose => return Observed::new(Outcome::Unknown(None), None, "time-out"),
            Act::Fail => return Observed::new(Outcome::Unknown(None), Some(503), ""),
            Act::Reject => return Observed::new(Outcome::Rejected, Some(422), ""),
            Act::Throttle => {
                inside.asked = Some(now.plus(10 * MINUTE));
                let until = self.clock.now().plus(10 * MINUTE);
                return Observed::new(Outcome::Throttled(Some(until)), Some(429), "");
            }
            Act::Accept
            | Act::AcceptAndDrop
            | Act::AcceptAndFail
            | Act::AcceptAndBabble
            | Act::Unreachable => {}
        }
        let id = self.take(inside, job, now);
        match act {
            Act::AcceptAndDrop => Observed::new(Outcome::Unknown(None), None, "time-out"),
            Act::AcceptAndFail => Observed::new(Outcome::Unknown(None), Some(500), ""),
            Act::AcceptAndBabble => Observed::new(Outcome::SentBlind, Some(200), ""),
            _ => Observed::new(Outcome::Sent(remote(id)), Some(200), ""),
        }
    }

    fn take(&self, inside: &mut Inside, job: &Job, now: At) -> usize {
        let last = |inside: &Inside| {
            inside
                .posts
                .iter()
                .rposition(|p| p.code == job.code)
                .unwrap_or(0)
        };
        match job.operation {
            Operation::Announce => {
                if self.nature == Nature::Keyed
                    && let Some((id, since)) = inside.keys.get(&job.key)
                    && now.since(*since) < REMEMBERED
                {
                    return *id;
                }
                inside.posts.push(Post {
                    code: job.code.clone(),
                    bytes: job.payload.clone(),
                    at: now,
                    deleted: false,
                });
                let id = inside.posts.len() - 1;
                inside.keys.insert(job.key.clone(), (id, now));
                id
            }
            Operation::Correct => last(inside),
            Operation::Withdraw => {
                for post in inside.posts.iter_mut().filter(|p| p.code == job.code) {
                    post.deleted = true;
                }
                last(inside)
            }
        }
    }
}

fn remote(id: usize) -> Remote {
    Remote {
        id: Some(id.to_string()),
        url: Some(format!("https://channel.example/{id}")),
    }
}

/// The adapter over a fake that a test still holds.
pub struct Speaks(pub Arc<Fake>);

impl Adapter for Speaks {
    fn contract(&self, operation: Operation, _config: &serde_json::Value) -> Contract {
        // Taking back and correcting can be repeated anywhere.
        let class = match operation {
            Operation::Announce => self.0.claims,
            Operation::Correct | Operation::Withdraw => Class::A,
        };
        Contract {
            class,
            reads_back: class == Class::B,
            key_lifetime: if operation == Operation::Announce {
                HOUR
            } else {
                i64::MAX
            },
            retry: Retry::Jitter,
        }
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async { self.0.receive(job) })
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async { self.0.receive(job) })
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async { self.0.receive(job) })
    }

    fn read_back<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async {
            let now = self.0.outside.now();
            let inside = self.0.inside.lock().unwrap();
            let seen = inside
                .posts
                .iter()
                .position(|p| p.code == job.code && !p.deleted && now.since(p.at) >= LAG);
            match seen {
                Some(id) => Seen::Present(remote(id)),
                None => Seen::Absent,
            }
        })
    }

    fn verify<'a>(&'a self, _to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async { Health::Good("200".into()) })
    }
}

/// Seconds as the clock counts.
pub const fn seconds(n: i64) -> i64 {
    n * SECOND
}
