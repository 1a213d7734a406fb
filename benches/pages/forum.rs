//! The forum under test: the release binary on a database file with one thread of forty-one posts,
//! and sixty-four members who can write.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use loggia::forum::{self, CategoryDraft, NewThread, Tags, Title, Words};
use loggia::kit::ids::ThreadId;
use loggia::kit::stop::Document;
use loggia::members::{self, Added, NewPassword};
use loggia::policy::{Actor, Role, Trust};
use serde_json::json;

use super::growth;
use super::http::{Answer, Connection};
use super::process::Gauge;
use super::server::{Server, Site};

const PASSWORD: &str = "a kingfisher over berth four";

/// A running forum.
pub struct Forum {
    site: Site,
    server: Server,
    thread: ThreadId,
    path: String,
    tokens: Vec<String>,
}

/// What sixty-four writers got done.
pub struct Written {
    pub accepted: u64,
    pub refused: u64,
    pub seconds: f64,
    pub cpu: Duration,
    /// Syncs of the write-ahead log during the run, where strace could count them.
    pub syncs: Option<u64>,
}

impl Written {
    /// Replies a second.
    pub fn per_second(&self) -> f64 {
        self.accepted as f64 / self.seconds
    }

    /// Acknowledged writes that one sync carried.
    pub fn per_sync(&self) -> String {
        match self.syncs {
            Some(syncs) if syncs > 0 => format!("{:.1}", self.accepted as f64 / syncs as f64),
            _ => "not counted (needs strace and the right to use it)".to_owned(),
        }
    }

    /// Processor time of the server per reply, in milliseconds.
    pub fn cpu_per_reply(&self) -> f64 {
        self.cpu.as_secs_f64() * 1000.0 / self.accepted as f64
    }
}

impl Forum {
    /// Fills a database and starts the program on it.
    pub fn start() -> Forum {
        Forum::with_posts(0, 40, talk)
    }

    /// The same with so many more posts, and short ones, so that a million fit on any disk.
    pub fn grown_to(posts: u64) -> Forum {
        Forum::with_posts(posts, 19, |turn| {
            format!(
                "Counted again in turn {turn}, and **the list** agrees with the harbour master's."
            )
        })
    }

    fn with_posts(more: u64, turns: usize, talk: fn(usize) -> String) -> Forum {
        let site = Site::on_sqlite();
        let app = site.open();
        let base = format!("http://127.0.0.1:{}", site.port);
        let made = app.db.write_blocking(move |tx| {
            let admin = person(tx, "ada", &[Role::Admin])?;
            let mia = person(tx, "mia", &[])?;
            let draft = CategoryDraft {
                name: "Quay".to_owned(),
                colour: "#0b5d5e".to_owned(),
                ..CategoryDraft::default()
            };
            let category = forum::create_category(tx, &admin, &draft)?;
            let title = Title::parse("A kingfisher in the courtyard")?;
            let words = Words::parse(&talk(0), &base)?;
            let new = NewThread {
                category,
                title,
                words,
                tags: Tags::default(),
            };
            let started = forum::start(tx, &mia, &new)?;
            for number in 1..=turns {
                let words = Words::parse(&talk(number), &base)?;
                forum::reply(tx, &mia, started.thread, &words, None)?;
            }
            let mut tokens = Vec::new();
            for number in 0..64 {
                let writer = person(tx, &format!("writer{number}"), &[])?;
                tokens.push(members::create_token(tx, &writer, "bench", 1)?);
            }
            Ok((started.thread, started.slug.clone(), tokens))
        });
        let (thread, slug, tokens) = made.unwrap_or_else(|stop| panic!("{stop}"));
        drop(app);
        if more > 0 {
            growth::fill(&site.database(), thread.0, more);
        }
        let path = forum::thread_path(&slug, thread);
        let server = site.start();
        Forum {
            site,
            server,
            thread,
            path,
            tokens,
        }
    }

    /// What the server uses.
    pub fn gauge(&self) -> Gauge {
        Gauge {
            pid: self.server.id(),
            port: self.site.port,
        }
    }

    /// The size of the program.
    pub fn binary_size(&self) -> String {
        let size = std::fs::metadata(super::server::program())
            .expect("the binary")
            .len();
        format!("{:.1} MB", size as f64 / 1e6)
    }

    /// From the start of the program to its first 200, on a migrated database, median of five.
    pub fn starts_in(&self) -> String {
        let other = Site::on_sqlite();
        drop(other.open());
        let mut times: Vec<Duration> = (0..5)
            .map(|_| {
                let began = Instant::now();
                let server = other.start();
                let took = began.elapsed();
                drop(server);
                took
            })
            .collect();
        times.sort();
        format!("{} ms", times[2].as_millis())
    }

    /// The thread's first page: twenty posts.
    pub fn thread_page(&self) -> String {
        self.path.clone()
    }

    /// One page.
    pub fn get(&self, path: &str, cookie: Option<&str>) -> Answer {
        let mut connection = Connection::open(self.site.port).expect("the server listens");
        let headers: Vec<(&str, &str)> = cookie
            .map(|cookie| ("Cookie", cookie))
            .into_iter()
            .collect();
        let answer = connection
            .send("GET", path, &headers, &[])
            .expect("an answer");
        assert_eq!(answer.status, 200, "{path}");
        answer
    }

    /// Signs in through the form, as a browser would: the cookies.
    pub fn sign_in(&self, name: &str) -> String {
        let page = self.get("/sign-in", None);
        let mut cookies: Vec<String> = cookies_of(&page);
        let mut fields = hidden_fields(&page.text());
        fields.push(("login".to_owned(), name.to_owned()));
        fields.push(("password".to_owned(), PASSWORD.to_owned()));
        let body = serde_urlencoded::to_string(&fields).expect("a form");
        let origin = format!("http://127.0.0.1:{}", self.site.port);
        let sent = cookies.join("; ");
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Origin", origin.as_str()),
            ("Sec-Fetch-Site", "same-origin"),
            ("Cookie", sent.as_str()),
        ];
        let mut connection = Connection::open(self.site.port).expect("the server listens");
        let answer = connection
            .send("POST", "/sign-in", &headers, body.as_bytes())
            .expect("an answer");
        assert_eq!(answer.status, 303, "signing in: {}", answer.text());
        cookies.extend(cookies_of(&answer));
        cookies.join("; ")
    }

    /// Replies from so many writers at once, for so long.
    pub fn write_replies(&self, writers: usize, time: Duration) -> Written {
        let (accepted, refused) = (AtomicU64::new(0), AtomicU64::new(0));
        let path = format!("/api/v1/threads/{}/posts", self.thread.0);
        let counting = Counting::begin(self.server.id());
        let before = self.gauge().cpu();
        let began = Instant::now();
        std::thread::scope(|scope| {
            for token in &self.tokens[..writers] {
                let (path, accepted, refused) = (&path, &accepted, &refused);
                scope.spawn(move || {
                    let mut connection =
                        Connection::open(self.site.port).expect("the server listens");
                    let bearer = format!("Bearer {token}");
                    let headers = [
                        ("Authorization", bearer.as_str()),
                        ("Content-Type", "application/json"),
                    ];
                    let mut number = 0;
                    while began.elapsed() < time {
                        number += 1;
                        let body = json!({ "body": talk(number) }).to_string();
                        let answer = connection.send("POST", path, &headers, body.as_bytes());
                        let status = answer.expect("an answer").status;
                        let count = if status / 100 == 2 { accepted } else { refused };
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        let seconds = began.elapsed().as_secs_f64();
        let cpu = self.gauge().cpu() - before;
        let syncs = counting.and_then(Counting::end);
        Written {
            accepted: accepted.into_inner(),
            refused: refused.into_inner(),
            seconds,
            cpu,
            syncs,
        }
    }
}

/// Counts syncs from outside; a server that counted its own would be believed too easily.
struct Counting {
    strace: std::process::Child,
    to: tempfile::NamedTempFile,
}

impl Counting {
    fn begin(pid: u32) -> Option<Counting> {
        let to = tempfile::NamedTempFile::new().ok()?;
        let mut command = Command::new("strace");
        command.args([
            "-f",
            "-c",
            "-e",
            "trace=fsync,fdatasync",
            "-p",
            &pid.to_string(),
            "-o",
        ]);
        let strace = command
            .arg(to.path())
            .stderr(std::process::Stdio::null())
            .spawn()
            .ok()?;
        std::thread::sleep(Duration::from_millis(500));
        Some(Counting { strace, to })
    }

    fn end(mut self) -> Option<u64> {
        Command::new("kill")
            .args(["-INT", &self.strace.id().to_string()])
            .status()
            .ok()?;
        self.strace.wait().ok()?;
        let said = std::fs::read_to_string(self.to.path()).ok()?;
        let rows = said.lines().filter(|row| row.contains("sync"));
        let calls = rows.filter_map(|row| row.split_whitespace().nth(3)?.parse::<u64>().ok());
        Some(calls.sum())
    }
}

fn person(tx: &mut loggia::db::Tx<'_>, name: &str, roles: &[Role]) -> loggia::kit::Result<Actor> {
    let mut added = Added::named(name);
    added.email = Some(format!("{name}@example.org"));
    added.roles = roles.to_vec();
    added.trust = Trust::Established;
    if name == "mia" {
        added.password = Some(NewPassword::check(PASSWORD, &[])?);
    }
    let id = members::add(tx, &Actor::System("bench"), &added)?;
    members::acknowledged(tx, id, Document::Community, 1_000)?;
    members::actor(tx, id)
}

/// A few sentences as people write them, no two the same.
fn talk(number: usize) -> String {
    format!(
        "This is turn {number} of the evening. We counted the boats again, and **this time** the list \
         agrees with the harbour master's:\n\n- two ferries\n- eleven dinghies\n- one kingfisher, not a boat\n\n\
         > Nobody has ever counted the kingfisher.\n\nSee [the older list](https://example.org/list/{number}) \
         for what went wrong in spring, and bring a warmer coat than last time. The lamp over berth four still \
         flickers, so take the other stairs when it is dark."
    )
}

pub fn cookies_of(answer: &Answer) -> Vec<String> {
    answer
        .header("set-cookie")
        .filter_map(|cookie| Some(cookie.split(';').next()?.to_owned()))
        .collect()
}

pub fn hidden_fields(page: &str) -> Vec<(String, String)> {
    let document = scraper::Html::parse_document(page);
    let wanted = scraper::Selector::parse(
        "form[action='/sign-in'] input[type=hidden], main form input[type=hidden]",
    );
    let mut fields: Vec<(String, String)> = document
        .select(&wanted.expect("a selector"))
        .filter_map(|input| {
            Some((
                input.attr("name")?.to_owned(),
                input.attr("value").unwrap_or_default().to_owned(),
            ))
        })
        .collect();
    fields.dedup();
    fields
}
