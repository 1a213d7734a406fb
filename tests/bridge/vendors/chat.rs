//! Rooms where people chat: Discord, Slack, Telegram, Teams; and what is carried by hand.

use std::sync::Mutex;

use loggia::bridge::{Class, Operation, Resolution, State};
use loggia::kit::At;
use serde_json::{Value, json};

use super::trial::{Promise, Shelf, TELLTALE, Trial, Vendor, keeps};
use crate::support::outside::{Asked, Reply};

/// A webhook or a bot of one room. Documentation: "Webhook Resource", "Create Message", "Rate Limits".
#[derive(Default)]
struct Discord {
    bot: bool,
    shelf: Shelf,
    nonces: Mutex<Vec<(String, String)>>,
}

impl Discord {
    fn token() -> String {
        format!("{TELLTALE}-token_of_a_webhook")
    }
}

impl Vendor for Discord {
    fn kind(&self) -> &'static str {
        "discord"
    }

    fn config(&self, _base: &str) -> Value {
        if self.bot {
            json!({ "way": "bot", "room": "778899" })
        } else {
            json!({ "way": "webhook" })
        }
    }

    fn secret(&self, _base: &str) -> Option<String> {
        Some(if self.bot {
            format!("MTk4.{TELLTALE}")
        } else {
            format!("https://discord.com/api/webhooks/112233/{}", Self::token())
        })
    }

    fn is_said(&self, asked: &Asked) -> bool {
        asked.method != "GET"
    }

    fn serve(&self, asked: &Asked) -> Reply {
        let (home, id) = if self.bot {
            assert_eq!(
                asked.header("authorization"),
                format!("Bot MTk4.{TELLTALE}")
            );
            (
                "/channels/778899".to_owned(),
                asked.place().strip_prefix("/channels/778899/messages/"),
            )
        } else {
            let home = format!("/webhooks/112233/{}", Self::token());
            let messages = format!("{home}/messages/");
            let id = asked.place().strip_prefix(messages.as_str());
            (home, id)
        };
        let said = |id: &str, content: &Value| json!({ "id": id, "type": 0, "channel_id": "778899", "content": content["content"] });
        match (asked.method.as_str(), id) {
            ("GET", None) if asked.place() == home => Reply::json(
                200,
                &json!({ "id": if self.bot { "778899" } else { "112233" }, "type": 1, "name": "Highlights", "channel_id": "778899", "guild_id": "445566" }),
            ),
            ("POST", None) => {
                let content = asked.json();
                assert_eq!(
                    content["allowed_mentions"],
                    json!({ "parse": [] }),
                    "nobody is called"
                );
                if self.bot {
                    assert_eq!(content["enforce_nonce"], true);
                    let nonce = content["nonce"].as_str().expect("a nonce").to_owned();
                    assert!(nonce.chars().count() <= 25);
                    // "the message created with the same nonce will be returned and no new message will be created"
                    let mut nonces = self.nonces.lock().expect("not poisoned");
                    if let Some((_, id)) = nonces.iter().find(|(known, _)| *known == nonce) {
                        return Reply::json(200, &said(id, &content));
                    }
                    let id = self.shelf.put(|n| format!("90{n:04}"), content.clone());
                    nonces.push((nonce, id.clone()));
                    return Reply::json(200, &said(&id, &content));
                }
                let id = self.shelf.put(|n| format!("90{n:04}"), content.clone());
                // "wait: waits for server confirmation of message send before response"
                if asked.field("wait").as_deref() == Some("true") {
                    Reply::json(200, &said(&id, &content))
                } else {
                    Reply::text(204, "")
                }
            }
            ("GET", Some(id)) => match self.shelf.get(id) {
                Some(content) => Reply::json(200, &said(id, &content)),
                None => Reply::json(404, &json!({ "message": "Unknown Message", "code": 10008 })),
            },
            ("PATCH", Some(id)) => {
                let content = asked.json();
                assert_eq!(
                    content["allowed_mentions"],
                    json!({ "parse": [] }),
                    "said again with every change"
                );
                if self.shelf.change(id, content.clone()) {
                    Reply::json(200, &said(id, &content))
                } else {
                    Reply::json(404, &json!({ "message": "Unknown Message", "code": 10008 }))
                }
            }
            ("DELETE", Some(id)) if self.shelf.take(id) => Reply::text(204, ""),
            ("DELETE", Some(_)) => {
                Reply::json(404, &json!({ "message": "Unknown Message", "code": 10008 }))
            }
            _ => Reply::json(404, &json!({ "message": "404: Not Found", "code": 0 })),
        }
    }

    fn throttled(&self, _until: At) -> Reply {
        // "Example Exceeded User Rate Limit Response"
        Reply::json(429, &json!({ "message": "You are being rate limited.", "retry_after": 119.57, "global": false }))
            .with("retry-after", "120")
            .with("x-ratelimit-scope", "user")
    }

    fn forgotten(&self) -> Reply {
        Reply::json(401, &json!({ "message": "401: Unauthorized", "code": 0 }))
    }

    fn refused(&self) -> Reply {
        Reply::json(
            400,
            &json!({ "code": 50035, "errors": { "content": {} }, "message": "Invalid Form Body" }),
        )
    }

    fn texts(&self) -> Vec<String> {
        let all = self.shelf.all();
        all.iter()
            .map(|(_, v)| v["content"].as_str().unwrap_or_default().replace('\\', ""))
            .collect()
    }

    fn meddle(&self, text: Option<&str>) {
        if let Some((id, _)) = self.shelf.all().pop() {
            match text {
                Some(text) => drop(self.shelf.change(&id, json!({ "content": text }))),
                None => drop(self.shelf.take(&id)),
            }
        }
    }
}

#[tokio::test]
async fn discord_by_a_webhook() {
    let promise = Promise {
        class: Class::C,
        changes: true,
        linked: true,
        looks: true,
    };
    keeps(Discord::default(), promise).await;
}

#[tokio::test]
async fn discord_by_a_bot() {
    let promise = Promise {
        class: Class::A,
        changes: true,
        linked: true,
        looks: true,
    };
    keeps(
        Discord {
            bot: true,
            ..Discord::default()
        },
        promise,
    )
    .await;
}

#[tokio::test]
async fn a_webhook_that_was_deleted_closes_the_channel() {
    struct Gone(Discord);
    impl Vendor for Gone {
        fn kind(&self) -> &'static str {
            "discord"
        }
        fn config(&self, base: &str) -> Value {
            self.0.config(base)
        }
        fn secret(&self, base: &str) -> Option<String> {
            self.0.secret(base)
        }
        fn serve(&self, _asked: &Asked) -> Reply {
            Reply::json(404, &json!({ "message": "Unknown Webhook", "code": 10015 }))
        }
        fn is_said(&self, _asked: &Asked) -> bool {
            false
        }
        fn throttled(&self, until: At) -> Reply {
            self.0.throttled(until)
        }
        fn forgotten(&self) -> Reply {
            self.0.forgotten()
        }
        fn refused(&self) -> Reply {
            self.0.refused()
        }
        fn texts(&self) -> Vec<String> {
            Vec::new()
        }
        fn meddle(&self, _text: Option<&str>) {}
    }
    let trial = Trial::open(Gone(Discord::default())).await;
    let id = trial.announce("Into the void.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::Dead);
    assert_eq!(
        trial.channel_state().await,
        loggia::bridge::ChannelState::Disabled
    );
}

/// A bot of an app, or an incoming webhook. Documentation: `chat.postMessage`, "Rate limits", "Incoming webhooks".
#[derive(Default)]
struct Slack {
    hook: bool,
    shelf: Shelf,
}

impl Slack {
    fn path() -> String {
        format!("/services/T000/B000/{TELLTALE}")
    }
}

impl Vendor for Slack {
    fn kind(&self) -> &'static str {
        "slack"
    }

    fn config(&self, _base: &str) -> Value {
        if self.hook {
            json!({ "way": "webhook" })
        } else {
            json!({ "way": "bot", "room": "C024BE91L" })
        }
    }

    fn secret(&self, base: &str) -> Option<String> {
        Some(if self.hook {
            format!("{base}{}", Self::path())
        } else {
            format!("xoxb-12-{TELLTALE}")
        })
    }

    fn is_said(&self, asked: &Asked) -> bool {
        asked.method == "POST"
    }

    fn serve(&self, asked: &Asked) -> Reply {
        if self.hook {
            return match asked.method.as_str() {
                "POST" if asked.path == Self::path() => {
                    self.shelf.put(|n| format!("16{n:08}.000100"), asked.json());
                    Reply::text(200, "ok")
                }
                _ => Reply::text(405, ""),
            };
        }
        assert_eq!(
            asked.header("authorization"),
            format!("Bearer xoxb-12-{TELLTALE}")
        );
        let content = asked.json();
        let stamp = content["ts"].as_str().unwrap_or_default().to_owned();
        match asked.place() {
            "/auth.test" => Reply::json(
                200,
                &json!({ "ok": true, "url": "https://museum.slack.com/", "team": "Museum", "user": "loggia" }),
            ),
            "/conversations.info" => Reply::json(
                200,
                &json!({ "ok": true, "channel": { "id": "C024BE91L", "name": "highlights" } }),
            ),
            "/chat.postMessage" => {
                let stamp = self
                    .shelf
                    .put(|n| format!("16{n:08}.000100"), content.clone());
                Reply::json(
                    200,
                    &json!({ "ok": true, "channel": content["channel"], "ts": stamp }),
                )
            }
            "/chat.getPermalink" => {
                let stamp = asked
                    .field("message_ts")
                    .unwrap_or_default()
                    .replace('.', "");
                Reply::json(
                    200,
                    &json!({ "ok": true, "permalink": format!("https://museum.slack.com/archives/C024BE91L/p{stamp}") }),
                )
            }
            "/chat.update" if self.shelf.change(&stamp, content.clone()) => {
                Reply::json(200, &json!({ "ok": true, "ts": stamp }))
            }
            "/chat.delete" if self.shelf.take(&stamp) => {
                Reply::json(200, &json!({ "ok": true, "ts": stamp }))
            }
            "/chat.update" | "/chat.delete" => {
                Reply::json(200, &json!({ "ok": false, "error": "message_not_found" }))
            }
            "/conversations.history" => {
                let latest = asked.field("latest");
                let all = self.shelf.all();
                let messages: Vec<Value> = all
                    .into_iter()
                    .filter(|(stamp, _)| latest.as_ref().is_none_or(|latest| latest == stamp))
                    .map(|(stamp, content)| json!({ "ts": stamp, "text": content["text"], "metadata": content["metadata"] }))
                    .collect();
                Reply::json(
                    200,
                    &json!({ "ok": true, "messages": messages, "has_more": false }),
                )
            }
            _ => Reply::json(200, &json!({ "ok": false, "error": "unknown_method" })),
        }
    }

    fn throttled(&self, _until: At) -> Reply {
        // "HTTP 429 Too Many Requests … Retry-After"
        Reply::json(429, &json!({ "ok": false, "error": "ratelimited" })).with("retry-after", "120")
    }

    fn forgotten(&self) -> Reply {
        if self.hook {
            return Reply::text(401, "invalid_token");
        }
        Reply::json(200, &json!({ "ok": false, "error": "token_revoked" }))
    }

    fn refused(&self) -> Reply {
        if self.hook {
            return Reply::text(400, "invalid_payload");
        }
        Reply::json(200, &json!({ "ok": false, "error": "is_archived" }))
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
async fn slack_by_a_bot() {
    let promise = Promise {
        class: Class::B,
        changes: true,
        linked: true,
        looks: true,
    };
    keeps(Slack::default(), promise).await;
}

#[tokio::test]
async fn slack_by_an_incoming_webhook() {
    let promise = Promise {
        class: Class::C,
        changes: false,
        linked: false,
        looks: false,
    };
    keeps(
        Slack {
            hook: true,
            ..Slack::default()
        },
        promise,
    )
    .await;
}

/// A bot that is an administrator of a channel. Documentation: Bot API, "Making requests", "ResponseParameters".
#[derive(Default)]
struct Telegram(Shelf);

impl Vendor for Telegram {
    fn kind(&self) -> &'static str {
        "telegram"
    }

    fn config(&self, _base: &str) -> Value {
        json!({ "chat": "@museum_commons" })
    }

    fn secret(&self, _base: &str) -> Option<String> {
        Some(format!("123456789:{TELLTALE}aBcDeFgHiJkLm"))
    }

    fn is_said(&self, asked: &Asked) -> bool {
        !asked.place().ends_with("/getChat")
    }

    fn serve(&self, asked: &Asked) -> Reply {
        let content = asked.json();
        let number = content["message_id"]
            .as_i64()
            .unwrap_or_default()
            .to_string();
        let chat = json!({ "id": -1_001_234_567, "title": "Museum Commons", "username": "museum_commons", "type": "channel" });
        let method = asked
            .place()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        let bad = |words: &str| {
            Reply::json(
                400,
                &json!({ "ok": false, "error_code": 400, "description": format!("Bad Request: {words}") }),
            )
        };
        match method.as_str() {
            "getChat" => Reply::json(200, &json!({ "ok": true, "result": chat })),
            "sendMessage" => {
                assert!(
                    content.get("parse_mode").is_none(),
                    "no sign in the words means anything"
                );
                let id = self.0.put(|n| n.to_string(), content);
                let number: i64 = id.parse().expect("a number");
                Reply::json(
                    200,
                    &json!({ "ok": true, "result": { "message_id": number, "chat": chat, "date": 1 } }),
                )
            }
            "editMessageText" => match self.0.get(&number) {
                Some(before) if before["text"] == content["text"] => bad("message is not modified"),
                Some(_) => {
                    self.0.change(&number, content);
                    Reply::json(200, &json!({ "ok": true, "result": true }))
                }
                None => bad("message to edit not found"),
            },
            "deleteMessage" if self.0.take(&number) => {
                Reply::json(200, &json!({ "ok": true, "result": true }))
            }
            "deleteMessage" => bad("message to delete not found"),
            _ => Reply::json(
                404,
                &json!({ "ok": false, "error_code": 404, "description": "Not Found" }),
            ),
        }
    }

    fn throttled(&self, _until: At) -> Reply {
        Reply::json(
            429,
            &json!({ "ok": false, "error_code": 429, "description": "Too Many Requests: retry after 120", "parameters": { "retry_after": 120 } }),
        )
    }

    fn forgotten(&self) -> Reply {
        Reply::json(
            401,
            &json!({ "ok": false, "error_code": 401, "description": "Unauthorized" }),
        )
    }

    fn refused(&self) -> Reply {
        Reply::json(
            403,
            &json!({ "ok": false, "error_code": 403, "description": "Forbidden: bot is not a member of the channel chat" }),
        )
    }

    fn texts(&self) -> Vec<String> {
        let all = self.0.all();
        all.iter()
            .map(|(_, v)| v["text"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    fn meddle(&self, text: Option<&str>) {
        if let Some((id, _)) = self.0.all().pop() {
            match text {
                Some(text) => drop(self.0.change(&id, json!({ "text": text }))),
                None => drop(self.0.take(&id)),
            }
        }
    }
}

#[tokio::test]
async fn telegram_by_a_bot() {
    let promise = Promise {
        class: Class::C,
        changes: true,
        linked: true,
        looks: false,
    };
    keeps(Telegram::default(), promise).await;
}

#[tokio::test]
async fn telegram_says_where_a_message_stands_and_when_it_is_too_old_to_delete() {
    let trial = Trial::open(Telegram::default()).await;
    let id = trial.announce("A heron.").await;
    trial.run(0).await;
    assert_eq!(
        trial.url(id).await.as_deref(),
        Some("https://t.me/museum_commons/1")
    );
    // "A message can only be deleted if it was sent less than 48 hours ago"
    struct Old;
    impl Vendor for Old {
        fn kind(&self) -> &'static str {
            "telegram"
        }
        fn config(&self, base: &str) -> Value {
            Telegram::default().config(base)
        }
        fn secret(&self, base: &str) -> Option<String> {
            Telegram::default().secret(base)
        }
        fn serve(&self, asked: &Asked) -> Reply {
            if asked.place().ends_with("/deleteMessage") {
                return Reply::json(
                    400,
                    &json!({ "ok": false, "error_code": 400, "description": "Bad Request: message can't be deleted for everyone" }),
                );
            }
            Telegram::default().serve(asked)
        }
        fn is_said(&self, _asked: &Asked) -> bool {
            false
        }
        fn throttled(&self, until: At) -> Reply {
            Telegram::default().throttled(until)
        }
        fn forgotten(&self) -> Reply {
            Telegram::default().forgotten()
        }
        fn refused(&self) -> Reply {
            Telegram::default().refused()
        }
        fn texts(&self) -> Vec<String> {
            Vec::new()
        }
        fn meddle(&self, _text: Option<&str>) {}
    }
    let trial = Trial::open(Old).await;
    let id = trial.announce("An old heron.").await;
    trial.run(0).await;
    trial.recall(id).await;
    trial.run(0).await;
    assert_eq!(
        trial.state(id, Operation::Withdraw).await,
        State::NeedsHuman
    );
}

/// A workflow with the trigger "When a Teams webhook request is received".
#[derive(Default)]
struct Teams(Shelf);

impl Vendor for Teams {
    fn kind(&self) -> &'static str {
        "teams"
    }

    fn config(&self, _base: &str) -> Value {
        json!({ "room": "Museum › Highlights" })
    }

    fn secret(&self, base: &str) -> Option<String> {
        Some(format!(
            "{base}/workflows/1/triggers/manual/paths/invoke?sig={TELLTALE}"
        ))
    }

    fn is_said(&self, asked: &Asked) -> bool {
        asked.method == "POST"
    }

    fn serve(&self, asked: &Asked) -> Reply {
        assert!(asked.path.contains("sig="), "{}", asked.path);
        let card = asked.json()["attachments"][0]["content"].clone();
        assert_eq!(
            (&card["type"], &card["version"]),
            (&json!("AdaptiveCard"), &json!("1.4"))
        );
        self.0.put(|n| n.to_string(), card);
        Reply::text(202, "")
    }

    fn throttled(&self, _until: At) -> Reply {
        Reply::text(429, "").with("retry-after", "120")
    }

    fn forgotten(&self) -> Reply {
        Reply::json(
            401,
            &json!({ "error": { "code": "DirectApiAuthorizationRequired" } }),
        )
    }

    fn refused(&self) -> Reply {
        Reply::json(
            400,
            &json!({ "error": { "code": "TriggerInputSchemaMismatch" } }),
        )
    }

    fn texts(&self) -> Vec<String> {
        let all = self.0.all();
        all.iter()
            .map(|(_, card)| {
                card["body"][1]["text"]
                    .as_str()
                    .unwrap_or_default()
                    .replace('\\', "")
            })
            .collect()
    }

    fn meddle(&self, _text: Option<&str>) {}
}

#[tokio::test]
async fn teams_by_a_workflow() {
    let promise = Promise {
        class: Class::C,
        changes: false,
        linked: false,
        looks: false,
    };
    keeps(Teams::default(), promise).await;
}

/// No vendor at all: whatever would speak to one fails.
struct Nobody;

impl Vendor for Nobody {
    fn kind(&self) -> &'static str {
        "manual"
    }
    fn config(&self, _base: &str) -> Value {
        json!({ "network": "Instagram", "account": "https://instagram.example/museum", "limit": "2200" })
    }
    fn secret(&self, _base: &str) -> Option<String> {
        None
    }
    fn serve(&self, asked: &Asked) -> Reply {
        panic!("asked: {}", asked.path)
    }
    fn is_said(&self, _asked: &Asked) -> bool {
        true
    }
    fn throttled(&self, _until: At) -> Reply {
        Reply::Silence
    }
    fn forgotten(&self) -> Reply {
        Reply::Silence
    }
    fn refused(&self) -> Reply {
        Reply::Silence
    }
    fn texts(&self) -> Vec<String> {
        Vec::new()
    }
    fn meddle(&self, _text: Option<&str>) {}
}

#[tokio::test]
async fn what_is_carried_by_hand_goes_through_the_same_states() {
    let trial = Trial::open(Nobody).await;
    let id = trial.announce("For the notice board.").await;
    trial.run(0).await;
    assert_eq!(
        trial.state(id, Operation::Announce).await,
        State::NeedsHuman
    );
    // Nobody forgets it by waiting.
    trial.run(3600).await;
    assert_eq!(
        trial.state(id, Operation::Announce).await,
        State::NeedsHuman
    );
    let url = Some("https://instagram.example/p/1".to_owned());
    trial
        .resolve(
            id,
            Operation::Announce,
            Resolution::Present { url: url.clone() },
        )
        .await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::Sent);
    assert_eq!(trial.url(id).await, url);
    trial.recall(id).await;
    trial.run(0).await;
    assert_eq!(
        trial.state(id, Operation::Withdraw).await,
        State::NeedsHuman
    );
    trial
        .resolve(id, Operation::Withdraw, Resolution::Present { url: None })
        .await;
    assert_eq!(trial.state(id, Operation::Withdraw).await, State::Sent);
    // Taken back before anybody posted it: nothing is asked of anybody any more.
    let id = trial.announce("Never posted.").await;
    trial.run(0).await;
    trial.recall(id).await;
    trial.run(0).await;
    trial
        .resolve(id, Operation::Announce, Resolution::Absent)
        .await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::Cancelled);
    assert_eq!(trial.outside.asked().len(), 0, "no program spoke");
}
