//! Random histories of random people at the door, against a shadow model. What stands outside is judged by the bytes
//! that a channel received, and by a few plain facts that the test keeps for itself. It asks nothing of the rooms it
//! judges: laws 2, 3, 6 and 7 are looked at after every step.
//!
//! `LOGGIA_HISTORIES=10000` runs as many; they also run side by side on PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use loggia::bridge::{
    self, Adapter, Adapters, Class, Contract, Destination, Engine, Health, Job, Observed,
    Operation, Outcome, Remote, Retry, Seen,
};
use loggia::db::Tx;
use loggia::forum::{self, CategoryDraft, NewThread, Tags, Title, Words};
use loggia::guidelines::{self, Change, Publication};
use loggia::highlights::{
    self, AfterEdit, Answer, Attribution, Draft, How, Label, Order, Places, QuoteWish, Run, Scope,
    Verdict, When, Wish,
};
use loggia::kit::Result;
use loggia::kit::ids::{CategoryId, ChannelId, HighlightId, MemberId, PostId, ThreadId};
use loggia::kit::stop::Document;
use loggia::members::{self, Added};
use loggia::moderation::{self, Measure, MeasureKind};
use loggia::policy::{Actor, Role, Trust};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use crate::town::Town;

/// The words around those that are quoted.
const AROUND: &str = "I had walked past that sculpture for eleven years.";
/// Steps that a history takes at most, after its way out.
const MOST_STEPS: usize = 9;

/// Another system: it keeps every byte that reached it.
#[derive(Default)]
struct Outside {
    inside: Mutex<Received>,
}

#[derive(Default)]
struct Received {
    /// What stands there: the bytes by link code.
    standing: BTreeMap<String, String>,
    /// The codes of all that was ever said.
    said: BTreeSet<String>,
    /// Everything in its order, since it was looked at last.
    fresh: Vec<String>,
}

impl Outside {
    fn take(&self, job: &Job) -> Observed {
        let event: Value = serde_json::from_str(&job.payload).expect("JSON");
        let kind = event["type"].as_str().expect("a type").to_owned();
        let code = event["data"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let mut inside = self.inside.lock().unwrap();
        match kind.as_str() {
            "highlight.published" | "highlight.updated" => {
                // Law 5, by the way: each announcement is said once.
                assert!(inside.said.insert(code.clone()), "{code} was said twice");
                inside.standing.insert(code, job.payload.clone());
            }
            "highlight.withdrawn" => {
                inside.standing.remove(&code);
            }
            "highlight.approved" => {}
            other => panic!("an event of the kind {other}"),
        }
        inside.fresh.push(job.payload.clone());
        Observed::new(Outcome::Sent(Remote::default()), Some(200), "")
    }

    /// What stands there with these words.
    fn standing(&self, words: &str) -> Vec<String> {
        let inside = self.inside.lock().unwrap();
        inside
            .standing
            .values()
            .filter(|bytes| bytes.contains(words))
            .cloned()
            .collect()
    }

    /// What came since this was asked last, of these words or this highlight.
    fn fresh(&self) -> Vec<String> {
        std::mem::take(&mut self.inside.lock().unwrap().fresh)
    }
}

/// The way to it.
struct Way(Arc<Outside>);

impl Adapter for Way {
    fn contract(&self, _operation: Operation, _config: &serde_json::Value) -> Contract {
        Contract {
            class: Class::A,
            reads_back: false,
            key_lifetime: i64::MAX,
            retry: Retry::Webhook,
        }
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async { self.0.take(job) })
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async { self.0.take(job) })
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async { self.0.take(job) })
    }

    fn read_back<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async { Seen::Absent })
    }

    fn verify<'a>(&'a self, _to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async { Health::Good("".into()) })
    }
}

/// A community with people, used by one history after the other.
struct Stage {
    town: Town,
    engine: Engine,
    outside: Arc<Outside>,
    channel: ChannelId,
    open: CategoryId,
    closed: CategoryId,
    thread: ThreadId,
    authors: Vec<MemberId>,
    champions: Vec<MemberId>,
    moderators: Vec<MemberId>,
    publisher: MemberId,
}

fn words(text: &str) -> Words {
    Words::parse(text, "http://town.example").expect("words")
}

async fn person(town: &Town, name: &str, roles: &[Role]) -> MemberId {
    let (name, roles) = (name.to_owned(), roles.to_vec());
    town.inside(move |tx| {
        let mut added = Added::named(&name);
        added.display = format!("{} Marlow", name.to_uppercase());
        added.email = Some(format!("{name}@example.org"));
        added.roles.clone_from(&roles);
        added.trust = Trust::Established;
        let id = members::add(tx, &Actor::System("stage"), &added)?;
        members::acknowledged(tx, id, Document::Community, 1_000)?;
        members::acknowledged(tx, id, Document::Messaging, 1_000)?;
        Ok(id)
    })
    .await
}

/// A new major version of the messaging guidelines, which everybody here has acknowledged ahead.
fn new_rules(tx: &mut Tx<'_>) -> Result<()> {
    let text = format!("Speak quietly of others. ({})", Town::number());
    let rules = Publication {
        words: guidelines::Words::parse(&text, "http://town.example")?,
        change: Change::Major,
        note: "Said more plainly.".into(),
        effective_at: None,
        base: guidelines::base_of(tx, Document::Messaging)?
            .map(|v| v.fingerprint())
            .unwrap_or_default(),
    };
    let house = Actor::System("stage");
    guidelines::publish(tx, &house, Document::Messaging, &rules).map(drop)
}

impl Stage {
    async fn set(town: Town) -> Self {
        let house = Actor::System("stage");
        town.inside(new_rules).await;
        let (open, closed, channel) = town
            .inside(move |tx| {
                let mut draft = CategoryDraft {
                    name: "Field notes".into(),
                    ..CategoryDraft::default()
                };
                let open = forum::create_category(tx, &house, &draft)?;
                draft.name = "The back room".into();
                draft.grants = vec![forum::Grant {
                    who: forum::Who::Members,
                    group: None,
                    see: true,
                    reply: true,
                    start: true,
                    moderate: false,
                }];
                let closed = forum::create_category(tx, &house, &draft)?;
                let wanted = bridge::NewChannel {
                    kind: "webhook".into(),
                    name: "Newsroom".into(),
                    config: serde_json::json!({ "url": "http://127.0.0.1:9/hook" }),
                    secret: None,
                };
                Ok((
                    open,
                    closed,
                    bridge::create_channel(tx, &house, &wanted)?.channel.id,
                ))
            })
            .await;
        let mut authors = Vec::new();
        for name in ["ada", "ben", "cleo"] {
            authors.push(person(&town, name, &[]).await);
        }
        let mut champions = Vec::new();
        for name in ["nia", "oto"] {
            champions.push(person(&town, name, &[Role::Champion]).await);
        }
        let mut moderators = Vec::new();
        for name in ["mona", "mika"] {
            moderators.push(person(&town, name, &[Role::Moderator]).await);
        }
        let publisher = person(&town, "pia", &[Role::Publisher]).await;
        let first = authors[0];
        let thread = town
            .inside(move |tx| {
                let actor = members::actor(tx, first)?;
                let new = NewThread {
                    category: open,
                    title: Title::parse("What we saw")?,
                    words: words("Tell us."),
                    tags: Tags::default(),
                };
                Ok(forum::start(tx, &actor, &new)?.thread)
            })
            .await;
        let outside = Arc::new(Outside::default());
        let way = Adapters::none().with("webhook", Arc::new(Way(outside.clone())));
        let engine = Engine::new(town.node.app.db.clone(), way);
        Self {
            town,
            engine,
            outside,
            channel,
            open,
            closed,
            thread,
            authors,
            champions,
            moderators,
            publisher,
        }
    }

    async fn tries<T: Send + 'static>(
        &self,
        who: MemberId,
        mut verb: impl FnMut(&mut Tx<'_>, &Actor) -> Result<T> + Send + 'static,
    ) -> Option<T> {
        let tried = self
            .town
            .try_inside(move |tx| {
                let actor = members::actor(tx, who)?;
                verb(tx, &actor)
            })
            .await;
        match tried {
            Ok(value) => Some(value),
            Err(loggia::kit::Stop::Fault(fault)) => panic!("a fault: {fault}"),
            Err(_) => None,
        }
    }

    async fn deliver(&self) {
        self.engine.serve_due().await.expect("the bridge runs");
    }
}

/// What the test knows by itself.
#[derive(Debug, Clone, Default)]
struct Shadow {
    highlight: Option<HighlightId>,
    nominator: Option<MemberId>,
    /// The author's last word: a live yes, whether the channel is ticked and taking by hand allowed, and as whom.
    yes: bool,
    ticked: bool,
    by_hand: bool,
    nameless: bool,
    /// Somebody who may, approved what stands now.
    approved: bool,
    /// The post is hidden.
    hidden: bool,
    /// The thread stands where not everybody can see it.
    moved: bool,
    /// The words stand in the post.
    intact: bool,
    /// The words were edited after they were announced, and the author has not taken them down.
    tolerated: bool,
    embargo: bool,
    /// Something is planned, and nothing has happened to it since.
    pending: bool,
    sent: bool,
    recalled: bool,
}

impl Shadow {
    /// Everything that was agreed is over: nothing may stand.
    fn taken_back(&mut self) {
        (self.yes, self.approved, self.tolerated) = (false, false, false);
        self.pending = false;
    }

    fn public(&self) -> bool {
        !self.hidden && !self.moved
    }

    /// May bytes with words arrive right now?
    fn may_leave(&self) -> bool {
        self.pending
            && self.approved
            && self.yes
            && self.ticked
            && self.intact
            && self.public()
            && !self.embargo
    }
}

/// How many histories; `LOGGIA_HISTORIES` says otherwise.
fn histories(usual: u64) -> u64 {
    std::env::var("LOGGIA_HISTORIES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(usual)
}

struct History<'s> {
    stage: &'s Stage,
    shadow: Shadow,
    author: MemberId,
    post: PostId,
    thread: ThreadId,
    quoted: String,
    place: (u64, usize, u32),
    /// Others act at the same time: what arrives may have left before the last step.
    crowded: bool,
}

impl<'s> History<'s> {
    async fn begin(stage: &'s Stage, seed: u64, chance: &mut StdRng, crowded: bool) -> Self {
        let author = stage.authors[chance.random_range(0..stage.authors.len())];
        let quoted = format!("On day {seed} a kingfisher sat on the bronze heron for an hour.");
        let text = words(&format!("{quoted} {AROUND}"));
        let (open, thread) = (stage.open, stage.thread);
        // Now and then a thread of its own, which can be moved; else the one that all share.
        let own = !crowded && chance.random_range(0..4_u32) == 0;
        let (post, thread) = stage
            .tries(author, move |tx, me| {
                if own {
                    let new = NewThread {
                        category: open,
                        title: Title::parse("A thread of its own")?,
                        words: text.clone(),
                        tags: Tags::default(),
                    };
                    let started = forum::start(tx, me, &new)?;
                    return Ok((started.post, started.thread));
                }
                let replied = forum::reply(tx, me, thread, &text, None)?;
                Ok((replied.post, thread))
            })
            .await
            .expect("a post is written");
        Self {
            stage,
            shadow: Shadow {
                intact: true,
                ..Shadow::default()
            },
            author,
            post,
            thread,
            quoted,
            place: (seed, 0, 0),
            crowded,
        }
    }

    /// One step of somebody; `usual` is the likely way, the other one is what people should not do.
    async fn step(&mut self, step: u32, usual: bool, dice: usize) {
        let (stage, author, post) = (self.stage, self.author, self.post);
        let mo = stage.moderators[dice % stage.moderators.len()];
        let Some(id) = self.shadow.highlight.filter(|_| step != 0) else {
            if step == 0 {
                self.nominate(usual, dice).await;
            }
            return;
        };
        match step {
            1 | 2 => self.grant(id, usual, dice).await,
            3 => self.approve(id, usual, dice).await,
            4 => self.announce(id, usual).await,
            6 => {
                let what = if usual {
                    Answer::Withdraw
                } else {
                    Answer::Decline
                };
                let done = stage
                    .tries(author, move |tx, me| {
                        highlights::answer(tx, me, id, what, None)
                    })
                    .await;
                if done.is_some() {
                    self.shadow.taken_back();
                }
            }
            7 => {
                let done = stage
                    .tries(mo, move |tx, me| forum::hide_post(tx, me, post, None))
                    .await;
                if done.is_some() {
                    self.shadow.taken_back();
                    self.shadow.hidden = true;
                }
            }
            8 => {
                let done = stage
                    .tries(mo, move |tx, me| forum::unhide_post(tx, me, post))
                    .await;
                self.shadow.hidden &= done.is_none();
            }
            9 => self.edit(usual).await,
            10 => {
                let choice = if usual {
                    AfterEdit::TakeDown
                } else {
                    AfterEdit::MayStand
                };
                let done = stage
                    .tries(author, move |tx, me| {
                        highlights::after_edit(tx, me, id, choice)
                    })
                    .await;
                if done.is_some() && choice == AfterEdit::TakeDown {
                    self.shadow.taken_back();
                }
            }
            11 => self.label(id, usual).await,
            12 => {
                let retired = stage
                    .tries(stage.publisher, move |tx, me| {
                        highlights::retire(tx, me, id, "")
                    })
                    .await;
                if retired.is_some() {
                    // What was said stands.
                    self.shadow.approved = false;
                    self.shadow.pending = false;
                }
            }
            13 => self.pull(id, usual).await,
            14 if !self.crowded && self.thread != stage.thread => self.carry_away(mo, usual).await,
            15 if !self.crowded => self.silence(mo).await,
            17 if !self.crowded => {
                // What was written under the old rules does not leave under new ones.
                stage.town.inside(new_rules).await;
                self.shadow.pending = false;
            }
            // A stranger tries what only its author, a moderator or a publisher may do.
            16 => {
                let stranger = stage.champions[dice % stage.champions.len()];
                let yes = self.scope(true, dice);
                let tried = stage
                    .tries(stranger, move |tx, me| {
                        highlights::answer(tx, me, id, Answer::Grant, Some(&yes))
                    })
                    .await;
                assert!(tried.is_none(), "{:?}: a stranger agreed", self.place);
            }
            _ => stage.deliver().await,
        }
    }

    async fn nominate(&mut self, usual: bool, dice: usize) {
        let (post, quoted) = (self.post, self.quoted.clone());
        let who = match (usual, dice % 4) {
            (true, 0) => self.stage.moderators[0],
            (true, n) => self.stage.champions[n % 2],
            (false, _) => self.author,
        };
        let made = self
            .stage
            .tries(who, move |tx, actor| {
                let wish = Wish {
                    title: "A kingfisher".into(),
                    reason: "It is quiet.".into(),
                    quotes: vec![QuoteWish {
                        post,
                        run: Run::Words(quoted.clone()),
                    }],
                    ..Wish::default()
                };
                highlights::nominate(tx, actor, &wish, None)
            })
            .await;
        if let Some(new) = made {
            let shadow = &mut self.shadow;
            assert!(
                shadow.public() && shadow.intact,
                "{:?}: hidden or missing words were nominated",
                self.place
            );
            shadow.taken_back();
            shadow.embargo = false;
            (shadow.highlight, shadow.nominator) = (Some(new), Some(who));
        }
    }

    fn scope(&self, ticked: bool, dice: usize) -> Scope {
        let places = if ticked {
            vec!["webhook", "x"]
        } else {
            vec!["x"]
        };
        Scope {
            attribution: if dice.is_multiple_of(3) {
                Attribution::Member
            } else {
                Attribution::Name
            },
            trimming: false,
            pictures: false,
            by_hand: !dice.is_multiple_of(2),
            places: Places::parse(places).expect("places"),
        }
    }

    async fn grant(&mut self, id: HighlightId, usual: bool, dice: usize) {
        let scope = self.scope(usual, dice);
        let (by_hand, nameless) = (scope.by_hand, scope.attribution == Attribution::Member);
        let done = self
            .stage
            .tries(self.author, move |tx, me| {
                highlights::answer(tx, me, id, Answer::Grant, Some(&scope))
            })
            .await;
        if done.is_some() {
            let shadow = &mut self.shadow;
            // Saying it again in the same way changes nothing; in another way it voids the approval.
            let same = shadow.yes
                && (shadow.ticked, shadow.by_hand, shadow.nameless) == (usual, by_hand, nameless);
            shadow.approved &= same;
            shadow.pending &= same;
            (shadow.ticked, shadow.by_hand, shadow.nameless) = (usual, by_hand, nameless);
            shadow.yes = true;
        }
    }

    async fn approve(&mut self, id: HighlightId, usual: bool, dice: usize) {
        let who = match (usual, dice % 3) {
            (true, _) => self.stage.moderators[1],
            (false, 0) => self.stage.moderators[0],
            (false, 1) => self.author,
            (false, _) => self.stage.publisher,
        };
        let done = self
            .stage
            .tries(who, move |tx, me| {
                highlights::decide(tx, me, id, Verdict::Approve, "", None)
            })
            .await;
        if done.is_some() {
            assert!(
                self.stage.moderators.contains(&who),
                "{:?}: somebody without the role approved",
                self.place
            );
            assert!(
                Some(who) != self.shadow.nominator && who != self.author,
                "{:?}: law 3: a party approved",
                self.place
            );
            let shadow = &mut self.shadow;
            assert!(
                shadow.yes && shadow.intact && shadow.public(),
                "{:?}: approved without ground: {shadow:?}",
                self.place
            );
            shadow.approved = true;
        }
    }

    async fn announce(&mut self, id: HighlightId, usual: bool) {
        let named = if self.shadow.nameless {
            "a member"
        } else {
            "Marlow"
        };
        let text = if usual {
            let who = self.display();
            let who = if self.shadow.nameless {
                named.to_owned()
            } else {
                who
            };
            format!("\u{201c}{}\u{201d} {who}", self.quoted)
        } else {
            format!(
                "\u{201c}{}\u{201d} {named}",
                self.quoted.replace("hour", "day")
            )
        };
        let channel = self.stage.channel;
        let made = self
            .stage
            .tries(self.stage.publisher, move |tx, me| {
                let draft = Draft {
                    channel,
                    text: text.clone(),
                    when: When::Now,
                    nameless: "a member".into(),
                    lang: String::new(),
                    hashtags: String::new(),
                    // Saying it again is a warning: whoever does it says why.
                    reasons: ["dup.again", "dup.text", "dup.link"]
                        .map(|rule| (rule.to_owned(), "Again.".to_owned()))
                        .into(),
                    picture: None,
                    suggestion: None,
                };
                highlights::announce(tx, me, id, &draft)
            })
            .await;
        assert!(
            made.is_none() || (usual && self.shadow.approved && self.shadow.ticked),
            "{:?}: scheduled what nobody agreed to: {:?}",
            self.place,
            self.shadow
        );
        self.shadow.pending |= made.is_some();
    }

    fn display(&self) -> String {
        let number = self.stage.authors.iter().position(|a| *a == self.author);
        let name = ["ADA", "BEN", "CLEO"][number.expect("one of the authors")];
        format!("{name} Marlow")
    }

    async fn edit(&mut self, usual: bool) {
        let post = self.post;
        let text = if usual {
            format!("Well. {} {AROUND}", self.quoted)
        } else {
            AROUND.to_owned()
        };
        let done = self
            .stage
            .tries(self.author, move |tx, me| {
                let now = forum::said(tx, post)?.revision;
                forum::edit_post(tx, me, post, &words(&text), now, "")
            })
            .await;
        if done.is_none() {
            return;
        }
        let shadow = &mut self.shadow;
        if !usual && shadow.intact {
            // What is out may stand until its author has spoken; nothing new goes out.
            (shadow.intact, shadow.approved, shadow.tolerated) = (false, false, true);
            shadow.pending = false;
        }
        shadow.intact |= usual;
    }

    async fn label(&mut self, id: HighlightId, usual: bool) {
        let embargo = if usual {
            String::new()
        } else {
            "2099-01-01T09:00".to_owned()
        };
        let set = embargo.clone();
        let done = self
            .stage
            .tries(self.stage.publisher, move |tx, me| {
                let version = highlights::entry(tx, me, id)?.highlight.version;
                let label = Label {
                    embargo: set.clone(),
                    ..Label::default()
                };
                highlights::label(tx, me, id, version, &label)
            })
            .await;
        if done.is_some() {
            self.shadow.embargo = !embargo.is_empty();
        }
    }

    async fn pull(&mut self, id: HighlightId, usual: bool) {
        let how = if usual { How::Kit } else { How::Embed };
        let taken = self
            .stage
            .tries(self.stage.publisher, move |tx, me| {
                let order = Order {
                    how,
                    purpose: "A poster".into(),
                    recipient: String::new(),
                };
                let batch = highlights::pull(tx, me, &[id], &order)?;
                highlights::batch(tx, me, batch)
            })
            .await;
        if let Some(batch) = taken {
            let shadow = &self.shadow;
            let ground = shadow.approved
                && shadow.yes
                && shadow.by_hand
                && shadow.intact
                && shadow.public()
                && !shadow.embargo;
            // Nobody ticks cards here, so a card is never covered.
            assert!(
                usual && ground,
                "{:?}: taken against {shadow:?}",
                self.place
            );
            let words: Vec<&str> = batch.taken[0]
                .voices
                .iter()
                .map(|v| v.words.as_str())
                .collect();
            assert_eq!(words, [self.quoted.as_str()], "{:?}", self.place);
            assert_eq!(batch.taken[0].voices[0].named.is_none(), shadow.nameless);
        }
    }

    async fn carry_away(&mut self, mo: MemberId, usual: bool) {
        let thread = self.thread;
        let to = if usual {
            self.stage.closed
        } else {
            self.stage.open
        };
        let done = self
            .stage
            .tries(mo, move |tx, me| {
                forum::move_thread(tx, me, thread, to, None)
            })
            .await;
        if done.is_some() {
            if usual {
                self.shadow.taken_back();
            }
            self.shadow.moved = usual;
        }
    }

    async fn silence(&mut self, mo: MemberId) {
        let author = self.author;
        let done = self
            .stage
            .tries(mo, move |tx, me| {
                let wanted = Measure {
                    kind: MeasureKind::Silence,
                    reason: "Too loud.".into(),
                    until: None,
                    rule: None,
                };
                let id = moderation::measure(tx, me, author, &wanted)?;
                moderation::lift(tx, me, id, "It was a mistake.")?;
                Ok(())
            })
            .await;
        if done.is_some() {
            // What was sent comes before a moderator; what was not, does not go.
            (self.shadow.approved, self.shadow.pending) = (false, false);
        }
    }

    /// Lets the bridge do what is due, and holds what it brought against what is known.
    async fn judge(&mut self) {
        self.stage.deliver().await;
        let (shadow, place) = (&mut self.shadow, self.place);
        if !self.crowded {
            for bytes in self.stage.outside.fresh() {
                let event: Value = serde_json::from_str(&bytes).expect("JSON");
                match event["type"].as_str().expect("a type") {
                    "highlight.published" => {
                        assert!(
                            bytes.contains(&self.quoted),
                            "{place:?}: other words: {bytes}"
                        );
                        assert!(
                            shadow.may_leave(),
                            "{place:?}: law 6: {bytes} left against {shadow:?}"
                        );
                        shadow.pending = false;
                    }
                    "highlight.approved" => {
                        assert!(
                            shadow.approved,
                            "{place:?}: {bytes} left against {shadow:?}"
                        );
                        for word in ["kingfisher", "Marlow", "quiet"] {
                            assert!(!bytes.contains(word), "{place:?}: {bytes} carries words");
                        }
                    }
                    _ => {}
                }
            }
        }
        let until = Instant::now() + Duration::from_secs(20);
        while let Some(wrong) = self.wrong() {
            // Others carry at the same time: what has to go goes soon.
            assert!(
                self.crowded && Instant::now() < until,
                "{:?}: {wrong} against {:?}",
                self.place,
                self.shadow
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
            self.stage.deliver().await;
        }
        let standing = self.stage.outside.standing(&self.quoted);
        let shadow = &mut self.shadow;
        shadow.recalled |= shadow.sent && standing.is_empty();
        shadow.sent |= !standing.is_empty();
    }

    /// What stands outside and may not (laws 2 and 7).
    fn wrong(&self) -> Option<String> {
        let shadow = &self.shadow;
        let agreed = shadow.yes && shadow.ticked && shadow.intact;
        for bytes in self.stage.outside.standing(&self.quoted) {
            if !(shadow.tolerated || agreed) || !shadow.public() {
                return Some(format!("{bytes} stands"));
            }
            if agreed && !shadow.tolerated && bytes.contains("Marlow") == shadow.nameless {
                return Some(format!("{bytes} names somebody otherwise"));
            }
        }
        None
    }
}

async fn history(stage: &Stage, seed: u64, crowded: bool) -> Shadow {
    let mut chance = StdRng::seed_from_u64(seed);
    let mut history = History::begin(stage, seed, &mut chance, crowded).await;
    // Half of the histories begin on the way out, so that enough of them get there.
    let mut steps: Vec<(u32, bool)> = Vec::new();
    // Where others act at the same time, more of them begin so: many fall on the way.
    let on_the_way = chance.random_range(0..2_u32) == 0;
    if on_the_way || (crowded && seed % 4 != 3) {
        steps.extend([(0, true), (1, true), (3, true), (4, true)]);
    } else {
        steps.push((0, chance.random_range(0..4_u32) > 0));
    }
    for _ in 0..chance.random_range(2..=MOST_STEPS) {
        steps.push((
            chance.random_range(0..18_u32),
            chance.random_range(0..4_u32) > 0,
        ));
    }
    for (number, (step, usual)) in steps.into_iter().enumerate() {
        history.place = (seed, number, step);
        history
            .step(step, usual, chance.random_range(0..60_usize))
            .await;
        // Now and then something happens between planning and leaving.
        if step != 4 || chance.random_range(0..3_u32) > 0 {
            history.judge().await;
        }
    }
    // Four lanes share one channel: what waits for its turn gets it before the end.
    for _ in 0..200 {
        if !crowded || !history.shadow.pending {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        stage.deliver().await;
        history.judge().await;
    }
    let told = history.shadow.clone();
    // In the end its author takes everything back, and nothing of it may be left.
    history.place.1 += 1;
    history.step(6, true, 0).await;
    history.judge().await;
    told
}

fn enough(count: u64, sent: usize, recalled: usize) {
    let all = usize::try_from(count).unwrap_or(usize::MAX);
    assert!(
        sent * 5 >= all,
        "only {sent} of {all} histories sent anything"
    );
    assert!(
        recalled * 10 >= all,
        "only {recalled} of {all} histories took anything back"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_only_agreed_and_approved_words_stand_outside() {
    let count = histories(500);
    // Two communities side by side, as many as there are cores to carry them.
    let one = |from: u64| async move {
        let stage = Stage::set(Town::of_many_steps().await).await;
        let (mut sent, mut recalled) = (0, 0);
        for seed in (from..count).step_by(2) {
            let shadow = history(&stage, seed, false).await;
            sent += usize::from(shadow.sent);
            recalled += usize::from(shadow.recalled);
        }
        (sent, recalled)
    };
    let (first, second) = tokio::join!(tokio::spawn(one(0)), tokio::spawn(one(1)));
    let (first, second) = (
        first.expect("the first half"),
        second.expect("the second half"),
    );
    enough(count, first.0 + second.0, first.1 + second.1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_holds_side_by_side_on_postgres() {
    let Some(town) = Town::on_postgres().await else {
        return;
    };
    let count = histories(48);
    let stage = Arc::new(Stage::set(town).await);
    let many = (0..4_u64).map(|lane| {
        let stage = stage.clone();
        tokio::spawn(async move {
            let (mut sent, mut recalled) = (0, 0);
            for seed in (lane..count).step_by(4) {
                let shadow = history(&stage, seed, true).await;
                sent += usize::from(shadow.sent);
                recalled += usize::from(shadow.recalled);
            }
            (sent, recalled)
        })
    });
    let (mut sent, mut recalled) = (0, 0);
    for lane in futures_util::future::join_all(many).await {
        let (s, r) = lane.expect("a lane");
        (sent, recalled) = (sent + s, recalled + r);
    }
    enough(count, sent, recalled);
}
