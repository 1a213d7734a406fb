//! Networks where people read along: Mastodon and its kin, Bluesky, a WordPress site.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

use base64::Engine;
use loggia::bridge::{Class, Health, Operation, State};
use loggia::kit::At;
use serde_json::{Value, json};

use super::trial::{Mood, Promise, SHOWS, Shelf, TELLTALE, Trial, Vendor, WEIR, keeps};
use crate::support::outside::{Asked, Reply};

/// A server of the Mastodon API. Sources:
/// - Statuses, `Idempotency-Key`: <https://docs.joinmastodon.org/methods/statuses/>
/// - Media: <https://docs.joinmastodon.org/methods/media/>
/// - Limits of a server: <https://docs.joinmastodon.org/methods/instance/#v2>
/// - Rate limits: <https://docs.joinmastodon.org/api/rate-limits/>
#[derive(Default)]
struct Mastodon {
    /// Mastodon itself keeps keys for an hour and names its API's version; its kin do neither.
    kin: bool,
    /// Says yes to deleting and keeps it.
    stubborn: bool,
    shelf: Shelf,
    keys: Mutex<Vec<(String, String)>>,
    /// How often it was asked whether a picture is ready.
    prepared: AtomicU64,
}

impl Mastodon {
    fn status(&self, id: &str, content: &Value) -> Value {
        let text = content["status"].as_str().unwrap_or_default();
        let html: String = text
            .split(' ')
            .map(|word| {
                if word.starts_with("http") {
                    format!("<a href=\"{word}\">link</a> ")
                } else {
                    format!("{word} ")
                }
            })
            .collect();
        json!({ "id": id, "url": format!("https://social.example/@museum/{id}"), "content": format!("<p>{html}</p>"), "created_at": "2024-10-01T10:00:00.000Z" })
    }
}

impl Vendor for Mastodon {
    fn kind(&self) -> &'static str {
        "mastodon"
    }

    fn config(&self, base: &str) -> Value {
        json!({ "site": base })
    }

    fn secret(&self, _base: &str) -> Option<String> {
        Some(format!("token-{TELLTALE}"))
    }

    fn is_said(&self, asked: &Asked) -> bool {
        asked.method != "GET"
    }

    fn serve(&self, asked: &Asked) -> Reply {
        let place = asked.place().to_owned();
        if place == "/api/v2/instance" && self.kin {
            return Reply::json(404, &json!({ "error": "Not Found" }));
        }
        if place.ends_with("/instance") {
            let mut instance = json!({ "configuration": { "statuses": { "max_characters": 700, "characters_reserved_per_url": 23 } } });
            if !self.kin {
                instance["api_versions"] = json!({ "mastodon": 7 });
            }
            return Reply::json(200, &instance);
        }
        assert_eq!(
            asked.header("authorization"),
            format!("Bearer token-{TELLTALE}")
        );
        let missing = || Reply::json(404, &json!({ "error": "Record not found" }));
        let id = place
            .strip_prefix("/api/v1/statuses/")
            .unwrap_or_default()
            .trim_end_matches("/source")
            .to_owned();
        match (asked.method.as_str(), place.as_str()) {
            ("GET", "/api/v1/accounts/verify_credentials") => Reply::json(
                200,
                &json!({ "id": "42", "username": "museum", "acct": "museum", "url": "https://social.example/@museum" }),
            ),
            ("GET", "/api/v1/accounts/42/statuses") => {
                let all = self.shelf.all();
                let list: Vec<Value> = all
                    .iter()
                    .rev()
                    .map(|(id, content)| self.status(id, content))
                    .collect();
                Reply::json(200, &Value::Array(list))
            }
            ("POST", "/api/v2/media") => {
                assert_eq!(asked.part("description").as_deref(), Some(SHOWS));
                let parts = asked.parts();
                let file = parts.last().expect("a file");
                assert!(file.head.contains("content-type: image/png"));
                assert_eq!(file.bytes, WEIR);
                let mark = asked.header("content-type").split_once("boundary=");
                let mark = mark.expect("a boundary").1;
                let sent = String::from_utf8_lossy(&asked.body);
                assert!(sent.starts_with(&format!("--{mark}\r\n")));
                assert!(sent.ends_with(&format!("\r\n--{mark}--\r\n")));
                Reply::json(202, &json!({ "id": "77", "type": "image", "url": null }))
            }
            ("GET", "/api/v1/media/77") => {
                // "206 Partial content: the media file is still being processed"
                let ready = self.prepared.fetch_add(1, Ordering::Relaxed) > 0;
                let status = if ready { 200 } else { 206 };
                Reply::json(status, &json!({ "id": "77", "type": "image" }))
            }
            ("POST", "/api/v1/statuses") => {
                let key = asked.header("idempotency-key").to_owned();
                assert!(!key.is_empty());
                let content = asked.json();
                assert_eq!(content["language"], "en");
                let mut keys = self.keys.lock().expect("not poisoned");
                if !self.kin
                    && let Some((_, id)) = keys.iter().find(|(known, _)| *known == key)
                {
                    return Reply::json(200, &self.status(id, &content));
                }
                let id = self.shelf.put(|n| format!("1134{n:08}"), content.clone());
                keys.push((key, id.clone()));
                Reply::json(200, &self.status(&id, &content))
            }
            ("GET", _) if place.ends_with("/source") => match self.shelf.get(&id) {
                Some(content) => Reply::json(200, &json!({ "id": id, "text": content["status"] })),
                None => missing(),
            },
            ("GET", _) if !id.is_empty() => match self.shelf.get(&id) {
                Some(content) => Reply::json(200, &self.status(&id, &content)),
                None => missing(),
            },
            ("PUT", _) => {
                let content = asked.json();
                if self.shelf.change(&id, content.clone()) {
                    Reply::json(200, &self.status(&id, &content))
                } else {
                    missing()
                }
            }
            ("DELETE", _) if self.stubborn => Reply::json(200, &json!({ "id": id })),
            ("DELETE", _) if self.shelf.take(&id) => Reply::json(200, &json!({ "id": id })),
            _ => missing(),
        }
    }

    fn throttled(&self, until: At) -> Reply {
        // "X-RateLimit-Reset: ISO 8601 DateTime"
        Reply::json(429, &json!({ "error": "Too many requests" }))
            .with("x-ratelimit-reset", &until.rfc3339())
    }

    fn forgotten(&self) -> Reply {
        Reply::json(401, &json!({ "error": "The access token is invalid" }))
    }

    fn refused(&self) -> Reply {
        Reply::json(
            422,
            &json!({ "error": "Validation failed: Text character limit of 500 exceeded" }),
        )
    }

    fn texts(&self) -> Vec<String> {
        let all = self.shelf.all();
        all.iter()
            .map(|(_, v)| v["status"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    fn meddle(&self, text: Option<&str>) {
        if let Some((id, _)) = self.shelf.all().pop() {
            match text {
                Some(text) => drop(self.shelf.change(&id, json!({ "status": text }))),
                None => drop(self.shelf.take(&id)),
            }
        }
    }
}

#[tokio::test]
async fn mastodon() {
    let promise = Promise {
        class: Class::A,
        changes: true,
        linked: true,
        looks: true,
    };
    keeps(Mastodon::default(), promise).await;
}

#[tokio::test]
async fn what_only_speaks_the_language_of_mastodon() {
    let promise = Promise {
        class: Class::B,
        changes: true,
        linked: true,
        looks: true,
    };
    keeps(
        Mastodon {
            kin: true,
            ..Mastodon::default()
        },
        promise,
    )
    .await;
}

#[tokio::test]
async fn a_server_that_says_yes_and_keeps_it_is_not_believed() {
    let trial = Trial::open(Mastodon {
        stubborn: true,
        ..Mastodon::default()
    })
    .await;
    let id = trial.announce("Words that stay.").await;
    trial.run(0).await;
    trial.recall(id).await;
    trial.run(600).await;
    assert_ne!(
        trial.state(id, Operation::Withdraw).await,
        State::Sent,
        "it still stands there"
    );
    assert_eq!(trial.standing("Words that stay."), 1);
}

#[tokio::test]
async fn the_servers_own_limit_is_read_and_kept() {
    let trial = Trial::open(Mastodon::default()).await;
    let Health::Good(known) = trial.verify().await else {
        panic!("it answers");
    };
    assert_eq!(known.facts["limit"], 700);
    assert!(
        known.facts["account"]
            .as_str()
            .is_some_and(|name| name.starts_with("@museum@"))
    );
    let id = trial.channel;
    let line = trial
        .ground
        .db
        .read(move |tx| loggia::bridge::channel(tx, id))
        .await
        .expect("a line");
    assert_eq!(line.limit, Some(700));
}

/// A personal data server; beside it the resolver of handles and the directory of accounts. Sources:
/// - `com.atproto.server.*`, `com.atproto.repo.*`: <https://docs.bsky.app/docs/category/http-reference>, and what a real one was
///   seen to answer (`scripts/counterparts.d/40-bluesky`)
/// - From a handle to an account: <https://atproto.com/specs/handle>
/// - From an account to its server: <https://atproto.com/specs/did>, <https://web.plc.directory/spec/v0.1/did-plc>
#[derive(Default)]
struct Bluesky {
    shelf: Shelf,
    tokens: AtomicU64,
    /// Its server is not given, but found from the handle.
    is_found: bool,
    home: OnceLock<String>,
}

impl Bluesky {
    fn session(&self) -> Reply {
        let number = self.tokens.fetch_add(1, Ordering::Relaxed) + 1;
        Reply::json(
            200,
            &json!({ "did": "did:plc:museum", "handle": "museum.test", "accessJwt": format!("access-{TELLTALE}-{number}"), "refreshJwt": format!("refresh-{TELLTALE}-{number}") }),
        )
    }

    fn is_current(&self, asked: &Asked, kind: &str) -> bool {
        let number = self.tokens.load(Ordering::Relaxed);
        asked.header("authorization") == format!("Bearer {kind}-{TELLTALE}-{number}")
    }
}

impl Vendor for Bluesky {
    fn kind(&self) -> &'static str {
        "bluesky"
    }

    fn config(&self, base: &str) -> Value {
        self.home.get_or_init(|| base.to_owned());
        if self.is_found {
            return json!({ "handle": "@museum.test" });
        }
        json!({ "handle": "@museum.test", "pds": base })
    }

    fn bases(&self) -> Vec<&'static str> {
        vec!["bluesky-directory", "bluesky-resolver"]
    }

    fn secret(&self, _base: &str) -> Option<String> {
        Some(format!("abcd-{TELLTALE}"))
    }

    fn is_said(&self, asked: &Asked) -> bool {
        asked.place().contains("com.atproto.repo.") && asked.method == "POST"
    }

    fn serve(&self, asked: &Asked) -> Reply {
        let stale = || {
            Reply::json(
                400,
                &json!({ "error": "ExpiredToken", "message": "Token has expired" }),
            )
        };
        let method = asked.place().trim_start_matches("/xrpc/").to_owned();
        if method.replace("%3A", ":") == "/did:plc:museum" {
            let service = json!({ "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.home.get() });
            return Reply::json(
                200,
                &json!({ "id": "did:plc:museum", "alsoKnownAs": ["at://museum.test"], "service": [service] }),
            );
        }
        let content = asked.json();
        match method.as_str() {
            "com.atproto.server.createSession"
                if content["password"] == format!("abcd-{TELLTALE}") =>
            {
                self.session()
            }
            "com.atproto.identity.resolveHandle" => {
                if asked.field("handle").as_deref() == Some("museum.test") {
                    return Reply::json(200, &json!({ "did": "did:plc:museum" }));
                }
                Reply::json(
                    400,
                    &json!({ "error": "InvalidRequest", "message": "Unable to resolve handle" }),
                )
            }
            "com.atproto.server.createSession" => Reply::json(
                401,
                &json!({ "error": "AuthenticationRequired", "message": "Invalid identifier or password" }),
            ),
            "com.atproto.server.refreshSession" if self.is_current(asked, "refresh") => {
                self.session()
            }
            "com.atproto.repo.getRecord" => {
                match self.shelf.get(&asked.field("rkey").unwrap_or_default()) {
                    Some(value) => {
                        Reply::json(200, &json!({ "uri": "at://x", "cid": "c", "value": value }))
                    }
                    None => Reply::json(
                        400,
                        &json!({ "error": "RecordNotFound", "message": "Could not locate record" }),
                    ),
                }
            }
            _ if !self.is_current(asked, "access") => stale(),
            "com.atproto.server.getSession" => Reply::json(
                200,
                &json!({ "did": "did:plc:museum", "handle": "museum.test" }),
            ),
            "com.atproto.repo.uploadBlob" => {
                assert_eq!(asked.header("content-type"), "image/png");
                assert!(asked.body.len() <= 1_000_000);
                let blob = json!({ "$type": "blob", "ref": { "$link": "bafkweir" }, "mimeType": "image/png", "size": asked.body.len() });
                Reply::json(200, &json!({ "blob": blob }))
            }
            "com.atproto.repo.putRecord" => {
                assert!(content.get("picture").is_none(), "that name is our own");
                assert_eq!(content["repo"], "did:plc:museum");
                let rkey = content["rkey"].as_str().unwrap_or_default().to_owned();
                assert_eq!(rkey.len(), 13, "a TID");
                assert!(content.get("swapRecord").is_none());
                // The same again is no change.
                if let Some(before) = self.shelf.get(&rkey) {
                    assert_eq!(before, content["record"], "a record is never written over");
                } else {
                    self.shelf.put(|_| rkey.clone(), content["record"].clone());
                }
                Reply::json(
                    200,
                    &json!({ "uri": format!("at://did:plc:museum/app.bsky.feed.post/{rkey}"), "cid": "bafy" }),
                )
            }
            "com.atproto.repo.deleteRecord" => {
                self.shelf
                    .take(content["rkey"].as_str().unwrap_or_default());
                Reply::json(200, &json!({}))
            }
            _ => Reply::json(501, &json!({ "error": "MethodNotImplemented" })),
        }
    }

    fn throttled(&self, _until: At) -> Reply {
        Reply::json(
            429,
            &json!({ "error": "RateLimitExceeded", "message": "Rate Limit Exceeded" }),
        )
        .with("retry-after", "120")
    }

    fn forgotten(&self) -> Reply {
        // From now on no token of before holds, only the password.
        self.tokens.fetch_add(1, Ordering::Relaxed);
        Reply::json(
            400,
            &json!({ "error": "ExpiredToken", "message": "Token has expired" }),
        )
    }

    fn refused(&self) -> Reply {
        Reply::json(
            400,
            &json!({ "error": "InvalidRequest", "message": "Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes" }),
        )
    }

    fn texts(&self) -> Vec<String> {
        let all = self.shelf.all();
        all.iter()
            .map(|(_, v)| v["text"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    fn meddle(&self, text: Option<&str>) {
        if let Some((id, _)) = self.shelf.all().pop() {
            match text {
                Some(text) => drop(self.shelf.change(&id, json!({ "text": text }))),
                None => drop(self.shelf.take(&id)),
            }
        }
    }
}

#[tokio::test]
async fn bluesky() {
    let promise = Promise {
        class: Class::A,
        changes: true,
        linked: true,
        looks: true,
    };
    keeps(Bluesky::default(), promise).await;
}

#[tokio::test]
async fn the_server_of_an_account_is_found_from_its_handle() {
    let vendor = Bluesky {
        is_found: true,
        ..Bluesky::default()
    };
    let trial = Trial::open(vendor).await;
    let health = trial.verify().await;
    assert!(matches!(health, Health::Good(_)), "{health:?}");
    trial.announce("Found from the handle.").await;
    trial.run(0).await;
    assert_eq!(trial.standing("Found from the handle."), 1);
    // Resolver and directory are asked when it is connected, and then the server is known.
    for place in ["resolveHandle", "did:plc:museum"] {
        let asked = trial.outside.asked();
        let asked = asked.iter().filter(|one| {
            one.path.replace("%3A", ":").contains(place) && !one.path.contains("getRecord")
        });
        assert_eq!(asked.count(), 1, "{place}");
    }
}

#[tokio::test]
async fn a_token_that_ends_is_renewed_once_and_the_password_comes_last() {
    let trial = Trial::open(Bluesky::default()).await;
    assert!(matches!(trial.verify().await, Health::Good(_)));
    let asked = |trial: &Trial<Bluesky>, method: &str| {
        trial
            .outside
            .asked()
            .iter()
            .filter(|one| one.path.contains(method))
            .count()
    };
    assert_eq!(asked(&trial, "createSession"), 1);
    trial.announce("First.").await;
    trial.run(0).await;
    assert_eq!(asked(&trial, "createSession"), 1, "the session is kept");
    trial.will(Mood::Forget);
    trial.announce("Second.").await;
    trial.run(0).await;
    assert_eq!(
        (trial.standing("Second."), asked(&trial, "refreshSession")),
        (1, 1)
    );
    assert_eq!(
        asked(&trial, "createSession"),
        2,
        "the kept token for renewal did not hold either"
    );
}

#[tokio::test]
async fn a_picture_goes_to_mastodon_with_what_it_shows() {
    let trial = Trial::pictured(Mastodon::default()).await;
    // What becomes of an upload that failed is thrown away there: it is simply tried again.
    trial.will(Mood::Fail);
    let id = trial.announce("With a picture.").await;
    trial.run(1800).await;
    assert_eq!(trial.standing("With a picture."), 1);
    let (_, status) = trial.vendor.shelf.all().pop().expect("it stands there");
    assert_eq!(status["media_ids"], json!(["77"]));
    assert!(status.get("picture").is_none(), "that name is our own");
    // A correction names the picture again: what it does not name is taken off.
    trial.correct(id, "Put better.").await;
    trial.run(1800).await;
    let (_, status) = trial.vendor.shelf.all().pop().expect("it stands there");
    assert!(
        status["status"]
            .as_str()
            .unwrap_or_default()
            .starts_with("Put better.")
    );
    assert_eq!(status["media_ids"], json!(["77"]));
    trial.recall(id).await;
    trial.run(1800).await;
    let deleted = trial
        .outside
        .asked()
        .into_iter()
        .find(|one| one.method == "DELETE");
    let deleted = deleted.expect("it was deleted");
    assert!(
        deleted.path.ends_with("?delete_media=true"),
        "{}",
        deleted.path
    );
}

#[tokio::test]
async fn a_picture_that_is_gone_holds_the_words_back() {
    let trial = Trial::pictured(Mastodon::default()).await;
    let gone = trial
        .ground
        .pictures()
        .drop_file("weir-1600x1200.png")
        .await;
    gone.expect("dropped");
    let id = trial.announce("Without its picture.").await;
    trial.run(1800).await;
    assert_eq!(trial.standing("Without its picture."), 0);
    assert_eq!(trial.state(id, Operation::Announce).await, State::Dead);
}

#[tokio::test]
async fn a_card_on_bluesky_has_the_picture_in_a_size_that_fits() {
    let trial = Trial::open(Bluesky::default()).await;
    assert!(matches!(trial.verify().await, Health::Good(_)));
    let store = trial.ground.pictures();
    // The whole one is too large for a card; a smaller one of it fits.
    trial.show("weir-1600x1200.png", &vec![1; 1_000_001]).await;
    let sizes = loggia::content::uploads::sizes("weir-1600x1200.png").expect("sizes");
    let mut expected = 0;
    for (width, name) in &sizes.smaller {
        expected = usize::try_from(*width).expect("a width");
        store.put(name, vec![2; expected]).await.expect("kept");
    }
    // The token ends between the two: the upload is what finds out.
    trial.will(Mood::Forget);
    trial.announce("With a card.").await;
    trial.run(1800).await;
    assert_eq!(trial.standing("With a card."), 1);
    let (_, record) = trial.vendor.shelf.all().pop().expect("it stands there");
    let thumb = &record["embed"]["external"]["thumb"];
    assert_eq!(thumb["ref"]["$link"], "bafkweir");
    assert_eq!(thumb["size"], expected);
}

/// The REST API of a site. Sources:
/// - Posts and errors: <https://developer.wordpress.org/rest-api/reference/posts/>
/// - Media: <https://developer.wordpress.org/rest-api/reference/media/>
/// - Application passwords: <https://developer.wordpress.org/rest-api/using-the-rest-api/authentication/>
#[derive(Default)]
struct WordPress(Shelf, Shelf);

impl Vendor for WordPress {
    fn kind(&self) -> &'static str {
        "wordpress"
    }

    fn config(&self, base: &str) -> Value {
        json!({ "site": format!("{base}/blog/"), "user": "greta", "state": "pending" })
    }

    fn secret(&self, _base: &str) -> Option<String> {
        Some(format!("abcd efgh {TELLTALE}"))
    }

    fn is_said(&self, asked: &Asked) -> bool {
        asked.method != "GET"
    }

    fn serve(&self, asked: &Asked) -> Reply {
        let basic =
            base64::engine::general_purpose::STANDARD.encode(format!("greta:abcd efgh {TELLTALE}"));
        assert_eq!(asked.header("authorization"), format!("Basic {basic}"));
        let place = asked
            .place()
            .strip_prefix("/blog/wp-json/wp/v2/")
            .expect("below the site")
            .to_owned();
        let id = place.strip_prefix("posts/").unwrap_or_default().to_owned();
        let post = |id: &str, content: &Value| json!({ "id": id.parse::<i64>().unwrap_or_default(), "slug": content["slug"], "status": content["status"], "link": format!("https://blog.example/?p={id}"), "content": { "raw": content["content"] } });
        let missing = || {
            Reply::json(
                404,
                &json!({ "code": "rest_post_invalid_id", "message": "Invalid post ID.", "data": { "status": 404 } }),
            )
        };
        let media = place.strip_prefix("media/").unwrap_or_default().to_owned();
        let library = |id: &str| json!({ "id": id.parse::<i64>().unwrap_or_default(), "media_type": "image" });
        match (asked.method.as_str(), place.as_str()) {
            ("GET", "media") => {
                let slug = asked.field("slug").unwrap_or_default();
                let all = self.1.all();
                let found = all.iter().filter(|(_, one)| one["slug"] == slug.as_str());
                Reply::json(200, &found.map(|(id, _)| library(id)).collect())
            }
            ("POST", "media") => {
                // "alt_text: Alternative text to display when attachment is not displayed."
                let shown =
                    json!({ "slug": asked.part("slug"), "alt_text": asked.part("alt_text") });
                assert_eq!(shown["alt_text"], SHOWS);
                let parts = asked.parts();
                let file = parts.last().expect("a file");
                assert!(
                    file.head
                        .contains("name=\"file\"; filename=\"picture.png\""),
                    "{}",
                    file.head
                );
                assert!(file.head.contains("content-type: image/png"));
                assert_eq!(file.bytes, WEIR);
                let id = self.1.put(|n| (n + 900).to_string(), shown);
                Reply::json(201, &library(&id))
            }
            ("POST", _) if !media.is_empty() => {
                let mut shown = self.1.get(&media).expect("it is there");
                shown["alt_text"] = asked.json()["alt_text"].clone();
                self.1.change(&media, shown);
                Reply::json(200, &library(&media))
            }
            ("DELETE", _) if !media.is_empty() => {
                // "rest_trash_not_supported: … Set 'force=true' to delete."
                assert_eq!(asked.field("force").as_deref(), Some("true"));
                assert!(self.1.take(&media));
                Reply::json(200, &json!({ "deleted": true }))
            }
            ("GET", "users/me") => Reply::json(
                200,
                &json!({ "id": 3, "name": "Greta", "capabilities": { "edit_posts": true } }),
            ),
            ("GET", "posts") => {
                assert!(
                    asked
                        .field("status")
                        .is_some_and(|states| states.contains("draft"))
                );
                let slug = asked.field("slug").unwrap_or_default();
                let all = self.0.all();
                let found: Vec<Value> = all
                    .iter()
                    .filter(|(_, v)| v["slug"] == slug.as_str())
                    .map(|(id, v)| post(id, v))
                    .collect();
                Reply::json(200, &Value::Array(found))
            }
            ("POST", "posts") => {
                let content = asked.json();
                assert_eq!(content["status"], "pending");
                let id = self.0.put(|n| (n + 100).to_string(), content.clone());
                Reply::json(201, &post(&id, &content))
            }
            ("POST", _) => match self.0.get(&id) {
                Some(mut before) => {
                    for (name, value) in asked.json().as_object().into_iter().flatten() {
                        before[name] = value.clone();
                    }
                    self.0.change(&id, before.clone());
                    Reply::json(200, &post(&id, &before))
                }
                None => missing(),
            },
            ("GET", _) => self
                .0
                .get(&id)
                .map_or_else(missing, |content| Reply::json(200, &post(&id, &content))),
            ("DELETE", _) if self.0.take(&id) => {
                Reply::json(200, &json!({ "id": 1, "status": "trash" }))
            }
            ("DELETE", _) => Reply::json(
                410,
                &json!({ "code": "rest_already_trashed", "message": "The post has already been deleted.", "data": { "status": 410 } }),
            ),
            _ => missing(),
        }
    }

    fn throttled(&self, _until: At) -> Reply {
        Reply::text(429, "").with("retry-after", "120")
    }

    fn forgotten(&self) -> Reply {
        Reply::json(
            401,
            &json!({ "code": "incorrect_password", "message": "The provided password is an invalid application password.", "data": { "status": 401 } }),
        )
    }

    fn refused(&self) -> Reply {
        Reply::json(
            400,
            &json!({ "code": "rest_invalid_param", "message": "Invalid parameter(s): status", "data": { "status": 400 } }),
        )
    }

    fn texts(&self) -> Vec<String> {
        let all = self.0.all();
        all.iter()
            .map(|(_, v)| v["content"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    fn meddle(&self, text: Option<&str>) {
        if let Some((id, mut before)) = self.0.all().pop() {
            match text {
                Some(text) => {
                    before["content"] = json!(text);
                    self.0.change(&id, before);
                }
                None => drop(self.0.take(&id)),
            }
        }
    }
}

#[tokio::test]
async fn a_picture_goes_into_the_library_of_a_site_and_leaves_it_with_the_words() {
    let trial = Trial::pictured(WordPress::default()).await;
    // Taken, and no answer: the next try finds it in the library.
    trial.will(Mood::Drop);
    let id = trial.announce("With a picture.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::RetryWait);
    assert_eq!(trial.vendor.0.all().len(), 0, "no words without it");
    trial.run(1800).await;
    let post = trial.only(&trial.vendor.0, "With a picture.");
    let all = trial.vendor.1.all();
    assert_eq!(all.len(), 1, "put there once");
    assert_eq!(post["featured_media"].to_string(), all[0].0);
    trial.correct(id, "Put better.").await;
    trial.run(0).await;
    let post = trial.only(&trial.vendor.0, "Put better.");
    assert_eq!(post["featured_media"].to_string(), all[0].0);
    assert_eq!(trial.vendor.1.all().len(), 1);
    trial.show_nothing();
    trial.correct_again(id, "Without it.").await;
    trial.run(0).await;
    assert_eq!(
        trial.only(&trial.vendor.0, "Without it.")["featured_media"],
        0
    );
    assert_eq!(trial.vendor.1.all().len(), 0, "it leaves the library");
    // And it leaves the library where everything is taken back.
    trial.show_weir().await;
    let id = trial.announce("For a while.").await;
    trial.run(0).await;
    assert_eq!(trial.vendor.1.all().len(), 1);
    trial.recall(id).await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Withdraw).await, State::Sent);
    assert_eq!(trial.vendor.1.all().len(), 0);
}

#[tokio::test]
async fn wordpress() {
    let promise = Promise {
        class: Class::B,
        changes: true,
        linked: true,
        looks: true,
    };
    keeps(WordPress::default(), promise).await;
}
