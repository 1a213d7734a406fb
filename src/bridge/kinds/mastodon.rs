//! Mastodon and what speaks its API. Mastodon itself remembers our key for an hour; after that, and at servers that only
//! speak the same language, the account's own statuses are looked through for our link.
//! Source: docs.joinmastodon.org, `/api/v1/statuses`, `/api/v2/instance`, "Rate limits".
//!
//! Long because all that one vendor's documents ask for stands in one file.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use super::field::{Field, Sort};
use super::grant::Keys;
use super::links::links;
use super::pictures::{Carriage, FormFile};
use super::tools::{Tools, bare, bearer, below, body, health, json as written, observed};
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule, pictures};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Grants, Health, Job, Known, Look, Observed, Outcome, Remote,
    Seen,
};
use crate::bridge::message::Picture;
use crate::bridge::pace::Retry;
use crate::bridge::state::{Class, Operation};
use crate::kit::clock::MINUTE;
use crate::kit::http::{Method, Request, Response};
use crate::kit::{At, Result};

/// The kind.
pub(super) static MASTODON: Mastodon = Mastodon;

/// The kind `mastodon`.
pub(super) struct Mastodon;

/// The most characters where the server says nothing else.
const LIMIT: usize = 500;
/// What an address counts, however long it is.
const ADDRESS: usize = 23;
/// How long a key is certainly remembered: the documents say an hour, counted from when the status was made.
const KEY_HOLDS: i64 = 55 * MINUTE;
/// The most bytes of a picture where the server says nothing else.
const PICTURE: usize = 8 << 20;
/// How often a server that prepares a picture is asked whether it is ready, and the pause before.
const LOOKS: usize = 8;
const BETWEEN_LOOKS: Duration = Duration::from_millis(700);
/// How many of the account's statuses are looked through.
const PAGE: usize = 40;

pub(super) fn site(config: &Value) -> Option<Url> {
    Url::parse(config["site"].as_str()?).ok()
}

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-mastodon = Mastodon
highlights-place-mastodon = Mastodon
compose-frame-mastodon = a post · public
bridge-about-mastodon = An account on Mastodon or a server that speaks its language.
bridge-needs-mastodon = Enter the server and connect: then you sign in there with the account that is to speak, and allow what is asked for and no more: read:accounts, read:statuses, write:statuses, write:media. Nothing has to be prepared. If you would rather make an application there by hand (Preferences, Development), enter its access token here.
bridge-mastodon-site = Server
bridge-mastodon-site-hint = Such as https://social.example.
bridge-mastodon-token = Access token
bridge-mastodon-token-hint = Only of an application that you made there by hand. It needs read:accounts, read:statuses, write:statuses and write:media.
";

impl Kind for Mastodon {
    fn word(&self) -> &'static str {
        "mastodon"
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Connected,
            is_public: true,
            link_beside: false,
            takes_hashtags: true,
            usual_limit: Some(500),
        }
    }

    fn sentences(&self) -> &'static str {
        SENTENCES
    }

    fn limit(&self, config: &Value) -> Option<usize> {
        let own = config["facts"]["limit"].as_u64();
        Some(own.and_then(|n| usize::try_from(n).ok()).unwrap_or(LIMIT))
    }

    fn count_length(&self, text: &str) -> usize {
        let mut count = 0;
        let mut from = 0;
        for link in links(text) {
            count += graphemes(text.get(from..link.start).unwrap_or_default()) + ADDRESS;
            from = link.end;
        }
        count + graphemes(text.get(from..).unwrap_or_default())
    }

    fn secret(&self) -> SecretRule {
        SecretRule::Granted
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::needed("site", Sort::Address),
            Field::optional("token", Sort::Secret),
        ];
        FIELDS
    }

    fn carriage(&self, _config: &Value, _link: &str) -> Carriage {
        Carriage::Along
    }

    fn place_fields(&self) -> &'static [&'static str] {
        &["site"]
    }

    fn destination(&self, config: &Value) -> String {
        let host = site(config).and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default()
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        let limit = self.limit(letter.config).unwrap_or(LIMIT);
        fits("text", self.count_length(&message.text), limit)?;
        let mut status = json!({ "status": message.text, "visibility": "public" });
        // ISO 639-1: the language without its region.
        if let Some(lang) = message
            .lang
            .split('-')
            .next()
            .filter(|lang| lang.len() == 2)
        {
            status["language"] = json!(lang);
        }
        pictures::freeze(&mut status, message);
        Ok(serde_json::to_string(&status)?)
    }
}

fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

pub(super) struct MastodonAdapter(pub(super) Tools);

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(MastodonAdapter(tools.clone()))
}

pub(super) fn note(response: &Response) -> String {
    let said = body(response);
    said["error"].as_str().unwrap_or_default().to_owned()
}

fn read(response: &Response, now: At) -> Observed {
    let outcome = match response.status {
        // A token that may not do this is as good as none: a person has to give another.
        403 => Outcome::Unauthorised,
        429 => Outcome::Throttled(response.header("x-ratelimit-reset").and_then(moment)),
        _ => return observed(response, now, &note(response)),
    };
    Observed::new(outcome, Some(response.status), note(response))
}

/// A moment as this API writes it (ISO 8601).
fn moment(text: &str) -> Option<At> {
    let at: jiff::Timestamp = text.trim().parse().ok()?;
    Some(At(at.as_microsecond()))
}

fn remote(status: &Value) -> Option<Remote> {
    Some(Remote {
        id: Some(status["id"].as_str()?.to_owned()),
        url: status["url"]
            .as_str()
            .or(status["uri"].as_str())
            .map(str::to_owned),
    })
}

impl MastodonAdapter {
    fn request(
        to: &Destination,
        method: Method,
        path: &[&str],
        content: Option<&Value>,
    ) -> Option<Request> {
        let url = below(site(&to.config)?, path);
        let request = match content {
            Some(content) => written(method, url, content),
            None => bare(method, url),
        };
        bearer(request, &Keys::of(to).access)
    }

    async fn get(
        &self,
        to: &Destination,
        path: &[&str],
        asked: &[(&str, &str)],
    ) -> std::result::Result<Response, String> {
        let mut request = Self::request(to, Method::GET, path, None);
        if let Some(request) = request.as_mut().filter(|_| !asked.is_empty()) {
            request.url.query_pairs_mut().extend_pairs(asked);
        }
        self.0.ask(request).await
    }

    /// The id of what was announced, or what is to be said where nobody knows it.
    fn id(job: &Job) -> std::result::Result<&str, Observed> {
        let known = job
            .announced
            .as_ref()
            .and_then(|remote| remote.id.as_deref());
        known.ok_or_else(|| Observed::new(Outcome::ByHand, None, "nobody knows its number there"))
    }

    /// What was frozen, its picture uploaded and named by the number it has there.
    async fn content(&self, job: &Job) -> std::result::Result<Value, Observed> {
        let mut content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        if let Some(picture) = pictures::take(&mut content) {
            content["media_ids"] = json!([self.upload(job, &picture).await?]);
        }
        Ok(content)
    }

    /// Uploads a picture with its description and waits until the server has made its sizes of it.
    async fn upload(&self, job: &Job, picture: &Picture) -> std::result::Result<String, Observed> {
        let most = job.to.config["facts"]["picture_bytes"].as_u64();
        let most = most
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(PICTURE);
        let bytes = self.0.bytes_of(picture, most).await?;
        let file = FormFile {
            field: "file",
            picture,
            bytes: &bytes,
        };
        let form = pictures::form(job, &[("description", &picture.alt)], &file);
        let request = Self::request(&job.to, Method::POST, &["api/v2/media"], None);
        let request = pictures::with_form(request, form);
        let mut response = self
            .0
            .send(job, request)
            .await
            .map_err(pictures::nothing_was_said)?;
        let id = body(&response)["id"].as_str().map(str::to_owned);
        let Some(id) = id.filter(|_| matches!(response.status, 200 | 202)) else {
            return Err(pictures::nothing_was_said(read(&response, self.0.now())));
        };
        // 202 and 206: taken, and not ready yet.
        for _ in 0..LOOKS {
            if response.status == 200 {
                return Ok(id);
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
            let asked = Self::request(&job.to, Method::GET, &["api/v1/media", &id], None);
            response = self
                .0
                .send(job, asked)
                .await
                .map_err(pictures::nothing_was_said)?;
            if !matches!(response.status, 200 | 206) {
                return Err(pictures::nothing_was_said(read(&response, self.0.now())));
            }
        }
        Err(Observed::new(
            Outcome::NotSent,
            Some(response.status),
            "the picture is still being prepared",
        ))
    }

    async fn say(&self, job: &Job) -> Observed {
        let content = match self.content(job).await {
            Ok(content) => content,
            Err(observed) => return observed,
        };
        let request = Self::request(&job.to, Method::POST, &["api/v1/statuses"], Some(&content))
            .and_then(|request| request.header("idempotency-key", &job.key));
        let response = match self.0.send(job, request).await {
            Ok(response) => response,
            Err(observed) => return observed,
        };
        if response.status != 200 {
            return read(&response, self.0.now());
        }
        match remote(&body(&response)) {
            Some(remote) => Observed::new(Outcome::Sent(remote), Some(200), ""),
            None => Observed::new(Outcome::SentBlind, Some(200), "no number came back"),
        }
    }

    async fn change(&self, job: &Job) -> Observed {
        let id = match Self::id(job) {
            Ok(id) => id,
            Err(observed) => return observed,
        };
        // Named again: what is not named is taken off.
        let mut content = match self.content(job).await {
            Ok(content) => content,
            Err(observed) => return observed,
        };
        if let Some(map) = content.as_object_mut() {
            map.remove("visibility");
        }
        let request = Self::request(
            &job.to,
            Method::PUT,
            &["api/v1/statuses", id],
            Some(&content),
        );
        match self.0.send(job, request).await {
            Ok(response) if response.status == 200 => {
                let remote = job.announced.clone().unwrap_or_default();
                Observed::new(Outcome::Sent(remote), Some(200), "")
            }
            Ok(response) => read(&response, self.0.now()),
            Err(observed) => observed,
        }
    }

    async fn delete(&self, job: &Job) -> Observed {
        let id = match Self::id(job) {
            Ok(id) => id,
            Err(observed) => return observed,
        };
        let mut request = Self::request(&job.to, Method::DELETE, &["api/v1/statuses", id], None);
        if let Some(request) = &mut request {
            // At once, not when the server gets round to it (from 4.4 on; older ones do not know the word).
            request
                .url
                .query_pairs_mut()
                .append_pair("delete_media", "true");
        }
        let response = match self.0.send(job, request).await {
            Ok(response) => response,
            Err(observed) => return observed,
        };
        if !matches!(response.status, 200..=299 | 404 | 410) {
            return read(&response, self.0.now());
        }
        // What another account said is "not found" as well.
        if response.status == 404 && !self.is_same_account(job).await {
            let note = "it is not found, and perhaps another account said it";
            return Observed::new(Outcome::ByHand, Some(404), note);
        }
        // Some servers say yes and keep it: what is not seen to be gone is not gone.
        match self.get(&job.to, &["api/v1/statuses", id], &[]).await {
            Ok(seen) if matches!(seen.status, 404 | 410) => {
                Observed::new(Outcome::Sent(Remote::default()), Some(response.status), "")
            }
            Ok(seen) if seen.status == 200 => Observed::new(
                Outcome::Unknown(None),
                Some(response.status),
                "it still stands there",
            ),
            _ => Observed::new(
                Outcome::Unknown(None),
                Some(response.status),
                "nobody could look",
            ),
        }
    }

    /// Is the account that is signed in the one whose status this is?
    async fn is_same_account(&self, job: &Job) -> bool {
        let path = ["api/v1/accounts/verify_credentials"];
        let said = match self.get(&job.to, &path, &[]).await {
            Ok(said) if said.status == 200 => body(&said),
            _ => return false,
        };
        let stood = job.announced.as_ref().and_then(|old| old.url.as_deref());
        match (stood, said["username"].as_str()) {
            (Some(url), Some(name)) if url.contains("/@") => {
                let name = format!("/@{name}/");
                url.to_lowercase().contains(&name.to_lowercase())
            }
            _ => true,
        }
    }

    async fn find(&self, job: &Job) -> Seen {
        let Some(account) = job.to.config["facts"]["id"].as_str() else {
            return Seen::CannotTell(
                "the account's number is not known; ask the channel how it is".to_owned(),
            );
        };
        let limit = PAGE.to_string();
        let asked = [
            ("exclude_replies", "true"),
            ("exclude_reblogs", "true"),
            ("limit", limit.as_str()),
        ];
        let response = match self
            .get(&job.to, &["api/v1/accounts", account, "statuses"], &asked)
            .await
        {
            Ok(response) if response.status == 200 => response,
            Ok(response) => {
                return Seen::CannotTell(format!("{} {}", response.status, note(&response)));
            }
            Err(trouble) => return Seen::CannotTell(trouble),
        };
        let said = body(&response);
        let Some(statuses) = said.as_array() else {
            return Seen::CannotTell("the answer is no list".to_owned());
        };
        let mark = format!("/h/{}", job.code);
        let is_ours = |status: &&Value| {
            let content = status["content"].as_str().unwrap_or_default();
            let card = status["card"]["url"].as_str().unwrap_or_default();
            content.contains(&mark) || card.contains(&mark)
        };
        if let Some(found) = statuses.iter().find(is_ours).and_then(remote) {
            return Seen::Present(found);
        }
        let since = job.first_sent_at.plus(-2 * MINUTE);
        let reaches_back = statuses.len() < PAGE
            || statuses
                .last()
                .and_then(|status| moment(status["created_at"].as_str()?))
                .is_some_and(|oldest| oldest < since);
        if reaches_back {
            Seen::Absent
        } else {
            Seen::CannotTell("too much was written since".to_owned())
        }
    }

    async fn limits(&self, to: &Destination, known: Known) -> Known {
        for path in ["api/v2/instance", "api/v1/instance"] {
            let Ok(response) = self.get(to, &[path], &[]).await else {
                continue;
            };
            if response.status != 200 {
                continue;
            }
            let said = body(&response);
            let limit = said["configuration"]["statuses"]["max_characters"]
                .as_u64()
                .or(said["max_toot_chars"].as_u64());
            let picture = said["configuration"]["media_attachments"]["image_size_limit"].as_u64();
            return known
                .with("limit", limit.unwrap_or(LIMIT as u64))
                .with("picture_bytes", picture.unwrap_or(PICTURE as u64))
                // Only Mastodon itself names its API's version; nobody else is trusted to remember a key.
                .with("keyed", said["api_versions"]["mastodon"].is_number());
        }
        known
    }
}

impl Adapter for MastodonAdapter {
    fn grants(&self) -> Option<&dyn Grants> {
        Some(self)
    }

    fn contract(&self, operation: Operation, config: &Value) -> Contract {
        let keyed = config["facts"]["keyed"] == true;
        let (class, key_lifetime) = match operation {
            Operation::Announce if keyed => (Class::A, KEY_HOLDS),
            Operation::Announce => (Class::B, 0),
            Operation::Correct | Operation::Withdraw => (Class::A, i64::MAX),
        };
        Contract {
            class,
            reads_back: operation == Operation::Announce,
            key_lifetime,
            retry: Retry::Jitter,
        }
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.say(job))
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.change(job))
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.delete(job))
    }

    fn read_back<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(self.find(job))
    }

    fn look<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Look> {
        Box::pin(async move {
            let Ok(id) = Self::id(job) else {
                return Look::CannotTell;
            };
            let ours: Value = serde_json::from_str(&job.payload).unwrap_or_default();
            match self
                .get(&job.to, &["api/v1/statuses", id, "source"], &[])
                .await
            {
                Ok(response) if response.status == 200 => {
                    if body(&response)["text"] == ours["status"] {
                        Look::There
                    } else {
                        Look::Changed
                    }
                }
                Ok(response) if matches!(response.status, 404 | 410) => {
                    if self.is_same_account(job).await {
                        Look::Gone
                    } else {
                        Look::CannotTell
                    }
                }
                _ => Look::CannotTell,
            }
        })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            let response = match self
                .get(to, &["api/v1/accounts/verify_credentials"], &[])
                .await
            {
                Ok(response) => response,
                Err(trouble) => return Health::Bad(trouble),
            };
            if response.status != 200 {
                return health(&response, &note(&response));
            }
            let said = body(&response);
            let (Some(id), Some(name)) = (
                said["id"].as_str(),
                said["acct"].as_str().or(said["username"].as_str()),
            ) else {
                return Health::Bad("the answer names no account".to_owned());
            };
            let host = site(&to.config)
                .and_then(|url| url.host_str().map(str::to_owned))
                .unwrap_or_default();
            let url = said["url"].as_str().unwrap_or_default();
            let known = Known::account(&format!("@{name}@{host}"), url).with("id", id);
            Health::Good(self.limits(to, known).await)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_counts_23_and_a_family_counts_one() {
        let count = |text: &str| MASTODON.count_length(text);
        assert_eq!(
            count("see https://forum.example.org/t/a-very-long-title/1234?x=y ok"),
            4 + 23 + 3
        );
        assert_eq!(
            count("\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}"),
            1
        );
        assert_eq!(count("(https://a.example/h/x)."), 1 + 23 + 2);
        assert_eq!(count("cafe\u{301}"), 4);
    }
}
