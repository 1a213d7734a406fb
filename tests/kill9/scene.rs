//! The scene: writers with tokens, a thread to reply in, highlights that are approved and wait to be
//! announced, and two webhooks that listen.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use diesel::Connection as _;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use loggia::bridge::{self, NewChannel};
use loggia::guidelines::{self, Change, Publication};
use loggia::kit::stop::Document;
use loggia::members::{self, Added};
use loggia::policy::{Actor, Role, Trust};
use serde_json::{Value, json};

use super::WRITERS;
use super::account::Counted;
use super::channel::Channel;
use crate::support::http::Connection;
use crate::support::server::Site;

/// Deliveries to which something may still happen by itself.
const UNFINISHED: &str = "state NOT IN ('sent', 'needs_human', 'dead', 'expired', 'cancelled')";

/// Everything that stands before the first kill.
pub struct Scene {
    pub site: Site,
    pub tokens: Vec<String>,
    pub thread: i64,
    publisher: String,
    highlights: Vec<i64>,
    /// The channels, and their numbers in the database.
    listening: Vec<(Channel, i64)>,
    announced: Cell<u32>,
}

impl Scene {
    /// Sets it; with as many highlights as there will be lives.
    pub fn set(lives: u32) -> Scene {
        let site = Site::on_sqlite();
        let writers: Vec<String> = (0..WRITERS).map(|n| format!("writer{n}")).collect();
        let mut people: Vec<(&str, &[Role])> = writers
            .iter()
            .map(|name| (name.as_str(), &[] as &[Role]))
            .collect();
        people.push(("ada", &[Role::Admin]));
        people.push(("pia", &[Role::Publisher]));
        people.push(("carl", &[Role::Champion]));
        people.push(("moss", &[Role::Moderator]));
        let tokens = move_in(&site, &people);
        let [ada, publisher, champion, moderator] = &tokens[WRITERS..] else {
            panic!("four who are no writers");
        };

        let server = site.start();
        let port = site.port;
        let category = call(
            port,
            ada,
            "/categories",
            &json!({ "name": "Quay", "nominable": true }),
        );
        let started = json!({
            "category_id": category["id"], "title": "A long evening on the quay", "body": "Begin.",
        });
        let thread = number(&call(port, &tokens[0], "/threads", &started), "id");
        let mut highlights = Vec::new();
        let mut listening = Vec::new();
        for hangs_up in [false, true] {
            let channel = Channel::open(hangs_up);
            let id = listen_at(&site, channel.port, hangs_up);
            listening.push((channel, id));
        }
        for life in 0..lives {
            let words = excerpt(life);
            let posts = format!("/threads/{thread}/posts");
            let post = number(
                &call(port, &tokens[0], &posts, &json!({ "body": words })),
                "id",
            );
            let nominated = json!({
                "post_id": post, "excerpt": words, "title": format!("Evening {life}"), "reason": "It is good.",
            });
            let id = number(&call(port, champion, "/highlights", &nominated), "id");
            let granted = json!({
                "decision": "grant", "attribution": "name", "trimming": false, "by_hand": false,
                "channels": ["webhook"],
            });
            call(
                port,
                &tokens[0],
                &format!("/highlights/{id}/consent"),
                &granted,
            );
            let approved = json!({ "decision": "approve", "note": "Yes." });
            call(
                port,
                moderator,
                &format!("/highlights/{id}/approval"),
                &approved,
            );
            highlights.push(id);
        }
        drop(server);
        Scene {
            thread,
            publisher: publisher.clone(),
            tokens: tokens[..WRITERS].to_vec(),
            highlights,
            listening,
            announced: Cell::new(0),
            site,
        }
    }

    /// Announces this life's highlight in both channels.
    pub fn announce(&self, life: u32) {
        let Some(highlight) = self.highlights.get(life as usize) else {
            return;
        };
        for (_, channel) in &self.listening {
            // Every life says much the same: a warning that has its reason.
            let reasons =
                json!({ "dup.text": "A test.", "dup.link": "A test.", "dup.again": "A test." });
            let body = json!({ "channel_id": channel, "text": text(life), "reasons": reasons });
            let path = format!("/highlights/{highlight}/announcements");
            call(self.site.port, &self.publisher, &path, &body);
        }
        self.announced.set(life + 1);
    }

    /// Lets two hours go by while nobody lives: the leases of the dead run out, and what waits is due.
    pub fn two_hours_pass(&self) {
        let passed = [
            "UPDATE deliveries SET next_at = next_at - 7200000000, leased_until = leased_until - 7200000000",
            "UPDATE channels SET leased_until = leased_until - 7200000000, last_sent_at = last_sent_at - 7200000000, \
             breaker_until = breaker_until - 7200000000",
            "UPDATE leases SET until = until - 7200000000",
        ];
        for sql in passed {
            self.behind(sql);
        }
    }

    /// Changes the file behind the program's back, while the program is dead.
    pub fn behind(&self, sql: &str) -> usize {
        let mut conn = self.open_file();
        diesel::sql_query(sql)
            .execute(&mut conn)
            .unwrap_or_else(|why| panic!("{sql}: {why}"))
    }

    /// Whether anything has been asked of the channels.
    pub fn requests(&self) -> usize {
        self.listening
            .iter()
            .map(|(channel, _)| channel.received().len())
            .sum()
    }

    /// How many deliveries stand at `sending`: their bytes may have left.
    pub fn interrupted(&self) -> i64 {
        self.count("state = 'sending'")
    }

    fn count(&self, which: &str) -> i64 {
        let sql = format!("SELECT count(*) AS n FROM deliveries WHERE {which}");
        let rows: Vec<Counted> = diesel::sql_query(sql)
            .load(&mut self.open_file())
            .expect("deliveries can be counted");
        rows.first().map_or(0, |row| row.n)
    }

    fn open_file(&self) -> SqliteConnection {
        let mut conn = SqliteConnection::establish(&self.site.database().to_string_lossy())
            .expect("the database file opens");
        // What is planted may break every rule.
        let pragmas = "PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = 10000";
        conn.batch_execute(pragmas).expect("pragmas");
        conn
    }

    /// Lets every delivery come to its end, in as many lives as that takes.
    pub fn settle(&self) {
        for _ in 0..20 {
            let server = self.site.start();
            let patience = Instant::now() + Duration::from_secs(10);
            while self.count(&format!("{UNFINISHED} AND next_at < {}", now())) > 0
                && Instant::now() < patience
            {
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

    /// How many announcements were accepted, over all channels.
    pub fn announced(&self) -> usize {
        self.announced.get() as usize * self.listening.len()
    }

    /// Each channel with the marks of the announcements that it must have got.
    pub fn channels(&self) -> impl Iterator<Item = (&Channel, Vec<String>)> {
        let marks: Vec<String> = (0..self.announced.get()).map(mark).collect();
        self.listening
            .iter()
            .map(move |(channel, _)| (channel, marks.clone()))
    }
}

/// Opens a channel to a listener, as an administrator would.
fn listen_at(site: &Site, port: u16, hangs_up: bool) -> i64 {
    let app = site.open();
    let made = app.db.write_blocking(move |tx| {
        let wanted = NewChannel {
            kind: "webhook".to_owned(),
            name: format!("Listener {hangs_up}"),
            config: json!({ "url": format!("http://127.0.0.1:{port}/hook") }),
            secret: None,
        };
        let ada = members::find_by_name(tx, "ada")?;
        let ada = members::actor(tx, ada.id)?;
        bridge::create_channel(tx, &ada, &wanted)
    });
    made.unwrap_or_else(|stop| panic!("{stop}")).channel.id.0
}

fn excerpt(life: u32) -> String {
    format!("The lamp over berth {life} went out and nobody minded the dark.")
}

/// The present second and a bit, in the microseconds of the file.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let micros = since.expect("after 1970").as_micros();
    i64::try_from(micros).expect("before 292277") + 1_000_000
}

fn mark(life: u32) -> String {
    format!("mark-{life}-end")
}

fn text(life: u32) -> String {
    format!(
        "Heard in the community ({}): “{}” – Writer0",
        mark(life),
        excerpt(life)
    )
}

/// Makes the people and gives each a token.
fn move_in(site: &Site, people: &[(&str, &[Role])]) -> Vec<String> {
    let app = site.open();
    let made = app.db.write_blocking(|tx| {
        let rules = Publication {
            words: guidelines::Words::parse("Speak quietly of others.", "http://town.example")?,
            change: Change::Major,
            note: String::new(),
            effective_at: None,
            base: guidelines::base_of(tx, Document::Messaging)?
                .map(|version| version.fingerprint())
                .unwrap_or_default(),
        };
        guidelines::publish(tx, &Actor::System("scene"), Document::Messaging, &rules)
    });
    made.unwrap_or_else(|stop| panic!("{stop}"));
    people
        .iter()
        .map(|(name, roles)| {
            let (name, roles) = ((*name).to_owned(), roles.to_vec());
            let made = app.db.write_blocking(move |tx| {
                let mut added = Added::named(&name);
                added.display = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
                added.email = Some(format!("{name}@example.org"));
                added.roles.clone_from(&roles);
                added.trust = Trust::Established;
                let id = members::add(tx, &Actor::System("scene"), &added)?;
                members::acknowledged(tx, id, Document::Community, 1_000)?;
                members::acknowledged(tx, id, Document::Messaging, 1_000)?;
                let actor = members::actor(tx, id)?;
                members::create_token(tx, &actor, "tests", 1)
            });
            made.unwrap_or_else(|stop| panic!("{stop}"))
        })
        .collect()
}

fn number(answer: &Value, field: &str) -> i64 {
    answer[field]
        .as_i64()
        .unwrap_or_else(|| panic!("no {field}: {answer}"))
}

fn call(port: u16, token: &str, path: &str, body: &Value) -> Value {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
    ];
    let mut connection = Connection::open(port).expect("the server listens");
    let path = format!("/api/v1{path}");
    let answer = connection
        .send("POST", &path, &headers, body.to_string().as_bytes())
        .expect("an answer");
    assert!(
        answer.status / 100 == 2,
        "POST {path}: {} {}",
        answer.status,
        answer.text()
    );
    answer.json()
}
