//! The account at the end: from the database file, from what writers were told, and from the bytes
//! that arrived at the channels. It asks nothing of the rooms it judges.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::scene::Scene;
use super::writer::Writer;

/// What happened, and what is wrong with it.
#[derive(Debug)]
pub struct Account {
    pub kills: u32,
    pub acknowledged: usize,
    pub retried: u32,
    pub announced: usize,
    pub requests: usize,
    pub repeated: usize,
    /// Deliveries whose outcome was open when the program was killed.
    pub interrupted: i64,
    pub faults: Vec<String>,
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    body_source: String,
}

/// A number of rows.
#[derive(QueryableByName)]
pub struct Counted {
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}

#[derive(QueryableByName)]
struct Checked {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

impl Account {
    pub fn draw_up(scene: &Scene, writers: &[Writer], kills: u32, interrupted: i64) -> Account {
        let mut account = Account {
            kills,
            acknowledged: writers.iter().map(|writer| writer.acknowledged.len()).sum(),
            retried: writers.iter().map(|writer| writer.retried).sum(),
            announced: scene.announced(),
            requests: 0,
            repeated: 0,
            interrupted,
            faults: Vec::new(),
        };
        let mut conn = SqliteConnection::establish(&scene.site.database().to_string_lossy())
            .expect("the database file opens");
        conn.batch_execute("PRAGMA busy_timeout = 10000")
            .expect("a pragma");
        account.posts(&mut conn, scene, writers);
        account.halves(&mut conn);
        account.channels(scene);
        account
    }

    /// Whether enough has happened for the account to mean something.
    pub fn is_meaningful(&self) -> bool {
        let lives = self.kills as usize;
        self.acknowledged >= 3 * lives
            && self.retried as usize >= lives
            && self.announced >= lives
            && self.requests >= self.announced
            && self.repeated >= 1
            && self.interrupted >= (i64::from(self.kills) + 1) / 4
    }

    /// Whether a fault of this kind names this.
    pub fn names(&self, kind: &str, what: &str) -> bool {
        let mut faults = self.faults.iter();
        faults.any(|fault| fault.contains(kind) && fault.contains(what))
    }

    fn posts(&mut self, conn: &mut SqliteConnection, scene: &Scene, writers: &[Writer]) {
        let sql = format!(
            "SELECT id, body_source FROM posts WHERE thread_id = {}",
            scene.thread
        );
        let rows: Vec<Said> = diesel::sql_query(sql)
            .load(conn)
            .expect("posts can be read");
        let mut there: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for row in rows {
            let said = row.body_source.trim().to_owned();
            there.entry(said).or_default().push(row.id);
        }
        for (said, post) in writers.iter().flat_map(|writer| &writer.acknowledged) {
            match there.get(said) {
                None => self.faults.push(format!("acknowledged and lost: {said}")),
                Some(posts) if !posts.contains(post) => {
                    let what = format!("acknowledged as post {post}, there as {posts:?}: {said}");
                    self.faults.push(what);
                }
                Some(_) => {}
            }
        }
        for (said, posts) in there.iter().filter(|(said, _)| said.starts_with("canary")) {
            if posts.len() > 1 {
                self.faults
                    .push(format!("there {} times: {said}", posts.len()));
            }
        }
    }

    /// Nothing may be half there.
    fn halves(&mut self, conn: &mut SqliteConnection) {
        let checked: Vec<Checked> = diesel::sql_query("PRAGMA integrity_check")
            .load(conn)
            .expect("the check runs");
        for row in checked.iter().filter(|row| row.integrity_check != "ok") {
            self.faults
                .push(format!("integrity: {}", row.integrity_check));
        }
        let halves = [
            (
                "posts without an address",
                "SELECT count(*) AS n FROM posts p WHERE NOT EXISTS (SELECT 1 FROM post_addresses a \
                 WHERE a.post_id = p.id)",
            ),
            (
                "threads whose count is wrong",
                "SELECT count(*) AS n FROM threads t WHERE t.post_count <> (SELECT count(*) FROM posts p \
                 WHERE p.thread_id = t.id AND p.state = 'visible')",
            ),
            (
                "deliveries that never ended",
                "SELECT count(*) AS n FROM deliveries WHERE state NOT IN \
                 ('sent', 'needs_human', 'dead', 'expired', 'cancelled')",
            ),
        ];
        for (what, sql) in halves {
            let rows: Vec<Counted> = diesel::sql_query(sql)
                .load(conn)
                .expect("rows can be counted");
            if rows.first().is_none_or(|row| row.n != 0) {
                self.faults.push(format!(
                    "{}: {}",
                    what,
                    rows.first().map_or(-1, |row| row.n)
                ));
            }
        }
    }

    /// An announcement is one `webhook-id` with one body, however often it was sent.
    fn channels(&mut self, scene: &Scene) {
        for (channel, wanted) in scene.channels() {
            let received = channel.received();
            self.requests += received.len();
            let mut bodies: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for request in &received {
                bodies.entry(&request.id).or_default().insert(&request.body);
            }
            self.repeated += received.len() - bodies.len();
            for (id, bodies) in &bodies {
                if bodies.len() > 1 {
                    self.faults.push(format!("one id, several bodies: {id}"));
                }
            }
            for text in wanted {
                let ids = bodies.values().filter(|bodies| {
                    let mut bodies = bodies.iter();
                    bodies.any(|body| body.contains(text.as_str()))
                });
                let count = ids.count();
                match count {
                    1 => {}
                    0 => self.faults.push(format!("announced and lost: {text}")),
                    more => self.faults.push(format!("announced {more} times: {text}")),
                }
            }
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} kills, {} replies acknowledged, {} sent again; {} announcements in {} requests, {} of them \
             repeated, {} interrupted; {} faults{}",
            self.kills,
            self.acknowledged,
            self.retried,
            self.announced,
            self.requests,
            self.repeated,
            self.interrupted,
            self.faults.len(),
            self.faults
                .iter()
                .map(|fault| format!("\n  {fault}"))
                .collect::<String>()
        )
    }
}
