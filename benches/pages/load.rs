//! Many requests over a few connections, and what they cost the server.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::growth::FIRST;
use super::http::Connection;
use super::process::Gauge;

/// What is asked for, and how often.
#[derive(Clone)]
pub struct Load {
    pub path: String,
    pub cookie: Option<String>,
    pub requests: usize,
    pub connections: usize,
    /// How many threads `{t}` chooses from.
    pub threads: u64,
}

/// What it cost.
pub struct Run {
    /// Processor time of the server per request, in milliseconds.
    pub cpu_ms: f64,
    /// Time from question to answer, sorted.
    pub times: Vec<Duration>,
}

impl Run {
    /// The time that this share of the answers stayed below.
    pub fn percentile(&self, share: f64) -> Duration {
        let at = ((self.times.len() - 1) as f64 * share) as usize;
        self.times[at]
    }
}

/// Runs a load; every answer must be 200.
pub fn run(server: Gauge, load: &Load) -> Run {
    let each = load.requests / load.connections;
    let before = server.cpu();
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let asking: Vec<_> = (0..load.connections)
            .map(|_| scope.spawn(|| ask(server.port, load, each)))
            .collect();
        asking
            .into_iter()
            .flat_map(|one| one.join().expect("every request is answered"))
            .collect()
    });
    let used = server.cpu() - before;
    times.sort();
    Run {
        cpu_ms: used.as_secs_f64() * 1000.0 / times.len() as f64,
        times,
    }
}

fn ask(port: u16, load: &Load, requests: usize) -> Vec<Duration> {
    let mut connection = Connection::open(port).expect("the server listens");
    let mut headers = vec![("Accept", "text/html")];
    headers.extend(load.cookie.as_deref().map(|cookie| ("Cookie", cookie)));
    // `{n}` in a path becomes a number that was not asked for before, `{t}` one of the many threads.
    static ASKED: AtomicU64 = AtomicU64::new(0);
    (0..requests)
        .map(|_| {
            let number = ASKED.fetch_add(1, Ordering::Relaxed);
            let thread = FIRST + number * 7_919 % load.threads.max(1);
            let path = load
                .path
                .replace("{n}", &number.to_string())
                .replace("{t}", &thread.to_string());
            let began = Instant::now();
            let answer = connection
                .send("GET", &path, &headers, &[])
                .expect("an answer");
            assert_eq!(answer.status, 200, "{}", load.path);
            began.elapsed()
        })
        .collect()
}
