//! Rooms where people chat: Discord, Slack, Telegram, Teams; and what is carried by hand.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use loggia::bridge::{Class, Operation, Resolution, State};
use loggia::kit::At;
use serde_json::{Value, json};

use super::trial::{Mood, Promise, SHOWS, Shelf, TELLTALE, Trial, Vendor, WEIR, keeps};
use crate::support::outside::{Asked, Reply};

/// A webhook or a bot of one room. Sources:
/// - Webhooks: <https://discord.com/developers/docs/resources/webhook#execute-webhook>
/// - Messages of a bot, `nonce` and `enforce_nonce`: <https://discord.com/developers/docs/resources/message#create-message>
/// - Numbers of errors (10008, 10015, 50035): <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes>
/// - Rate limits, the example's own words: <https://discord.com/developers/docs/topics/rate-limits>
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

    /// A message as JSON, or as a form with files. "payload_json: JSON-encoded body of non-file params, only for
    /// multipart/form-data requests"; "files[n]: the contents of the file being sent".
    fn read(asked: &Asked) -> Value {
        let Some(payload) = asked.part("payload_json") else {
            return asked.json();
        };
        let mut content: Value = serde_json::from_str(&payload).expect("a message");
        let files = asked.parts();
        let file = files.last().expect("a file");
        assert!(
            file.head
                .contains("name=\"files[0]\"; filename=\"picture.png\""),
            "{}",
            file.head
        );
        assert_eq!(file.bytes, WEIR);
        // "To add a description, include an attachments array with id (the n of files[n]), filename and description"
        assert_eq!(
            content["attachments"],
            json!([{ "id": 0, "filename": "picture.png", "description": SHOWS }])
        );
        content["attachments"][0]["id"] = json!("600700");
        content
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
        let said = |id: &str, content: &Value| json!({ "id": id, "type": 0, "channel_id": "778899", "content": content["content"], "attachments": content["attachments"] });
        match (asked.method.as_str(), id) {
            ("GET", None) if asked.place() == home => Reply::json(
                200,
                &json!({ "id": if self.bot { "778899" } else { "112233" }, "type": 1, "name": "Highlights", "channel_id": "778899", "guild_id": "445566" }),
            ),
            ("POST", None) => {
                let content = Self::read(asked);
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
                // "Any provided attachments will be appended … include the existing ones by their id, or they are removed"
                let before = self.shelf.get(id).unwrap_or_default();
                for kept in content["attachments"].as_array().into_iter().flatten() {
                    assert_eq!(kept["id"], before["attachments"][0]["id"]);
                }
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

/// Both ways: the picture travels with the words in one request, a correction keeps it or takes it off.
async fn discord_shows(vendor: Discord) {
    let trial = Trial::pictured(vendor).await;
    let id = trial.announce("With a picture.").await;
    trial.run(0).await;
    let message = trial.only(&trial.vendor.shelf, "With a picture.");
    assert_eq!(message["attachments"][0]["description"], SHOWS);
    trial.correct(id, "Put better.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Correct).await, State::Sent);
    let message = trial.only(&trial.vendor.shelf, "Put better.");
    assert_eq!(
        message["attachments"],
        json!([{ "id": "600700", "description": SHOWS }])
    );
    trial.show_nothing();
    trial.correct_again(id, "Without it.").await;
    trial.run(0).await;
    assert_eq!(
        trial.only(&trial.vendor.shelf, "Without it.")["attachments"],
        json!([])
    );
    trial.recall(id).await;
    trial.run(0).await;
    assert_eq!(trial.vendor.shelf.all().len(), 0);
}

#[tokio::test]
async fn a_picture_goes_to_discord_in_one_request_with_the_words() {
    discord_shows(Discord::default()).await;
    let bot = || Discord {
        bot: true,
        ..Discord::default()
    };
    discord_shows(bot()).await;
    // What may have arrived together is not said twice: the bot's key holds for both.
    let trial = Trial::pictured(bot()).await;
    trial.will(Mood::Drop);
    let id = trial.announce("With a picture.").await;
    trial.run(100).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::Sent);
    trial.only(&trial.vendor.shelf, "With a picture.");
    // A webhook has none: a person says what is there.
    let trial = Trial::pictured(Discord::default()).await;
    trial.will(Mood::Drop);
    let id = trial.announce("With a picture.").await;
    trial.run(100).await;
    assert_eq!(
        trial.state(id, Operation::Announce).await,
        State::NeedsHuman
    );
    trial.only(&trial.vendor.shelf, "With a picture.");
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

/// Addresses come back in angle brackets, with what was escaped before: "URLs … `<http://www.example.com>`"
/// <https://docs.slack.dev/messaging/formatting-message-text#links-in-retrieved-messages>.
fn as_slack_shows(text: &Value) -> Value {
    let words = text.as_str().unwrap_or_default().split(' ');
    let shown: Vec<String> = words
        .map(|word| match word.starts_with("http") {
            true => format!("<{word}>"),
            false => word.to_owned(),
        })
        .collect();
    Value::from(shown.join(" "))
}

/// A bot of an app, or an incoming webhook. Sources:
/// - `chat.postMessage` and its errors: <https://docs.slack.dev/reference/methods/chat.postMessage>
/// - `chat.update`, `chat.delete`, `conversations.history`, `auth.test`: <https://docs.slack.dev/reference/methods>
/// - Files (`files.getUploadURLExternal`, `files.completeUploadExternal`): <https://docs.slack.dev/messaging/working-with-files>
/// - Rate limits: <https://docs.slack.dev/apis/web-api/rate-limits>
/// - Incoming webhooks (`ok`, `invalid_payload`, `no_service`): <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>
#[derive(Default)]
struct Slack {
    hook: bool,
    shelf: Shelf,
    /// Files, by whether their upload was completed.
    files: Shelf,
    /// A message is refused that often because its picture is not prepared yet.
    early: AtomicU64,
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
        if let Some(file) = asked.place().strip_prefix("/upload/v1/") {
            // "Slack will return HTTP 200 if the upload is successful"
            assert_eq!(
                asked.header("authorization"),
                "",
                "the token goes nowhere else"
            );
            assert_eq!(asked.body, WEIR);
            assert!(self.files.change(file, json!("uploaded")));
            return Reply::text(200, "OK - 15");
        }
        assert_eq!(
            asked.header("authorization"),
            format!("Bearer xoxb-12-{TELLTALE}")
        );
        let content = asked.json();
        let ok = Reply::json(200, &json!({ "ok": true }));
        let no = |error: &str| Reply::json(200, &json!({ "ok": false, "error": error }));
        let shown = &content["attachments"][0]["blocks"][0];
        if shown.is_object() {
            let file = shown["slack_file"]["id"].as_str().expect("a file");
            assert_eq!(shown["type"], "image");
            assert_eq!(shown["alt_text"], SHOWS);
            let early = self.early.load(Ordering::Relaxed);
            if early > 0 || self.files.get(file) != Some(json!("complete")) {
                self.early.store(early.saturating_sub(1), Ordering::Relaxed);
                return no("invalid_blocks");
            }
        }
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
            "/files.getUploadURLExternal" => {
                // "length: Size in bytes of the file being uploaded"; "alt_txt: Description of image for screen-reader"
                assert_eq!(content["length"], WEIR.len());
                assert_eq!(content["alt_txt"], SHOWS);
                let file = self.files.put(|n| format!("F{n:04}ABC"), json!("asked"));
                let url = format!("http://{}/upload/v1/{file}", asked.header("host"));
                Reply::json(
                    200,
                    &json!({ "ok": true, "upload_url": url, "file_id": file }),
                )
            }
            "/files.completeUploadExternal" => {
                // "If no channel is specified, the file will be private"
                assert!(content.get("channel_id").is_none());
                let file = content["files"][0]["id"].as_str().expect("a file");
                if self.files.get(file) != Some(json!("uploaded")) {
                    return no("file_not_found");
                }
                self.files.change(file, json!("complete"));
                ok
            }
            "/files.delete" => {
                let file = content["file"].as_str().expect("a file");
                if self.files.take(file) {
                    ok
                } else {
                    no("file_not_found")
                }
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
                    .map(|(stamp, content)| json!({ "ts": stamp, "text": as_slack_shows(&content["text"]), "metadata": content["metadata"], "attachments": content["attachments"] }))
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
            // As it was seen: https://github.com/gueils/whales/issues/38
            return Reply::text(403, "invalid_token");
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

#[tokio::test]
async fn a_picture_goes_to_slack_as_a_file_that_the_message_names() {
    let trial = Trial::pictured(Slack {
        early: AtomicU64::new(1),
        ..Slack::default()
    })
    .await;
    // A failed upload says nothing and is tried again.
    trial.will(Mood::Fail);
    let id = trial.announce("With a picture.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::RetryWait);
    assert_eq!(trial.vendor.shelf.all().len(), 0);
    trial.run(1800).await;
    let message = trial.only(&trial.vendor.shelf, "With a picture.");
    let shown =
        |message: &Value| message["attachments"][0]["blocks"][0]["slack_file"]["id"].clone();
    let first = shown(&message);
    assert!(first.is_string());
    trial.correct(id, "Put better.").await;
    trial.run(0).await;
    let message = trial.only(&trial.vendor.shelf, "Put better.");
    assert!(shown(&message).is_string());
    assert!(
        trial
            .vendor
            .files
            .get(first.as_str().expect("text"))
            .is_none(),
        "the old one goes"
    );
    trial.recall(id).await;
    trial.run(0).await;
    assert_eq!(trial.vendor.shelf.all().len(), 0);
    let left: Vec<_> = trial.vendor.files.all();
    assert!(
        left.iter().all(|(_, state)| *state != json!("complete")),
        "{left:?}"
    );
}

#[tokio::test]
async fn a_picture_at_slack_is_taken_off_and_found_again() {
    let trial = Trial::pictured(Slack::default()).await;
    let id = trial.announce("With a picture.").await;
    trial.run(0).await;
    trial.show_nothing();
    trial.correct(id, "Without it.").await;
    trial.run(0).await;
    assert_eq!(
        trial.only(&trial.vendor.shelf, "Without it.")["attachments"],
        json!([])
    );
    assert_eq!(trial.vendor.files.all().len(), 0);
    // No answer to the message itself: it is looked for, and its file known again from what it shows.
    trial.show_weir().await;
    let id = trial.announce("And again.").await;
    trial.outside_drops("/chat.postMessage");
    trial.run(1800).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::Sent);
    trial.only(&trial.vendor.shelf, "And again.");
    trial.recall(id).await;
    trial.run(0).await;
    assert_eq!(trial.vendor.files.all().len(), 0, "with its file");
}

#[tokio::test]
async fn an_incoming_webhook_of_slack_takes_no_picture() {
    let hook = Slack {
        hook: true,
        ..Slack::default()
    };
    let trial = Trial::pictured(hook).await;
    trial.announce("Words alone.").await;
    trial.run(0).await;
    let message = trial.only(&trial.vendor.shelf, "Words alone.");
    assert!(message.get("attachments").is_none());
}

/// A bot that is an administrator of a channel. Sources:
/// - Methods and the form of answers: <https://core.telegram.org/bots/api#making-requests>
/// - `retry_after`: <https://core.telegram.org/bots/api#responseparameters>
/// - Descriptions of errors as they were seen: <https://github.com/TelegramBotAPI/errors/issues/2>; 401 is a wrong token:
///   <https://github.com/tdlib/telegram-bot-api/issues/80>
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
            "sendPhoto" => {
                let caption = asked.part("caption").expect("a caption");
                assert!(caption.encode_utf16().count() <= 1024, "0-1024 characters");
                assert_eq!(asked.part("chat_id").as_deref(), Some("@museum_commons"));
                let parts = asked.parts();
                let photo = parts.last().expect("a photo");
                assert!(
                    photo
                        .head
                        .contains("name=\"photo\"; filename=\"picture.png\"")
                );
                assert_eq!(photo.bytes, WEIR);
                let content = json!({ "text": caption, "photo": "weir" });
                let id = self.0.put(|n| n.to_string(), content);
                let number: i64 = id.parse().expect("a number");
                Reply::json(
                    200,
                    &json!({ "ok": true, "result": { "message_id": number, "chat": chat, "date": 1, "photo": [{ "file_id": "AgAC", "width": 90, "height": 67 }], "caption": "" } }),
                )
            }
            "editMessageCaption" => match self.0.get(&number) {
                Some(before) if before["photo"].is_null() => {
                    bad("there is no caption in the message to edit")
                }
                Some(mut before) => {
                    before["text"] = content["caption"].clone();
                    self.0.change(&number, before);
                    Reply::json(200, &json!({ "ok": true, "result": true }))
                }
                None => bad("message to edit not found"),
            },
            "editMessageText" if self.0.get(&number).is_some_and(|m| m["photo"].is_string()) => {
                bad("there is no text in the message to edit")
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

#[tokio::test]
async fn a_picture_goes_to_telegram_with_the_words_as_its_caption() {
    let trial = Trial::pictured(Telegram::default()).await;
    let id = trial.announce("With a picture.").await;
    trial.run(0).await;
    let message = trial.only(&trial.vendor.0, "With a picture.");
    assert_eq!(message["photo"], "weir");
    assert_eq!(
        trial.url(id).await.as_deref(),
        Some("https://t.me/museum_commons/1")
    );
    trial.correct(id, "Put better.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Correct).await, State::Sent);
    assert_eq!(trial.only(&trial.vendor.0, "Put better.")["photo"], "weir");
    // A photo cannot be taken off: a person has to.
    trial.show_nothing();
    trial.correct_again(id, "Without it.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Correct).await, State::NeedsHuman);
    trial.recall(id).await;
    trial.run(0).await;
    assert_eq!(trial.vendor.0.all().len(), 0);
    // The two leave together: an answer that was lost, only a person can tell.
    trial.show_weir().await;
    trial.will(Mood::Drop);
    let id = trial.announce("Once.").await;
    trial.run(1800).await;
    assert_eq!(
        trial.state(id, Operation::Announce).await,
        State::NeedsHuman
    );
    trial.only(&trial.vendor.0, "Once.");
}

#[tokio::test]
async fn what_was_said_on_telegram_without_a_picture_is_corrected_as_text() {
    let trial = Trial::open(Telegram::default()).await;
    let id = trial.announce("Words alone.").await;
    trial.run(0).await;
    trial.show_weir().await;
    trial.correct(id, "Put better.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Correct).await, State::Sent);
    assert!(trial.only(&trial.vendor.0, "Put better.")["photo"].is_null());
}

/// A workflow with the trigger "When a Teams webhook request is received". Sources:
/// - Making one: <https://support.microsoft.com/en-us/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498>
/// - Any answer of 200 to 299 is taken, usually 202 with nothing in it: <https://github.com/lightdash/lightdash/pull/20344>
/// - Errors of the trigger (`{"error":{"code":…}}`): <https://github.com/caronc/apprise/issues/1161>; the two codes used here
///   are from memory, and the adapter reads only the number before them.
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

#[tokio::test]
async fn a_card_in_teams_shows_the_picture_from_its_address() {
    let trial = Trial::pictured(Teams::default()).await;
    trial.announce("With a picture.").await;
    trial.run(0).await;
    let card = trial.only(&trial.vendor.0, "With a picture.");
    assert_eq!(
        card["body"][2],
        json!({ "type": "Image", "url": "https://commons.example/media/7/weir-1600x1200.png", "altText": SHOWS })
    );
}

/// A gateway before a vendor that is out of order, for as long as it says.
struct Gateway<V> {
    behind: V,
    /// How often it refuses, with a time to come back.
    down: AtomicU64,
    trusted: bool,
}

impl<V: Vendor> Vendor for Gateway<V> {
    fn kind(&self) -> &'static str {
        self.behind.kind()
    }
    fn config(&self, base: &str) -> Value {
        let mut config = self.behind.config(base);
        if self.trusted {
            config["once_more"] = json!("yes");
        }
        config
    }
    fn secret(&self, base: &str) -> Option<String> {
        self.behind.secret(base)
    }
    fn serve(&self, asked: &Asked) -> Reply {
        let down = self.down.load(Ordering::Relaxed);
        if down > 0 && self.is_said(asked) {
            self.down.store(down - 1, Ordering::Relaxed);
            // RFC 9110, 15.6.4: "The server MAY send a Retry-After header field"
            return Reply::text(503, "upstream is out of order").with("retry-after", "120");
        }
        self.behind.serve(asked)
    }
    fn is_said(&self, asked: &Asked) -> bool {
        self.behind.is_said(asked)
    }
    fn throttled(&self, until: At) -> Reply {
        self.behind.throttled(until)
    }
    fn forgotten(&self) -> Reply {
        self.behind.forgotten()
    }
    fn refused(&self) -> Reply {
        self.behind.refused()
    }
    fn texts(&self) -> Vec<String> {
        self.behind.texts()
    }
    fn meddle(&self, text: Option<&str>) {
        self.behind.meddle(text);
    }
}

async fn behind_a_gateway<V: Vendor>(behind: V, down: u64, trusted: bool) -> (State, usize) {
    let trial = Trial::open(Gateway {
        behind,
        down: AtomicU64::new(down),
        trusted,
    })
    .await;
    let id = trial.announce("Through a gateway.").await;
    trial.run(100).await;
    assert_eq!(
        trial.standing("Through a gateway."),
        0,
        "not before it said"
    );
    trial.run(1800).await;
    let state = trial.state(id, Operation::Announce).await;
    (state, trial.standing("Through a gateway."))
}

#[tokio::test]
async fn a_channel_that_tells_nothing_is_tried_once_more_only_where_its_keeper_says_so() {
    let person = (State::NeedsHuman, 0);
    assert_eq!(
        behind_a_gateway(Telegram::default(), 1, false).await,
        person
    );
    assert_eq!(
        behind_a_gateway(Telegram::default(), 1, true).await,
        (State::Sent, 1)
    );
    assert_eq!(
        behind_a_gateway(Telegram::default(), 2, true).await,
        person,
        "once"
    );
    assert_eq!(
        behind_a_gateway(Discord::default(), 1, true).await,
        (State::Sent, 1)
    );
    let hook = || Slack {
        hook: true,
        ..Slack::default()
    };
    assert_eq!(behind_a_gateway(hook(), 1, true).await.1, 1);
    assert_eq!(behind_a_gateway(hook(), 1, false).await, person);
    assert_eq!(behind_a_gateway(Teams::default(), 1, true).await.1, 1);
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
