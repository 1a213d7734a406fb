//! A room in Slack: by a bot, whose messages carry our key where it can be read back, or by an incoming webhook, which
//! says `ok` and nothing more.
//! A bot uploads a picture as a file that nobody else sees, and names it in the message.
//! Source: Slack documentation, `chat.postMessage`, `chat.update`, `chat.delete`, `conversations.history`, "Incoming webhooks",
//! "Image block".
//!
//! Long because all that one vendor's documents ask for stands in one file.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use url::Url;

use super::field::{Field, Sort};
use super::pictures::Carriage;
use super::plain::entities;
use super::slack_message::{Place, are_same_words, place, read, shown_file};
use super::tools::{
    ONCE_MORE, Tools, bare, bearer, body, health, json as written, observed, once_more,
};
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule, pictures};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Health, Job, Known, Look, Observed, Outcome, Remote, Seen,
};
use crate::bridge::pace::Retry;
use crate::bridge::state::{Class, Operation};
use crate::kit::Result;
use crate::kit::clock::MINUTE;
use crate::kit::http::{Method, Response};
use crate::kit::stop::Problems;

/// The kind.
pub(super) static SLACK: Slack = Slack;

/// The kind `slack`.
pub(super) struct Slack;

const WORD: &str = "slack";
const BASE: &str = "https://slack.com/api";
/// The most characters of a text that can still be changed later.
const LIMIT: usize = 4000;
/// The name of our mark at a message.
const EVENT: &str = "loggia_announcement";
/// How often a message is offered whose picture Slack is still preparing, and the pause before.
const OFFERS: usize = 5;
const BETWEEN_OFFERS: Duration = Duration::from_millis(1500);

fn is_bot(config: &Value) -> bool {
    config["way"] != "webhook"
}

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-slack = Slack
highlights-place-slack = Slack
compose-frame-slack = App · a message in a room
bridge-about-slack = A room of a Slack workspace, by an app's bot or an incoming webhook.
bridge-needs-slack = You need an app in your workspace, invited to the room, with these bot token scopes: chat:write to speak; files:write for pictures; channels:history and channels:read, so that an announcement without an answer can be looked up (groups:history and groups:read for a private room). An incoming webhook is quicker to make, but what was sent by it can be neither found nor taken back by us.
bridge-slack-way = How it is reached
bridge-slack-way-bot = By an app's bot
bridge-slack-way-webhook = By an incoming webhook
bridge-slack-room = Room
bridge-slack-room-hint = Its number such as C024BE91L, for a bot. A webhook brings its room along.
bridge-slack-once_more = When its gateway is out of order and names a time to come back
bridge-slack-once_more-no = A person looks whether it is there
bridge-slack-once_more-yes = Try once more then (it could stand there twice if the gateway was wrong)
bridge-slack-token = Bot token or webhook address
bridge-slack-token-hint = xoxb-… or https://hooks.slack.com/services/…
";

impl Kind for Slack {
    fn word(&self) -> &'static str {
        WORD
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Connected,
            is_public: false,
            link_beside: false,
            takes_hashtags: false,
            usual_limit: None,
        }
    }

    fn sentences(&self) -> &'static str {
        SENTENCES
    }

    fn limit(&self, _config: &Value) -> Option<usize> {
        Some(LIMIT)
    }

    fn count_length(&self, text: &str) -> usize {
        entities(text).chars().count()
    }

    fn carriage(&self, config: &Value, _link: &str) -> Carriage {
        if is_bot(config) {
            Carriage::Along
        } else {
            Carriage::NotThisWay
        }
    }

    fn secret(&self) -> SecretRule {
        SecretRule::Theirs
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::optional("way", Sort::Choice(&["bot", "webhook"])),
            Field::optional("room", Sort::Text),
            ONCE_MORE,
            Field::needed("token", Sort::Secret),
        ];
        FIELDS
    }

    fn place_fields(&self) -> &'static [&'static str] {
        &["way", "room"]
    }

    fn may_move(&self) -> bool {
        true
    }

    fn check_config(&self, config: &Value) -> Result<Value, Problems> {
        let kept = Value::Object(super::field::read(self.fields(), config)?);
        if is_bot(&kept) && kept["room"].is_null() {
            return Err(Problems::one("room", "needed"));
        }
        Ok(kept)
    }

    fn check_secret(&self, secret: &str) -> Result<String, Problems> {
        let is_token = secret.starts_with("xox") && !secret.contains(char::is_whitespace);
        let is_hook = Url::parse(secret).is_ok_and(|url| {
            matches!(url.scheme(), "https" | "http") && url.path().starts_with("/services/")
        });
        if is_token || is_hook {
            Ok(secret.to_owned())
        } else {
            Err(Problems::one("secret", "no-slack-secret"))
        }
    }

    fn destination(&self, config: &Value) -> String {
        config["room"].as_str().unwrap_or("slack.com").to_owned()
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        fits("text", self.count_length(&message.text), LIMIT)?;
        let mut content = json!({
            "text": entities(&message.text),
            // No sign in the words means anything.
            "mrkdwn": false,
            "unfurl_links": false,
        });
        if is_bot(letter.config) {
            content["channel"] = letter.config["room"].clone();
            content["metadata"] =
                json!({ "event_type": EVENT, "event_payload": { "key": letter.key } });
            pictures::freeze(&mut content, message);
        }
        Ok(serde_json::to_string(&content)?)
    }
}

pub(super) struct SlackAdapter(pub(super) Tools);

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(SlackAdapter(tools.clone()))
}

impl SlackAdapter {
    pub(super) async fn call(
        &self,
        job: &Job,
        method: &str,
        content: &Value,
    ) -> Result<Response, Observed> {
        let token = job
            .to
            .secrets
            .first()
            .map(|s| s.0.as_str())
            .unwrap_or_default();
        let request = written(Method::POST, self.0.at(WORD, BASE, &[method]), content);
        self.0.send(job, bearer(request, token)).await
    }

    async fn question(
        &self,
        to: &Destination,
        method: &str,
        asked: &[(&str, &str)],
    ) -> Result<Value, String> {
        let token = to.secrets.first().map(|s| s.0.as_str()).unwrap_or_default();
        let mut url = self.0.at(WORD, BASE, &[method]);
        if let Some(url) = &mut url {
            url.query_pairs_mut().extend_pairs(asked);
        }
        let response = self.0.ask(bearer(bare(Method::GET, url), token)).await?;
        let said = body(&response);
        if said["ok"] == true {
            Ok(said)
        } else {
            let error = said["error"].as_str().unwrap_or_default();
            Err(format!("{} {error}", response.status))
        }
    }

    /// Where people find a message; without an answer the message is there all the same.
    async fn permalink(&self, to: &Destination, room: &str, stamp: &str) -> Option<String> {
        let asked = [("channel", room), ("message_ts", stamp)];
        let said = self.question(to, "chat.getPermalink", &asked).await.ok()?;
        said["permalink"].as_str().map(str::to_owned)
    }

    async fn remote(
        &self,
        to: &Destination,
        room: &str,
        stamp: &str,
        file: Option<&str>,
    ) -> Remote {
        let file = file.map(|file| format!("/{file}"));
        Remote {
            id: Some(format!("{room}/{stamp}{}", file.unwrap_or_default())),
            url: self.permalink(to, room, stamp).await,
        }
    }

    /// What was frozen, its picture uploaded and named.
    async fn content(&self, job: &Job) -> Result<Value, Observed> {
        let mut content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        // Named with every change: what is left out stays as it was.
        content["attachments"] = json!([]);
        if let Some(picture) = pictures::take(&mut content) {
            let upload = self.upload(job, &picture).await;
            let file = upload.map_err(pictures::nothing_was_said)?;
            let image = json!({
                "type": "image",
                "slack_file": { "id": file },
                "alt_text": picture.alt,
            });
            content["attachments"] = json!([{ "fallback": picture.alt, "blocks": [image] }]);
        }
        Ok(content)
    }

    /// Calls a method with a message. Files are prepared after they were taken, and a message that names one too early is
    /// refused whole: it is offered again.
    async fn offer(&self, job: &Job, method: &str, content: &Value) -> Result<Response, Observed> {
        let pictured = shown_file(content).is_some();
        for time in 1.. {
            let response = self.call(job, method, content).await?;
            let said = body(&response);
            let early = matches!(
                said["error"].as_str(),
                Some("invalid_blocks" | "invalid_attachments")
            );
            if !pictured || !early {
                return Ok(response);
            }
            if time >= OFFERS {
                break;
            }
            tokio::time::sleep(BETWEEN_OFFERS).await;
        }
        Err(Observed::new(
            Outcome::NotSent,
            Some(200),
            "the picture is still being prepared",
        ))
    }

    async fn by_bot(&self, job: &Job) -> Observed {
        let content = match self.content(job).await {
            Ok(content) => content,
            Err(observed) => return observed,
        };
        let response = match self.offer(job, "chat.postMessage", &content).await {
            Ok(response) => response,
            Err(observed) => return observed,
        };
        let said = body(&response);
        if said["ok"] != true {
            return read(&response, self.0.now());
        }
        match (said["channel"].as_str(), said["ts"].as_str()) {
            (Some(room), Some(stamp)) => {
                let file = shown_file(&content);
                let remote = self.remote(&job.to, room, stamp, file).await;
                Observed::new(Outcome::Sent(remote), Some(response.status), "")
            }
            _ => Observed::new(
                Outcome::SentBlind,
                Some(response.status),
                "no time stamp came back",
            ),
        }
    }

    async fn by_webhook(&self, job: &Job) -> Observed {
        let secret = job
            .to
            .secrets
            .first()
            .map(|s| s.0.clone())
            .unwrap_or_default();
        let content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let request = written(Method::POST, self.hook(&secret), &content);
        let response = match self.0.send(job, request).await {
            Ok(response) => response,
            Err(observed) => return observed,
        };
        let words = String::from_utf8_lossy(&response.body);
        match response.status {
            200..=299 => Observed::new(Outcome::SentBlind, Some(response.status), "handed over"),
            404 if words.contains("no_service") || words.contains("no_team") => {
                Observed::new(Outcome::Gone, Some(404), words.trim())
            }
            403 if words.contains("invalid_token") => {
                Observed::new(Outcome::Unauthorised, Some(403), words.trim())
            }
            _ => once_more(job, observed(&response, self.0.now(), words.trim())),
        }
    }

    /// The address of the webhook, at the base that was named if one was.
    fn hook(&self, secret: &str) -> Option<Url> {
        let url = Url::parse(secret).ok()?;
        if url.host_str() == Some("hooks.slack.com") {
            return self.0.at(
                "slack-hooks",
                "https://hooks.slack.com",
                &[url.path().trim_start_matches('/')],
            );
        }
        Some(url)
    }

    /// Where the message stands, if a program can still do something about it.
    fn reach(job: &Job) -> Result<Place, Observed> {
        if !is_bot(&job.to.config) {
            return Err(Observed::new(
                Outcome::ByHand,
                None,
                "an incoming webhook changes nothing afterwards",
            ));
        }
        place(job).ok_or_else(|| {
            Observed::new(Outcome::ByHand, None, "nobody knows its time stamp there")
        })
    }

    async fn change(&self, job: &Job) -> Result<Observed, Observed> {
        let place = Self::reach(job)?;
        let mut content = self.content(job).await?;
        content["channel"] = json!(place.room);
        content["ts"] = json!(place.stamp);
        let response = self.offer(job, "chat.update", &content).await?;
        if body(&response)["ok"] != true {
            return Ok(read(&response, self.0.now()));
        }
        let file = shown_file(&content);
        if let Some(old) = place.file.filter(|old| Some(old.as_str()) != file) {
            // Nothing names it any more; one that stays behind is seen by nobody.
            drop(self.drop_file(job, &old).await);
        }
        let remote = self.remote(&job.to, &place.room, &place.stamp, file).await;
        Ok(Observed::new(
            Outcome::Sent(remote),
            Some(response.status),
            "",
        ))
    }

    async fn take_back(&self, job: &Job) -> Result<Observed, Observed> {
        let place = Self::reach(job)?;
        let content = json!({ "channel": place.room, "ts": place.stamp });
        let response = self.call(job, "chat.delete", &content).await?;
        let said = body(&response);
        if said["ok"] != true && said["error"] != "message_not_found" {
            return Ok(read(&response, self.0.now()));
        }
        if let Some(file) = &place.file {
            self.drop_file(job, file).await?;
        }
        let remote = job.announced.clone().unwrap_or_default();
        Ok(Observed::new(
            Outcome::Sent(remote),
            Some(response.status),
            "",
        ))
    }
}

impl Adapter for SlackAdapter {
    fn contract(&self, operation: Operation, config: &Value) -> Contract {
        let class = match operation {
            _ if !is_bot(config) => Class::C,
            Operation::Announce => Class::B,
            Operation::Correct | Operation::Withdraw => Class::A,
        };
        Contract {
            class,
            reads_back: class == Class::B,
            key_lifetime: i64::MAX,
            retry: Retry::Jitter,
        }
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            if is_bot(&job.to.config) {
                self.by_bot(job).await
            } else {
                self.by_webhook(job).await
            }
        })
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move { self.change(job).await.unwrap_or_else(|observed| observed) })
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            self.take_back(job)
                .await
                .unwrap_or_else(|observed| observed)
        })
    }

    fn read_back<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async move {
            let room = job.to.config["facts"]["room"]
                .as_str()
                .or(job.to.config["room"].as_str());
            let oldest = job
                .first_sent_at
                .plus(-2 * MINUTE)
                .unix_seconds()
                .to_string();
            let asked = [
                ("channel", room.unwrap_or_default()),
                ("oldest", oldest.as_str()),
                ("include_all_metadata", "true"),
                ("limit", "200"),
            ];
            let said = match self
                .question(&job.to, "conversations.history", &asked)
                .await
            {
                Ok(said) => said,
                Err(why) => return Seen::CannotTell(why),
            };
            let messages = said["messages"].as_array().cloned().unwrap_or_default();
            let ours = messages
                .iter()
                .find(|message| message["metadata"]["event_payload"]["key"] == job.key.as_str());
            match ours.and_then(|message| Some((message, message["ts"].as_str()?))) {
                Some((message, stamp)) => {
                    let (room, file) = (room.unwrap_or_default(), shown_file(message));
                    Seen::Present(self.remote(&job.to, room, stamp, file).await)
                }
                // With more than a page since then, not finding it proves nothing.
                None if said["has_more"] == true => {
                    Seen::CannotTell("too much was written since".to_owned())
                }
                None => Seen::Absent,
            }
        })
    }

    fn look<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Look> {
        Box::pin(async move {
            let (true, Some(Place { room, stamp, .. })) = (is_bot(&job.to.config), place(job))
            else {
                return Look::CannotTell;
            };
            let asked = [
                ("channel", room.as_str()),
                ("oldest", stamp.as_str()),
                ("latest", stamp.as_str()),
                ("inclusive", "true"),
                ("limit", "1"),
            ];
            let Ok(said) = self
                .question(&job.to, "conversations.history", &asked)
                .await
            else {
                return Look::CannotTell;
            };
            let ours: Value = serde_json::from_str(&job.payload).unwrap_or_default();
            match said["messages"]
                .as_array()
                .and_then(|messages| messages.first())
            {
                Some(message) if message["ts"] != stamp.as_str() => Look::Gone,
                Some(message) if are_same_words(&ours["text"], &message["text"]) => Look::There,
                Some(_) => Look::Changed,
                None => Look::Gone,
            }
        })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            let secret = to.secrets.first().map(|s| s.0.clone()).unwrap_or_default();
            if !is_bot(&to.config) {
                // A question to a webhook posts nothing: it takes POST only and says so.
                return match self.0.ask(bare(Method::GET, self.hook(&secret))).await {
                    Ok(response) if matches!(response.status, 404 | 410) => health(&response, ""),
                    Ok(response) if response.status >= 500 => health(&response, ""),
                    Ok(response) => Health::Good(response.status.to_string().into()),
                    Err(trouble) => Health::Bad(trouble),
                };
            }
            let asked = self.question(to, "auth.test", &[]).await;
            let said = match asked {
                Ok(said) => said,
                Err(why)
                    if why.contains("auth") || why.contains("token") || why.contains("account") =>
                {
                    return Health::Unauthorised(why);
                }
                Err(why) => return Health::Bad(why),
            };
            let (user, team) = (
                said["user"].as_str().unwrap_or("bot"),
                said["team"].as_str().unwrap_or("Slack"),
            );
            let url = said["url"].as_str().unwrap_or_default();
            let mut known = Known::account(&format!("{user} · {team}"), url);
            let room = to.config["room"].as_str().unwrap_or_default();
            match self
                .question(to, "conversations.info", &[("channel", room)])
                .await
            {
                Ok(found) => {
                    if let Some(id) = found["channel"]["id"].as_str() {
                        known = known.with("room", id);
                    }
                    Health::Good(known)
                }
                // Without the right to look into rooms the bot can still write; it cannot read back then.
                Err(why) if why.contains("missing_scope") => Health::Good(known),
                Err(why) => Health::Bad(why),
            }
        })
    }
}
