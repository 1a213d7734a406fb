//! Figures for the person who runs the server, in the text format that Prometheus and its kin read. They are told at
//! an address of their own (`metrics_bind`), off unless asked for. Labels come from short lists in the code: no
//! address, name or word of anybody stands here.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::{App as Actix, HttpResponse, HttpServer, web};

use super::routes::Kind;
use crate::app::App;
use crate::bridge;
use crate::db::jobs;
use crate::policy::Actor;

const KINDS: [(Kind, &str); 5] = [
    (Kind::Page, "page"),
    (Kind::Api, "api"),
    (Kind::Feed, "feed"),
    (Kind::Callback, "callback"),
    (Kind::Unsubscribe, "unsubscribe"),
];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// What this process has answered since it started.
#[derive(Default)]
pub struct Answered([[AtomicU64; CLASSES.len()]; KINDS.len()]);

impl Answered {
    /// Counts one answer.
    pub fn count(&self, kind: Kind, status: StatusCode) {
        let row = KINDS.iter().position(|(known, _)| *known == kind);
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        let counter = row.and_then(|row| self.0.get(row)?.get(class));
        if let Some(counter) = counter {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What stands in the database, for all nodes together.
struct Stored {
    jobs: (i64, i64, i64),
    deliveries: bridge::Counts,
}

/// All figures as text.
pub async fn text(app: &App) -> String {
    let stored = app.db.read(|tx| {
        Ok(Stored {
            jobs: jobs::counts(tx)?,
            deliveries: bridge::counts(tx, &Actor::System("metrics"))?,
        })
    });
    let stored = stored.await;
    let mut out = Lines::default();
    let version = env!("CARGO_PKG_VERSION");
    out.family("loggia_build_info", "gauge", "The version that runs.");
    out.line("loggia_build_info", &[("version", version)], 1);

    let requests = "loggia_requests_total";
    out.family(
        requests,
        "counter",
        "Requests answered, by kind of address and class of status.",
    );
    for ((_, kind), row) in KINDS.iter().zip(&app.answered.0) {
        for (class, counter) in CLASSES.iter().zip(row) {
            let labels = [("kind", *kind), ("class", *class)];
            out.line(requests, &labels, counter.load(Ordering::Relaxed));
        }
    }

    let (writing, reading) = app.db.waiting();
    let queue = "loggia_database_queue";
    out.family(
        queue,
        "gauge",
        "Transactions asked for and not yet answered.",
    );
    out.line(queue, &[("of", "writes")], writing);
    out.line(queue, &[("of", "reads")], reading);
    let (written, commits) = app.db.written();
    out.family("loggia_writes_total", "counter", "Writes acknowledged.");
    out.line("loggia_writes_total", &[], written);
    out.family(
        "loggia_commits_total",
        "counter",
        "Commits that carried them.",
    );
    out.line("loggia_commits_total", &[], commits);

    let outbound = "loggia_outbound_requests_total";
    out.family(
        outbound,
        "counter",
        "Requests to other hosts, by what became of them.",
    );
    for (outcome, count) in app.outbound.counts() {
        out.line(outbound, &[("outcome", outcome)], count);
    }

    let up = "loggia_database_up";
    out.family(up, "gauge", "Whether the database answered just now.");
    out.line(up, &[], u64::from(stored.is_ok()));
    if let Ok(stored) = stored {
        out.stored(&stored);
    }
    out.0
}

/// Lines in the text format.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: u64) {
        let labels: Vec<String> = labels.iter().map(|(k, v)| format!("{k}=\"{v}\"")).collect();
        let labels = if labels.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", labels.join(","))
        };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn stored(&mut self, stored: &Stored) {
        let count = |n: i64| u64::try_from(n).unwrap_or_default();
        let (waiting, running, parked) = stored.jobs;
        self.family("loggia_jobs", "gauge", "Jobs in the queue of all nodes.");
        for (state, n) in [
            ("waiting", waiting),
            ("running", running),
            ("parked", parked),
        ] {
            self.line("loggia_jobs", &[("state", state)], count(n));
        }
        let deliveries = "loggia_deliveries";
        self.family(deliveries, "gauge", "Deliveries, by where they stand.");
        for (state, n) in &stored.deliveries {
            self.line(deliveries, &[("state", state.as_str())], count(*n));
        }
    }
}

/// Tells the figures at an address of their own, if one was given, from now until they are closed.
///
/// # Errors
/// What the operating system says about the socket, with its address.
pub fn open(app: &Arc<App>) -> Result<Option<ServerHandle>, String> {
    let Some(bind) = app.config.metrics_bind else {
        return Ok(None);
    };
    let app = app.clone();
    let server = HttpServer::new(move || {
        let app = app.clone();
        let tell = move || {
            let app = app.clone();
            async move {
                HttpResponse::Ok()
                    .content_type("text/plain; version=0.0.4; charset=utf-8")
                    .body(text(&app).await)
            }
        };
        Actix::new().route("/metrics", web::get().to(tell))
    });
    let server = server.workers(1).disable_signals().bind(bind);
    let server = server.map_err(|e| format!("{bind}: {e}"))?.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(Some(handle))
}

/// Tells nothing any more.
pub async fn close(open: Option<ServerHandle>) {
    if let Some(handle) = open {
        handle.stop(false).await;
    }
}
