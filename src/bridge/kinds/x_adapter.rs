//! Carrying posts to X. Nothing there knows a repeated request, so what is unclear is looked up among the account's own
//! posts. Reads cost money too: nothing is looked at by night.
//! Source: docs.x.com, "Manage Posts", "Rate limits", "Response codes and errors", "OAuth 2.0 Authorization Code Flow with
//! PKCE".
//!
//! Long because all that one vendor's documents ask for stands in one file.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::BoxFuture;
use serde_json::Value;
use url::Url;

use super::grant::{Keys, NoToken, Renewal, asking, form};
use super::tools::{
    Tools, bare, bearer, body, epoch, health, json as written, looked_for, observed, said_anew,
    taken_back,
};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Granted, Grants, Health, Invitation, Job, Known, Observed,
    Outcome, Remote, Seen,
};
use crate::bridge::budget::next_month;
use crate::bridge::state::{Class, Operation};
use crate::kit::At;
use crate::kit::clock::{HOUR, MINUTE};
use crate::kit::http::{Method, Request, Response};

const WORD: &str = "x";
const BASE: &str = "https://api.x.com";
/// Where people sign in.
const HOME: &str = "https://x.com";
/// What is needed to write, look up, and to go on after two hours.
const SCOPES: &str = "tweet.read tweet.write users.read offline.access";
/// How many posts are looked through; each one read costs.
const PAGE: usize = 10;

struct XAdapter(Tools);

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(XAdapter(tools.clone()))
}

fn note(response: &Response) -> String {
    let said = body(response);
    let detail = said["detail"].as_str().or(said["title"].as_str());
    let first = said["errors"][0]["message"].as_str();
    detail.or(first).unwrap_or_default().to_owned()
}

fn read(response: &Response, now: At) -> Observed {
    let (words, said) = (note(response), body(response));
    let kind = said["type"].as_str().unwrap_or_default();
    let reset = response.header("x-rate-limit-reset");
    let outcome = match response.status {
        // Money or volume, not time: the month is over when it is over.
        429 if kind.ends_with("usage-capped") => Outcome::Throttled(Some(next_month(now))),
        429 => Outcome::Throttled(reset.and_then(|text| text.trim().parse().ok()).map(epoch)),
        // "CreditsDepleted": somebody has to pay; nothing was posted.
        402 => Outcome::Throttled(Some(now.plus(HOUR))),
        403 if words.contains("duplicate content") => Outcome::Duplicate,
        403 if kind.ends_with("client-forbidden") => Outcome::Unauthorised,
        _ => return observed(response, now, &words),
    };
    Observed::new(outcome, Some(response.status), words)
}

fn remote(id: &str) -> Remote {
    Remote {
        id: Some(id.to_owned()),
        url: Some(format!("https://x.com/i/status/{id}")),
    }
}

fn moment(text: &str) -> Option<At> {
    let at: jiff::Timestamp = text.trim().parse().ok()?;
    Some(At(at.as_microsecond()))
}

fn id(job: &Job) -> Result<&str, Observed> {
    let known = job
        .announced
        .as_ref()
        .and_then(|remote| remote.id.as_deref());
    known.ok_or_else(|| Observed::new(Outcome::ByHand, None, "nobody knows its number there"))
}

impl XAdapter {
    fn url(&self, path: &[&str]) -> Option<Url> {
        let whole: Vec<&str> = ["2"].into_iter().chain(path.iter().copied()).collect();
        self.0.at(WORD, BASE, &whole)
    }

    async fn say(&self, job: &Job) -> Observed {
        let content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let url = self.url(&["tweets"]);
        let make =
            |token: &str| bearer(written(Method::POST, url.clone(), &content["post"]), token);
        let response = match self.0.send_signed(job, self, &make).await {
            Ok(response) => response,
            Err(observed) => return observed,
        };
        if !matches!(response.status, 200 | 201) {
            return read(&response, self.0.now());
        }
        match body(&response)["data"]["id"].as_str() {
            Some(id) => Observed::new(Outcome::Sent(remote(id)), Some(response.status), ""),
            None => Observed::new(
                Outcome::SentBlind,
                Some(response.status),
                "no number came back",
            ),
        }
    }

    async fn delete(&self, job: &Job, id: &str) -> Observed {
        let url = self.url(&["tweets", id]);
        let make = |token: &str| bearer(bare(Method::DELETE, url.clone()), token);
        match self.0.send_signed(job, self, &make).await {
            Ok(response) if matches!(response.status, 402 | 403 | 429) => {
                read(&response, self.0.now())
            }
            Ok(response) => taken_back(&response, self.0.now(), &note(&response)),
            Err(observed) => observed,
        }
    }

    async fn get(
        &self,
        to: &Destination,
        path: &[&str],
        asked: &[(&str, &str)],
    ) -> Result<Response, NoToken> {
        let url = asking(self.url(path), asked);
        let make = |token: &str| bearer(bare(Method::GET, url.clone()), token);
        self.0.ask_signed(to, self, &make).await
    }

    async fn find(&self, job: &Job) -> Seen {
        let Some(account) = job.to.config["facts"]["id"].as_str() else {
            return Seen::CannotTell(
                "the account's number is not known; ask the channel how it is".to_owned(),
            );
        };
        let most = PAGE.to_string();
        let asked = [
            ("max_results", most.as_str()),
            ("tweet.fields", "created_at,entities"),
        ];
        let response = match self
            .get(&job.to, &["users", account, "tweets"], &asked)
            .await
        {
            Ok(response) if response.status == 200 => response,
            Ok(response) => {
                return Seen::CannotTell(format!("{} {}", response.status, note(&response)));
            }
            Err(none) => return Seen::CannotTell(none.words()),
        };
        let said = body(&response);
        let none = Vec::new();
        let posts = match &said["data"] {
            // An account without posts has no such field.
            Value::Null if said["meta"]["result_count"] == 0 => &none,
            data => match data.as_array() {
                Some(posts) => posts,
                None => return Seen::CannotTell("the answer is no list".to_owned()),
            },
        };
        // Not the text: every address in it is shortened there.
        let mark = format!("/h/{}", job.code);
        let replaced = job.announced.as_ref().and_then(|old| old.id.as_deref());
        let is_ours = |post: &&Value| {
            let urls = post["entities"]["urls"].as_array();
            let is_old = replaced.is_some() && post["id"].as_str() == replaced;
            !is_old
                && urls.into_iter().flatten().any(|url| {
                    ["expanded_url", "unwound_url"].iter().any(|field| {
                        let text = url[*field].as_str();
                        text.is_some_and(|text| text.contains(&mark))
                    })
                })
        };
        if let Some(id) = posts
            .iter()
            .find(is_ours)
            .and_then(|post| post["id"].as_str())
        {
            return Seen::Present(remote(id));
        }
        let since = job.first_sent_at.plus(-2 * MINUTE);
        let oldest = posts
            .last()
            .and_then(|post| moment(post["created_at"].as_str()?));
        if posts.len() < PAGE || oldest.is_some_and(|oldest| oldest < since) {
            Seen::Absent
        } else {
            Seen::CannotTell("too much was written since".to_owned())
        }
    }

    /// A request for tokens; whoever has a secret says so in the header and not in the form.
    fn token_request(
        &self,
        to: &Destination,
        keys: &Keys,
        fields: &[(&str, &str)],
    ) -> Option<Request> {
        let app = to.config["app"].as_str()?;
        let url = self.url(&["oauth2/token"]);
        if keys.app_secret.is_empty() {
            let mut all = fields.to_vec();
            all.push(("client_id", app));
            return form(url, &all);
        }
        let basic = STANDARD.encode(format!("{app}:{}", keys.app_secret));
        form(url, fields)?.header("authorization", &format!("Basic {basic}"))
    }
}

impl Renewal for XAdapter {
    fn renew<'a>(
        &'a self,
        to: &'a Destination,
        keys: &'a Keys,
    ) -> BoxFuture<'a, Result<Keys, NoToken>> {
        Box::pin(async move {
            let fields = [
                ("grant_type", "refresh_token"),
                ("refresh_token", keys.refresh.as_str()),
            ];
            let said = self.0.tokens(self.token_request(to, keys, &fields)).await?;
            keys.with(&said, self.0.now())
                .ok_or_else(|| NoToken::Refused("no token came back".to_owned()))
        })
    }

    /// Two hours, and then another two: nobody has to come.
    fn person_needed_at(&self, keys: &Keys) -> Option<At> {
        keys.ends_at.filter(|_| keys.refresh.is_empty()).map(At)
    }
}

impl Grants for XAdapter {
    fn invite<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
    ) -> BoxFuture<'a, Result<Invitation, String>> {
        Box::pin(async move {
            let app = to.config["app"].as_str();
            let app = app.ok_or("the application's id is missing")?;
            let asked = [
                ("response_type", "code"),
                ("client_id", app),
                ("redirect_uri", back),
                ("scope", SCOPES),
            ];
            let url = self.0.at("x-home", HOME, &["i/oauth2/authorize"]);
            Ok(Invitation {
                url: asking(url, &asked).ok_or("the address cannot be written")?,
                proves: true,
                keep: None,
            })
        })
    }

    fn redeem<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
        code: &'a str,
        proof: &'a str,
    ) -> BoxFuture<'a, Result<Granted, String>> {
        Box::pin(async move {
            let keys = Keys::of(to);
            let fields = [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", back),
                ("code_verifier", proof),
            ];
            let request = self.token_request(to, &keys, &fields);
            let said = self.0.tokens(request).await.map_err(NoToken::words)?;
            let keys = keys.with(&said, self.0.now()).ok_or("no token came back")?;
            let until = self.person_needed_at(&keys);
            Ok(keys.granted(until))
        })
    }
}

impl Adapter for XAdapter {
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
            // First the old one goes: never do two stand side by side.
            said_anew(self.delete(job, old).await, || self.say(job)).await
        })
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            match id(job) {
                Ok(id) => self.delete(job, id).await,
                Err(observed) => observed,
            }
        })
    }

    fn read_back<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(self.find(job))
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            let response = match self.get(to, &["users", "me"], &[]).await {
                Ok(response) => response,
                Err(none) => return none.health(),
            };
            if response.status != 200 {
                return health(&response, &note(&response));
            }
            let said = body(&response);
            let (Some(id), Some(name)) = (
                said["data"]["id"].as_str(),
                said["data"]["username"].as_str(),
            ) else {
                return Health::Bad("the answer names no account".to_owned());
            };
            let url = format!("https://x.com/{name}");
            Health::Good(Known::account(&format!("@{name}"), &url).with("id", id))
        })
    }

    fn grants(&self) -> Option<&dyn Grants> {
        Some(self)
    }
}
