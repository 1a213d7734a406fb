//! A member who replies without pause and believes only what was acknowledged.

use std::collections::BTreeMap;
use std::sync::mpsc::Sender;
use std::time::Duration;

use serde_json::json;

use crate::support::http::{Answer, Connection};

/// How somebody takes what the server says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Believes what is acknowledged, and asks again with the same key.
    Honest,
    /// Counts a reply before it is acknowledged, as if the server said so before COMMIT.
    CountsEarly,
    /// Asks again with another key, as if the server knew none.
    ChangesKeys,
}

/// One member at one keyboard.
pub struct Writer {
    token: String,
    path: String,
    pub manner: Manner,
    /// Stands in every reply of theirs.
    pub name: String,
    /// Replies sent so far; names the next one.
    sent: u32,
    /// The reply that has no answer yet: what it says.
    unanswered: Option<String>,
    tries: u32,
    /// What the server has acknowledged, and as which post.
    pub acknowledged: BTreeMap<String, i64>,
    /// How often an unanswered reply was sent again.
    pub retried: u32,
}

impl Writer {
    pub fn new(token: &str, thread: i64) -> Writer {
        Writer {
            token: token.to_owned(),
            path: format!("/api/v1/threads/{thread}/posts"),
            manner: Manner::Honest,
            name: format!("canary {}", &token[token.len() - 8..]),
            sent: 0,
            unanswered: None,
            tries: 0,
            acknowledged: BTreeMap::new(),
            retried: 0,
        }
    }

    /// Writes until the server is gone.
    pub fn write_until_hung_up(&mut self, port: u16, acknowledged: &Sender<()>) {
        let Some(mut connection) = Connection::open(port) else {
            return;
        };
        while self.write(&mut connection) {
            // Towards the end nobody listens any more.
            let _ = acknowledged.send(());
        }
    }

    /// Sends again what has no answer, in peace.
    pub fn finish(&mut self, port: u16) {
        if self.unanswered.is_some() {
            let mut connection = Connection::open(port).expect("the server listens");
            assert!(
                self.write(&mut connection),
                "the last reply is not acknowledged"
            );
        }
    }

    fn write(&mut self, connection: &mut Connection) -> bool {
        let again = self.unanswered.clone();
        self.retried += u32::from(again.is_some());
        let said = again.unwrap_or_else(|| {
            self.sent += 1;
            self.tries = 0;
            format!("{}-{} end", self.name, self.sent)
        });
        self.unanswered = Some(said.clone());
        if self.manner == Manner::CountsEarly {
            self.acknowledged.insert(said.clone(), -1);
            self.unanswered = None;
        }
        // Every third answer gets lost on the way here: the writer asks again.
        let mut lost = self.sent % 3 != 1;
        let post = loop {
            self.tries += 1;
            let Some(answer) = self.send(connection, &said) else {
                return false;
            };
            match answer.status {
                200 | 201 if lost => break answer.json()["id"].as_i64().unwrap_or(-1),
                200 | 201 => lost = true,
                // Busy, or the first try is still on its way.
                409 | 503 => std::thread::sleep(Duration::from_millis(20)),
                other => panic!("a reply was answered {other}: {}", answer.text()),
            }
        };
        self.unanswered = None;
        self.acknowledged.insert(said, post);
        true
    }

    fn send(&self, connection: &mut Connection, said: &str) -> Option<Answer> {
        let key = match self.manner {
            Manner::ChangesKeys => format!("{said} {}", self.tries),
            _ => said.to_owned(),
        }
        .replace(' ', "-");
        let bearer = format!("Bearer {}", self.token);
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", key.as_str()),
        ];
        let body = json!({ "body": said }).to_string();
        connection.send("POST", &self.path, &headers, body.as_bytes())
    }
}
