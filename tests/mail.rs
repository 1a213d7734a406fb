//! Letters, as a mail server hears them (S33), and what becomes of those that it does not take.

use std::sync::Arc;

use loggia::app::App;
use loggia::config::Config;
use loggia::db::DatabaseUrl;
use loggia::db::jobs;
use loggia::kit::clock::{HOUR, ShiftedClock};
use loggia::mail::{self, About, Letter};
use serde_json::{Value, json};

use crate::support::smtp::{FakeSmtp, Heard};

/// A house with a mail server beside it.
struct Corner {
    app: Arc<App>,
    server: FakeSmtp,
    clock: Arc<ShiftedClock>,
    _folder: tempfile::TempDir,
}

fn corner() -> Corner {
    let (folder, server) = (tempfile::tempdir().unwrap(), FakeSmtp::start());
    let clock = Arc::new(ShiftedClock::default());
    let config = Config {
        database: DatabaseUrl::Sqlite(folder.path().join("corner.db")),
        data_dir: folder.path().to_path_buf(),
        bind: "127.0.0.1:8080".parse().unwrap(),
        base_url: "https://commons.example".to_owned(),
        secret_key_file: folder.path().join("secret.key"),
        secret_key_made: true,
        smtp_url: Some(server.url()),
        mail_from: "commons@commons.example".to_owned(),
        outbound_allow: String::new(),
        outbound_proxy: None,
        channel_bases: String::new(),
        trusted_proxies: Vec::new(),
        bucket: None,
        db_threads: 1,
        workers: 1,
        metrics_bind: None,
        log_json: false,
        dev_files: None,
    };
    let app = App::open(config, clock.clone()).unwrap();
    Corner {
        app,
        server,
        clock,
        _folder: folder,
    }
}

impl Corner {
    async fn send(&self, kind: &'static str, data: Value) -> Heard {
        let before = self.server.heard().len();
        self.enqueue(kind, data).await;
        loggia::jobs::run_due(&self.app).await.unwrap();
        let heard = self.server.heard();
        assert_eq!(heard.len(), before + 1, "{kind} arrives once");
        heard.last().unwrap().clone()
    }

    async fn enqueue(&self, kind: &'static str, data: Value) {
        let letter = letter(kind, data);
        self.app
            .db
            .write(move |tx| mail::enqueue(tx, &letter))
            .await
            .unwrap();
    }
}

fn letter(kind: &'static str, data: Value) -> Letter {
    Letter {
        to: "ruth@example.org".to_owned(),
        lang: "en".to_owned(),
        kind,
        data,
        message_id: None,
        references: None,
        unsubscribe: None,
    }
}

/// Every kind of letter with what fills it.
fn samples() -> Vec<(&'static str, Value)> {
    let usual = |name: &str| json!({ "link": "https://commons.example/x/abc", "site": "Harbour Commons", "name": name });
    vec![
        ("confirm-email", usual("Ruth")),
        ("known-address", usual("Ruth")),
        ("reset-password", usual("Ruth")),
        ("password-changed", usual("Ruth")),
        ("email-change", usual("Ruth")),
        ("email-changed", usual("Ruth")),
        (
            "invitation",
            json!({ "link": "https://commons.example/invite/abc", "site": "Harbour Commons", "by": "Ada", "note": "Come\nin" }),
        ),
        (
            "notice",
            json!({ "link": "https://commons.example/u/ada", "site": "Harbour Commons", "notice": "role-self", "actor": "Ada", "told": { "role": "admin" } }),
        ),
        (
            "library",
            json!({ "site": "Harbour Commons", "count": 1, "more": true, "link": "https://commons.example/outreach/library",
                "leave": "https://commons.example/unsubscribe/abc",
                "lines": [{ "title": "A kingfisher", "link": "https://commons.example/outreach/library/7" }] }),
        ),
        ("bulletin-confirm", usual("What we talk about")),
        ("bulletin-known", usual("What we talk about")),
        ("guest-report", usual("Ruth")),
        (
            "guest-report-decided",
            json!({ "site": "Harbour Commons", "finding": "upheld" }),
        ),
        ("test", json!({ "site": "Harbour Commons" })),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_letter_arrives_whole() {
    let corner = corner();
    for (kind, data) in samples() {
        let heard = corner.send(kind, data).await;
        assert_eq!(heard.to, ["<ruth@example.org>"], "{kind}");
        assert_eq!(heard.from.len(), 1, "{kind}");
        let subject = heard.header("subject").unwrap();
        assert!(subject.contains("Harbour Commons"), "{kind}: {subject}");
        assert!(
            heard
                .header("message-id")
                .unwrap()
                .ends_with("@commons.example>"),
            "{kind}"
        );
        assert_eq!(heard.header("auto-submitted"), Some("auto-generated"));
        assert!(
            heard
                .header("content-type")
                .unwrap()
                .starts_with("multipart/alternative")
        );
        let body = heard.body.join("\n");
        assert!(
            body.contains("text/plain") && body.contains("text/html"),
            "{kind}"
        );
        assert!(
            !body.contains("mail-") && !body.contains("notice-"),
            "{kind}: a sentence is missing: {body}"
        );
        assert!(!body.contains("style="), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_people_write_reaches_the_envelope_or_the_headers() {
    let corner = corner();
    let usual = corner
        .send("confirm-email", samples()[0].1.clone())
        .await
        .headers
        .len();
    let long = "x".repeat(10_000);
    for nasty in [
        "Ruth\r\nBcc: victim@example.org",
        "Ruth\nBcc: victim@example.org",
        "Ruth\rBcc: victim@example.org",
        "Ruth\0\u{2028}Bcc: victim@example.org",
        "a@b.example,c@d.example",
        "\"<x@y.example>\"",
        "\n.\n",
        "\r\n.\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\n",
        "=?utf-8?q?=0D=0ABcc:_victim@example.org?=",
        "\u{202e}gro.elpmaxe",
        &long,
    ] {
        for (kind, mut data) in samples() {
            for field in ["name", "by", "note", "actor", "site"] {
                if data.get(field).is_some() {
                    data[field] = json!(nasty);
                }
            }
            let before = corner.server.heard().len();
            let heard = corner.send(kind, data).await;
            assert_eq!(corner.server.heard().len(), before + 1);
            assert_eq!(heard.to, ["<ruth@example.org>"], "{kind} {nasty:?}");
            assert_eq!(heard.from.len(), 1, "{kind} {nasty:?}");
            assert_eq!(
                heard.headers.len(),
                usual,
                "{kind} {nasty:?}: {:?}",
                heard.headers
            );
            assert!(heard.header("bcc").is_none());
            assert!(
                heard.body.iter().all(|line| line != "."),
                "dots are doubled"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_cannot_carry_a_link_into_a_mailbox() {
    let corner = corner();
    let mut data = samples()[6].1.clone();
    data["by"] = json!("Win at https://evil.example/now");
    data["note"] = json!("see www.evil.example and evil.example/x");
    let heard = corner.send("invitation", data).await;
    let whole = heard.headers.join("\n") + &heard.body.join("\n").replace("=\n", "");
    assert!(!whole.contains("evil.example"), "{whole}");
    assert!(whole.contains("https://commons.example/invite/abc"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_is_not_taken_comes_again_as_the_same_letter() {
    let corner = corner();
    corner
        .server
        .will_answer(&["451 later\r\n", "250 taken\r\n"]);
    corner.enqueue("test", json!({ "site": "Commons" })).await;
    loggia::jobs::run_due(&corner.app).await.unwrap();
    assert!(corner.server.heard().is_empty());
    let (ready, _, _) = corner.app.db.write(jobs::counts).await.unwrap();
    assert_eq!(ready, 1, "it waits for another try");
    corner.clock.advance(HOUR);
    loggia::jobs::run_due(&corner.app).await.unwrap();
    let (ready, leased, parked) = corner.app.db.write(jobs::counts).await.unwrap();
    assert_eq!((ready, leased, parked), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_is_refused_for_good_is_not_tried_again() {
    let corner = corner();
    corner.server.will_answer(&["550 never\r\n"]);
    corner.enqueue("test", json!({ "site": "Commons" })).await;
    loggia::jobs::run_due(&corner.app).await.unwrap();
    let (ready, leased, parked) = corner.app.db.write(jobs::counts).await.unwrap();
    assert_eq!((ready, leased, parked), (0, 0, 0));
    assert!(corner.server.heard().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_of_letters_and_the_way_out_stand_in_the_headers() {
    let corner = corner();
    let mut letter = letter("test", json!({ "site": "Commons" }));
    letter.message_id = Some("<post-7@commons.example>".to_owned());
    letter.references = Some("<thread-3@commons.example>".to_owned());
    letter.unsubscribe = Some("https://commons.example/unsubscribe/abc".to_owned());
    let about = About {
        member: loggia::kit::ids::MemberId(1),
        subject_kind: "nothing".to_owned(),
        subject_id: 1,
    };
    corner
        .app
        .db
        .write(move |tx| mail::enqueue_about(tx, &letter, &about))
        .await
        .unwrap();
    loggia::jobs::run_due(&corner.app).await.unwrap();
    let Some(heard) = corner.server.heard().pop() else {
        // A joint may say that this member must not be told; then nothing is sent, which is as good.
        return;
    };
    assert_eq!(heard.header("message-id"), Some("<post-7@commons.example>"));
    assert_eq!(
        heard.header("references"),
        Some("<thread-3@commons.example>")
    );
    assert_eq!(
        heard.header("list-unsubscribe"),
        Some("<https://commons.example/unsubscribe/abc>")
    );
}
