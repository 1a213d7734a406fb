//! `kill -9` placed at every step of a send, with the real program and channels of all three classes: between claim and
//! first byte, on the open connection, after the head, after a request that gets lost, after it was taken, in the middle
//! of the answer, while the result is written, after the channel hung up, and while the channel is asked what it has.
//!
//! Each life plans one message per channel and dies at one moment at one of them. At the end the program may finish in
//! peace. Of the classes A and B everything stands outside once. Of class C nothing stands twice, and what is uncertain
//! is listed; once people have said what they see, everything stands once there, too.
//!
//! Twelve kills run with all other tests; `LOGGIA_TEST_SEND_KILLS=200` (`scripts/kill9`) runs more. A program that would
//! forget that something may have left is planted, and must be noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::Connection as _;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use loggia::app::App;
use loggia::bridge::{self, Message, NewChannel, Operation, Plan, Quote, Resolution};
use loggia::kit::event::Origin;
use loggia::kit::ids::{ChannelId, DeliveryId};
use loggia::policy::Actor;
use serde_json::{Value, json};

use super::outside::{Channel, FACES, Face, MOMENTS, Moment};
use crate::support::server::Site;

const HOUSE: Actor = Actor::System("test");
const UNFINISHED: &str = "state NOT IN ('sent', 'needs_human', 'dead', 'expired', 'cancelled')";

#[derive(QueryableByName, Clone, Debug)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    origin_id: i64,
    #[diesel(sql_type = BigInt)]
    channel_id: i64,
    #[diesel(sql_type = Text)]
    state: String,
}

struct Stage {
    site: Site,
    /// The house, opened beside the program as an operator's commands would.
    app: Arc<App>,
    channels: Vec<(Channel, ChannelId)>,
    bases: String,
}

/// What came of it.
#[derive(Default, Debug)]
pub struct Account {
    kills: usize,
    messages: usize,
    moments: BTreeMap<(Face, Moment), usize>,
    requests: BTreeMap<Face, usize>,
    reads: usize,
    /// Of class C: what people were asked.
    listed: usize,
    pub faults: Vec<String>,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} kills at {} places, {} messages, raw requests {:?}, {} questions, {} listed for people; {} faults{}",
            self.kills,
            self.moments.len(),
            self.messages,
            self.requests,
            self.reads,
            self.listed,
            self.faults.len(),
            self.faults
                .iter()
                .map(|fault| format!("\n  {fault}"))
                .collect::<String>()
        )
    }
}

fn settings(face: Face, base: &str) -> (&'static str, Value, Option<String>) {
    match face {
        Face::Keyed => ("webhook", json!({ "url": format!("{base}/hook") }), None),
        Face::Asked => (
            "slack",
            json!({ "way": "bot", "room": "C024BE91L" }),
            Some("xoxb-12-abcdef".to_owned()),
        ),
        Face::Blind => (
            "discord",
            json!({ "way": "webhook" }),
            Some(format!(
                "https://discord.com/api/webhooks/112233/{}",
                "a".repeat(68)
            )),
        ),
    }
}

impl Stage {
    fn set() -> Stage {
        let site = Site::on_sqlite();
        let app = site.open();
        let mut channels = Vec::new();
        let mut bases = Vec::new();
        for face in FACES {
            let channel = Channel::open(face);
            let (kind, config, secret) = settings(face, &channel.base);
            if kind != "webhook" {
                bases.push(format!("{kind}={}", channel.base));
            }
            let wanted = NewChannel {
                kind: kind.to_owned(),
                name: format!("{face:?}"),
                config,
                secret,
            };
            let made = app
                .db
                .write_blocking(move |tx| bridge::create_channel(tx, &HOUSE, &wanted));
            let id = made.unwrap_or_else(|stop| panic!("{stop}")).channel.id;
            channels.push((channel, id));
        }
        Stage {
            site,
            app,
            channels,
            bases: bases.join(","),
        }
    }

    /// One message for each channel, while nobody lives.
    fn plan(&self, life: usize) {
        let app = &self.app;
        for (number, (_, channel)) in self.channels.iter().enumerate() {
            let (channel, id) = (*channel, origin(life, number));
            let planned = app.db.write_blocking(move |tx| {
                let origin = Origin {
                    kind: "trial".to_owned(),
                    id,
                };
                let code = bridge::new_code(tx, &origin, Some(channel), "/t/a-quay/7/3")?;
                let message = Message {
                    title: "An evening on the quay".to_owned(),
                    text: format!("{} {}", mark(id), tx.link(&format!("/h/{code}"))),
                    link: tx.link(&format!("/h/{code}")),
                    lang: "en".to_owned(),
                    quotes: vec![Quote {
                        text: mark(id),
                        attribution: "Ada".to_owned(),
                    }],
                    source_path: "/t/a-quay/7/3".to_owned(),
                    code,
                    site_name: "The Commons".to_owned(),
                    tags: Vec::new(),
                    picture: None,
                };
                let plan = Plan {
                    origin,
                    channel,
                    operation: Operation::Announce,
                    revision: 1,
                    message: &message,
                    planned_at: tx.now(),
                };
                bridge::plan(tx, &plan)
            });
            planned.unwrap_or_else(|stop| panic!("{stop}"));
        }
    }

    fn start(&self) -> crate::support::server::Server {
        self.site
            .start_with(&[("LOGGIA_CHANNEL_BASES", self.bases.as_str())])
    }

    fn file(&self) -> SqliteConnection {
        let mut conn = SqliteConnection::establish(&self.site.database().to_string_lossy())
            .expect("the database file opens");
        let pragmas = "PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = 10000";
        conn.batch_execute(pragmas).expect("pragmas");
        conn
    }

    fn behind(&self, sql: &str) {
        self.file()
            .batch_execute(sql)
            .unwrap_or_else(|why| panic!("{sql}: {why}"));
    }

    /// Two hours go by while nobody lives: leases run out, and what waits is due.
    fn two_hours_pass(&self) {
        self.behind(
            "UPDATE deliveries SET next_at = next_at - 7200000000, leased_until = leased_until - 7200000000; \
             UPDATE channels SET leased_until = leased_until - 7200000000, last_sent_at = last_sent_at - 7200000000, \
             breaker_until = breaker_until - 7200000000; \
             UPDATE leases SET until = until - 7200000000",
        );
    }

    fn rows(&self) -> Vec<Row> {
        diesel::sql_query(
            "SELECT id, origin_id, channel_id, state FROM deliveries WHERE origin_kind = 'trial'",
        )
        .load(&mut self.file())
        .expect("deliveries can be read")
    }

    fn count(&self, which: &str) -> usize {
        let sql = format!(
            "SELECT id, origin_id, channel_id, state FROM deliveries WHERE origin_kind = 'trial' AND {which}"
        );
        let rows: Vec<Row> = diesel::sql_query(sql)
            .load(&mut self.file())
            .expect("deliveries can be read");
        rows.len()
    }

    /// Lets everything come to its end, in as many lives as that takes.
    fn settle(&self) {
        for _ in 0..40 {
            let server = self.start();
            let patience = Instant::now() + Duration::from_secs(20);
            let now = jiff::Timestamp::now().as_microsecond();
            let due = format!("{UNFINISHED} AND next_at < {now}");
            while self.count(&due) > 0 && Instant::now() < patience {
                std::thread::sleep(Duration::from_millis(50));
            }
            drop(server);
            if self.count(UNFINISHED) == 0 {
                return;
            }
            self.two_hours_pass();
        }
        panic!("deliveries do not end:\n{}", self.site.log());
    }

    /// People look at the channels and say truly what is there.
    fn ask_people(&self) -> usize {
        let app = &self.app;
        let mut asked = 0;
        for row in self
            .rows()
            .into_iter()
            .filter(|row| row.state == "needs_human")
        {
            let there = self.channel(row.channel_id).there(&mark(row.origin_id)) > 0;
            let found = match there {
                true => Resolution::Present { url: None },
                false => Resolution::Absent,
            };
            let said = app
                .db
                .write_blocking(move |tx| bridge::resolve(tx, &HOUSE, DeliveryId(row.id), &found));
            said.unwrap_or_else(|stop| panic!("{stop}"));
            asked += 1;
        }
        asked
    }

    fn channel(&self, id: i64) -> &Channel {
        let mut all = self.channels.iter();
        let found = all.find(|(_, channel)| channel.0 == id);
        &found.expect("one of ours").0
    }
}

fn origin(life: usize, number: usize) -> i64 {
    i64::try_from(life * FACES.len() + number + 1).expect("a small number")
}

fn mark(id: i64) -> String {
    format!("mark{id}end")
}

/// A few thousandths of a second, from none to twenty.
fn pause(life: usize) {
    let micros = (life as u64).wrapping_mul(7_919) % 20_000;
    std::thread::sleep(Duration::from_micros(micros));
}

fn run(kills: usize, planted: bool) -> Account {
    let stage = Stage::set();
    let mut account = Account::default();
    for life in 0..kills {
        let face = FACES[life % FACES.len()];
        let moment = MOMENTS[(life / FACES.len()) % MOMENTS.len()];
        stage.plan(life);
        for (channel, _) in &stage.channels {
            channel.arm(Some(moment).filter(|m| channel.face == face && *m != Moment::Before));
        }
        let armed = &stage.channels[life % FACES.len()].0;
        if face == Face::Asked && moment == Moment::ReadBack {
            // Nothing is asked about before something is uncertain.
            armed.arm(Some(Moment::Taken));
            let mut server = stage.start();
            let let_go = armed.wait(Duration::from_secs(20));
            server.kill();
            let_go
                .expect("it was taken")
                .send(())
                .expect("somebody waits");
            stage.two_hours_pass();
            armed.arm(Some(moment));
        }
        let mut server = stage.start();
        let mut let_go = None;
        if moment == Moment::Before {
            // Between claim and first byte there are two commits and no sound: now and then the clock hits it.
            pause(life);
        } else {
            let_go = armed.wait(Duration::from_secs(20));
            if matches!(moment, Moment::Answered | Moment::HungUp) {
                pause(life);
            }
        }
        server.kill();
        armed.arm(None);
        let reached = moment == Moment::Before || let_go.is_some();
        if let Some(let_go) = let_go {
            let_go.send(()).expect("somebody waits");
        }
        if reached {
            *account.moments.entry((face, moment)).or_default() += 1;
        }
        account.kills += 1;
        if planted {
            // The planted fault: what was being sent is queued again, and the try is forgotten.
            stage.behind(
                "DELETE FROM attempts WHERE delivery_id IN (SELECT id FROM deliveries WHERE state = 'sending'); \
                 UPDATE deliveries SET state = 'queued', tries = 0, leased_until = NULL WHERE state = 'sending'",
            );
        }
        stage.two_hours_pass();
    }
    stage.settle();
    account.messages = kills * FACES.len();
    judge(&stage, &mut account, kills, false);
    account.listed = stage.ask_people();
    for _ in 0..5 {
        stage.settle();
        if stage.ask_people() == 0 {
            break;
        }
    }
    judge(&stage, &mut account, kills, true);
    for (channel, _) in &stage.channels {
        let (requests, reads) = channel.heard();
        account.requests.insert(channel.face, requests);
        account.reads += reads;
    }
    account
}

/// What stands outside, held against what the deliveries say. `finally`: people have answered.
fn judge(stage: &Stage, account: &mut Account, kills: usize, finally: bool) {
    let rows = stage.rows();
    for life in 0..kills {
        for (number, (channel, _)) in stage.channels.iter().enumerate() {
            let id = origin(life, number);
            let there = channel.there(&mark(id));
            let state = rows
                .iter()
                .find(|row| row.origin_id == id)
                .map_or("missing", |row| row.state.as_str());
            let face = channel.face;
            if there > 1 {
                account
                    .faults
                    .push(format!("{face:?} {id}: there {there} times"));
            }
            let known = match state {
                "sent" => there >= 1,
                // Listed: a person has it before them.
                "needs_human" => face == Face::Blind && !finally,
                _ => false,
            };
            if !known {
                account
                    .faults
                    .push(format!("{face:?} {id}: {state}, there {there} times"));
            }
        }
    }
    let unique: BTreeSet<String> = account.faults.drain(..).collect();
    account.faults.extend(unique);
}

#[test]
fn wherever_it_dies_everything_is_said_once_or_listed() {
    let wanted = std::env::var("LOGGIA_TEST_SEND_KILLS").ok();
    let kills: usize = wanted.map_or(12, |wanted| wanted.parse().expect("a number of kills"));
    let account = run(kills, false);
    println!("{account}");
    assert!(account.faults.is_empty(), "{account}");
    // Enough has happened at enough places, or the run has proved nothing.
    let places = account.moments.len();
    let all = FACES.len() * MOMENTS.len();
    assert!(
        places >= (kills * 3 / 4).min(all - 2),
        "{account}: {:?}",
        account.moments
    );
    let reached: usize = account.moments.values().sum();
    assert!(
        reached * 10 >= kills * 8,
        "too few moments were met: {account}"
    );
    assert!(account.reads >= kills / 12, "nobody asked: {account}");
    assert!(
        account.listed >= kills / 12,
        "nothing was uncertain: {account}"
    );
    for face in [Face::Keyed, Face::Asked] {
        assert!(account.requests[&face] >= kills, "{face:?}: {account}");
    }
}

#[test]
fn a_program_that_forgets_what_may_have_left_is_noticed() {
    // One life per channel that ends after a message was taken.
    let account = run(FACES.len(), true);
    let twice = |face: &str| {
        let mut faults = account.faults.iter();
        faults.any(|fault| {
            fault.starts_with(face) && !fault.contains("sent,") && fault.contains("there ")
        })
    };
    assert!(twice("Asked") && twice("Blind"), "{account}");
}
