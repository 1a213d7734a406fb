//! What must hold for every address, generated from the route table: guards, headers, errors, and pages that render.

use std::io::{Read, Write};
use std::time::Duration;

use actix_web::http::Method;
use loggia::policy::{Actor, Person, Role, Roles, Trust};
use loggia::site::Settings;
use loggia::web::Viewer;
use loggia::web::files::Files;
use loggia::web::headers;
use loggia::web::pages;
use loggia::web::routes::{Entry, Kind, TABLE};
use loggia::web::templates::{Chrome, Ui};

use crate::story;

/// An address of this row, with something in every gap.
pub fn address(entry: &Entry) -> String {
    let mut path = String::new();
    let mut rest = entry.path;
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        let (_, behind) = after.split_once('}').expect("a closed gap");
        path.push('1');
        rest = behind;
    }
    path + rest
}

pub fn rows(kinds: &[Kind], safe: bool) -> impl Iterator<Item = &'static Entry> {
    let kinds = kinds.to_vec();
    TABLE
        .iter()
        .filter(move |e| kinds.contains(&e.kind) && (e.method == Method::GET) == safe)
}

fn viewers() -> Vec<Viewer> {
    let member = |roles: Roles| {
        Actor::Member(Box::new(Person {
            id: loggia::kit::ids::MemberId(7),
            name: "ada".to_owned(),
            display: "Ada \"<b>\" שלום".to_owned(),
            roles,
            groups: Vec::new(),
            trust: Trust::Established,
            email_confirmed: true,
            silenced: None,
            suspended: None,
            community_acknowledged: true,
            messaging_acknowledged: true,
        }))
    };
    let everything = Role::ALL
        .iter()
        .fold(Roles::default(), |all, role| all.with(*role));
    [Actor::Guest, member(Roles::default()), member(everything)]
        .into_iter()
        .map(|actor| Viewer {
            actor,
            lang: "en".to_owned(),
            zone: "Europe/Amsterdam".to_owned(),
            theme: String::new(),
            keys: true,
            session: None,
            joined: loggia::kit::At(0),
            unread: 3,
            told_of: Vec::new(),
            touch: false,
            settings: Settings::default(),
        })
        .collect()
}

#[test]
fn every_page_renders_with_every_sample_for_everybody() {
    let ui = Ui::of(&Files::default()).unwrap_or_else(|why| panic!("{why}"));
    let chrome = Chrome {
        base_url: "https://forum.example.org".to_owned(),
        csrf: "guard".to_owned(),
        once: "once".to_owned(),
        colours: "/colours/x.css".to_owned(),
        ..Chrome::default()
    };
    let mut problems = Vec::new();
    let mut rendered = 0;
    for page in pages::all() {
        let samples = (page.samples)();
        if samples.is_empty() {
            problems.push(format!("{}: no sample", page.name));
        }
        for (number, sample) in samples.into_iter().enumerate() {
            let sample = sample.unwrap_or_else(|stop| panic!("{}: {stop}", page.name));
            for viewer in viewers() {
                match ui.templates.render(sample.clone(), &chrome, &ui, &viewer) {
                    Ok(html) => {
                        rendered += 1;
                        for forbidden in [
                            " style=\"",
                            " onclick=",
                            "<style",
                            "javascript:",
                            "Ada \"<b>",
                        ] {
                            if html.contains(forbidden) {
                                problems
                                    .push(format!("{} sample {number}: {forbidden}", page.name));
                            }
                        }
                    }
                    Err(stop) => problems.push(format!("{} sample {number}: {stop}", page.name)),
                }
            }
        }
    }
    problems.dedup();
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
    assert!(rendered > 20, "{rendered}");
}

#[test]
fn every_template_belongs_to_a_page() {
    let ui = Ui::of(&Files::default()).unwrap_or_else(|why| panic!("{why}"));
    let used: Vec<&str> = pages::all().iter().map(|p| p.template).collect();
    let lost: Vec<&String> = ui
        .templates
        .names()
        .filter(|name| {
            let part = name.contains("partials/")
                || name.as_str() == "layout"
                || name
                    .split('/')
                    .next_back()
                    .is_some_and(|n| n.starts_with('_'));
            !part && !used.contains(&name.as_str())
        })
        .collect();
    assert!(lost.is_empty(), "templates without a page: {lost:?}");
}

/// Law 1: what is marked otherwise than page or api takes nothing in.
#[test]
fn no_address_takes_content_from_a_network() {
    for entry in TABLE {
        let takes = entry.method != Method::GET;
        let may = matches!(entry.kind, Kind::Page | Kind::Api)
            || (entry.kind == Kind::Unsubscribe && entry.path.starts_with("/unsubscribe/"));
        assert!(
            !takes || may,
            "{} {} takes content and is marked {:?}",
            entry.method,
            entry.path,
            entry.kind
        );
        let api = entry.path.starts_with("/api/");
        assert_eq!(
            api,
            entry.kind == Kind::Api,
            "{} is marked {:?}",
            entry.path,
            entry.kind
        );
        for word in [
            "inbox",
            "activitypub",
            "webfinger",
            "webmention",
            "pingback",
            "incoming",
            "hook",
        ] {
            let own =
                entry.path.starts_with("/admin") || entry.path.starts_with("/api/v1/channels");
            assert!(own || !entry.path.contains(word), "{}", entry.path);
        }
    }
}

#[test]
fn no_row_stands_twice() {
    for (index, entry) in TABLE.iter().enumerate() {
        let again = TABLE
            .iter()
            .skip(index + 1)
            .any(|e| e.path == entry.path && e.method == entry.method);
        assert!(!again, "{} {}", entry.method, entry.path);
    }
}

story! {
    async fn every_unsafe_page_wants_our_own_form(town) {
        let guest = town.guest();
        let form = guest.open("/appearance").await.form("Light");
        let token = form.value("csrf").expect("a guard").to_owned();
        let base = town.base_url().to_owned();
        let good = format!("csrf={token}");
        let typed = ("content-type", "application/x-www-form-urlencoded");
        let mut tried = 0;
        for entry in rows(&[Kind::Page], false) {
            let path = address(entry);
            let attempts: [(&str, String, Vec<(&str, &str)>); 6] = [
                ("no token", String::new(), vec![typed, ("origin", &base)]),
                ("foreign token", "csrf=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(), vec![typed, ("origin", &base)]),
                ("no origin", good.clone(), vec![typed]),
                ("foreign origin", good.clone(), vec![typed, ("origin", "https://evil.example")]),
                ("cross-site", good.clone(), vec![typed, ("origin", &base), ("sec-fetch-site", "cross-site")]),
                ("a sister site", good.clone(), vec![typed, ("origin", "http://sub.127.0.0.1"), ("sec-fetch-site", "same-site")]),
            ];
            for (what, body, headers) in attempts {
                let page = guest.send(entry.method.as_str(), &path, Some(body), &headers).await;
                assert_eq!(page.status, 403, "{what}: {} {path}", entry.method);
                tried += 1;
            }
        }
        assert!(tried > 6, "{tried}");
    }
}

story! {
    async fn the_api_takes_json_only_and_no_cookies(town) {
        let ada = town.member("ada").await;
        for entry in rows(&[Kind::Api], false) {
            let path = address(entry);
            let page = ada.browser.send(entry.method.as_str(), &path, Some("a=1".to_owned()), &[("content-type", "text/plain")]).await;
            assert!(page.status == 415, "{} {path}: {}", entry.method, page.status);
            let page = ada.browser.send(entry.method.as_str(), &path, Some("{}".to_owned()), &[("content-type", "application/json")]).await;
            let refused = (400..500).contains(&page.status);
            assert!(refused, "{} {path} did something for a cookie: {}", entry.method, page.status);
        }
    }
}

story! {
    async fn every_answer_carries_the_headers(town) {
        let guest = town.guest();
        let mut paths: Vec<String> = rows(&[Kind::Page, Kind::Feed, Kind::Api], true).map(address).collect();
        paths.extend(["/no/such/page".to_owned(), "/api/v1/none".to_owned(), "/t/x/999999".to_owned()]);
        for path in paths {
            let page = guest.send("GET", &path, None, &[]).await;
            assert!(page.status < 500, "{path}: {} {}", page.status, page.words());
            for (name, value) in headers::EVERY {
                // The card's style is the one thing that other sites may load.
                if path == "/embed/card.css" && name == "cross-origin-resource-policy" {
                    continue;
                }
                assert_eq!(page.header(name), Some(value), "{path} ({})", page.status);
            }
            assert!(page.header("x-request-id").is_some(), "{path}");
            let head = guest.send("HEAD", &path, None, &[]).await;
            assert_eq!(head.status, page.status, "HEAD {path}");
            assert!(head.html.is_empty(), "HEAD {path} has a body");
        }
    }
}

story! {
    async fn what_is_not_understood_gets_a_clear_answer(town) {
        let guest = town.guest();
        for (path, status) in [
            ("/t/x/999999999", 404),
            ("/t/x/99999999999999999999999999", 404),
            ("/t/x/-1", 404),
            ("/c/x/%00", 404),
            ("/u/%ff%fe", 404),
            ("/%2e%2e/%2e%2e/etc/passwd", 404),
            ("/assets/..%2f..%2fCargo.toml", 404),
        ] {
            let page = guest.send("GET", path, None, &[]).await;
            assert_eq!(page.status, status, "{path}");
            assert!(!page.html.contains("diesel") && !page.html.contains("panicked"), "{path}");
        }
        let wrong = guest.send("DELETE", "/latest", None, &[]).await;
        wrong.is(405).sees("Not like that");
    }
}

story! {
    async fn bodies_have_a_size_and_a_time(town) {
        let guest = town.guest();
        let form = guest.open("/appearance").await.form("Light");
        let mut fields = form.fields.clone();
        fields.push(("next".to_owned(), "x".repeat(1_100 * 1024)));
        guest.post_once("/appearance", &fields).await.is(413).sees("1024 KiB");

        // Twenty kilobytes are more than actix's own limit for forms and must go through.
        let mut fields = form.fields.clone();
        fields.retain(|(n, _)| n != "next");
        fields.push(("next".to_owned(), format!("/{}", "x".repeat(20 * 1024))));
        guest.post_once("/appearance", &fields).await.is(303);

        let addr = town.node.addr;
        let host = town.base_url().replace("http://", "");
        let cut = tokio::task::spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(addr).expect("a connection");
            stream.set_read_timeout(Some(Duration::from_secs(40))).expect("a timeout");
            let head = format!("POST /appearance HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\ncsrf=");
            stream.write_all(head.as_bytes()).expect("written");
            let mut answer = vec![0; 64];
            let read = stream.read(&mut answer).expect("an answer");
            String::from_utf8_lossy(&answer[..read]).into_owned()
        })
        .await
        .expect("no panic");
        assert!(cut.contains("408"), "{cut}");
    }
}

story! {
    async fn other_hosts_are_not_served(town) {
        let addr = town.node.addr;
        for host in ["evil.example", "127.0.0.1", "forum.example.org:80"] {
            let page = tokio::task::spawn_blocking(move || {
                let mut stream = std::net::TcpStream::connect(addr).expect("a connection");
                write!(stream, "GET /latest HTTP/1.1\r\nhost: {host}\r\nx-forwarded-host: {addr}\r\nconnection: close\r\n\r\n").expect("written");
                let mut answer = String::new();
                stream.read_to_string(&mut answer).expect("read");
                answer
            })
            .await
            .expect("no panic");
            assert!(page.starts_with("HTTP/1.1 421"), "{host}: {page}");
            assert!(!page.contains("//evil.example") && !page.contains("//forum.example.org"), "{host} is linked to");
        }
    }
}

story! {
    async fn a_kept_page_is_the_same_for_everybody_and_nobodys_own(town) {
        let guest = town.guest();
        let plain = guest.send("GET", "/latest", None, &[]).await.is(200).html.clone();
        for headers in [
            vec![("x-forwarded-host", "evil.example")],
            vec![("x-forwarded-proto", "https"), ("x-original-url", "/admin")],
            vec![("accept-language", "de")],
            vec![("x-requested-with", "XMLHttpRequest")],
        ] {
            guest.send("GET", "/latest", None, &headers).await;
            let again = town.guest().send("GET", "/latest", None, &[]).await;
            assert_eq!(again.html, plain, "{headers:?}");
        }
        let ada = town.member("ada").await;
        let own = ada.opens("/latest").await;
        assert_eq!(own.header("cache-control"), Some("private, no-store"));
        let after = town.guest().send("GET", "/latest", None, &[]).await;
        after.hides("Sign out");
        let tag = after.header("etag").expect("a validator").to_owned();
        town.guest().send("GET", "/latest", None, &[("if-none-match", &tag)]).await.is(304);
    }
}

/// Every address of the API stands in its description, and nothing else does.
#[test]
fn the_api_describes_itself_whole() {
    let text = loggia::web::api::document::text().unwrap_or_else(|stop| panic!("{stop}"));
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert!(
        document["openapi"]
            .as_str()
            .is_some_and(|v| v.starts_with("3.1"))
    );
    let mut described: Vec<(String, String)> = Vec::new();
    for (path, verbs) in document["paths"].as_object().expect("paths") {
        described.extend(
            verbs
                .as_object()
                .expect("verbs")
                .keys()
                .map(|verb| (verb.to_uppercase(), path.clone())),
        );
    }
    let own = |e: &&Entry| e.kind == Kind::Api && !e.path.ends_with("/openapi.json");
    let mut served: Vec<(String, String)> = TABLE
        .iter()
        .filter(own)
        .map(|e| (e.method.to_string(), e.path.to_owned()))
        .collect();
    described.sort();
    served.sort();
    assert_eq!(described, served);
}
