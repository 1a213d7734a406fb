//! What pages and replies cost. `cargo bench --bench pages`
//!
//! Times of a clock say little on a noisy machine. The figure that holds is the processor time of
//! the server per request (user and system, from `/proc/PID/stat`), set against a floor that is
//! measured in the same minute: floor and forum take turns, five rounds, and the median of the
//! five ratios counts.
//!
//! The floors are this same program, started again as a server of its own:
//! `bare` answers with a fixed page of the same size from actix-web; `rows` reads twenty rows with
//! diesel and writes them with handlebars, in the way the documents of actix-web show it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a bench may burst, and looks at the real clock"
)]

mod demo;
mod doors;
mod floor;
mod forum;
mod growth;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/support/http.rs"]
mod http;
mod load;
mod process;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/support/server.rs"]
mod server;
mod table;

use std::time::Duration;

use demo::Demo;
use forum::Forum;
use load::{Load, Run};
use process::{Gauge, Process};
use table::Table;

const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|a| a == "--floor") {
        floor::serve(&arguments[at + 1..]);
        return;
    }
    let short = arguments.iter().any(|a| a == "--short");
    let scale = if short { 10 } else { 1 };

    let mut table = Table::default();
    let forum = Forum::start();
    table.say("binary", forum.binary_size(), "≤ 40 MB (profile dist)");
    table.say(
        "start to first 200, migrated",
        forum.starts_in(),
        "≤ 300 ms",
    );
    pages(&forum, &mut table, scale);
    replies(&forum, &mut table, scale);
    drop(forum);
    let demo = Demo::start();
    if !short {
        let much = demo.idle_memory();
        table.say("memory after 60 s of the demo", much, "≤ 40 MB");
    }
    weight(&demo, &mut table);
    doors::doors(&demo, &mut table);
    drop(demo);
    growth(&mut table, scale);
    table.print();
}

/// What the first view weighs over the wire.
fn weight(demo: &Demo, table: &mut Table) {
    for (what, path) in [
        ("first view of the front page", "/".to_owned()),
        ("first view of a thread", demo.a_thread()),
    ] {
        let weight = demo.first_view(&path);
        let much = format!(
            "{:.1} KB, of it {:.1} KB JavaScript",
            kilobytes(weight.all),
            kilobytes(weight.scripts)
        );
        table.say(what, much, "≤ 60 KB, ≤ 20 KB JavaScript");
    }
}

/// The same pages in two houses, one of them a hundred times as full.
fn growth(table: &mut Table, scale: usize) {
    let (few, many) = (10_000, if scale == 1 { 1_000_000 } else { 100_000 });
    let small = Forum::grown_to(few);
    let large = Forum::grown_to(many);
    let pages = [
        ("a thread", "/t/quay-log/{t}?n={n}"),
        ("latest", "/latest?n={n}"),
        ("its category", "/c/quay/1?n={n}"),
    ];
    for (what, path) in pages {
        let load = |posts: u64| Load {
            path: path.to_owned(),
            cookie: None,
            requests: 2_000 / scale,
            connections: 4,
            threads: posts / 20,
        };
        let pairs = paired(large.gauge(), &load(many), small.gauge(), &load(few));
        table.ratio(
            &format!("{what}, {many} posts : {few} posts"),
            &pairs,
            "≤ 1.25 × (at 10 million)",
            1.25,
        );
    }
}

fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

/// The thread page of twenty posts, for a guest and for a member.
fn pages(forum: &Forum, table: &mut Table, scale: usize) {
    let path = forum.thread_page();
    let page = forum.get(&path, None);
    let size = page.body.len().to_string();
    let bare = Process::floor(&["bare", &size]);
    let rows = Process::floor(&["rows", &size]);

    let guest = Load {
        path: path.clone(),
        cookie: None,
        requests: 30_000 / scale,
        connections: 8,
        threads: 1,
    };
    let floor = Load {
        path: "/".to_owned(),
        ..guest.clone()
    };
    let pairs = paired(forum.gauge(), &guest, bare.gauge(), &floor);
    table.ratio(
        "thread page, anonymous",
        &pairs,
        "≤ 2 × a bare actix page of its size",
        2.0,
    );
    table.tail("the same, under load", &pairs, 5.0);
    // Copies kept for guests hide what making the page costs: that is told as well.
    let fresh = Load {
        path: format!("{path}?n={{n}}"),
        requests: 4_000 / scale,
        ..guest.clone()
    };
    let floor_rows = Load {
        path: "/".to_owned(),
        ..fresh.clone()
    };
    let pairs = paired(forum.gauge(), &fresh, rows.gauge(), &floor_rows);
    table.ratio(
        "the same, made anew each time",
        &pairs,
        "(told; floor: 20 rows)",
        f64::INFINITY,
    );

    let member = Load {
        cookie: Some(forum.sign_in("mia")),
        requests: 4_000 / scale,
        ..guest
    };
    let floor = Load {
        cookie: None,
        path: "/".to_owned(),
        ..member.clone()
    };
    let pairs = paired(forum.gauge(), &member, rows.gauge(), &floor);
    table.ratio(
        "thread page, signed in",
        &pairs,
        "≤ 2.5 × actix + diesel + handlebars, 20 rows",
        2.5,
    );
}

/// Forum and floor take turns, so that both see the same machine.
fn paired(forum: Gauge, load: &Load, floor: Gauge, of_floor: &Load) -> Vec<(Run, Run)> {
    // A first round for caches and for the processor's clock.
    let warm = |load: &Load| Load {
        requests: load.requests / 10,
        ..load.clone()
    };
    load::run(forum, &warm(load));
    load::run(floor, &warm(of_floor));
    (0..ROUNDS)
        .map(|_| (load::run(forum, load), load::run(floor, of_floor)))
        .collect()
}

/// Accepted replies with full durability, sixty-four writers at once.
fn replies(forum: &Forum, table: &mut Table, scale: usize) {
    let seconds = if scale == 1 { 10 } else { 2 };
    let written = forum.write_replies(64, Duration::from_secs(seconds));
    table.say(
        "accepted replies, 64 writers",
        format!("{:.0}/s", written.per_second()),
        "aim 2,000/s",
    );
    table.say("commits per fsync", written.per_sync(), "(told)");
    table.say(
        "server CPU per reply",
        format!("{:.3} ms", written.cpu_per_reply()),
        "(told)",
    );
    if written.refused > 0 {
        table.say("replies refused", written.refused.to_string(), "(told)");
    }
}
