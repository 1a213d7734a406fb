//! A house with a bridge, two workers and a channel outside; and the shadow that says what may be out there.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use diesel::prelude::*;
use loggia::bridge::{
    self, Adapters, Brought, Claim, Claimed, Engine, Message, NewChannel, Operation, Outcome, Plan,
    Quote, Resolution, State, Task,
};
use loggia::content::uploads::Store;
use loggia::db::schema::{channels, deliveries};
use loggia::db::{DatabaseUrl, Db, DbOptions, House, Joints, Tx, migrate};
use loggia::kit::clock::{DAY, ManualClock};
use loggia::kit::event::{Gate, Origin};
use loggia::kit::ids::{ChannelId, DeliveryId};
use loggia::kit::seal::Keyring;
use loggia::kit::{At, Result};
use loggia::policy::Actor;

use super::fake::{Act, Fake, Nature, Speaks, seconds};

/// What the room behind the origins answers; a joint is a plain function, so the answers stand here.
static GATES: LazyLock<Mutex<HashMap<i64, Gate>>> = LazyLock::new(Mutex::default);
/// Far from the small numbers that other tests choose: the gates are one table for all that run at the same time.
static ORIGINS: AtomicI64 = AtomicI64::new(1 << 40);

fn before_send(_tx: &mut Tx<'_>, origin: &Origin) -> Result<Gate> {
    Ok(GATES
        .lock()
        .unwrap()
        .get(&origin.id)
        .cloned()
        .unwrap_or(Gate::Go))
}

pub const HOUSE: Actor = Actor::System("test");

/// A database with a hand-set clock; several worlds share it one after the other.
pub struct Ground {
    pub db: Db,
    pub clock: Arc<ManualClock>,
    _folder: Option<tempfile::TempDir>,
}

pub fn house(clock: Arc<ManualClock>) -> Arc<House> {
    let ring = Keyring::from_bytes(Keyring::new_file().as_bytes()).unwrap();
    let secret = ring.lasting_subkey("house");
    Arc::new(House {
        joints: Joints {
            before_send: vec![before_send],
            on_event: vec![bridge::on_event],
            ..Joints::default()
        },
        clock,
        base_url: "https://commons.example".to_owned(),
        ring,
        secret,
    })
}

impl Ground {
    /// Where the pictures are that go along.
    pub fn pictures(&self) -> Store {
        let folder = self._folder.as_ref().expect("a folder of its own");
        Store::folder(&folder.path().join("media")).expect("a store")
    }

    pub fn sqlite() -> Self {
        // Memory where there is some: what is tested here is not the disk.
        let folder = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("bridge.db"));
        let mut ground = Self::on(&url);
        ground._folder = Some(folder);
        ground
    }

    pub fn on(url: &DatabaseUrl) -> Self {
        migrate::run(url).unwrap();
        let clock = Arc::new(ManualClock::at(At(20_000 * DAY)));
        let options = DbOptions {
            threads: 1,
            // Killed in the midst of it are workers, never the machine.
            durable: false,
            ..DbOptions::default()
        };
        let db = Db::open(url, house(clock.clone()), options).unwrap();
        Self {
            db,
            clock,
            _folder: None,
        }
    }
}

/// A worker that stopped in the middle.
pub enum Stopped {
    Claimed(Claimed),
    Began(Task),
    Carried(Task, Brought),
}

/// What the shadow knows of one thing that was to be announced.
pub struct Shadow {
    pub origin: Origin,
    pub code: String,
    pub bytes: String,
    /// The step at which it was taken back.
    pub recalled: Option<usize>,
    /// The words that their author agreed to; none once the consent is gone.
    pub consent: Option<String>,
    /// The same, as it stood when a worker last began to send it.
    pub consent_then: Option<String>,
}

/// One channel and everything that is said there.
pub struct World<'g> {
    pub ground: &'g Ground,
    pub fake: Arc<Fake>,
    pub channel: ChannelId,
    pub workers: [Engine; 2],
    pub stopped: [Option<Stopped>; 2],
    pub shadows: Vec<Shadow>,
    pub step: usize,
    pub complaints: Vec<String>,
    /// A planted bug: results are written whoever holds the lease.
    pub without_fence: bool,
    /// A planted bug: what a lost worker left is sent again as if nothing could have happened.
    pub forgetful: bool,
    /// The nodes' clock has jumped against the channel's.
    pub jumped: bool,
    pub stale: usize,
}

impl<'g> World<'g> {
    pub async fn new(ground: &'g Ground, nature: Nature) -> Self {
        let fake = Fake::new(nature, ground.clock.clone());
        Self::with(ground, Arc::new(fake)).await
    }

    pub async fn with(ground: &'g Ground, fake: Arc<Fake>) -> Self {
        let adapters = Adapters::none().with("webhook", Arc::new(Speaks(fake.clone())));
        let worker = |n: u8| Engine::seeded(ground.db.clone(), adapters.clone(), [n; 32]);
        let made = ground
            .db
            .write(|tx| {
                let channel = NewChannel {
                    kind: "webhook".to_owned(),
                    name: "Outside".to_owned(),
                    config: serde_json::json!({ "url": "https://channel.example/hook" }),
                    secret: None,
                };
                bridge::create_channel(tx, &HOUSE, &channel)
            })
            .await
            .unwrap();
        // There is a limit to how many channels a house has; worlds before this one are over.
        let mine = made.channel.id;
        ground
            .db
            .write(move |tx| {
                diesel::update(channels::table.filter(channels::id.ne(mine)))
                    .set(channels::state.eq("removed"))
                    .execute(tx.conn)?;
                Ok(())
            })
            .await
            .unwrap();
        Self {
            ground,
            fake,
            channel: mine,
            workers: [worker(1), worker(2)],
            stopped: [None, None],
            shadows: Vec::new(),
            step: 0,
            complaints: Vec::new(),
            without_fence: false,
            forgetful: false,
            jumped: false,
            stale: 0,
        }
    }

    pub fn wait(&self, secs: i64) {
        self.ground.clock.advance(seconds(secs));
        self.fake.outside.advance(seconds(secs));
    }

    /// The nodes' clock is set right, once in a life; nothing else notices.
    pub fn jump(&mut self, secs: i64) {
        if !self.jumped {
            self.ground.clock.jump(seconds(secs));
        }
        self.jumped = true;
    }

    /// The planted bug: whatever was being sent is queued again, and the try is forgotten.
    async fn forget_tries(&self) {
        let channel = self.channel;
        self.ground
            .db
            .write(move |tx| {
                use loggia::db::schema::attempts;
                let open = deliveries::table
                    .filter(deliveries::channel_id.eq(channel))
                    .filter(deliveries::state.eq(State::Sending));
                let ids: Vec<DeliveryId> = open.select(deliveries::id).load(tx.conn)?;
                diesel::delete(attempts::table.filter(attempts::delivery_id.eq_any(&ids)))
                    .execute(tx.conn)?;
                diesel::update(deliveries::table.filter(deliveries::id.eq_any(&ids)))
                    .set(deliveries::state.eq(State::Queued))
                    .execute(tx.conn)?;
                Ok(())
            })
            .await
            .unwrap();
    }

    pub async fn plan(&mut self, in_seconds: i64) -> usize {
        let id = ORIGINS.fetch_add(1, Ordering::Relaxed);
        let origin = Origin {
            kind: "announcement".to_owned(),
            id,
        };
        let (channel, asked) = (self.channel, origin.clone());
        let (code, bytes) = self
            .ground
            .db
            .write(move |tx| {
                let code = bridge::new_code(tx, &asked, Some(channel), "/t/a-kingfisher/7/3")?;
                let delivery = bridge::plan(
                    tx,
                    &said(tx, &asked, channel, &code, 1, in_seconds).as_plan(),
                )?;
                let bytes: String = deliveries::table
                    .find(delivery)
                    .select(deliveries::payload)
                    .first(tx.conn)?;
                Ok((code, bytes))
            })
            .await
            .unwrap();
        self.shadows.push(Shadow {
            origin,
            code,
            bytes,
            recalled: None,
            consent: Some(quoted(id)),
            consent_then: None,
        });
        self.shadows.len() - 1
    }

    pub async fn correct(&mut self, which: usize, revision: i64) {
        let Some(shadow) = self.shadows.get(which) else {
            return;
        };
        let (channel, origin, code) = (self.channel, shadow.origin.clone(), shadow.code.clone());
        let planned = self
            .ground
            .db
            .write(move |tx| {
                let said = said(tx, &origin, channel, &code, revision, 0);
                let plan = Plan {
                    operation: Operation::Correct,
                    ..said.as_plan()
                };
                bridge::plan(tx, &plan)
            })
            .await;
        // A second correction of one revision is refused; that is not what is tested here.
        drop(planned);
    }

    pub async fn recall(&mut self, which: usize) {
        let step = self.step;
        let Some(shadow) = self.shadows.get_mut(which) else {
            return;
        };
        shadow.recalled.get_or_insert(step);
        shadow.consent = None;
        let origin = shadow.origin.clone();
        self.ground
            .db
            .write(move |tx| bridge::recall(tx, &origin, "consent-withdrawn"))
            .await
            .unwrap();
    }

    pub fn hold(&mut self, which: usize, gate: Option<Gate>) {
        let Some(shadow) = self.shadows.get_mut(which) else {
            return;
        };
        if matches!(gate, Some(Gate::Cancel { .. })) {
            shadow.recalled.get_or_insert(self.step);
            shadow.consent = None;
        }
        let mut gates = GATES.lock().unwrap();
        match gate {
            Some(gate) => gates.insert(shadow.origin.id, gate),
            None => gates.remove(&shadow.origin.id),
        };
    }

    pub async fn claim(&mut self, worker: usize) -> Option<Claimed> {
        if self.forgetful {
            self.forget_tries().await;
        }
        let engine = self.workers[worker].clone();
        match engine.claim(self.channel).await.unwrap() {
            Claim::Delivery(claimed) => Some(claimed),
            Claim::Probe(probe) => {
                engine.probe(probe).await.unwrap();
                None
            }
            Claim::Nothing | Claim::Moved => None,
        }
    }

    pub async fn begin(&mut self, worker: usize, claimed: Claimed) -> Option<Task> {
        let task = self.workers[worker].begin(claimed).await.unwrap();
        if let Some(Task::Send(started)) = &task
            && started.job.operation == Operation::Announce
        {
            let code = started.job.code.clone();
            if let Some(shadow) = self.shadows.iter_mut().find(|s| s.code == code) {
                shadow.consent_then = shadow.consent.clone();
            }
        }
        task
    }

    pub async fn carry(&mut self, worker: usize, task: &Task, act: Act) -> Brought {
        if matches!(task, Task::Send(_)) {
            self.fake.will(act);
        }
        let before = self.fake.inside.lock().unwrap().posts.len();
        let brought = self.workers[worker].carry(task).await;
        self.fake.inside.lock().unwrap().next = None;
        let posts = self.fake.inside.lock().unwrap().posts.clone();
        for post in &posts[before..] {
            self.judge_new(post);
        }
        brought
    }

    /// What appears outside must have been wanted when its sending began, and carry the frozen bytes.
    fn judge_new(&mut self, post: &super::fake::Post) {
        let Some(shadow) = self.shadows.iter().find(|s| s.code == post.code) else {
            self.complaints
                .push("a post that nobody planned".to_owned());
            return;
        };
        if shadow.bytes != post.bytes {
            self.complaints.push(format!(
                "{}: other bytes than those that were frozen",
                post.code
            ));
        }
        let said: serde_json::Value = serde_json::from_str(&post.bytes).unwrap();
        let quotes: Vec<&str> = said["data"]["quotes"]
            .as_array()
            .map(|quotes| quotes.iter().filter_map(|q| q["text"].as_str()).collect())
            .unwrap_or_default();
        let agreed: Vec<&str> = shadow.consent_then.as_deref().into_iter().collect();
        if quotes != agreed {
            self.complaints.push(format!(
                "{}: posted {quotes:?}, and the consent then was to {agreed:?}",
                post.code
            ));
        }
    }

    pub async fn record(&mut self, worker: usize, task: &Task, brought: Brought) -> bool {
        if self.without_fence {
            let (Task::Send(started) | Task::ReadBack(started)) = task;
            let (id, fence) = (started.job.delivery, started.job.fence);
            let sends = matches!(task, Task::Send(_));
            self.ground
                .db
                .write(move |tx| {
                    let state = if sends {
                        State::Sending
                    } else {
                        State::Reconciling
                    };
                    diesel::update(deliveries::table.find(id))
                        .set((
                            deliveries::lease_token.eq(fence),
                            deliveries::state.eq(state),
                        ))
                        .execute(tx.conn)?;
                    Ok(())
                })
                .await
                .unwrap();
        }
        let throttled = matches!(&brought, Brought::Observed(seen) if matches!(seen.outcome, Outcome::Throttled(_)));
        let written = self.workers[worker].record(task, brought).await.unwrap();
        if throttled && written {
            self.fake.is_heard();
        }
        self.stale += usize::from(!written);
        written
    }

    /// One whole turn of a worker; whether anything was done.
    pub async fn turn(&mut self, worker: usize, act: Act) -> bool {
        let Some(claimed) = self.claim(worker).await else {
            return false;
        };
        let Some(task) = self.begin(worker, claimed).await else {
            return true;
        };
        let brought = self.carry(worker, &task, act).await;
        self.record(worker, &task, brought).await;
        true
    }

    /// A worker that was frozen goes on where it stopped.
    pub async fn thaw(&mut self, worker: usize, act: Act) {
        match self.stopped[worker].take() {
            None => {}
            Some(Stopped::Claimed(claimed)) => {
                if let Some(task) = self.begin(worker, claimed).await {
                    let brought = self.carry(worker, &task, act).await;
                    self.record(worker, &task, brought).await;
                }
            }
            Some(Stopped::Began(task)) => {
                let brought = self.carry(worker, &task, act).await;
                self.record(worker, &task, brought).await;
            }
            Some(Stopped::Carried(task, brought)) => {
                self.record(worker, &task, brought).await;
            }
        }
    }

    pub async fn rows(&self) -> Vec<(DeliveryId, Operation, State, String)> {
        let channel = self.channel;
        self.ground
            .db
            .read(move |tx| {
                Ok(deliveries::table
                    .filter(deliveries::channel_id.eq(channel))
                    .order(deliveries::id)
                    .select((
                        deliveries::id,
                        deliveries::operation,
                        deliveries::state,
                        deliveries::code,
                    ))
                    .load(tx.conn)?)
            })
            .await
            .unwrap()
    }

    /// A person looks at the channel and says truly what is there.
    pub async fn ask_people(&mut self) {
        for (id, operation, state, code) in self.rows().await {
            if state != State::NeedsHuman {
                continue;
            }
            // Asked of a withdrawal, "there" says that it was taken down.
            let done = match operation {
                Operation::Withdraw => self.fake.live(&code) == 0,
                Operation::Announce | Operation::Correct => self.fake.live(&code) > 0,
            };
            let found = if done {
                Resolution::Present { url: None }
            } else {
                Resolution::Absent
            };
            self.ground
                .db
                .write(move |tx| bridge::resolve(tx, &HOUSE, id, &found))
                .await
                .unwrap();
        }
    }

    pub async fn requeue_dead(&mut self) {
        for (id, _, state, _) in self.rows().await {
            if state == State::Dead {
                // One that was recalled stays dead.
                drop(
                    self.ground
                        .db
                        .write(move |tx| bridge::requeue(tx, &HOUSE, id))
                        .await,
                );
            }
        }
    }

    pub async fn pause(&mut self, on: bool) {
        let id = self.channel;
        let done = self
            .ground
            .db
            .write(move |tx| match on {
                true => bridge::pause(tx, &HOUSE, id, "storm"),
                false => bridge::resume(tx, &HOUSE, id),
            })
            .await;
        drop(done);
    }

    /// Lets everything come to its end with a channel that behaves, then compares.
    pub async fn end(mut self) -> Vec<String> {
        self.step += 1;
        for worker in 0..2 {
            self.thaw(worker, Act::Accept).await;
        }
        self.pause(false).await;
        for which in 0..self.shadows.len() {
            if self.shadows[which].recalled.is_none() {
                self.hold(which, None);
            }
        }
        for round in 0..200 {
            self.wait(47);
            while self.turn(round % 2, Act::Accept).await {}
            self.ask_people().await;
            if self
                .rows()
                .await
                .iter()
                .all(|(_, _, state, _)| state.is_settled())
            {
                break;
            }
            self.wait(if round % 4 == 3 { 3600 } else { 300 });
        }
        self.judge().await;
        self.complaints
    }

    async fn judge(&mut self) {
        let rows = self.rows().await;
        let inside = self.fake.inside.lock().unwrap();
        // A wait that was asked for is measured on a clock that was set right meanwhile.
        let jumped = self.jumped;
        let counts = |complaint: &&String| !(jumped && complaint.contains("patience"));
        self.complaints
            .extend(inside.complaints.iter().filter(counts).cloned());
        for (id, operation, state, code) in &rows {
            if !state.is_settled() {
                self.complaints.push(format!(
                    "{code}: {operation} {id} never came to an end: {state}"
                ));
            }
        }
        for shadow in &self.shadows {
            let code = &shadow.code;
            let posts: Vec<_> = inside.posts.iter().filter(|p| &p.code == code).collect();
            if posts.len() > 1 {
                self.complaints
                    .push(format!("{code}: posted {} times", posts.len()));
            }
            let live = posts.iter().filter(|p| !p.deleted).count();
            if shadow.recalled.is_some() && live > 0 && !is_held_only(&rows, code) {
                self.complaints
                    .push(format!("{code}: still there although it was taken back"));
            }
            let announce = rows
                .iter()
                .find(|(_, o, _, c)| c == code && *o == Operation::Announce);
            let state = announce.map(|(_, _, state, _)| *state);
            match state {
                Some(State::Sent) if posts.is_empty() => {
                    self.complaints
                        .push(format!("{code}: said to be sent, and is not there"));
                }
                Some(State::Dead | State::Expired) if live > 0 => {
                    self.complaints
                        .push(format!("{code}: said not to be there, and is"));
                }
                _ => {}
            }
        }
    }
}

/// A gate that said "cancel" after it had been sent already asks for nothing to be taken back: only a recall does.
fn is_held_only(rows: &[(DeliveryId, Operation, State, String)], code: &str) -> bool {
    let mine = || rows.iter().filter(|(_, _, _, c)| c == code);
    mine().any(|(_, o, s, _)| *o == Operation::Announce && *s == State::Sent)
        && !mine().any(|(_, o, _, _)| *o == Operation::Withdraw)
}

/// What the author of this origin said.
fn quoted(origin: i64) -> String {
    format!("Three pairs this spring, number {origin}")
}

/// A message with everything it needs, owned.
pub struct Said {
    origin: Origin,
    channel: ChannelId,
    revision: i64,
    message: Message,
    planned_at: At,
}

impl Said {
    pub fn as_plan(&self) -> Plan<'_> {
        Plan {
            origin: self.origin.clone(),
            channel: self.channel,
            operation: Operation::Announce,
            revision: self.revision,
            message: &self.message,
            planned_at: self.planned_at,
        }
    }
}

pub fn said(
    tx: &Tx<'_>,
    origin: &Origin,
    channel: ChannelId,
    code: &str,
    revision: i64,
    in_seconds: i64,
) -> Said {
    Said {
        origin: origin.clone(),
        channel,
        revision,
        planned_at: tx.now().plus(seconds(in_seconds)),
        message: Message {
            title: format!("Kingfishers at the weir, told {revision} times"),
            text: format!(
                "Three pairs this spring. {}",
                tx.link(&format!("/h/{code}"))
            ),
            link: tx.link(&format!("/h/{code}")),
            lang: "en".to_owned(),
            quotes: vec![Quote {
                text: quoted(origin.id),
                attribution: "Ada".to_owned(),
            }],
            source_path: "/t/a-kingfisher/7/3".to_owned(),
            code: code.to_owned(),
            site_name: "The Commons".to_owned(),
            tags: vec!["birds".to_owned()],
            picture: None,
        },
    }
}
