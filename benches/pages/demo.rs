//! The demo as a visitor meets it: what it needs while nobody is there, and what its pages weigh.

use std::process::Command;
use std::time::Duration;

use super::http::Connection;
use super::process::{Process, free_port};
use super::server::program;

/// A running demo.
pub struct Demo(Process);

/// Bytes over the wire, compressed, heads included.
pub struct Weight {
    /// The page, its styles, scripts and symbols.
    pub all: usize,
    /// Of it scripts.
    pub scripts: usize,
}

impl Demo {
    /// Starts it and waits until it answers.
    pub fn start() -> Demo {
        let port = free_port();
        let mut command = Command::new(program());
        command
            .arg("demo")
            .env("LOGGIA_BIND", format!("127.0.0.1:{port}"))
            // Callers say where they come from, so that limits are not what is measured.
            .env("LOGGIA_TRUSTED_PROXIES", "127.0.0.1")
            .env("RUST_LOG", "error");
        Demo(Process::start(command, port))
    }

    /// Resident memory after a minute with nobody there.
    pub fn idle_memory(&self) -> String {
        std::thread::sleep(Duration::from_secs(60));
        format!("{:.1} MB", self.0.gauge().resident() as f64 / 1e6)
    }

    /// The address of the longest thread among the latest.
    pub fn a_thread(&self) -> String {
        let page = String::from_utf8_lossy(&self.get("/latest", "").body).into_owned();
        let found = page
            .split('"')
            .find(|piece| piece.starts_with("/t/"))
            .expect("a thread");
        found.split(['#', '?']).next().unwrap_or(found).to_owned()
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.0.port
    }

    /// Members who are named on the first pages, each once.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for path in ["/", "/latest"] {
            let page = String::from_utf8_lossy(&self.get(path, "").body).into_owned();
            let found = page
                .split('"')
                .filter_map(|piece| piece.strip_prefix("/u/"));
            names.extend(found.map(str::to_owned));
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What a browser fetches that has never been here.
    pub fn first_view(&self, path: &str) -> Weight {
        let page = String::from_utf8_lossy(&self.get(path, "").body).into_owned();
        let mut weight = Weight {
            all: self.weigh(path),
            scripts: 0,
        };
        let mut pieces: Vec<&str> = page
            .split(['"', '\''])
            .filter(|piece| piece.starts_with("/assets/") || piece.starts_with("/colours/"))
            .map(|piece| piece.split('#').next().unwrap_or(piece))
            .collect();
        pieces.sort_unstable();
        pieces.dedup();
        for piece in pieces {
            let bytes = self.weigh(piece);
            weight.all += bytes;
            weight.scripts += if piece.ends_with(".js") { bytes } else { 0 };
        }
        weight
    }

    fn weigh(&self, path: &str) -> usize {
        let answer = self.get(path, "gzip");
        let heads = answer.headers.iter();
        let heads: usize = heads
            .map(|(name, value)| name.len() + value.len() + 4)
            .sum();
        answer.body.len() + heads
    }

    fn get(&self, path: &str, encoding: &str) -> super::http::Answer {
        let mut connection = Connection::open(self.0.port).expect("the demo listens");
        let headers = [("Accept-Encoding", encoding), ("Accept", "*/*")];
        let answer = connection.send("GET", path, &headers, &[]);
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, 200, "{path}");
        answer
    }
}
