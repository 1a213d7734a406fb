//! Discord: by a webhook of one room, or by a bot. Only the bot's messages can be repeated safely (a nonce that Discord
//! enforces for some minutes); what a webhook said without an answer, only a person can look up.
//! A picture travels in the same request, as an attachment with a description. Source: Discord developer documentation,
//! "Webhook Resource", "Create Message", "Uploading Files", "Editing Message Attachments".
//!
//! Long because all that one vendor's documents ask for stands in one file.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use url::Url;

use super::field::{Field, Sort};
use super::pictures::{Carriage, FormFile};
use super::plain::backslashed;
use super::tools::{
    ONCE_MORE, Tools, after, bare, body, health, json as written, observed, once_more, outcome,
};
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule, pictures};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Health, Job, Known, Look, Observed, Outcome, Remote, Seen,
};
use crate::bridge::message::Picture;
use crate::bridge::pace::Retry;
use crate::bridge::state::{Class, Operation};
use crate::kit::clock::MINUTE;
use crate::kit::http::{Method, Request, Response};
use crate::kit::stop::Problems;
use crate::kit::{At, Result};

/// The kind `discord`.
pub(super) struct Discord;
pub(super) static DISCORD: Discord = Discord;

const WORD: &str = "discord";
const BASE: &str = "https://discord.com/api/v10";
/// The most characters of a message.
const LIMIT: usize = 2000;
/// For how long a nonce is certainly enforced; the documentation says "the past few minutes".
const NONCE_HOLDS: i64 = 2 * MINUTE;
/// The most bytes of a file where the server has paid for nothing; 10 MiB, less what stands around it.
const FILE: usize = 10_000_000;
/// The most characters of a nonce.
const NONCE: usize = 25;
/// Signs that mean something in a message.
const SIGNS: &str = "\\*_~`|>#-[]()<@";

fn is_bot(config: &Value) -> bool {
    config["way"] == "bot"
}

/// Id and token of a webhook's address.
fn parts(secret: &str) -> Option<(String, String)> {
    let url = Url::parse(secret).ok()?;
    let host = url.host_str()?;
    let ours = [
        "discord.com",
        "discordapp.com",
        "canary.discord.com",
        "ptb.discord.com",
    ];
    let segments: Vec<&str> = url.path_segments()?.collect();
    let at = segments.iter().position(|s| *s == "webhooks")?;
    let (id, token) = (segments.get(at + 1)?, segments.get(at + 2)?);
    let good = ours.contains(&host)
        && id.bytes().all(|b| b.is_ascii_digit())
        && !id.is_empty()
        && !token.is_empty();
    good.then(|| ((*id).to_owned(), (*token).to_owned()))
}

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-discord = Discord
highlights-place-discord = Discord
compose-frame-discord = a message in a room
bridge-about-discord = A room of a Discord server, by its webhook or by a bot.
bridge-needs-discord = You need the right to manage webhooks of the room: Edit channel, Integrations, Webhooks, New webhook, Copy webhook URL. A bot takes more work and gives more certainty: Discord recognises a repeated message of a bot, and not of a webhook. Give the bot these permissions in the room: View Channel, Send Messages (Send Messages in Threads for a thread), Attach Files, Read Message History.
bridge-discord-way = How it is reached
bridge-discord-way-webhook = By a webhook
bridge-discord-way-bot = By a bot
bridge-discord-room = Number of the room
bridge-discord-room-hint = Needed for a bot only: in Discord, with developer mode on, right-click the room and copy its ID.
bridge-discord-thread = Number of a thread
bridge-discord-thread-hint = Only if announcements belong into one thread of the room.
bridge-discord-once_more = When its gateway is out of order and names a time to come back
bridge-discord-once_more-no = A person looks whether it is there
bridge-discord-once_more-yes = Try once more then (it could stand there twice if the gateway was wrong)
bridge-discord-token = Webhook URL or bot token
bridge-discord-token-hint = https://discord.com/api/webhooks/… or the token of the bot.
";

impl Kind for Discord {
    fn word(&self) -> &'static str {
        WORD
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Connected,
            is_public: false,
            link_beside: false,
            takes_hashtags: false,
            usual_limit: Some(2_000),
        }
    }

    fn sentences(&self) -> &'static str {
        SENTENCES
    }

    fn limit(&self, _config: &Value) -> Option<usize> {
        Some(LIMIT)
    }

    fn count_length(&self, text: &str) -> usize {
        // Escaped, and in the unit that is never smaller than Discord's own.
        backslashed(text, SIGNS).encode_utf16().count()
    }

    fn carriage(&self, _config: &Value, _link: &str) -> Carriage {
        Carriage::Along
    }

    fn secret(&self) -> SecretRule {
        SecretRule::Theirs
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::optional("way", Sort::Choice(&["webhook", "bot"])),
            Field::optional("room", Sort::Text),
            Field::optional("thread", Sort::Text),
            ONCE_MORE,
            Field::needed("token", Sort::Secret),
        ];
        FIELDS
    }

    fn place_fields(&self) -> &'static [&'static str] {
        &["way", "room", "thread"]
    }

    fn may_move(&self) -> bool {
        true
    }

    fn check_config(&self, config: &Value) -> Result<Value, Problems> {
        let kept = super::field::read(self.fields(), config)?;
        let kept = Value::Object(kept);
        let mut problems = Problems::default();
        let is_id = |name: &str| {
            kept[name]
                .as_str()
                .is_none_or(|id| id.bytes().all(|b| b.is_ascii_digit()))
        };
        for name in ["room", "thread"] {
            if !is_id(name) {
                problems.add(name, "no-number", &[]);
            }
        }
        if is_bot(&kept) && kept["room"].is_null() {
            problems.add("room", "needed", &[]);
        }
        if problems.0.is_empty() {
            Ok(kept)
        } else {
            Err(problems)
        }
    }

    fn check_secret(&self, secret: &str) -> Result<String, Problems> {
        // A bot's token is no address; an address must be a webhook's.
        if secret.contains("://") && parts(secret).is_none() {
            return Err(Problems::one("secret", "no-webhook"));
        }
        Ok(secret.to_owned())
    }

    fn destination(&self, config: &Value) -> String {
        config["facts"]["account"]
            .as_str()
            .unwrap_or("discord.com")
            .to_owned()
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        fits("text", self.count_length(&message.text), LIMIT)?;
        let mut content = json!({
            "content": backslashed(&message.text, SIGNS),
            // Nobody is called, whatever the words look like; it has to be said again with every change.
            "allowed_mentions": { "parse": [] },
        });
        if is_bot(letter.config) && letter.operation == Operation::Announce {
            let nonce: String = letter.key.chars().rev().take(NONCE).collect();
            content["nonce"] = json!(nonce);
            content["enforce_nonce"] = json!(true);
        }
        pictures::freeze(&mut content, message);
        Ok(serde_json::to_string(&content)?)
    }
}

struct DiscordAdapter(Tools);

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(DiscordAdapter(tools.clone()))
}

/// The vendor's words for a refusal.
fn note(response: &Response) -> String {
    let said = body(response);
    match said["code"].as_i64() {
        Some(code) if code != 0 => {
            format!("{code} {}", said["message"].as_str().unwrap_or_default())
        }
        _ => said["message"].as_str().unwrap_or_default().to_owned(),
    }
}

/// "Unknown Webhook": the address is gone for good.
fn is_gone(response: &Response) -> bool {
    body(response)["code"] == 10_015
}

fn read(response: &Response, now: At) -> Observed {
    let said = body(response);
    if is_gone(response) {
        return Observed::new(Outcome::Gone, Some(response.status), note(response));
    }
    if response.status == 429 {
        let wait = said["retry_after"].as_f64().and_then(|s| after(s, now));
        let told = wait.map_or_else(|| outcome(response, now), |at| Outcome::Throttled(Some(at)));
        return Observed::new(told, Some(429), note(response));
    }
    observed(response, now, &note(response))
}

/// "Unknown Message": the one answer by which a message is not there. A webhook that is gone leaves its messages standing.
fn is_absent(response: &Response) -> bool {
    body(response)["code"] == 10_008
}

/// Where and by whom a message was said.
enum Said {
    /// By the bot, in this room or thread.
    InRoom(String),
    /// By this webhook, in this thread of its room (or none).
    ByHook { webhook: String, thread: String },
}

/// What is kept of a message. Of older ones only the id is known.
struct Stood {
    place: Option<Said>,
    id: String,
}

fn stood(job: &Job) -> Result<Stood, Observed> {
    let id = job
        .announced
        .as_ref()
        .and_then(|remote| remote.id.as_deref());
    let Some(id) = id else {
        let note = "nobody knows its id there";
        return Err(Observed::new(Outcome::ByHand, None, note));
    };
    let parts: Vec<&str> = id.split('/').collect();
    let (place, id) = match parts.as_slice() {
        ["room", room, id] => (Some(Said::InRoom((*room).to_owned())), *id),
        ["hook", webhook, thread, id] => {
            let said = Said::ByHook {
                webhook: (*webhook).to_owned(),
                thread: (*thread).to_owned(),
            };
            (Some(said), *id)
        }
        _ => (None, id),
    };
    Ok(Stood {
        place,
        id: id.to_owned(),
    })
}

/// Is it known where and by whom it was said?
fn is_known(job: &Job) -> bool {
    stood(job).is_ok_and(|stood| stood.place.is_some())
}

fn room_of(to: &Destination) -> Option<&str> {
    let thread = to.config["thread"].as_str();
    thread.or(to.config["room"].as_str())
}

fn with_thread(mut url: Url, thread: Option<&str>) -> Url {
    if let Some(thread) = thread {
        url.query_pairs_mut().append_pair("thread_id", thread);
    }
    url
}

impl DiscordAdapter {
    /// Where something new is said.
    fn url(&self, to: &Destination) -> Option<Url> {
        if is_bot(&to.config) {
            let room = room_of(to)?;
            return self.0.at(WORD, BASE, &["channels", room, "messages"]);
        }
        let (id, token) = parts(&to.secrets.first()?.0)?;
        let mut url = self.0.at(WORD, BASE, &["webhooks", &id, &token])?;
        // Without it, a message that was not kept is no error.
        url.query_pairs_mut().append_pair("wait", "true");
        Some(with_thread(url, to.config["thread"].as_str()))
    }

    /// Where a message stands, wherever the channel leads by now: only the webhook that said it can change it.
    fn url_of(&self, to: &Destination, stood: &Stood) -> Result<Option<Url>, Observed> {
        let by_other = |note| Observed::new(Outcome::ByHand, None, note);
        let (place, is_bot) = (&stood.place, is_bot(&to.config));
        let secret = to.secrets.first().map(|s| s.0.as_str()).unwrap_or_default();
        match place {
            Some(Said::InRoom(room)) if is_bot => {
                let path = ["channels", room.as_str(), "messages", stood.id.as_str()];
                Ok(self.0.at(WORD, BASE, &path))
            }
            None if is_bot => {
                let room = room_of(to).unwrap_or_default();
                let path = ["channels", room, "messages", stood.id.as_str()];
                Ok(self.0.at(WORD, BASE, &path))
            }
            Some(Said::InRoom(_)) => {
                Err(by_other("a bot said it, and the channel has a webhook now"))
            }
            _ if is_bot => Err(by_other("a webhook said it, and the channel has a bot now")),
            _ => {
                let Some((hook, token)) = parts(secret) else {
                    return Ok(None);
                };
                let mut thread = to.config["thread"].as_str();
                if let Some(Said::ByHook {
                    webhook,
                    thread: in_thread,
                }) = place
                {
                    if *webhook != hook {
                        return Err(by_other("another webhook said it"));
                    }
                    thread = Some(in_thread.as_str()).filter(|thread| !thread.is_empty());
                }
                let path = [
                    "webhooks",
                    hook.as_str(),
                    token.as_str(),
                    "messages",
                    stood.id.as_str(),
                ];
                let url = self.0.at(WORD, BASE, &path);
                Ok(url.map(|url| with_thread(url, thread)))
            }
        }
    }

    fn signed(to: &Destination, request: Option<Request>) -> Option<Request> {
        if is_bot(&to.config) {
            let token = &to.secrets.first()?.0;
            request?.header("authorization", &format!("Bot {token}"))
        } else {
            request
        }
    }

    fn remote(to: &Destination, said: &Value) -> Option<Remote> {
        let id = said["id"].as_str()?;
        let room = said["channel_id"]
            .as_str()
            .or(to.config["facts"]["room"].as_str());
        let guild = to.config["facts"]["guild"].as_str();
        let url = room
            .zip(guild)
            .map(|(room, guild)| format!("https://discord.com/channels/{guild}/{room}/{id}"));
        let kept = if is_bot(&to.config) {
            let room = said["channel_id"].as_str().or(room_of(to));
            format!("room/{}/{id}", room?)
        } else {
            let (webhook, _) = parts(&to.secrets.first()?.0)?;
            let thread = to.config["thread"].as_str().unwrap_or_default();
            format!("hook/{webhook}/{thread}/{id}")
        };
        Some(Remote {
            id: Some(kept),
            url,
        })
    }

    async fn say(&self, job: &Job) -> Observed {
        let mut payload: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let url = self.url(&job.to);
        let request = match pictures::take(&mut payload) {
            None => written(Method::POST, url, &payload),
            Some(picture) => match self.0.bytes_of(&picture, FILE).await {
                Ok(bytes) => Self::with_picture(job, url, payload, &picture, &bytes),
                Err(observed) => return observed,
            },
        };
        let response = self.0.send(job, Self::signed(&job.to, request)).await;
        let response = match response {
            Ok(response) => response,
            Err(observed) => return observed,
        };
        if !(200..300).contains(&response.status) {
            let seen = read(&response, self.0.now());
            // A bot's message is repeated by its nonce anyway.
            return if is_bot(&job.to.config) {
                seen
            } else {
                once_more(job, seen)
            };
        }
        match Self::remote(&job.to, &body(&response)) {
            Some(remote) => Observed::new(Outcome::Sent(remote), Some(response.status), ""),
            None => Observed::new(Outcome::SentBlind, Some(response.status), "no id came back"),
        }
    }

    /// Words and picture in one request: the words as `payload_json`, the picture as `files[0]`, and what it shows among
    /// the attachments, by the number of the file.
    fn with_picture(
        job: &Job,
        url: Option<Url>,
        mut payload: Value,
        picture: &Picture,
        bytes: &[u8],
    ) -> Option<Request> {
        payload["attachments"] = json!([{
            "id": 0,
            "filename": pictures::file_name(picture),
            "description": picture.alt,
        }]);
        let file = FormFile {
            field: "files[0]",
            picture,
            bytes,
        };
        let payload = payload.to_string();
        let form = pictures::form(job, &[("payload_json", &payload)], &file);
        pictures::with_form(bare(Method::POST, url), form)
    }

    /// Says it right, with the picture that stands there: what is named stays, what is not named is taken off.
    async fn change(&self, job: &Job) -> Observed {
        let mut payload: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let Some(picture) = pictures::take(&mut payload) else {
            payload["attachments"] = json!([]);
            return self.patch(job, &payload).await;
        };
        let stands = match self.at_message(job, Method::GET, None).await {
            Ok(response) if response.status == 200 => body(&response),
            Ok(response) => return pictures::nothing_was_said(read(&response, self.0.now())),
            Err(observed) => return pictures::nothing_was_said(observed),
        };
        // What was said before this channel carried pictures stays without one.
        let kept = stands["attachments"].as_array().into_iter().flatten();
        let kept = kept.map(|one| json!({ "id": one["id"], "description": picture.alt }));
        payload["attachments"] = kept.collect();
        self.patch(job, &payload).await
    }

    async fn patch(&self, job: &Job, payload: &Value) -> Observed {
        match self.at_message(job, Method::PATCH, Some(payload)).await {
            Ok(response) if response.status == 200 => {
                let remote = job.announced.clone().unwrap_or_default();
                Observed::new(Outcome::Sent(remote), Some(200), "")
            }
            Ok(response) => read(&response, self.0.now()),
            Err(observed) => observed,
        }
    }

    async fn at_message(
        &self,
        job: &Job,
        method: Method,
        payload: Option<&Value>,
    ) -> Result<Response, Observed> {
        let url = self.url_of(&job.to, &stood(job)?)?;
        let request = match payload {
            Some(payload) => written(method, url, payload),
            None => bare(method, url),
        };
        self.0.send(job, Self::signed(&job.to, request)).await
    }
}

impl Adapter for DiscordAdapter {
    fn contract(&self, operation: Operation, config: &Value) -> Contract {
        let (class, key_lifetime) = match operation {
            Operation::Announce if is_bot(config) => (Class::A, NONCE_HOLDS),
            Operation::Announce => (Class::C, 0),
            // The same words again, or gone already: nothing changes.
            Operation::Correct | Operation::Withdraw => (Class::A, i64::MAX),
        };
        Contract {
            class,
            reads_back: false,
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
        Box::pin(async move {
            match self.at_message(job, Method::DELETE, None).await {
                Ok(response) if (200..300).contains(&response.status) => {
                    let remote = Remote::default();
                    Observed::new(Outcome::Sent(remote), Some(response.status), "")
                }
                Ok(response) if is_absent(&response) && is_known(job) => {
                    let remote = Remote::default();
                    Observed::new(Outcome::Sent(remote), Some(response.status), "")
                }
                // It may stand in another room: nobody wrote down by which webhook it was said.
                Ok(response) if is_absent(&response) => {
                    Observed::new(Outcome::ByHand, Some(response.status), note(&response))
                }
                Ok(response) => read(&response, self.0.now()),
                Err(observed) => observed,
            }
        })
    }

    fn read_back<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async { Seen::CannotTell("a webhook cannot read its room".to_owned()) })
    }

    fn look<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Look> {
        Box::pin(async move {
            let Ok(response) = self.at_message(job, Method::GET, None).await else {
                return Look::CannotTell;
            };
            let ours: Value = serde_json::from_str(&job.payload).unwrap_or_default();
            match response.status {
                200 if body(&response)["content"] == ours["content"] => Look::There,
                200 => Look::Changed,
                404 if is_absent(&response) && is_known(job) => Look::Gone,
                _ => Look::CannotTell,
            }
        })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            let url = if is_bot(&to.config) {
                let room = to.config["room"].as_str().unwrap_or_default();
                self.0.at(WORD, BASE, &["channels", room])
            } else {
                let secret = to.secrets.first().map(|s| s.0.clone()).unwrap_or_default();
                parts(&secret)
                    .and_then(|(id, token)| self.0.at(WORD, BASE, &["webhooks", &id, &token]))
            };
            let response = match self.0.ask(Self::signed(to, bare(Method::GET, url))).await {
                Ok(response) => response,
                Err(trouble) => return Health::Bad(trouble),
            };
            if response.status != 200 {
                return health(&response, &note(&response));
            }
            let said = body(&response);
            let name = said["name"].as_str().unwrap_or("Discord");
            let room = if is_bot(&to.config) {
                &said["id"]
            } else {
                &said["channel_id"]
            };
            let (guild, room) = (
                said["guild_id"].as_str().unwrap_or_default(),
                room.as_str().unwrap_or_default(),
            );
            let url = format!("https://discord.com/channels/{guild}/{room}");
            Health::Good(
                Known::account(name, &url)
                    .with("guild", guild)
                    .with("room", room),
            )
        })
    }
}
