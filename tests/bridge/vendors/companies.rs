//! Networks that belong to companies: a page on LinkedIn, a page on Facebook, an account on Threads, an account on X. The
//! tokens of the last one end every two hours.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use loggia::bridge::{self, Changes, ChannelState, Class, Health, Operation, State};
use loggia::db::schema::{channels, deliveries};
use loggia::kit::At;
use loggia::kit::clock::DAY;
use serde_json::{Value, json};

use super::trial::{Mood, Promise, SHOWS, Shelf, TELLTALE, Trial, Vendor, WEIR, keeps};
use crate::bridge::fake::seconds;
use crate::bridge::world::HOUSE;
use crate::support::outside::{Asked, Reply};

const CHANGING: Promise = Promise {
    class: Class::B,
    changes: true,
    linked: true,
    looks: true,
};

/// A page on LinkedIn, version 2026-05. Sources:
/// - Posts: <https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api>
/// - Images: <https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/images-api>
/// - Errors: <https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/error-handling>
/// - Rate limits ("These limits reset at midnight UTC every day"): <https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/rate-limits>
#[derive(Default)]
struct LinkedIn(Shelf);

impl LinkedIn {
    fn post(id: &str, content: &Value) -> Value {
        json!({ "id": id, "author": "urn:li:organization:77", "commentary": content["commentary"], "content": content["content"], "createdAt": 1_700_000_000_000_i64, "lifecycleState": "PUBLISHED" })
    }
}

impl Vendor for LinkedIn {
    fn kind(&self) -> &'static str {
        "linkedin"
    }

    fn config(&self, _base: &str) -> Value {
        json!({ "page": "77" })
    }

    fn secret(&self, _base: &str) -> Option<String> {
        Some(json!({ "access": format!("AQX{TELLTALE}") }).to_string())
    }

    fn is_said(&self, asked: &Asked) -> bool {
        asked.method != "GET"
    }

    fn serve(&self, asked: &Asked) -> Reply {
        assert_eq!(
            asked.header("authorization"),
            format!("Bearer AQX{TELLTALE}")
        );
        if asked.method == "PUT" {
            // "Upload the image to the URL that came back": anything else of the interface is not asked of it.
            assert_eq!(
                asked.place(),
                "/dms-uploads/C4E10AQFoyyAjHPMQuQ/uploaded-image"
            );
            assert_eq!(asked.header("content-type"), "image/png");
            assert_eq!(asked.body, WEIR);
            return Reply::text(201, "");
        }
        // "All APIs require the request header LinkedIn-Version: {Version in YYYYMM format}"
        assert_eq!(asked.header("linkedin-version").len(), 6);
        assert_eq!(asked.header("x-restli-protocol-version"), "2.0.0");
        let place = asked.place().strip_prefix("/rest/").expect("below it");
        let id = place
            .strip_prefix("posts/")
            .unwrap_or_default()
            .replace("%3A", ":");
        assert!(!place.contains("urn:"), "numbers are escaped: {place}");
        let missing = || {
            Reply::json(
                404,
                &json!({ "status": 404, "code": "NOT_FOUND", "message": "Entity not found" }),
            )
        };
        match (asked.method.as_str(), place) {
            // "403 Not enough permissions to access": not every application may ask for names.
            ("GET", "organizations/77") => Reply::json(
                403,
                &json!({ "status": 403, "serviceErrorCode": 100, "code": "ACCESS_DENIED", "message": "Not enough permissions to access: organizations.GET.20260101" }),
            ),
            ("GET", "posts") => {
                assert_eq!(asked.field("q").as_deref(), Some("author"));
                assert_eq!(
                    asked.field("author").as_deref(),
                    Some("urn:li:organization:77")
                );
                let all = self.0.all();
                let list: Vec<Value> = all.iter().rev().map(|(id, c)| Self::post(id, c)).collect();
                Reply::json(200, &json!({ "paging": {}, "elements": list }))
            }
            ("POST", "images") => {
                assert_eq!(asked.field("action").as_deref(), Some("initializeUpload"));
                let owner =
                    json!({ "initializeUploadRequest": { "owner": "urn:li:organization:77" } });
                assert_eq!(asked.json(), owner);
                let url = format!(
                    "http://{}/dms-uploads/C4E10AQFoyyAjHPMQuQ/uploaded-image",
                    asked.header("host")
                );
                Reply::json(
                    200,
                    &json!({ "value": { "uploadUrlExpiresAt": 1_650_567_510_704_i64, "uploadUrl": url, "image": "urn:li:image:C4E10AQFoyyAjHPMQuQ" } }),
                )
            }
            ("POST", "posts") => {
                let content = asked.json();
                assert_eq!(content["author"], "urn:li:organization:77");
                assert_eq!(content["lifecycleState"], "PUBLISHED");
                let shown = &content["content"];
                assert!(shown["article"]["title"].is_string() || shown["media"]["id"].is_string());
                let twin = self.0.all();
                let twin = twin
                    .iter()
                    .find(|(_, c)| c["commentary"] == content["commentary"]);
                if let Some((urn, _)) = twin {
                    return Reply::json(
                        422,
                        // As it was seen: https://github.com/Arisamiga/Linkedin-RSS/issues/5
                        &json!({
                            "errorDetailType": "com.linkedin.common.error.BadRequest",
                            "message": format!("com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of {urn}"),
                            "errorDetails": { "inputErrors": [{ "description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST" }] },
                            "status": 422,
                        }),
                    );
                }
                let id = self.0.put(|n| format!("urn:li:share:70{n:04}"), content);
                // "201 Created; the ID of the post is in the x-restli-id response header"
                Reply::text(201, "").with("x-restli-id", &id)
            }
            ("POST", _) => {
                assert_eq!(asked.header("x-restli-method"), "PARTIAL_UPDATE");
                let Some(mut content) = self.0.get(&id) else {
                    return missing();
                };
                content["commentary"] = asked.json()["patch"]["$set"]["commentary"].clone();
                self.0.change(&id, content);
                Reply::text(204, "")
            }
            ("GET", _) => self.0.get(&id).map_or_else(missing, |content| {
                Reply::json(200, &Self::post(&id, &content))
            }),
            ("DELETE", _) if self.0.take(&id) => Reply::text(204, ""),
            _ => missing(),
        }
    }

    fn throttled(&self, _until: At) -> Reply {
        // "429: Resource level throttle limit"; the day's number begins anew at midnight UTC.
        Reply::json(
            429,
            &json!({ "status": 429, "code": "TOO_MANY_REQUESTS", "message": "Resource level throttle DAY limit for calls to this resource is reached." }),
        )
    }

    fn patience(&self) -> i64 {
        // Not beyond the day after which an announcement comes too late.
        86_400 - 600
    }

    fn forgotten(&self) -> Reply {
        Reply::json(
            401,
            &json!({ "status": 401, "serviceErrorCode": 65601, "code": "REVOKED_ACCESS_TOKEN", "message": "The token used in the request has been revoked by the user" }),
        )
    }

    fn refused(&self) -> Reply {
        Reply::json(
            400,
            &json!({ "status": 400, "code": "MISSING_REQUIRED_FIELD", "message": "Field /author is required" }),
        )
    }

    fn texts(&self) -> Vec<String> {
        let all = self.0.all();
        all.iter()
            .map(|(_, v)| v["commentary"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    fn meddle(&self, text: Option<&str>) {
        if let Some((id, mut before)) = self.0.all().pop() {
            match text {
                Some(text) => {
                    before["commentary"] = json!(text);
                    self.0.change(&id, before);
                }
                None => drop(self.0.take(&id)),
            }
        }
    }
}

#[tokio::test]
async fn linkedin() {
    keeps(LinkedIn::default(), CHANGING).await;
}

#[tokio::test]
async fn a_picture_stands_on_linkedin_in_the_place_of_the_card() {
    let trial = Trial::pictured(LinkedIn::default()).await;
    trial.will(Mood::Fail);
    let id = trial.announce("With a picture.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::RetryWait);
    assert_eq!(trial.vendor.0.all().len(), 0, "no words without it");
    trial.run(1800).await;
    let post = trial.only(&trial.vendor.0, "With a picture.");
    assert_eq!(
        post["content"],
        json!({ "media": { "id": "urn:li:image:C4E10AQFoyyAjHPMQuQ", "altText": SHOWS } })
    );
    trial.correct(id, "Put better.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Correct).await, State::Sent);
    let post = trial.only(&trial.vendor.0, "Put better.");
    assert!(post["content"]["media"]["id"].is_string(), "it stays");
    // Only words can be changed there.
    trial.show_nothing();
    trial.correct_again(id, "Without it.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Correct).await, State::NeedsHuman);
    trial.recall(id).await;
    trial.run(0).await;
    assert_eq!(trial.vendor.0.all().len(), 0);
    // Without an answer it is found by the link in its words.
    trial.show_weir().await;
    let id = trial.announce("Lost and found.").await;
    trial.outside_drops("/rest/posts");
    trial.run(1800).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::Sent);
    trial.only(&trial.vendor.0, "Lost and found.");
}

#[tokio::test]
async fn linkedin_is_left_alone_until_midnight() {
    let trial = Trial::open(LinkedIn::default()).await;
    trial.will(Mood::Throttle);
    let id = trial.announce("Tomorrow's words.").await;
    trial.run(0).await;
    let next = trial
        .ground
        .db
        .read(move |tx| {
            Ok(deliveries::table
                .filter(deliveries::origin_id.eq(id))
                .select(deliveries::next_at)
                .first::<At>(tx.conn)?)
        })
        .await
        .expect("a row");
    assert_eq!(next.0 % DAY, 0, "{}", next.rfc3339());
}

/// What Facebook and Threads say in the same words; the form and the trace are those of the page's own example.
/// Source: <https://developers.facebook.com/docs/graph-api/guides/error-handling>
fn error(status: u16, code: i64, message: &str) -> Reply {
    Reply::json(
        status,
        &json!({ "error": { "message": message, "type": "OAuthException", "code": code, "fbtrace_id": "EJplcsCHuLu" } }),
    )
}

fn unknown_object(id: &str) -> Reply {
    Reply::json(
        400,
        &json!({ "error": { "message": format!("Unsupported get request. Object with ID '{id}' does not exist"), "type": "GraphMethodException", "code": 100, "error_subcode": 33 } }),
    )
}

/// A page on Facebook. Sources:
/// - Posts: <https://developers.facebook.com/docs/pages-api/posts>, feed: <https://developers.facebook.com/docs/graph-api/reference/page/feed>
/// - Errors (1, 2, 4, 17, 32, 190, 368, 506): <https://developers.facebook.com/docs/graph-api/guides/error-handling>
/// - Rate limits and the header of usage: <https://developers.facebook.com/docs/graph-api/overview/rate-limiting>
#[derive(Default)]
struct Facebook(Shelf, Shelf);

impl Vendor for Facebook {
    fn kind(&self) -> &'static str {
        "facebook"
    }

    fn config(&self, _base: &str) -> Value {
        json!({ "page": "1755" })
    }

    fn secret(&self, _base: &str) -> Option<String> {
        Some(json!({ "access": format!("EAAG{TELLTALE}") }).to_string())
    }

    fn is_said(&self, asked: &Asked) -> bool {
        asked.method != "GET"
    }

    fn serve(&self, asked: &Asked) -> Reply {
        let token = asked
            .field("access_token")
            .or_else(|| asked.part("access_token"));
        assert_eq!(token.as_deref(), Some(format!("EAAG{TELLTALE}").as_str()));
        let place = asked.place().trim_start_matches('/').to_owned();
        let shown = |content: &Value| match content["photo"].as_str() {
            Some(photo) => {
                json!({ "data": [{ "media_type": "photo", "target": { "id": photo } }] })
            }
            None => json!({ "data": [{ "media_type": "link", "target": {} }] }),
        };
        let post = |id: &str, content: &Value| json!({ "id": id, "message": content["message"], "attachments": shown(content), "created_time": "2023-11-14T22:13:20+0000", "permalink_url": format!("https://www.facebook.com/1755/posts/{id}") });
        match (asked.method.as_str(), place.as_str()) {
            ("GET", "1755") => Reply::json(
                200,
                &json!({ "id": "1755", "name": "The Museum", "link": "https://www.facebook.com/themuseum" }),
            ),
            ("GET", "1755/feed") => {
                let all = self.0.all();
                let list: Vec<Value> = all.iter().rev().map(|(id, c)| post(id, c)).collect();
                Reply::json(200, &json!({ "data": list }))
            }
            ("POST", "1755/feed") => {
                let mut content =
                    json!({ "message": asked.field("message"), "link": asked.field("link") });
                // "attached_media[0]={"media_fbid":"1002088839996"}"
                if let Some(attached) = asked.field("attached_media[0]") {
                    let attached: Value = serde_json::from_str(&attached).expect("JSON");
                    let photo = attached["media_fbid"].as_str().expect("a photo");
                    assert!(self.1.get(photo).is_some());
                    assert!(content["link"].is_null(), "a photo or a card");
                    content["photo"] = json!(photo);
                } else {
                    let link = content["link"].as_str();
                    assert!(link.is_some_and(|link| link.contains("/h/")));
                }
                let id = self.0.put(|n| format!("1755_90{n:04}"), content.clone());
                Reply::json(200, &post(&id, &content))
            }
            ("POST", "1755/photos") => {
                // "published: Set to false if you don't want the photo to be published immediately"
                assert_eq!(asked.part("published").as_deref(), Some("false"));
                assert_eq!(asked.part("alt_text_custom").as_deref(), Some(SHOWS));
                let parts = asked.parts();
                let file = parts.last().expect("a photo");
                assert!(
                    file.head
                        .contains("name=\"source\"; filename=\"picture.png\"")
                );
                assert_eq!(file.bytes, WEIR);
                let id = self.1.put(|n| format!("3300{n:04}"), json!("unpublished"));
                Reply::json(200, &json!({ "id": id }))
            }
            ("DELETE", photo) if self.1.take(photo) => {
                Reply::json(200, &json!({ "success": true }))
            }
            ("POST", id) => {
                let mut content = self.0.get(id).unwrap_or_default();
                content["message"] = json!(asked.field("message"));
                let changed = self.0.change(id, content);
                if changed {
                    Reply::json(200, &json!({ "success": true }))
                } else {
                    unknown_object(id)
                }
            }
            ("GET", id) => self.0.get(id).map_or_else(
                || unknown_object(id),
                |content| Reply::json(200, &post(id, &content)),
            ),
            ("DELETE", id) if self.0.take(id) => Reply::json(200, &json!({ "success": true })),
            (_, id) => unknown_object(id),
        }
    }

    fn throttled(&self, _until: At) -> Reply {
        // "X-Business-Use-Case-Usage … estimated_time_to_regain_access: time, in minutes"
        error(400, 32, "(#32) Page request limit reached").with(
            "x-business-use-case-usage",
            "{\"1755\":[{\"type\":\"pages\",\"call_count\":100,\"total_cputime\":25,\"total_time\":25,\"estimated_time_to_regain_access\":2}]}",
        )
    }

    fn forgotten(&self) -> Reply {
        error(
            400,
            190,
            "Error validating access token: the session has been invalidated",
        )
    }

    fn refused(&self) -> Reply {
        error(400, 100, "Invalid parameter")
    }

    fn texts(&self) -> Vec<String> {
        let all = self.0.all();
        all.iter()
            .map(|(_, v)| v["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    fn meddle(&self, text: Option<&str>) {
        if let Some((id, _)) = self.0.all().pop() {
            match text {
                Some(text) => drop(self.0.change(&id, json!({ "message": text }))),
                None => drop(self.0.take(&id)),
            }
        }
    }
}

#[tokio::test]
async fn facebook() {
    keeps(Facebook::default(), CHANGING).await;
}

#[tokio::test]
async fn a_photo_is_attached_to_a_post_on_facebook() {
    let trial = Trial::pictured(Facebook::default()).await;
    trial.will(Mood::Drop);
    let id = trial.announce("With a picture.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::RetryWait);
    assert_eq!(trial.vendor.0.all().len(), 0, "no words without it");
    trial.run(1800).await;
    let post = trial.only(&trial.vendor.0, "With a picture.");
    assert!(post["photo"].is_string());
    trial.correct(id, "Put better.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Correct).await, State::Sent);
    assert_eq!(
        trial.only(&trial.vendor.0, "Put better.")["photo"],
        post["photo"]
    );
    trial.show_nothing();
    trial.correct_again(id, "Without it.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Correct).await, State::NeedsHuman);
    trial.recall(id).await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Withdraw).await, State::Sent);
    assert_eq!(trial.vendor.0.all().len(), 0);
    let photo = post["photo"].as_str().expect("a photo");
    assert!(trial.vendor.1.get(photo).is_none(), "the photo goes too");
}

/// An account on Threads. Sources:
/// - Two steps of publishing: <https://developers.facebook.com/docs/threads/posts>
/// - The container's `status`: <https://developers.facebook.com/docs/threads/troubleshooting>
/// - Deleting, `{"success": true, "deleted_id": …}`: <https://developers.facebook.com/docs/threads/posts/delete-posts>
/// - A container that is not found yet (24/4279009): <https://github.com/fbsamples/threads_api/issues/70>
#[derive(Default)]
struct Threads {
    shelf: Shelf,
    /// What nobody sees yet.
    containers: Shelf,
    /// Breaks the connection at the next container instead of answering.
    drops: Mutex<bool>,
    /// How often a container is not found before it is.
    late: Mutex<u32>,
    /// The next picture cannot be fetched.
    broken: Mutex<bool>,
}

impl Vendor for Threads {
    fn kind(&self) -> &'static str {
        "threads"
    }

    fn config(&self, _base: &str) -> Value {
        json!({ "app": "99" })
    }

    fn secret(&self, _base: &str) -> Option<String> {
        Some(json!({ "app_secret": "s", "access": format!("THAA{TELLTALE}") }).to_string())
    }

    fn is_said(&self, asked: &Asked) -> bool {
        asked.method == "DELETE" || asked.place().ends_with("/threads_publish")
    }

    fn serve(&self, asked: &Asked) -> Reply {
        assert_eq!(
            asked.field("access_token").as_deref(),
            Some(format!("THAA{TELLTALE}").as_str())
        );
        let place = asked
            .place()
            .strip_prefix("/v1.0/")
            .expect("a version")
            .to_owned();
        let post = |id: &str, content: &Value| json!({ "id": id, "text": content["text"], "link_attachment_url": content["link"], "timestamp": "2023-10-09T23:18:27+0000", "permalink": format!("https://www.threads.net/@museum/post/{id}") });
        match (asked.method.as_str(), place.as_str()) {
            ("GET", "me") => Reply::json(
                200,
                &json!({ "id": "1234567", "username": "museum", "name": "The Museum" }),
            ),
            ("GET", "me/threads") => {
                let all = self.shelf.all();
                let list: Vec<Value> = all.iter().rev().map(|(id, c)| post(id, c)).collect();
                Reply::json(200, &json!({ "data": list }))
            }
            ("POST", "me/threads") => {
                let mut content = json!({ "text": asked.field("text"), "link": asked.field("link_attachment"), "status": "FINISHED" });
                if asked.field("media_type").as_deref() == Some("IMAGE") {
                    // "link_attachment: only for text posts"; "image_url: We will cURL your image using the URL provided"
                    assert!(content["link"].is_null());
                    content["image"] = json!(asked.field("image_url"));
                    content["alt"] = json!(asked.field("alt_text"));
                    content["status"] = json!("IN_PROGRESS");
                } else {
                    assert_eq!(asked.field("media_type").as_deref(), Some("TEXT"));
                }
                let id = self.containers.put(|n| format!("1788{n:04}"), content);
                if std::mem::take(&mut *self.drops.lock().expect("not poisoned")) {
                    return Reply::Silence;
                }
                Reply::json(200, &json!({ "id": id }))
            }
            ("POST", "me/threads_publish") => {
                let mut late = self.late.lock().expect("not poisoned");
                if *late > 0 {
                    *late -= 1;
                    return Reply::json(
                        400,
                        &json!({ "error": { "message": "The requested resource does not exist", "type": "OAuthException", "code": 24, "error_subcode": 4_279_009 } }),
                    );
                }
                let id = asked.field("creation_id").unwrap_or_default();
                let Some(mut content) = self.containers.get(&id) else {
                    return unknown_object(&id);
                };
                assert_eq!(content["status"], "FINISHED", "published twice");
                let media = self.shelf.put(|n| format!("1799{n:04}"), content.clone());
                content["status"] = json!("PUBLISHED");
                self.containers.change(&id, content);
                Reply::json(200, &json!({ "id": media }))
            }
            ("GET", id) => {
                // "GET /{threads-container-id}?fields=status,error_message"
                if let Some(content) = self.containers.get(id) {
                    let mut next = content.clone();
                    if content["status"] == "IN_PROGRESS" {
                        let broken =
                            std::mem::take(&mut *self.broken.lock().expect("not poisoned"));
                        next["status"] = json!(if broken { "ERROR" } else { "FINISHED" });
                        self.containers.change(id, next);
                    }
                    return Reply::json(200, &json!({ "status": content["status"], "id": id }));
                }
                self.shelf.get(id).map_or_else(
                    || unknown_object(id),
                    |content| Reply::json(200, &post(id, &content)),
                )
            }
            ("DELETE", id) if self.shelf.take(id) => {
                Reply::json(200, &json!({ "success": true, "deleted_id": id }))
            }
            (_, id) => unknown_object(id),
        }
    }

    fn throttled(&self, _until: At) -> Reply {
        error(400, 4, "Application request limit reached").with(
            "x-business-use-case-usage",
            "{\"99\":[{\"type\":\"threads\",\"estimated_time_to_regain_access\":2}]}",
        )
    }

    fn forgotten(&self) -> Reply {
        error(
            401,
            190,
            "Error validating access token: Session has expired",
        )
    }

    fn refused(&self) -> Reply {
        error(400, 100, "Invalid parameter")
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
async fn threads() {
    keeps(Threads::default(), CHANGING).await;
}

#[tokio::test]
async fn a_picture_is_fetched_by_threads_before_anything_is_said() {
    let trial = Trial::pictured(Threads {
        broken: Mutex::new(true),
        ..Threads::default()
    })
    .await;
    let id = trial.announce("With a picture.").await;
    trial.run(0).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::RetryWait);
    assert_eq!(trial.standing("With a picture."), 0, "no words without it");
    trial.run(1800).await;
    let post = trial.only(&trial.vendor.shelf, "With a picture.");
    assert_eq!(
        (&post["image"], &post["alt"]),
        (
            &json!("https://commons.example/media/7/weir-1600x1200.png"),
            &json!(SHOWS)
        )
    );
    // A correction takes the old one down and says it anew, with the picture or without.
    trial.correct(id, "Put better.").await;
    trial.run(60).await;
    assert!(trial.only(&trial.vendor.shelf, "Put better.")["image"].is_string());
    trial.show_nothing();
    trial.correct_again(id, "Without it.").await;
    trial.run(60).await;
    assert!(trial.only(&trial.vendor.shelf, "Without it.")["image"].is_null());
    assert_eq!(trial.vendor.shelf.all().len(), 1);
}

#[tokio::test]
async fn a_container_that_got_lost_was_never_said() {
    let trial = Trial::open(Threads {
        drops: Mutex::new(true),
        late: Mutex::new(1),
        ..Threads::default()
    })
    .await;
    let id = trial.announce("Words in a box.").await;
    trial.run(0).await;
    assert_eq!(
        trial.state(id, Operation::Announce).await,
        State::RetryWait,
        "certainly not there, so nobody looks"
    );
    trial.run(1800).await;
    assert_eq!(trial.state(id, Operation::Announce).await, State::Sent);
    assert_eq!(trial.standing("Words in a box."), 1);
}

/// An account on X. Sources:
/// - Posts: <https://docs.x.com/x-api/posts/create-post>, <https://docs.x.com/x-api/posts/delete-post>
/// - Errors (`title`, `type`, `detail`): <https://docs.x.com/x-api/fundamentals/response-codes-and-errors>
/// - A duplicate, word for word: <https://github.com/akrherz/iembot/issues/163>
/// - Rate limits (`x-rate-limit-reset`): <https://docs.x.com/x-api/fundamentals/rate-limits>
/// - Tokens of two hours: <https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code>
#[derive(Default)]
struct X {
    shelf: Shelf,
    /// Which token is good; a new one takes the place of the last.
    tokens: AtomicU64,
}

impl X {
    fn pair(&self) -> (String, String) {
        let number = self.tokens.load(Ordering::Relaxed);
        (
            format!("access-{TELLTALE}-{number}"),
            format!("refresh-{TELLTALE}-{number}"),
        )
    }
}

impl X {
    fn renew(&self, asked: &Asked) -> Reply {
        let (_, refresh) = self.pair();
        let basic = STANDARD.encode(format!("client:app-{TELLTALE}"));
        assert_eq!(asked.header("authorization"), format!("Basic {basic}"));
        assert_eq!(asked.field("grant_type").as_deref(), Some("refresh_token"));
        if asked.field("refresh_token") != Some(refresh) {
            return Reply::json(
                400,
                &json!({ "error": "invalid_request", "error_description": "Value passed for the token was invalid." }),
            );
        }
        self.tokens.fetch_add(1, Ordering::Relaxed);
        let (access, refresh) = self.pair();
        Reply::json(
            200,
            &json!({ "token_type": "bearer", "expires_in": 7200, "access_token": access, "scope": "tweet.read tweet.write users.read offline.access", "refresh_token": refresh }),
        )
    }
}

fn unauthorized() -> Reply {
    Reply::json(
        401,
        &json!({ "title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized" }),
    )
}

impl Vendor for X {
    fn kind(&self) -> &'static str {
        "x"
    }

    fn config(&self, _base: &str) -> Value {
        json!({ "agreed": "yes", "monthly_cap": "20", "app": "client" })
    }

    fn secret(&self, _base: &str) -> Option<String> {
        let (access, refresh) = self.pair();
        Some(json!({ "app_secret": format!("app-{TELLTALE}"), "access": access, "refresh": refresh }).to_string())
    }

    fn is_said(&self, asked: &Asked) -> bool {
        asked.method != "GET" && !asked.place().ends_with("/token")
    }

    fn serve(&self, asked: &Asked) -> Reply {
        let place = asked
            .place()
            .strip_prefix("/2/")
            .expect("a version")
            .to_owned();
        let (access, _) = self.pair();
        if place == "oauth2/token" {
            return self.renew(asked);
        }
        if asked.header("authorization") != format!("Bearer {access}") {
            return unauthorized();
        }
        let id = place.strip_prefix("tweets/").unwrap_or_default();
        match (asked.method.as_str(), place.as_str()) {
            ("GET", "users/me") => Reply::json(
                200,
                &json!({ "data": { "id": "2244994945", "name": "The Museum", "username": "museum" } }),
            ),
            ("GET", "users/2244994945/tweets") => {
                let all = self.shelf.all();
                let list: Vec<Value> = all
                    .iter()
                    .rev()
                    .take(10)
                    .map(|(id, content)| {
                        let text = content["text"].as_str().unwrap_or_default();
                        let long = text.split(' ').next_back().unwrap_or_default();
                        json!({ "id": id, "text": text.replace(long, "https://t.co/abc"), "created_at": "2023-10-09T23:18:27.000Z", "entities": { "urls": [{ "url": "https://t.co/abc", "expanded_url": long }] } })
                    })
                    .collect();
                if list.is_empty() {
                    return Reply::json(200, &json!({ "meta": { "result_count": 0 } }));
                }
                Reply::json(
                    200,
                    &json!({ "data": list, "meta": { "result_count": list.len() } }),
                )
            }
            ("POST", "tweets") => {
                let content = asked.json();
                let keys: Vec<&String> = content
                    .as_object()
                    .into_iter()
                    .flat_map(|map| map.keys())
                    .collect();
                assert_eq!(keys, ["text"], "nothing of ours goes along");
                if self
                    .shelf
                    .all()
                    .iter()
                    .any(|(_, there)| there["text"] == content["text"])
                {
                    return Reply::json(
                        403,
                        &json!({ "detail": "You are not allowed to create a Tweet with duplicate content.", "type": "about:blank", "title": "Forbidden", "status": 403 }),
                    );
                }
                let id = self
                    .shelf
                    .put(|n| format!("1445880548472328{n:03}"), content.clone());
                Reply::json(
                    201,
                    &json!({ "data": { "id": id, "text": content["text"] } }),
                )
            }
            ("DELETE", _) => {
                self.shelf.take(id);
                Reply::json(200, &json!({ "data": { "deleted": true } }))
            }
            _ => Reply::json(404, &json!({ "title": "Not Found", "status": 404 })),
        }
    }

    fn throttled(&self, until: At) -> Reply {
        // "x-rate-limit-reset: Unix timestamp when the window resets"; there is no Retry-After.
        Reply::json(
            429,
            &json!({ "title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429 }),
        )
        .with("x-rate-limit-reset", &(until.0 / 1_000_000).to_string())
    }

    fn forgotten(&self) -> Reply {
        unauthorized()
    }

    fn refused(&self) -> Reply {
        Reply::json(
            400,
            &json!({ "errors": [{ "message": "Your Tweet text is too long." }], "title": "Invalid Request", "detail": "One or more parameters to your request was invalid.", "type": "https://api.x.com/2/problems/invalid-request" }),
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
async fn x() {
    let promise = Promise {
        looks: false,
        ..CHANGING
    };
    keeps(X::default(), promise).await;
}

fn renewals(trial: &Trial<X>) -> usize {
    let asked = trial.outside.asked();
    asked
        .iter()
        .filter(|one| one.path.contains("/oauth2/token"))
        .count()
}

#[tokio::test]
async fn a_token_that_is_over_is_renewed_before_it_is_used_and_in_the_middle_of_a_run() {
    let trial = Trial::open(X::default()).await;
    assert!(matches!(trial.verify().await, Health::Good(_)));
    assert_eq!(renewals(&trial), 0);
    // Nobody told us when the first one ends: the vendor does, in the middle of a run.
    trial.will(Mood::Forget);
    trial.announce("First.").await;
    trial.run(0).await;
    assert_eq!((trial.standing("First."), renewals(&trial)), (1, 1));
    trial.announce("Second.").await;
    trial.run(0).await;
    assert_eq!(renewals(&trial), 1, "the fresh one is kept");
    // Of this one the end is known: it is renewed before, and no request fails for it.
    trial.ground.clock.advance(seconds(7200 - 60));
    trial.announce("Third.").await;
    trial.run(0).await;
    assert_eq!((trial.standing("Third."), renewals(&trial)), (1, 2));
    let refused = trial.outside.asked().len();
    trial.announce("Fourth.").await;
    trial.run(0).await;
    assert_eq!(
        trial.outside.asked().len(),
        refused + 1,
        "one request and no more"
    );
}

#[tokio::test]
async fn of_several_who_find_a_token_over_one_renews_it() {
    let trial = Trial::open(X::default()).await;
    trial.vendor.tokens.fetch_add(1, Ordering::Relaxed);
    // What was kept is over; the refresh token beside it still holds.
    let (channel, secret) = (trial.channel, trial.vendor.secret(""));
    let stale = secret.expect("a secret").replace("access-", "stale-");
    let set = trial
        .ground
        .db
        .write(move |tx| bridge::set_secret(tx, &HOUSE, channel, &stale).map(drop));
    set.await.expect("kept");
    let all = futures_util::future::join_all((0..5).map(|_| trial.verify())).await;
    assert!(
        all.iter().all(|health| matches!(health, Health::Good(_))),
        "{all:?}"
    );
    assert_eq!(renewals(&trial), 1, "a refresh token is good once");
}

#[tokio::test]
async fn a_refresh_token_that_is_over_shuts_the_channel_until_somebody_signs_in() {
    let trial = Trial::open(X::default()).await;
    trial.vendor.tokens.fetch_add(1, Ordering::Relaxed);
    let id = trial.announce("Words behind a door.").await;
    trial.run(600).await;
    assert_eq!(trial.channel_state().await, ChannelState::NeedsReauth);
    assert_eq!(trial.state(id, Operation::Announce).await, State::Queued);
    assert_eq!(trial.standing("Words behind a door."), 0);
}

#[tokio::test]
async fn beyond_the_cap_of_a_month_nothing_is_sent_but_taking_back_is() {
    let trial = Trial::open(X::default()).await;
    let id = trial.channel;
    let cap = |cap: &'static str| {
        let db = trial.ground.db.clone();
        async move {
            db.write(move |tx| {
                let line = bridge::channel(tx, id)?;
                let changes = Changes {
                    revision: line.revision,
                    name: line.name.clone(),
                    config: Some(json!({ "agreed": "yes", "monthly_cap": cap, "app": "client" })),
                    min_gap_seconds: 0,
                    daily_cap: 0,
                    max_lateness_seconds: line.max_lateness_seconds,
                };
                bridge::change_channel(tx, &HOUSE, id, &changes).map(drop)
            })
            .await
            .expect("changed");
        }
    };
    cap("0.45").await;
    assert!(matches!(trial.verify().await, Health::Good(_)));
    let first = trial.announce("One.").await;
    trial.announce("Two.").await;
    let third = trial.announce("Three.").await;
    trial.run(600).await;
    assert_eq!(
        (
            trial.standing("One."),
            trial.standing("Two."),
            trial.standing("Three.")
        ),
        (1, 1, 0)
    );
    let (state, why) = trial
        .ground
        .db
        .read(move |tx| {
            Ok(deliveries::table
                .filter(deliveries::origin_id.eq(third))
                .select((deliveries::state, deliveries::state_reason))
                .first::<(State, String)>(tx.conn)?)
        })
        .await
        .expect("a row");
    assert_eq!((state, why.as_str()), (State::Queued, "monthly-cap"));
    let spent = trial
        .ground
        .db
        .read(move |tx| bridge::spending(tx, id))
        .await;
    let spent = spent.expect("asked").expect("it charges");
    assert_eq!((spent.spent, spent.cap), (400, 450));
    trial.recall(first).await;
    trial.run(60).await;
    assert_eq!(trial.standing("One."), 0, "taking back is never held");
    // Somebody decides to pay more.
    cap("2").await;
    trial.run(1800).await;
    assert_eq!(trial.standing("Three."), 1);
}

#[tokio::test]
async fn a_token_made_by_hand_opens_a_channel_and_no_token_leaves_it_closed() {
    let trial = Trial::open(Threads::default()).await;
    let closed = trial
        .ground
        .db
        .write(|tx| {
            let wanted = bridge::NewChannel {
                kind: "threads".to_owned(),
                name: "Nobody yet".to_owned(),
                config: json!({ "app": "99" }),
                secret: Some(json!({ "app_secret": "s" }).to_string()),
            };
            let made = bridge::create_channel(tx, &HOUSE, &wanted)?.channel;
            let hint: String = channels::table
                .find(made.id)
                .select(channels::secret_hint)
                .first(tx.conn)?;
            Ok((made.state, hint))
        })
        .await
        .expect("made");
    assert_eq!(closed, (ChannelState::NeedsReauth, String::new()));
    assert_eq!(trial.channel_state().await, ChannelState::Open);
}
