//! An account on Threads. Saying something takes two steps: a container that nobody sees, and its publication; only the
//! second can leave a doubt, and then the account's own posts are looked through. Nothing can be changed there, so a
//! correction takes the old one down and says it anew. A picture is fetched by Threads from its address here, so it goes along
//! only where this server can be reached.
//! Source: developers.facebook.com, "Threads API": "Posts", "Publishing", "Troubleshooting", "Delete Posts", "Get Access
//! Tokens", "Long-Lived Access Tokens".
//!
//! Long because all that one vendor's documents ask for stands in one file.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use url::Url;

use super::field::{Field, Sort};
use super::grant::{Keys, NoToken, Renewal, asking, form};
use super::graph::{PAGE, codes, compared, find, health, id, is_missing, read, remote, taken_back};
use super::links::links;
use super::pictures::{self, Carriage};
use super::tools::{Tools, bare, body, looked_for, said_anew};
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Granted, Grants, Health, Invitation, Job, Known, Look,
    Observed, Outcome, Remote, Seen,
};
use crate::bridge::state::{Class, Operation};
use crate::content::Count;
use crate::kit::clock::DAY;
use crate::kit::http::{Method, Response};
use crate::kit::stop::Problems;
use crate::kit::{At, Result, Stop};

/// The kind.
pub(super) static THREADS: Threads = Threads;

/// The kind `threads`.
pub(super) struct Threads;

const WORD: &str = "threads";
const BASE: &str = "https://graph.threads.net";
const VERSION: &str = "v1.0";
/// Where people sign in.
const HOME: &str = "https://threads.net";
/// What is needed to write, look up and delete.
const SCOPES: &str = "threads_basic,threads_content_publish,threads_delete";
/// The most characters of a post, emoji counted in bytes.
const LIMIT: usize = 500;
/// The most different addresses of a post.
const MOST_LINKS: usize = 5;
/// "The requested resource does not exist": the container has not reached every machine over there.
const NOT_YET: i64 = 4_279_009;
/// How often its publication is asked for within one try.
const PUBLISHED_TIMES: u32 = 4;
/// The pause between.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How often a container with a picture is asked whether the picture was fetched.
const FETCHED_TIMES: u32 = 10;

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-threads = Threads
highlights-place-threads = Threads
compose-frame-threads = a thread
bridge-about-threads = An account on Threads.
bridge-needs-threads = You need an application of your own at Meta for the Threads API with threads_basic, threads_content_publish and threads_delete. An account that is a tester of the application needs no review. Connect first; then somebody signs in with the account. Nothing can be changed on Threads: a correction takes the old post down and says it anew.
bridge-threads-app = Threads app ID
bridge-threads-app-hint = Of your application. Needed for signing in.
bridge-threads-app_secret = Threads app secret
bridge-threads-app_secret-hint = Of your application. Needed for signing in.
bridge-threads-access = Access token
bridge-threads-access-hint = Only if nobody signs in: a long-lived token. It ends after 60 days.
";

impl Kind for Threads {
    fn word(&self) -> &'static str {
        WORD
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

    fn limit(&self, _config: &Value) -> Option<usize> {
        Some(LIMIT)
    }

    fn count_length(&self, text: &str) -> usize {
        Count::GraphemesEmojiBytes.of(text)
    }

    fn carriage(&self, _config: &Value, link: &str) -> Carriage {
        Carriage::fetched(link)
    }

    fn secret(&self) -> SecretRule {
        SecretRule::Granted
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::optional("app", Sort::Text),
            Field::optional("app_secret", Sort::Secret),
            Field::optional("access", Sort::Secret),
        ];
        FIELDS
    }

    fn check_config(&self, config: &Value) -> std::result::Result<Value, Problems> {
        super::field::read(self.fields(), config).map(Value::Object)
    }

    fn destination(&self, config: &Value) -> String {
        let name = config["facts"]["account"].as_str();
        name.unwrap_or("threads.com").to_owned()
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        fits("text", self.count_length(&message.text), LIMIT)?;
        let mut addresses: Vec<&str> = links(&message.text)
            .into_iter()
            .filter_map(|range| message.text.get(range))
            .chain([letter.link])
            .collect();
        addresses.sort_unstable();
        addresses.dedup();
        if addresses.len() > MOST_LINKS {
            return Err(Stop::invalid("text", "too-many-links"));
        }
        let post = match pictures::public_address(message) {
            // Only a post without a picture takes a card beside the link in its words.
            Some((address, picture)) => {
                json!({ "media_type": "IMAGE", "image_url": address, "alt_text": picture.alt, "text": message.text })
            }
            None => {
                json!({ "media_type": "TEXT", "text": message.text, "link_attachment": letter.link })
            }
        };
        Ok(serde_json::to_string(&post)?)
    }
}

struct ThreadsAdapter(Tools);

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(ThreadsAdapter(tools.clone()))
}

impl ThreadsAdapter {
    fn url(&self, path: &[&str]) -> Option<Url> {
        let whole: Vec<&str> = [VERSION].into_iter().chain(path.iter().copied()).collect();
        self.0.at(WORD, BASE, &whole)
    }

    async fn get(
        &self,
        to: &Destination,
        path: &[&str],
        asked: &[(&str, &str)],
    ) -> std::result::Result<Response, NoToken> {
        let url = asking(self.url(path), asked);
        let make = |token: &str| bare(Method::GET, asking(url.clone(), &[("access_token", token)]));
        self.0.ask_signed(to, self, &make).await
    }

    async fn post(
        &self,
        job: &Job,
        path: &[&str],
        fields: &[(&str, &str)],
    ) -> std::result::Result<Response, Observed> {
        let url = self.url(path);
        let make = |token: &str| {
            let mut all = fields.to_vec();
            all.push(("access_token", token));
            form(url.clone(), &all)
        };
        self.0.send_signed(job, self, &make).await
    }

    /// The container. Nobody sees it, and it goes away by itself within a day: whatever happens here, nothing was said.
    async fn container(&self, job: &Job) -> std::result::Result<String, Observed> {
        let content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let fields: Vec<(&str, &str)> = content
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
            .collect();
        let nothing_said = |observed: Observed| match observed.outcome {
            Outcome::Unknown(Some(at)) => Observed {
                outcome: Outcome::Throttled(Some(at)),
                ..observed
            },
            Outcome::Unknown(None) | Outcome::SentBlind => Observed {
                outcome: Outcome::NotSent,
                ..observed
            },
            _ => observed,
        };
        let response = self
            .post(job, &["me", "threads"], &fields)
            .await
            .map_err(nothing_said)?;
        if response.status != 200 {
            return Err(nothing_said(read(&response, self.0.now())));
        }
        let Some(container) = body(&response)["id"].as_str().map(str::to_owned) else {
            let note = "no container came back";
            return Err(Observed::new(Outcome::NotSent, Some(200), note));
        };
        if content["media_type"] == "IMAGE" {
            self.fetched(job, &container).await?;
        }
        Ok(container)
    }

    /// Waits until the picture was fetched. A container whose picture was not is never published.
    async fn fetched(&self, job: &Job, container: &str) -> std::result::Result<(), Observed> {
        let mut note = "the picture was not fetched yet".to_owned();
        for time in 1..=FETCHED_TIMES {
            let asked = [("fields", "status,error_message")];
            if let Ok(response) = self.get(&job.to, &[container], &asked).await {
                let said = body(&response);
                match said["status"].as_str() {
                    Some("FINISHED" | "PUBLISHED") => return Ok(()),
                    Some("ERROR" | "EXPIRED") => {
                        let why = said["error_message"].as_str().unwrap_or_default();
                        note = format!("the picture: {why}");
                        break;
                    }
                    _ => {}
                }
            }
            if time < FETCHED_TIMES {
                tokio::time::sleep(PATIENCE).await;
            }
        }
        Err(Observed::new(Outcome::NotSent, Some(200), note))
    }

    async fn say(&self, job: &Job) -> Observed {
        let container = match self.container(job).await {
            Ok(container) => container,
            Err(observed) => return observed,
        };
        for time in 1..=PUBLISHED_TIMES {
            let fields = [("creation_id", container.as_str())];
            let response = match self.post(job, &["me", "threads_publish"], &fields).await {
                Ok(response) => response,
                Err(observed) => return self.doubtful(job, &container, observed).await,
            };
            if response.status == 200 {
                return self.published(job, &body(&response)).await;
            }
            if codes(&response).1 != NOT_YET {
                let observed = read(&response, self.0.now());
                return self.doubtful(job, &container, observed).await;
            }
            if time < PUBLISHED_TIMES {
                tokio::time::sleep(PATIENCE).await;
            }
        }
        // A container that nobody finds was not published; the next try makes another.
        Observed::new(
            Outcome::NotSent,
            Some(400),
            "the container was not found yet",
        )
    }

    /// Where it stands is asked for apart; that it is there is known without.
    async fn published(&self, job: &Job, said: &Value) -> Observed {
        let Some(media) = said["id"].as_str() else {
            return Observed::new(Outcome::SentBlind, Some(200), "no number came back");
        };
        let asked = [("fields", "id,permalink")];
        let stands = match self.get(&job.to, &[media], &asked).await {
            Ok(response) if response.status == 200 => remote(&body(&response)),
            _ => Remote::default(),
        };
        let stands = Remote {
            id: Some(media.to_owned()),
            ..stands
        };
        Observed::new(Outcome::Sent(stands), Some(200), "")
    }

    /// No answer to the publication: the container knows whether it happened.
    async fn doubtful(&self, job: &Job, container: &str, observed: Observed) -> Observed {
        if !matches!(observed.outcome, Outcome::Unknown(_)) {
            return observed;
        }
        let asked = [("fields", "status,error_message")];
        let Ok(response) = self.get(&job.to, &[container], &asked).await else {
            return observed;
        };
        match body(&response)["status"].as_str() {
            // It is there; where, its account's list says.
            Some("PUBLISHED") => Observed {
                outcome: Outcome::SentBlind,
                ..observed
            },
            Some("ERROR" | "EXPIRED") => Observed {
                outcome: Outcome::NotSent,
                ..observed
            },
            // Ready, or under way: it may still appear.
            _ => observed,
        }
    }

    async fn delete(&self, job: &Job, media: &str) -> Observed {
        let url = self.url(&[media]);
        let make = |token: &str| {
            bare(
                Method::DELETE,
                asking(url.clone(), &[("access_token", token)]),
            )
        };
        match self.0.send_signed(job, self, &make).await {
            Ok(response) if is_missing(&response) && !self.is_same_account(job).await => {
                Observed::new(
                    Outcome::ByHand,
                    Some(response.status),
                    "it is not shown to us, and perhaps another account said it: it may still stand there",
                )
            }
            Ok(response) => taken_back(&response, self.0.now()),
            Err(observed) => observed,
        }
    }

    /// Is the account shown to us, and is it the one that said it? Without that, what is not shown is not known to be gone.
    async fn is_same_account(&self, job: &Job) -> bool {
        let asked = [("fields", "id,username")];
        let said = match self.get(&job.to, &["me"], &asked).await {
            Ok(said) if said.status == 200 => body(&said),
            _ => return false,
        };
        let stood = job.announced.as_ref().and_then(|old| old.url.as_deref());
        match (stood, said["username"].as_str()) {
            (Some(url), Some(name)) if url.contains("/@") => url.contains(&format!("/@{name}/")),
            _ => true,
        }
    }
}

impl Renewal for ThreadsAdapter {
    /// Sixty days, and what is over cannot be renewed any more: a week before.
    fn margin(&self) -> i64 {
        7 * DAY
    }

    fn is_stale(&self, _response: &Response) -> bool {
        false
    }

    fn can_renew(&self, keys: &Keys) -> bool {
        keys.ends_at.is_some()
    }

    fn renew<'a>(
        &'a self,
        _to: &'a Destination,
        keys: &'a Keys,
    ) -> BoxFuture<'a, std::result::Result<Keys, NoToken>> {
        Box::pin(async move {
            let asked = [
                ("grant_type", "th_refresh_token"),
                ("access_token", keys.access.as_str()),
            ];
            let url = self.0.at(WORD, BASE, &["refresh_access_token"]);
            let said = self
                .0
                .tokens(bare(Method::GET, asking(url, &asked)))
                .await?;
            keys.with(&said, self.0.now())
                .ok_or_else(|| NoToken::Refused("no token came back".to_owned()))
        })
    }
}

impl Grants for ThreadsAdapter {
    fn invite<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
    ) -> BoxFuture<'a, std::result::Result<Invitation, String>> {
        Box::pin(async move {
            let app = to.config["app"].as_str();
            let app = app.filter(|_| !Keys::of(to).app_secret.is_empty());
            let app = app.ok_or("the application's id or secret is missing")?;
            let asked = [
                ("client_id", app),
                ("redirect_uri", back),
                ("scope", SCOPES),
                ("response_type", "code"),
            ];
            let url = self.0.at("threads-home", HOME, &["oauth/authorize"]);
            Ok(Invitation {
                url: asking(url, &asked).ok_or("the address cannot be written")?,
                proves: false,
                keep: None,
            })
        })
    }

    /// Two steps: a token of an hour, and one of sixty days in its place.
    fn redeem<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
        code: &'a str,
        _proof: &'a str,
    ) -> BoxFuture<'a, std::result::Result<Granted, String>> {
        Box::pin(async move {
            let keys = Keys::of(to);
            let short = form(
                self.0.at(WORD, BASE, &["oauth/access_token"]),
                &[
                    ("client_id", to.config["app"].as_str().unwrap_or_default()),
                    ("client_secret", &keys.app_secret),
                    ("grant_type", "authorization_code"),
                    ("redirect_uri", back),
                    ("code", code),
                ],
            );
            let short = self.0.tokens(short).await.map_err(NoToken::words)?;
            let asked = [
                ("grant_type", "th_exchange_token"),
                ("client_secret", keys.app_secret.as_str()),
                (
                    "access_token",
                    short["access_token"].as_str().unwrap_or_default(),
                ),
            ];
            let url = asking(self.0.at(WORD, BASE, &["access_token"]), &asked);
            let said = self.0.tokens(bare(Method::GET, url)).await;
            let said = said.map_err(NoToken::words)?;
            let keys = keys.with(&said, self.0.now()).ok_or("no token came back")?;
            let until = keys.ends_at.map(At);
            Ok(keys.granted(until))
        })
    }
}

impl Adapter for ThreadsAdapter {
    fn contract(&self, operation: Operation, _config: &Value) -> Contract {
        let class = match operation {
            Operation::Announce | Operation::Correct => Class::B,
            Operation::Withdraw => Class::A,
        };
        looked_for(class)
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.say(job))
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            let old = match id(job) {
                Ok(old) => old,
                Err(observed) => return observed,
            };
            // First the old one goes: never do two stand side by side, and whoever looks finds the new one only.
            said_anew(self.delete(job, old).await, || self.say(job)).await
        })
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            match id(job) {
                Ok(media) => self.delete(job, media).await,
                Err(observed) => observed,
            }
        })
    }

    fn read_back<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async move {
            let limit = PAGE.to_string();
            let asked = [
                ("fields", "id,permalink,text,link_attachment_url,timestamp"),
                ("limit", limit.as_str()),
            ];
            match self.get(&job.to, &["me", "threads"], &asked).await {
                Ok(response) => find(
                    job,
                    &response,
                    &["text", "link_attachment_url"],
                    "timestamp",
                ),
                Err(none) => Seen::CannotTell(none.words()),
            }
        })
    }

    fn look<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Look> {
        Box::pin(async move {
            let Ok(media) = id(job) else {
                return Look::CannotTell;
            };
            match self.get(&job.to, &[media], &[("fields", "id,text")]).await {
                Ok(response) => match compared(job, &response, "text") {
                    Look::Gone if !self.is_same_account(job).await => Look::CannotTell,
                    look => look,
                },
                Err(_) => Look::CannotTell,
            }
        })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            let asked = [("fields", "id,username,name")];
            let response = match self.get(to, &["me"], &asked).await {
                Ok(response) => response,
                Err(none) => return none.health(),
            };
            if response.status != 200 {
                return health(&response);
            }
            let said = body(&response);
            let name = format!("@{}", said["username"].as_str().unwrap_or("threads"));
            let url = format!("https://www.threads.com/{name}");
            Health::Good(Known::account(&name, &url))
        })
    }

    fn grants(&self) -> Option<&dyn Grants> {
        Some(self)
    }
}
