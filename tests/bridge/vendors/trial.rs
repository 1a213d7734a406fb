//! One channel on trial.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use diesel::prelude::*;
use loggia::bridge::{
    self, Bases, ChannelState, Class, Engine, Health, Message, NewChannel, Operation, Picture,
    Plan, Quote, Resolution, State,
};
use loggia::db::schema::{channels, deliveries};
use loggia::kit::event::Origin;
use loggia::kit::http::{AllowList, Outbound};
use loggia::kit::ids::{ChannelId, DeliveryId, MediaId};
use loggia::kit::{At, Clock};
use serde_json::Value;

use crate::bridge::fake::seconds;
use crate::bridge::world::{Ground, HOUSE};
use crate::support::outside::{Asked, Outside, Reply};

/// What the vendor does with the next thing that is said to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Takes it and breaks the connection.
    Drop,
    /// Takes it and answers 500.
    Fail,
    /// Asks for patience.
    Throttle,
    /// Does not know our token.
    Forget,
    /// Does not want it.
    Refuse,
}

/// What stands at the vendor, by the vendor's own id.
#[derive(Default)]
pub struct Shelf(Mutex<(u64, BTreeMap<String, Value>)>);

impl Shelf {
    /// Puts something there under a new id of this shape.
    pub fn put(&self, id: impl Fn(u64) -> String, what: Value) -> String {
        let mut inside = self.0.lock().expect("not poisoned");
        inside.0 += 1;
        let id = id(inside.0);
        inside.1.insert(id.clone(), what);
        id
    }

    pub fn get(&self, id: &str) -> Option<Value> {
        self.0.lock().expect("not poisoned").1.get(id).cloned()
    }

    pub fn change(&self, id: &str, what: Value) -> bool {
        let mut inside = self.0.lock().expect("not poisoned");
        let known = inside.1.contains_key(id);
        if known {
            inside.1.insert(id.to_owned(), what);
        }
        known
    }

    pub fn take(&self, id: &str) -> bool {
        self.0.lock().expect("not poisoned").1.remove(id).is_some()
    }

    pub fn all(&self) -> Vec<(String, Value)> {
        let inside = self.0.lock().expect("not poisoned");
        inside
            .1
            .iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    }
}

/// A vendor, as its documents describe it.
pub trait Vendor: Send + Sync + 'static {
    /// The word of the channel's kind.
    fn kind(&self) -> &'static str;
    /// What an admin enters; `base` is where the fake listens.
    fn config(&self, base: &str) -> Value;
    /// The secret that an admin enters.
    fn secret(&self, base: &str) -> Option<String>;
    /// The names under which the adapter's addresses are turned to the fake.
    fn bases(&self) -> Vec<&'static str> {
        vec![self.kind()]
    }
    /// Answers, and keeps what it is told.
    fn serve(&self, asked: &Asked) -> Reply;
    /// Is something said or changed here (and not asked)?
    fn is_said(&self, asked: &Asked) -> bool;
    /// Asks for patience for 120 seconds, until then, in the vendor's words.
    fn throttled(&self, until: At) -> Reply;
    /// Seconds that have to go by where the vendor asks for more than that.
    fn patience(&self) -> i64 {
        0
    }
    /// Does not know our token, in the vendor's words.
    fn forgotten(&self) -> Reply;
    /// Refuses for good, in the vendor's words.
    fn refused(&self) -> Reply;
    /// The texts that stand there now.
    fn texts(&self) -> Vec<String>;
    /// Somebody changes or deletes what stands there, beside us. `None` deletes.
    fn meddle(&self, text: Option<&str>);
}

/// What is expected of the channel.
#[derive(Debug, Clone, Copy)]
pub struct Promise {
    /// The class of announcing.
    pub class: Class,
    /// Can what was sent be changed and taken back by us?
    pub changes: bool,
    /// Does the answer say where it stands?
    pub linked: bool,
    /// Can what was sent be looked at at night?
    pub looks: bool,
}

/// A channel on trial.
pub struct Trial<V: Vendor> {
    pub ground: Ground,
    pub engine: Engine,
    pub vendor: Arc<V>,
    pub outside: Outside,
    pub channel: ChannelId,
    mood: Arc<Mutex<Option<Mood>>>,
    /// Where the next thing that is said is taken and gets no answer.
    drops: Arc<Mutex<Option<&'static str>>>,
    next: Mutex<i64>,
    /// What goes along with the words.
    picture: Mutex<Option<Picture>>,
}

/// The picture of these trials: its bytes, and what it shows.
pub const WEIR: &[u8] = b"PNG of the weir";
/// What it shows.
pub const SHOWS: &str = "A kingfisher \u{2013} on the \u{201c}weir\u{201d}";

impl<V: Vendor> Trial<V> {
    /// A channel that was asked how it is, with a picture that goes along with the words.
    pub async fn pictured(vendor: V) -> Self {
        let trial = Self::open(vendor).await;
        let health = trial.verify().await;
        assert!(matches!(health, Health::Good(_)), "{health:?}");
        trial.show_weir().await;
        trial
    }

    /// From now on that picture goes along with the words.
    pub async fn show_weir(&self) {
        self.show("weir-1600x1200.png", WEIR).await;
    }

    /// What stands there now that holds these words; there is one of it.
    pub fn only(&self, shelf: &Shelf, words: &str) -> Value {
        let all = shelf.all();
        let mut found = all
            .iter()
            .filter(|(_, what)| what.to_string().contains(words));
        let (_, one) = found.next().expect("it stands there");
        assert!(found.next().is_none(), "it stands there once");
        assert!(one.get("picture").is_none(), "that name is our own");
        one.clone()
    }
}

/// Every secret in these trials holds this run, so that one search finds a leak.
pub const TELLTALE: &str = "AAtelltaleAA";

impl<V: Vendor> Trial<V> {
    pub async fn open(vendor: V) -> Self {
        let (vendor, mood) = (Arc::new(vendor), Arc::new(Mutex::new(None::<Mood>)));
        let drops: Arc<Mutex<Option<&'static str>>> = Arc::default();
        let dropping = drops.clone();
        let ground = Ground::sqlite();
        let (inside, moody, clock) = (vendor.clone(), mood.clone(), ground.clock.clone());
        let outside = Outside::open(move |asked| {
            let now = if inside.is_said(asked) {
                moody.lock().expect("not poisoned").take()
            } else {
                None
            };
            if inside.is_said(asked) {
                let mut at = dropping.lock().expect("not poisoned");
                if at.take_if(|at| *at == asked.place()).is_some() {
                    inside.serve(asked);
                    return Reply::Silence;
                }
            }
            match now {
                None => inside.serve(asked),
                Some(Mood::Drop) => {
                    inside.serve(asked);
                    Reply::Silence
                }
                Some(Mood::Fail) => {
                    inside.serve(asked);
                    Reply::text(500, "{\"oops\":true}")
                }
                Some(Mood::Throttle) => inside.throttled(clock.now().plus(seconds(120))),
                Some(Mood::Forget) => inside.forgotten(),
                Some(Mood::Refuse) => inside.refused(),
            }
        });
        let outbound =
            Outbound::new(AllowList::parse("127.0.0.1").unwrap(), "Loggia/test", None).unwrap();
        let bases: Vec<String> = vendor
            .bases()
            .iter()
            .map(|kind| format!("{kind}={}", outside.base))
            .collect();
        let bases = Bases::parse(&bases.join(",")).unwrap();
        let adapters = bridge::adapters(&ground.db, &outbound, &ground.pictures(), &bases);
        let engine = Engine::seeded(ground.db.clone(), adapters, [5; 32]);
        let wanted = NewChannel {
            kind: vendor.kind().to_owned(),
            name: "Outside".to_owned(),
            config: vendor.config(&outside.base),
            secret: vendor.secret(&outside.base),
        };
        let made = ground
            .db
            .write(move |tx| bridge::create_channel(tx, &HOUSE, &wanted))
            .await;
        let channel = match made {
            Ok(made) => made.channel.id,
            Err(stop) => panic!("{}: {stop:?}", vendor.kind()),
        };
        Self {
            ground,
            engine,
            vendor,
            outside,
            channel,
            mood,
            drops,
            next: Mutex::new(1),
            picture: Mutex::default(),
        }
    }

    /// From now on this goes along with the words, under a name that says its size, as the store has it.
    pub async fn show(&self, name: &str, bytes: &[u8]) {
        let kept = self.ground.pictures().put(name, bytes.to_vec()).await;
        kept.expect("kept");
        *self.picture.lock().expect("not poisoned") = Some(Picture {
            upload: MediaId(7),
            name: name.to_owned(),
            media_type: "image/png".to_owned(),
            width: 1600,
            height: 1200,
            alt: "A kingfisher – on the “weir”".to_owned(),
        });
    }

    /// From now on nothing goes along any more.
    pub fn show_nothing(&self) {
        *self.picture.lock().expect("not poisoned") = None;
    }

    /// Asks the channel how it is.
    pub async fn verify(&self) -> Health {
        let verified = self.engine.verify(&HOUSE, self.channel).await;
        verified.expect("asked").health
    }

    pub fn will(&self, mood: Mood) {
        *self.mood.lock().expect("not poisoned") = Some(mood);
    }

    /// The next thing that is said at this path is taken, and the connection breaks.
    pub fn outside_drops(&self, path: &'static str) {
        *self.drops.lock().expect("not poisoned") = Some(path);
    }

    fn origin(&self, id: i64) -> Origin {
        Origin {
            kind: "announcement".to_owned(),
            id,
        }
    }

    async fn plan(&self, id: i64, operation: Operation, revision: i64, words: &str) {
        let (channel, origin, words) = (self.channel, self.origin(id), words.to_owned());
        let picture = self.picture.lock().expect("not poisoned").clone();
        let planned = self
            .ground
            .db
            .write(move |tx| {
                let known: Option<String> = deliveries::table
                    .filter(deliveries::origin_id.eq(origin.id))
                    .select(deliveries::code)
                    .first(tx.conn)
                    .optional()?;
                let code = match known {
                    Some(code) => code,
                    None => bridge::new_code(tx, &origin, Some(channel), "/t/a-heron/7/3")?,
                };
                let link = tx.link(&format!("/h/{code}"));
                let message = Message {
                    title: "Kingfishers at the weir".to_owned(),
                    text: format!("{words} {link}"),
                    link,
                    lang: "en".to_owned(),
                    quotes: vec![Quote {
                        text: "Three pairs this spring".to_owned(),
                        attribution: "Ada".to_owned(),
                    }],
                    source_path: "/t/a-heron/7/3".to_owned(),
                    code,
                    site_name: "The Commons".to_owned(),
                    tags: vec!["birds".to_owned()],
                    picture: picture.clone(),
                };
                let plan = Plan {
                    origin: origin.clone(),
                    channel,
                    operation,
                    revision,
                    message: &message,
                    planned_at: tx.now(),
                };
                bridge::plan(tx, &plan)
            })
            .await;
        planned.expect("planned");
    }

    /// Plans an announcement and answers its number.
    pub async fn announce(&self, words: &str) -> i64 {
        let id = {
            let mut next = self.next.lock().expect("not poisoned");
            *next += 1;
            *next
        };
        self.plan(id, Operation::Announce, 1, words).await;
        id
    }

    pub async fn correct(&self, id: i64, words: &str) {
        self.plan(id, Operation::Correct, 2, words).await;
    }

    /// Corrects once more.
    pub async fn correct_again(&self, id: i64, words: &str) {
        self.plan(id, Operation::Correct, 3, words).await;
    }

    pub async fn recall(&self, id: i64) {
        let origin = self.origin(id);
        self.ground
            .db
            .write(move |tx| bridge::recall(tx, &origin, "consent-withdrawn"))
            .await
            .unwrap();
    }

    /// Lets time go by and the engine do what is due.
    pub async fn run(&self, secs: i64) {
        let mut left = secs;
        loop {
            self.engine.serve_due().await.unwrap();
            if left <= 0 {
                return;
            }
            let step = left.min(20);
            self.ground.clock.advance(seconds(step));
            left -= step;
        }
    }

    async fn row(&self, id: i64, operation: Operation) -> (DeliveryId, State, Option<String>) {
        self.ground
            .db
            .read(move |tx| {
                Ok(deliveries::table
                    .filter(deliveries::origin_id.eq(id))
                    .filter(deliveries::operation.eq(operation))
                    .order(deliveries::revision.desc())
                    .select((deliveries::id, deliveries::state, deliveries::remote_url))
                    .first(tx.conn)?)
            })
            .await
            .unwrap()
    }

    pub async fn state(&self, id: i64, operation: Operation) -> State {
        self.row(id, operation).await.1
    }

    pub async fn url(&self, id: i64) -> Option<String> {
        self.row(id, Operation::Announce).await.2
    }

    pub async fn resolve(&self, id: i64, operation: Operation, resolution: Resolution) {
        let delivery = self.row(id, operation).await.0;
        let resolved = self
            .ground
            .db
            .write(move |tx| bridge::resolve(tx, &HOUSE, delivery, &resolution))
            .await;
        resolved.expect("resolved");
    }

    pub async fn channel_state(&self) -> ChannelState {
        let id = self.channel;
        let read = self.ground.db.read(move |tx| {
            Ok(channels::table
                .find(id)
                .select(channels::state)
                .first(tx.conn)?)
        });
        read.await.unwrap()
    }

    /// How many texts stand there that hold these words.
    pub fn standing(&self, words: &str) -> usize {
        let texts = self.vendor.texts();
        texts.iter().filter(|text| text.contains(words)).count()
    }

    /// Everything the bridge wrote about what happened, in one string.
    async fn diary(&self) -> String {
        use loggia::db::schema::attempts;
        let read = self.ground.db.read(|tx| {
            let details: Vec<String> = attempts::table.select(attempts::detail).load(tx.conn)?;
            let notes: Vec<String> = channels::table.select(channels::state_note).load(tx.conn)?;
            let facts: Vec<String> = channels::table.select(channels::facts).load(tx.conn)?;
            let configs: Vec<String> = channels::table.select(channels::config).load(tx.conn)?;
            let payloads: Vec<String> = deliveries::table
                .select(deliveries::payload)
                .load(tx.conn)?;
            Ok([details, notes, facts, configs, payloads]
                .concat()
                .join("\n"))
        });
        read.await.unwrap()
    }
}

/// Half an hour: longer than every wait and both looks, shorter than the day after which it is too late.
const A_WHILE: i64 = 1800;

/// Puts a channel through everything that can happen to it.
pub async fn keeps<V: Vendor>(vendor: V, promise: Promise) {
    let trial = Trial::open(vendor).await;
    assert!(
        matches!(trial.verify().await, Health::Good(_)),
        "{:?}",
        trial.verify().await
    );
    assert_eq!(trial.vendor.texts().len(), 0, "asking posts nothing");

    accepted(&trial, promise).await;
    for mood in [Mood::Drop, Mood::Fail] {
        unanswered(&trial, promise, mood).await;
    }
    throttled(&trial).await;
    refused(&trial).await;
    if promise.changes {
        corrected(&trial).await;
        withdrawn(&trial).await;
    } else {
        by_hand(&trial).await;
    }
    if promise.looks {
        looked_at(&trial).await;
    }
    forgotten(&trial).await;

    let diary = trial.diary().await;
    assert!(!diary.contains(TELLTALE), "a secret stands in: {diary}");
}

async fn accepted<V: Vendor>(trial: &Trial<V>, promise: Promise) {
    let id = trial.announce("Accepted words.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::Sent);
    assert_eq!(trial.standing("Accepted words."), 1);
    if promise.linked {
        let url = trial.url(id).await.expect("an address");
        assert!(url.starts_with("http"), "{url}");
    }
    trial.run(A_WHILE).await;
    assert_eq!(trial.standing("Accepted words."), 1, "said once");
}

/// It was taken, and we do not know.
async fn unanswered<V: Vendor>(trial: &Trial<V>, promise: Promise, mood: Mood) {
    let words = format!("Taken, then {mood:?}.");
    trial.will(mood);
    let id = trial.announce(&words).await;
    trial.run(0).await;
    assert_eq!(trial.standing(&words), 1);
    assert_ne!(
        trial.state(id, Operation::Announce).await,
        State::Sent,
        "nobody knows yet"
    );
    trial.run(A_WHILE).await;
    assert_eq!(trial.standing(&words), 1, "never twice");
    let state = trial.state(id, Operation::Announce).await;
    if promise.class == Class::C {
        assert_eq!(state, State::NeedsHuman);
        let url = Some("https://outside.example/1".to_owned());
        trial
            .resolve(id, Operation::Announce, Resolution::Present { url })
            .await;
        assert_eq!(trial.state(id, Operation::Announce).await, State::Sent);
    } else {
        assert_eq!(state, State::Sent, "found out by itself");
    }
}

async fn throttled<V: Vendor>(trial: &Trial<V>) {
    trial.will(Mood::Throttle);
    let id = trial.announce("Patient words.").await;
    trial.run(100).await;
    assert_eq!(
        trial.standing("Patient words."),
        0,
        "as long as we were asked to wait"
    );
    let patience = trial.vendor.patience();
    trial.ground.clock.advance(seconds(patience));
    trial.run(A_WHILE).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::Sent);
    assert_eq!(trial.standing("Patient words."), 1);
}

async fn refused<V: Vendor>(trial: &Trial<V>) {
    trial.will(Mood::Refuse);
    let id = trial.announce("Unwanted words.").await;
    trial.run(A_WHILE).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::Dead);
    assert_eq!(trial.standing("Unwanted words."), 0);
    assert_eq!(
        trial.channel_state().await,
        ChannelState::Open,
        "the words were wrong, not the channel"
    );
}

async fn corrected<V: Vendor>(trial: &Trial<V>) {
    let id = trial.announce("Words with a mistake.").await;
    trial.run(0).await;
    for mood in [Some(Mood::Drop), None] {
        if let Some(mood) = mood {
            trial.will(mood);
            trial.correct(id, "Words set right.").await;
        }
        trial.run(A_WHILE).await;
    }
    assert_eq!(trial.state(id, Operation::Correct).await, State::Sent);
    assert_eq!(trial.standing("Words with a mistake."), 0);
    assert_eq!(trial.standing("Words set right."), 1);
}

async fn withdrawn<V: Vendor>(trial: &Trial<V>) {
    for mood in [None, Some(Mood::Drop), Some(Mood::Fail)] {
        let id = trial.announce("Words to take back.").await;
        trial.run(0).await;
        assert_eq!(trial.standing("Words to take back."), 1);
        if let Some(mood) = mood {
            trial.will(mood);
        }
        trial.recall(id).await;
        trial.run(A_WHILE).await;
        assert_eq!(trial.standing("Words to take back."), 0);
        assert_eq!(
            trial.state(id, Operation::Withdraw).await,
            State::Sent,
            "{mood:?}"
        );
    }
    // What somebody else deleted is taken back.
    let id = trial.announce("Words that others deleted.").await;
    trial.run(0).await;
    trial.vendor.meddle(None);
    trial.recall(id).await;
    trial.run(A_WHILE).await;
    assert_eq!(trial.state(id, Operation::Withdraw).await, State::Sent);
}

/// What no program can do is asked of a person.
async fn by_hand<V: Vendor>(trial: &Trial<V>) {
    let id = trial.announce("Words for good.").await;
    trial.run(0).await;
    trial.recall(id).await;
    trial.run(A_WHILE).await;
    assert_eq!(
        trial.state(id, Operation::Withdraw).await,
        State::NeedsHuman
    );
    let done = Resolution::Present { url: None };
    trial.resolve(id, Operation::Withdraw, done).await;
    assert_eq!(trial.state(id, Operation::Withdraw).await, State::Sent);
}

async fn looked_at<V: Vendor>(trial: &Trial<V>) {
    use loggia::bridge::Look;
    let id = trial.announce("Words to look at.").await;
    trial.run(0).await;
    let delivery = trial.row(id, Operation::Announce).await.0;
    let look = || async { trial.engine.look(delivery).await.expect("looked") };
    assert_eq!(look().await, Look::There);
    trial.vendor.meddle(Some("Words of somebody else."));
    assert_eq!(look().await, Look::Changed);
    trial.vendor.meddle(None);
    assert_eq!(look().await, Look::Gone);
}

async fn forgotten<V: Vendor>(trial: &Trial<V>) {
    trial.will(Mood::Forget);
    let id = trial.announce("Words behind a door.").await;
    trial.run(A_WHILE).await;
    if trial.channel_state().await != ChannelState::NeedsReauth {
        // A fresh token was fetched, and that was that.
        assert_eq!(trial.standing("Words behind a door."), 1);
        return;
    }
    assert_eq!(trial.standing("Words behind a door."), 0);
    let (channel, secret) = (trial.channel, trial.vendor.secret(&trial.outside.base));
    if let Some(secret) = secret {
        let set = trial
            .ground
            .db
            .write(move |tx| bridge::set_secret(tx, &HOUSE, channel, &secret).map(drop));
        set.await.expect("a new secret");
    }
    trial.run(A_WHILE).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::Sent);
    assert_eq!(trial.standing("Words behind a door."), 1);
}
