//! Carrying posts to Bluesky: sessions that are kept and renewed, records that are put, read and deleted.
//!
//! Long because a session, its renewal and what is done with it are read as one.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use url::Url;

use super::bluesky::COLLECTION;
use super::pictures;
use super::tools::{
    Tools, bare, bearer, below, body, epoch, json as written, observed, old_is_down,
};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Health, Job, Known, Look, Observed, Outcome, Remote, Seen,
};
use crate::bridge::message::Picture;
use crate::bridge::pace::Retry;
use crate::bridge::state::{Class, Operation};
use crate::kit::At;
use crate::kit::http::{Method, Request, Response};

/// Where identities are looked up; the person who runs the server can name another.
const DIRECTORY: &str = "https://plc.directory";
/// The most bytes of a card's picture (lexicon `app.bsky.embed.external`).
const PICTURE: usize = 1_000_000;
/// Where a handle is looked up when its own domain does not say.
const RESOLVER: &str = "https://public.api.bsky.app";

struct BlueskyAdapter(Tools);

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(BlueskyAdapter(tools.clone()))
}

/// What is sealed: the app password, and the tokens it was last exchanged for.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
struct Keys {
    password: String,
    #[serde(default)]
    access: String,
    #[serde(default)]
    refresh: String,
}

impl Keys {
    fn of(to: &Destination) -> (String, Self) {
        let sealed = to
            .secrets
            .first()
            .map(|secret| secret.0.clone())
            .unwrap_or_default();
        let keys = serde_json::from_str(&sealed).unwrap_or_else(|_| Self {
            password: sealed.clone(),
            ..Self::default()
        });
        (sealed, keys)
    }
}

/// A signed-in account.
struct Session {
    pds: Url,
    did: String,
    access: String,
    /// What is sealed now, for the next exchange.
    sealed: String,
    keys: Keys,
}

fn note(response: &Response) -> String {
    let said = body(response);
    let (error, message) = (
        said["error"].as_str().unwrap_or_default(),
        said["message"].as_str().unwrap_or_default(),
    );
    format!("{error} {message}").trim().to_owned()
}

/// Does the server say that the token is over or none of its own?
fn is_stale(response: &Response) -> bool {
    let error = body(response)["error"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    response.status == 401
        || (response.status == 400 && matches!(error.as_str(), "ExpiredToken" | "InvalidToken"))
}

fn read(response: &Response, now: At) -> Observed {
    let outcome = match response.status {
        _ if is_stale(response) => Outcome::Unauthorised,
        429 => Outcome::Throttled(
            response
                .header("ratelimit-reset")
                .and_then(|value| value.parse().ok())
                .map(epoch)
                .or_else(|| super::tools::retry_after(response, now)),
        ),
        _ => return observed(response, now, &note(response)),
    };
    Observed::new(outcome, Some(response.status), note(response))
}

/// The key of a record in its address.
fn key_of(remote: Option<&Remote>) -> Option<String> {
    let address = remote?.id.as_deref()?;
    address
        .rsplit('/')
        .next()
        .filter(|key| !key.is_empty())
        .map(str::to_owned)
}

/// Does the record stand in another account than the one that is signed in? A key means nothing there.
fn is_elsewhere(remote: Option<&Remote>, session: &Session) -> bool {
    let address = remote.and_then(|remote| remote.id.as_deref());
    let account = address.and_then(|address| address.strip_prefix("at://")?.split('/').next());
    account.is_some_and(|did| did.starts_with("did:") && did != session.did)
}

fn by_other() -> Observed {
    Observed::new(Outcome::ByHand, None, "another account said it")
}

fn address(did: &str, rkey: &str) -> Remote {
    Remote {
        id: Some(format!("at://{did}/{COLLECTION}/{rkey}")),
        url: Some(format!("https://bsky.app/profile/{did}/post/{rkey}")),
    }
}

/// Why there is no session: the channel's fault or the network's.
enum NoSession {
    Refused(String),
    Throttled(Option<At>),
    Unreachable(String),
}

impl NoSession {
    fn observed(self) -> Observed {
        match self {
            Self::Refused(why) => Observed::new(Outcome::Unauthorised, Some(401), why),
            Self::Throttled(until) => {
                Observed::new(Outcome::Throttled(until), Some(429), "too many sign-ins")
            }
            Self::Unreachable(why) => Observed::new(Outcome::NotSent, None, why),
        }
    }

    fn words(self) -> String {
        match self {
            Self::Refused(why) | Self::Unreachable(why) => why,
            Self::Throttled(_) => "too many sign-ins".to_owned(),
        }
    }
}

impl BlueskyAdapter {
    /// The account's server: given, told when it was last asked, or found from the handle.
    async fn home(&self, to: &Destination) -> std::result::Result<(Url, Option<String>), String> {
        let facts = &to.config["facts"];
        let given = to.config["pds"].as_str().or(facts["pds"].as_str());
        if let Some(pds) = given.and_then(|text| Url::parse(text).ok()) {
            return Ok((pds, facts["did"].as_str().map(str::to_owned)));
        }
        let handle = to.config["handle"].as_str().unwrap_or_default();
        let did = if handle.starts_with("did:") {
            handle.to_owned()
        } else {
            self.resolve(handle).await?
        };
        let document = match did.strip_prefix("did:web:") {
            Some(host) => Url::parse(&format!("https://{host}/.well-known/did.json")).ok(),
            None => self.0.at("bluesky-directory", DIRECTORY, &[&did]),
        };
        let response = self.0.ask(bare(Method::GET, document)).await?;
        let said = body(&response);
        let services = said["service"].as_array().cloned().unwrap_or_default();
        let pds = services
            .iter()
            .find(|service| {
                service["id"]
                    .as_str()
                    .is_some_and(|id| id.ends_with("#atproto_pds"))
            })
            .and_then(|service| Url::parse(service["serviceEndpoint"].as_str()?).ok());
        pds.map(|pds| (pds, Some(did)))
            .ok_or_else(|| "the directory names no server for this account".to_owned())
    }

    /// The identity behind a handle: its own domain says, or the resolver does.
    async fn resolve(&self, handle: &str) -> std::result::Result<String, String> {
        let own = Url::parse(&format!("https://{handle}/.well-known/atproto-did")).ok();
        if let Ok(response) = self.0.ask(bare(Method::GET, own)).await
            && response.status == 200
        {
            let did = String::from_utf8_lossy(&response.body).trim().to_owned();
            if did.starts_with("did:") && did.len() < 300 {
                return Ok(did);
            }
        }
        let mut url = self.0.at(
            "bluesky-resolver",
            RESOLVER,
            &["xrpc/com.atproto.identity.resolveHandle"],
        );
        if let Some(url) = &mut url {
            url.query_pairs_mut().append_pair("handle", handle);
        }
        let response = self.0.ask(bare(Method::GET, url)).await?;
        body(&response)["did"]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| "nobody knows this handle".to_owned())
    }

    /// The session that was kept, or a new one.
    async fn session(&self, to: &Destination) -> std::result::Result<Session, NoSession> {
        let (sealed, keys) = Keys::of(to);
        let (pds, did) = self.home(to).await.map_err(NoSession::Unreachable)?;
        match did {
            Some(did) if !keys.access.is_empty() => Ok(Session {
                pds,
                did,
                access: keys.access.clone(),
                sealed,
                keys,
            }),
            _ => self.sign_in(to, pds, sealed, keys).await,
        }
    }

    async fn sign_in(
        &self,
        to: &Destination,
        pds: Url,
        sealed: String,
        keys: Keys,
    ) -> std::result::Result<Session, NoSession> {
        let content = json!({ "identifier": to.config["handle"], "password": keys.password });
        let request = written(
            Method::POST,
            below(pds.clone(), &["xrpc/com.atproto.server.createSession"]),
            &content,
        );
        self.exchanged(to, pds, sealed, keys, request).await
    }

    /// A fresh pair of tokens for the kept one; where that is over too, with the password.
    async fn renew(
        &self,
        to: &Destination,
        old: Session,
    ) -> std::result::Result<Session, NoSession> {
        if !old.keys.refresh.is_empty() {
            let url = below(old.pds.clone(), &["xrpc/com.atproto.server.refreshSession"]);
            let request = bearer(bare(Method::POST, url), &old.keys.refresh);
            let renewed = self
                .exchanged(
                    to,
                    old.pds.clone(),
                    old.sealed.clone(),
                    old.keys.clone(),
                    request,
                )
                .await;
            if !matches!(renewed, Err(NoSession::Refused(_))) {
                return renewed;
            }
        }
        self.sign_in(to, old.pds, old.sealed, old.keys).await
    }

    async fn exchanged(
        &self,
        to: &Destination,
        pds: Url,
        sealed: String,
        mut keys: Keys,
        request: Option<Request>,
    ) -> std::result::Result<Session, NoSession> {
        let response = self.0.ask(request).await.map_err(NoSession::Unreachable)?;
        let said = body(&response);
        match response.status {
            200 => {}
            400 | 401 | 403 => return Err(NoSession::Refused(note(&response))),
            429 => {
                let until = response
                    .header("ratelimit-reset")
                    .and_then(|value| value.parse().ok())
                    .map(epoch);
                return Err(NoSession::Throttled(until));
            }
            status => {
                return Err(NoSession::Unreachable(format!(
                    "{status} {}",
                    note(&response)
                )));
            }
        }
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        (keys.access, keys.refresh) = (text("accessJwt"), text("refreshJwt"));
        let fresh = serde_json::to_string(&keys).unwrap_or_default();
        let kept = self.0.keep(to, &sealed, &fresh, None).await;
        Ok(Session {
            pds,
            did: text("did"),
            access: keys.access.clone(),
            sealed: if kept { fresh } else { sealed },
            keys,
        })
    }

    /// Calls a method that changes the repository.
    async fn change(
        &self,
        job: &Job,
        session: Session,
        method: &str,
        content: &Value,
    ) -> std::result::Result<(Response, Session), Observed> {
        let request = |url| written(Method::POST, url, content);
        self.call(job, session, method, request).await
    }

    /// Calls a method of the repository; a token that is over is renewed once, since nothing was done with it.
    async fn call(
        &self,
        job: &Job,
        session: Session,
        method: &str,
        request: impl Fn(Option<Url>) -> Option<Request>,
    ) -> std::result::Result<(Response, Session), Observed> {
        let mut session = session;
        for renewed in [false, true] {
            let url = below(
                session.pds.clone(),
                &[&format!("xrpc/com.atproto.repo.{method}")],
            );
            let request = bearer(request(url), &session.access);
            let response = self.0.send(job, request).await?;
            if renewed || !is_stale(&response) {
                return Ok((response, session));
            }
            session = self
                .renew(&job.to, session)
                .await
                .map_err(NoSession::observed)?;
        }
        Err(Observed::new(
            Outcome::Unauthorised,
            None,
            "the token did not hold",
        ))
    }

    /// Uploads the card's picture. A blob that no record names is thrown away after minutes, so every try uploads it
    /// again; the same bytes are the same blob.
    async fn upload(
        &self,
        job: &Job,
        session: Session,
        picture: &Picture,
    ) -> std::result::Result<(Value, Session), Observed> {
        let bytes = self.0.bytes_of(picture, PICTURE).await?;
        let request = |url| {
            let request = bare(Method::POST, url)?.header("content-type", &picture.media_type)?;
            Some(Request {
                body: bytes.clone(),
                ..request
            })
        };
        let answered = self.call(job, session, "uploadBlob", request).await;
        let (response, session) = answered.map_err(pictures::nothing_was_said)?;
        match body(&response)["blob"].take() {
            blob @ Value::Object(_) if response.status == 200 => Ok((blob, session)),
            _ => Err(pictures::nothing_was_said(read(&response, self.0.now()))),
        }
    }

    async fn put(&self, job: &Job, mut session: Session) -> Observed {
        let mut content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        if let Some(picture) = pictures::take(&mut content) {
            let blob;
            (blob, session) = match self.upload(job, session, &picture).await {
                Ok(uploaded) => uploaded,
                Err(observed) => return observed,
            };
            content["record"]["embed"]["external"]["thumb"] = blob;
        }
        let rkey = content["rkey"].as_str().unwrap_or_default().to_owned();
        content["repo"] = json!(session.did);
        let did = session.did.clone();
        match self.change(job, session, "putRecord", &content).await {
            Ok((response, _)) if response.status == 200 => {
                Observed::new(Outcome::Sent(address(&did, &rkey)), Some(200), "")
            }
            Ok((response, _)) => read(&response, self.0.now()),
            Err(observed) => observed,
        }
    }

    /// Deletes a record; one that is not there is deleted.
    async fn delete(
        &self,
        job: &Job,
        session: Session,
        rkey: &str,
    ) -> std::result::Result<Session, Observed> {
        let content = json!({ "repo": session.did, "collection": COLLECTION, "rkey": rkey });
        let (response, session) = self.change(job, session, "deleteRecord", &content).await?;
        match response.status {
            200 => Ok(session),
            _ => Err(read(&response, self.0.now())),
        }
    }

    /// Reads a record; `None` where there is none.
    async fn record(
        &self,
        to: &Destination,
        rkey: &str,
    ) -> std::result::Result<Option<(String, Value)>, String> {
        let session = self.session(to).await.map_err(NoSession::words)?;
        let mut url = below(session.pds, &["xrpc/com.atproto.repo.getRecord"]);
        if let Some(url) = &mut url {
            url.query_pairs_mut()
                .append_pair("repo", &session.did)
                .append_pair("collection", COLLECTION)
                .append_pair("rkey", rkey);
        }
        let response = self.0.ask(bare(Method::GET, url)).await?;
        let said = body(&response);
        match response.status {
            200 => Ok(Some((session.did, said["value"].clone()))),
            404 => Ok(None),
            400 if said["error"] == "RecordNotFound" => Ok(None),
            status => Err(format!("{status} {}", note(&response))),
        }
    }
}

/// The key under which this delivery's own record was frozen.
fn frozen_key(job: &Job) -> String {
    let content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
    content["rkey"].as_str().unwrap_or_default().to_owned()
}

impl Adapter for BlueskyAdapter {
    fn contract(&self, operation: Operation, _config: &Value) -> Contract {
        Contract {
            class: Class::A,
            // So that what was taken back while nobody knew is found before it is deleted.
            reads_back: operation != Operation::Withdraw,
            key_lifetime: i64::MAX,
            retry: Retry::Jitter,
        }
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            match self.session(&job.to).await {
                Ok(session) => self.put(job, session).await,
                Err(none) => none.observed(),
            }
        })
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            let mut session = match self.session(&job.to).await {
                Ok(session) => session,
                Err(none) => return none.observed(),
            };
            if is_elsewhere(job.announced.as_ref(), &session) {
                return by_other();
            }
            // First the old one goes: never do two stand side by side.
            let mut is_down = false;
            if let Some(old) = key_of(job.announced.as_ref()).filter(|old| *old != frozen_key(job))
            {
                session = match self.delete(job, session, &old).await {
                    Ok(session) => session,
                    Err(observed) => return observed,
                };
                is_down = true;
            }
            let said = self.put(job, session).await;
            if is_down { old_is_down(said) } else { said }
        })
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            let Some(rkey) = key_of(job.announced.as_ref()) else {
                return Observed::new(Outcome::ByHand, None, "nobody knows its key there");
            };
            let session = match self.session(&job.to).await {
                Ok(session) => session,
                Err(none) => return none.observed(),
            };
            if is_elsewhere(job.announced.as_ref(), &session) {
                return by_other();
            }
            match self.delete(job, session, &rkey).await {
                Ok(_) => Observed::new(Outcome::Sent(Remote::default()), Some(200), ""),
                Err(observed) => observed,
            }
        })
    }

    fn read_back<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async move {
            let rkey = frozen_key(job);
            match self.record(&job.to, &rkey).await {
                Ok(Some((did, _))) => Seen::Present(address(&did, &rkey)),
                Ok(None) => Seen::Absent,
                Err(why) => Seen::CannotTell(why),
            }
        })
    }

    fn look<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Look> {
        Box::pin(async move {
            let ours: Value = serde_json::from_str(&job.payload).unwrap_or_default();
            // What another account said is not looked for in this one.
            match self.session(&job.to).await {
                Ok(session) if !is_elsewhere(job.announced.as_ref(), &session) => {}
                _ => return Look::CannotTell,
            }
            match self.record(&job.to, &frozen_key(job)).await {
                Ok(Some((_, value))) if value["text"] == ours["record"]["text"] => Look::There,
                Ok(Some(_)) => Look::Changed,
                Ok(None) => Look::Gone,
                Err(_) => Look::CannotTell,
            }
        })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            let mut session = match self.session(to).await {
                Ok(session) => session,
                Err(NoSession::Refused(why)) => return Health::Unauthorised(why),
                Err(none) => return Health::Bad(none.words()),
            };
            for renewed in [false, true] {
                let url = below(session.pds.clone(), &["xrpc/com.atproto.server.getSession"]);
                let response = match self
                    .0
                    .ask(bearer(bare(Method::GET, url), &session.access))
                    .await
                {
                    Ok(response) => response,
                    Err(trouble) => return Health::Bad(trouble),
                };
                if response.status == 200 {
                    let said = body(&response);
                    let (did, handle) = (
                        said["did"].as_str().unwrap_or(&session.did),
                        said["handle"].as_str().unwrap_or_default(),
                    );
                    let url = format!("https://bsky.app/profile/{did}");
                    return Health::Good(
                        Known::account(&format!("@{handle}"), &url)
                            .with("did", did)
                            .with("pds", session.pds.as_str()),
                    );
                }
                if renewed || !is_stale(&response) {
                    return super::tools::health(&response, &note(&response));
                }
                session = match self.renew(to, session).await {
                    Ok(session) => session,
                    Err(NoSession::Refused(why)) => return Health::Unauthorised(why),
                    Err(none) => return Health::Bad(none.words()),
                };
            }
            Health::Bad("no session".to_owned())
        })
    }
}
