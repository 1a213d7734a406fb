//! A Telegram channel, by a bot that is its administrator. A bot cannot read what stands in a channel, so what was sent
//! without an answer only a person can look up. The token is a part of every address. A message with a photo is of another
//! kind than one without: its words are a caption, shorter, and changed by another method.
//! Source: Telegram Bot API, "sendMessage", "sendPhoto", "editMessageText", "editMessageCaption", "deleteMessage", "Making
//! requests", "Sending files".
//!
//! Long because all that one vendor's documents ask for stands in one file.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::field::{Field, Sort};
use super::pictures::{Carriage, FormFile};
use super::tools::{
    ONCE_MORE, Tools, after, bare, body, health, json as written, observed, once_more,
};
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule, pictures};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Health, Job, Known, Observed, Outcome, Remote, Seen,
};
use crate::bridge::message::Picture;
use crate::bridge::pace::Retry;
use crate::bridge::state::{Class, Operation};
use crate::kit::http::{Method, Request, Response};
use crate::kit::stop::Problems;
use crate::kit::{At, Result};

/// The kind.
pub(super) static TELEGRAM: Telegram = Telegram;

/// The kind `telegram`.
pub(super) struct Telegram;

const WORD: &str = "telegram";
const BASE: &str = "https://api.telegram.org";
/// The most of a message, in UTF-16 units.
const LIMIT: usize = 4096;
/// The most of a caption: "0-1024 characters after entities parsing".
const CAPTION: usize = 1024;
/// The most bytes of a photo: "The photo must be at most 10 MB in size."
const PHOTO: usize = 10_000_000;
/// What stands behind the number of a message that is a photo.
const IS_PHOTO: &str = " photo";

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-telegram = Telegram
highlights-place-telegram = Telegram
compose-frame-telegram = a channel
bridge-about-telegram = A channel on Telegram, by a bot.
bridge-needs-telegram = Ask @BotFather for a bot, and make the bot an administrator of your channel with these rights and no others: Post messages, Edit messages of others, Delete messages of others. A bot cannot read the channel: where no answer came, somebody has to look.
bridge-telegram-chat = Channel
bridge-telegram-chat-hint = @name of a public channel, or the number of a private one (it begins with -100).
bridge-telegram-once_more = When its gateway is out of order and names a time to come back
bridge-telegram-once_more-no = A person looks whether it is there
bridge-telegram-once_more-yes = Try once more then (it could stand there twice if the gateway was wrong)
bridge-telegram-token = Token of the bot
bridge-telegram-token-hint = From @BotFather, such as 123456789:AA…
";

impl Kind for Telegram {
    fn word(&self) -> &'static str {
        WORD
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Connected,
            is_public: true,
            link_beside: false,
            takes_hashtags: false,
            usual_limit: Some(4_096),
        }
    }

    fn sentences(&self) -> &'static str {
        SENTENCES
    }

    fn limit(&self, _config: &Value) -> Option<usize> {
        Some(LIMIT)
    }

    fn limit_beside_picture(&self, _config: &Value) -> Option<usize> {
        Some(CAPTION)
    }

    fn carriage(&self, _config: &Value, _link: &str) -> Carriage {
        Carriage::Bare
    }

    fn count_length(&self, text: &str) -> usize {
        text.encode_utf16().count()
    }

    fn secret(&self) -> SecretRule {
        SecretRule::Theirs
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::needed("chat", Sort::Text),
            ONCE_MORE,
            Field::needed("token", Sort::Secret),
        ];
        FIELDS
    }

    fn place_fields(&self) -> &'static [&'static str] {
        &["chat"]
    }

    fn may_move(&self) -> bool {
        true
    }

    fn check_config(&self, config: &Value) -> Result<Value, Problems> {
        let kept = super::field::read(self.fields(), config)?;
        let chat = kept["chat"].as_str().unwrap_or_default();
        let named = chat.strip_prefix('@').is_some_and(|name| {
            name.len() >= 4 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        });
        if named || chat.parse::<i64>().is_ok() {
            Ok(Value::Object(kept))
        } else {
            Err(Problems::one("chat", "no-chat"))
        }
    }

    fn check_secret(&self, secret: &str) -> Result<String, Problems> {
        let good = secret.split_once(':').is_some_and(|(id, rest)| {
            !id.is_empty()
                && id.bytes().all(|b| b.is_ascii_digit())
                && rest.len() >= 20
                && rest
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        });
        if good {
            Ok(secret.to_owned())
        } else {
            Err(Problems::one("secret", "no-bot-token"))
        }
    }

    fn destination(&self, config: &Value) -> String {
        config["chat"].as_str().unwrap_or_default().to_owned()
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        let most = if message.picture.is_some() {
            CAPTION
        } else {
            LIMIT
        };
        fits("text", self.count_length(&message.text), most)?;
        // Without a parse mode no sign in the words means anything.
        let mut content = json!({
            "chat_id": letter.config["chat"],
            "text": message.text,
            "link_preview_options": { "url": letter.link },
        });
        pictures::freeze(&mut content, message);
        Ok(serde_json::to_string(&content)?)
    }
}

struct TelegramAdapter(Tools);

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(TelegramAdapter(tools.clone()))
}

fn note(said: &Value) -> &str {
    said["description"].as_str().unwrap_or_default()
}

fn read(response: &Response, now: At) -> Observed {
    let said = body(response);
    let outcome = match response.status {
        // A token that is none is not found.
        401 | 404 => Outcome::Unauthorised,
        429 => Outcome::Throttled(
            said["parameters"]["retry_after"]
                .as_f64()
                .and_then(|s| after(s, now)),
        ),
        _ => return observed(response, now, note(&said)),
    };
    Observed::new(outcome, Some(response.status), note(&said))
}

/// Where people find a message.
fn address(result: &Value) -> Option<String> {
    let number = result["message_id"].as_i64()?;
    if let Some(name) = result["chat"]["username"].as_str() {
        return Some(format!("https://t.me/{name}/{number}"));
    }
    let chat = result["chat"]["id"].as_i64()?.to_string();
    chat.strip_prefix("-100")
        .map(|inner| format!("https://t.me/c/{inner}/{number}"))
}

/// A message that was sent: numbers are counted in every chat anew, so the chat belongs to it.
struct Standing {
    chat: Value,
    number: i64,
    is_photo: bool,
}

/// The chat that an address of [`address`] names: for messages of which only the number was kept.
fn chat_of(url: &str) -> Option<String> {
    let mut parts = url.strip_prefix("https://t.me/")?.split('/');
    match (parts.next()?, parts.next()?) {
        ("c", inner) => Some(format!("-100{inner}")),
        (name, _) => Some(format!("@{name}")),
    }
}

/// Which message was sent. It is looked for where it was said, wherever the channel leads by now.
fn standing(job: &Job) -> Result<Standing, Observed> {
    let remote = job.announced.as_ref();
    let known = remote.and_then(|remote| {
        let id = remote.id.as_deref()?;
        let (chat, id) = match id.split_once('/') {
            Some((chat, id)) => (chat.to_owned(), id),
            None => (remote.url.as_deref().and_then(chat_of)?, id),
        };
        let number = id.strip_suffix(IS_PHOTO);
        Some(Standing {
            chat: chat
                .parse::<i64>()
                .map_or_else(|_is_name| json!(chat), |number| json!(number)),
            number: number.unwrap_or(id).parse().ok()?,
            is_photo: number.is_some(),
        })
    });
    known.ok_or_else(|| {
        Observed::new(
            Outcome::ByHand,
            None,
            "nobody knows its chat and number there",
        )
    })
}

impl TelegramAdapter {
    fn url(&self, to: &Destination, method: &str) -> Option<url::Url> {
        let token = &to.secrets.first()?.0;
        self.0.at(WORD, BASE, &[&format!("bot{token}"), method])
    }

    fn request(&self, to: &Destination, method: &str, content: &Value) -> Option<Request> {
        written(Method::POST, self.url(to, method), content)
    }

    /// The photo and its caption leave together: what becomes of one becomes of the other. There is no place for what the
    /// photo shows but the words themselves.
    async fn photo(
        &self,
        job: &Job,
        content: &Value,
        picture: &Picture,
    ) -> Result<Option<Request>, Observed> {
        let bytes = self.0.bytes_of(picture, PHOTO).await?;
        let chat = match &content["chat_id"] {
            Value::String(name) => name.clone(),
            number => number.to_string(),
        };
        let words = content["text"].as_str().unwrap_or_default();
        let file = FormFile {
            field: "photo",
            picture,
            bytes: &bytes,
        };
        let form = pictures::form(job, &[("chat_id", &chat), ("caption", words)], &file);
        let request = bare(Method::POST, self.url(&job.to, "sendPhoto"));
        Ok(pictures::with_form(request, form))
    }

    async fn say(&self, job: &Job) -> Observed {
        let mut content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let picture = pictures::take(&mut content);
        let request = match &picture {
            Some(picture) => match self.photo(job, &content, picture).await {
                Ok(request) => request,
                Err(observed) => return observed,
            },
            None => self.request(&job.to, "sendMessage", &content),
        };
        let response = match self.0.send(job, request).await {
            Ok(response) => response,
            Err(observed) => return observed,
        };
        if response.status != 200 {
            return once_more(job, read(&response, self.0.now()));
        }
        let said = body(&response);
        let Some(number) = said["result"]["message_id"].as_i64() else {
            return Observed::new(Outcome::SentBlind, Some(200), "no number came back");
        };
        let mark = if picture.is_some() { IS_PHOTO } else { "" };
        let remote = Remote {
            id: Some(match said["result"]["chat"]["id"].as_i64() {
                Some(chat) => format!("{chat}/{number}{mark}"),
                None => format!("{number}{mark}"),
            }),
            url: address(&said["result"]),
        };
        Observed::new(Outcome::Sent(remote), Some(200), "")
    }

    async fn correct_words(&self, job: &Job) -> Observed {
        let is_photo = match standing(job) {
            Ok(standing) => standing.is_photo,
            Err(observed) => return observed,
        };
        let mut content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let picture = pictures::take(&mut content);
        match (is_photo, picture) {
            (false, _) => self.change(job, "editMessageText", content).await,
            (true, Some(_)) => {
                let content = json!({ "caption": content["text"] });
                self.change(job, "editMessageCaption", content).await
            }
            // A message with a photo stays one.
            (true, None) => Observed::new(
                Outcome::ByHand,
                None,
                "a photo cannot be taken off a message: delete it there and post the words anew",
            ),
        }
    }

    /// A change of the message that was sent, by its number.
    async fn change(&self, job: &Job, method: &str, mut content: Value) -> Observed {
        let standing = match standing(job) {
            Ok(standing) => standing,
            Err(observed) => return observed,
        };
        content["chat_id"] = standing.chat;
        content["message_id"] = json!(standing.number);
        let response = match self
            .0
            .send(job, self.request(&job.to, method, &content))
            .await
        {
            Ok(response) => response,
            Err(observed) => return observed,
        };
        let said = body(&response);
        let done = said["ok"] == true
            // What is so already is done.
            || note(&said).contains("message is not modified")
            || note(&said).contains("message to delete not found");
        if done {
            let remote = job.announced.clone().unwrap_or_default();
            return Observed::new(Outcome::Sent(remote), Some(response.status), "");
        }
        if note(&said).contains("message can't be") {
            return Observed::new(Outcome::ByHand, Some(response.status), note(&said));
        }
        read(&response, self.0.now())
    }
}

impl Adapter for TelegramAdapter {
    fn contract(&self, operation: Operation, _config: &Value) -> Contract {
        let class = match operation {
            Operation::Announce => Class::C,
            Operation::Correct | Operation::Withdraw => Class::A,
        };
        Contract {
            class,
            reads_back: false,
            key_lifetime: i64::MAX,
            retry: Retry::Jitter,
        }
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.say(job))
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.correct_words(job))
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.change(job, "deleteMessage", json!({})))
    }

    fn read_back<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async {
            Seen::CannotTell("a bot cannot read what stands in a channel".to_owned())
        })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            let content = json!({ "chat_id": to.config["chat"] });
            let response = match self.0.ask(self.request(to, "getChat", &content)).await {
                Ok(response) => response,
                Err(trouble) => return Health::Bad(trouble),
            };
            let said = body(&response);
            match response.status {
                200 => {}
                401 | 404 => {
                    return Health::Unauthorised(format!("{}: {}", response.status, note(&said)));
                }
                400 => return Health::Bad(format!("400: {}", note(&said))),
                _ => return health(&response, note(&said)),
            }
            let chat = &said["result"];
            let name = chat["title"]
                .as_str()
                .or(chat["username"].as_str())
                .unwrap_or("Telegram");
            match chat["username"].as_str() {
                Some(user) => Health::Good(Known::account(name, &format!("https://t.me/{user}"))),
                None => Health::Good(Known::default().with("account", name)),
            }
        })
    }
}
