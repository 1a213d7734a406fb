//! Figures at an address of their own: told there, nowhere else, and about nobody.

use std::collections::BTreeSet;

use crate::support::http::Connection;
use crate::support::server::Site;

/// Asks for a path without an account.
fn get(port: u16, path: &str) -> (u16, String) {
    let mut connection = Connection::open(port).expect("somebody listens");
    let answer = connection.send("GET", path, &[], &[]).expect("an answer");
    (answer.status, answer.text())
}

fn value(told: &str, line: &str) -> u64 {
    let found = told
        .lines()
        .find_map(|known| known.strip_prefix(line)?.strip_prefix(' '));
    let found = found.unwrap_or_else(|| panic!("no {line} in\n{told}"));
    found.parse().expect("a number")
}

#[test]
fn figures_are_told_at_their_own_address_only() {
    let site = Site::on_sqlite();
    let figures = Site::on_sqlite().port;
    let bind = format!("127.0.0.1:{figures}");
    let _server = site.start_with(&[("LOGGIA_METRICS_BIND", &bind)]);

    let (status, before) = get(figures, "/metrics");
    assert_eq!(status, 200);
    let pages = "loggia_requests_total{kind=\"page\",class=\"2xx\"}";
    let missing = "loggia_requests_total{kind=\"page\",class=\"4xx\"}";
    let (seen, missed) = (value(&before, pages), value(&before, missing));
    for _ in 0..3 {
        assert_eq!(get(site.port, "/latest").0, 200);
    }
    assert_eq!(get(site.port, "/nobody-knows-this?secret=geheim").0, 404);
    assert_eq!(get(site.port, "/metrics").0, 404, "not where people read");
    assert_eq!(get(figures, "/latest").0, 404, "and nothing else there");

    let (_, after) = get(figures, "/metrics");
    assert_eq!(value(&after, pages), seen + 3);
    assert_eq!(value(&after, missing), missed + 2);
    assert_eq!(value(&after, "loggia_database_up"), 1);
    assert!(value(&after, "loggia_writes_total") >= value(&after, "loggia_commits_total"));
    for line in [
        "loggia_database_queue{of=\"writes\"}",
        "loggia_database_queue{of=\"reads\"}",
        "loggia_jobs{state=\"waiting\"}",
        "loggia_jobs{state=\"parked\"}",
        "loggia_outbound_requests_total{outcome=\"unknown\"}",
    ] {
        value(&after, line);
    }
    assert!(!after.contains("geheim") && !after.contains("nobody-knows"));
}

#[test]
fn lines_are_as_the_format_wants_them() {
    let site = Site::on_sqlite();
    let figures = Site::on_sqlite().port;
    let bind = format!("127.0.0.1:{figures}");
    let _server = site.start_with(&[("LOGGIA_METRICS_BIND", &bind)]);
    let (_, told) = get(figures, "/metrics");
    let mut families = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for line in told.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("name and type");
            assert!(matches!(kind, "counter" | "gauge"), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            assert!(families.insert(name.to_owned()), "{name} twice");
            continue;
        }
        if line.starts_with('#') {
            continue;
        }
        let (series, number) = line.rsplit_once(' ').expect("a value");
        number.parse::<u64>().expect("a number");
        let name = series.split('{').next().unwrap_or(series);
        assert!(families.contains(name), "{name} comes before its type");
        assert!(seen.insert(series.to_owned()), "{series} twice");
    }
    assert!(families.len() >= 8, "{families:?}");
}
