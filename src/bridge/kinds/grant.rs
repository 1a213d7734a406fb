//! Tokens that a vendor hands out when an admin signs in there (OAuth 2), kept together with the application they belong
//! to, and renewed by one worker at a time: before they end, and when the vendor no longer takes one in the middle of a run.
//!
//! Own code rather than the `oauth2` crate: what is common to the five vendors is one form and one answer, and what
//! differs is what a library would have to be bent for: Threads and Facebook exchange by GET and in two steps, Threads
//! and LinkedIn leave out the `token_type` that a strict reader demands, and everything goes through the guarded client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::tools::{Tools, body};
use crate::bridge::adapter::{Destination, Granted, Health, Job, Observed, Outcome, Secret};
use crate::bridge::channel::current_secret;
use crate::db::leases;
use crate::kit::clock::{MINUTE, SECOND};
use crate::kit::http::{Method, Request, Response};
use crate::kit::ids::ChannelId;
use crate::kit::{At, token};

/// How long before its end a short-lived token is renewed.
pub(super) const SHORTLY: i64 = 5 * MINUTE;
/// How long one worker may take to renew a token, in seconds.
const RENEWING: i64 = 40;

/// What is sealed for such a channel.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Keys {
    /// For which server and which way back we made it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub made_for: String,
    /// The application's id, where we made the application ourselves.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub app: String,
    /// The application's secret.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub app_secret: String,
    /// The token we speak with.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub access: String,
    /// The token that fetches the next.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub refresh: String,
    /// When `access` ends, in microseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
}

impl Keys {
    /// Reads what is sealed; what is no JSON is a token that was made by hand.
    pub fn read(sealed: &str) -> Self {
        serde_json::from_str(sealed).unwrap_or_else(|_| Self {
            access: sealed.to_owned(),
            ..Self::default()
        })
    }

    /// The keys of a channel.
    pub fn of(to: &Destination) -> Self {
        to.secrets
            .first()
            .map(|secret| Self::read(&secret.0))
            .unwrap_or_default()
    }

    /// As they are sealed.
    pub fn sealed(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What is kept when `given` is entered by hand: another application keeps the token only as long as that holds, a
    /// token by hand has nothing that renews it.
    pub fn merged(before: Option<&str>, given: &str) -> String {
        let (mut kept, given) = (
            before.map(Self::read).unwrap_or_default(),
            Self::read(given),
        );
        if !given.app_secret.is_empty() {
            kept.app_secret = given.app_secret;
        }
        if !given.access.is_empty() {
            (kept.access, kept.refresh, kept.ends_at) = (given.access, given.refresh, None);
        }
        kept.sealed()
    }

    /// With the tokens of an answer; a vendor that gives no new one to renew with means the old to be used again.
    pub fn with(&self, said: &Value, now: At) -> Option<Self> {
        let access = said["access_token"].as_str().filter(|t| !t.is_empty())?;
        Some(Self {
            access: access.to_owned(),
            refresh: said["refresh_token"]
                .as_str()
                .map_or_else(|| self.refresh.clone(), str::to_owned),
            ends_at: said["expires_in"].as_i64().map(|seconds| {
                now.plus(seconds.clamp(0, 400_000_000).saturating_mul(SECOND))
                    .0
            }),
            ..self.clone()
        })
    }

    /// What is to be sealed, and when a person has to sign in again where nothing renews it by itself.
    pub fn granted(&self, until: Option<At>) -> Granted {
        Granted {
            secret: Secret(self.sealed()),
            expires_at: until,
        }
    }
}

/// Why there is no token: the vendor's word or the network's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoToken {
    /// It will not have us: somebody has to sign in again.
    Refused(String),
    /// Nobody answered as they should.
    Unreachable(String),
}

impl NoToken {
    /// Reads an answer to a request for tokens that brought none.
    pub fn of(response: &Response) -> Self {
        let said = body(response);
        let words = said["error_description"]
            .as_str()
            .or(said["error"]["message"].as_str())
            .or(said["error"].as_str())
            .unwrap_or("no token came back");
        let words = format!("{} {words}", response.status);
        match response.status {
            200..=299 | 400 | 401 | 403 => Self::Refused(words),
            _ => Self::Unreachable(words),
        }
    }

    /// What it means for a try.
    pub fn observed(self) -> Observed {
        match self {
            Self::Refused(why) => Observed::new(Outcome::Unauthorised, Some(401), why),
            Self::Unreachable(why) => Observed::new(Outcome::NotSent, None, why),
        }
    }

    /// What it means for the channel.
    pub fn health(self) -> Health {
        match self {
            Self::Refused(why) => Health::Unauthorised(why),
            Self::Unreachable(why) => Health::Bad(why),
        }
    }

    /// Why, for a person to read.
    pub fn words(self) -> String {
        match self {
            Self::Refused(why) | Self::Unreachable(why) => why,
        }
    }
}

/// What differs between vendors when tokens end.
pub(super) trait Renewal: Send + Sync {
    /// How long before its end a token is renewed.
    fn margin(&self) -> i64 {
        SHORTLY
    }

    /// Does the vendor say that the token is over?
    fn is_stale(&self, response: &Response) -> bool {
        response.status == 401
    }

    /// Can these keys be renewed at all?
    fn can_renew(&self, keys: &Keys) -> bool {
        !keys.refresh.is_empty()
    }

    /// Fetches fresh ones.
    fn renew<'a>(
        &'a self,
        to: &'a Destination,
        keys: &'a Keys,
    ) -> BoxFuture<'a, Result<Keys, NoToken>>;

    /// When a person has to sign in again, where fresh ones do not end that.
    fn person_needed_at(&self, keys: &Keys) -> Option<At> {
        keys.ends_at.map(At)
    }
}

/// Makes a request with a token.
pub(super) type Make<'m> = &'m (dyn Fn(&str) -> Option<Request> + Send + Sync);

/// One door per channel, so that of those who find a token at its end one renews it and the others wait.
#[derive(Clone, Default)]
pub(super) struct Doors(Arc<Mutex<HashMap<ChannelId, Arc<tokio::sync::Mutex<()>>>>>);

impl Doors {
    fn of(&self, channel: ChannelId) -> Arc<tokio::sync::Mutex<()>> {
        let mut doors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        doors.entry(channel).or_default().clone()
    }
}

impl Tools {
    /// A token that holds for a while.
    async fn access(&self, to: &Destination, renewal: &dyn Renewal) -> Result<Keys, NoToken> {
        let keys = Keys::of(to);
        if keys.access.is_empty() {
            return Err(NoToken::Refused("nobody has signed in yet".to_owned()));
        }
        let ends_soon = keys
            .ends_at
            .is_some_and(|end| end < self.now().plus(renewal.margin()).0);
        if !ends_soon || !renewal.can_renew(&keys) {
            return Ok(keys);
        }
        let holds = keys.ends_at.is_some_and(|end| end > self.now().0);
        match self.renewed(to, &keys.access, renewal).await {
            // It holds for now, and the next one may succeed.
            Err(NoToken::Unreachable(_)) if holds => Ok(keys),
            other => other,
        }
    }

    /// A token in the place of one that is over. Whoever comes second finds the fresh one and fetches none: vendors that
    /// give a new token to renew with take back everything when the old one is used twice.
    async fn renewed(
        &self,
        to: &Destination,
        over: &str,
        renewal: &dyn Renewal,
    ) -> Result<Keys, NoToken> {
        let door = self.doors.of(to.channel);
        let _one_of_this_process = door.lock().await;
        let (lease, holder) = (
            format!("bridge.renew.{}", to.channel),
            token::random_token().0,
        );
        for _ in 0..RENEWING {
            let (id, name, who) = (to.channel, lease.clone(), holder.clone());
            let read = self.db.write(move |tx| {
                let held = leases::hold(tx, &name, &who, RENEWING)?.is_some();
                Ok((held, current_secret(tx, id)?))
            });
            let (held, kept) = read
                .await
                .map_err(|stop| NoToken::Unreachable(stop.to_string()))?;
            let sealed = kept.unwrap_or_default();
            let keys = Keys::read(&sealed);
            let is_fresh = keys.access != over && !keys.access.is_empty();
            if !held && !is_fresh {
                // Another node is at it.
                tokio::time::sleep(Duration::from_millis(250)).await;
                continue;
            }
            let brought = if is_fresh {
                Ok(keys)
            } else if renewal.can_renew(&keys) {
                self.fetch(to, &sealed, &keys, renewal).await
            } else {
                Err(NoToken::Refused("the token is over".to_owned()))
            };
            if held {
                let (name, who) = (lease, holder);
                let let_go = self
                    .db
                    .write(move |tx| leases::hold(tx, &name, &who, 0).map(drop));
                if let Err(stop) = let_go.await {
                    tracing::warn!(%stop, "a lease could not be let go");
                }
            }
            return brought;
        }
        Err(NoToken::Unreachable(
            "another worker is renewing the token".to_owned(),
        ))
    }

    async fn fetch(
        &self,
        to: &Destination,
        sealed: &str,
        keys: &Keys,
        renewal: &dyn Renewal,
    ) -> Result<Keys, NoToken> {
        let fresh = renewal.renew(to, keys).await?;
        let until = renewal.person_needed_at(&fresh);
        if self.keep(to, sealed, &fresh.sealed(), until).await {
            Ok(fresh)
        } else {
            Err(NoToken::Unreachable(
                "a fresh token could not be kept".to_owned(),
            ))
        }
    }

    /// Sends what belongs to a try with a token; one that is over is renewed once, since nothing was done with it.
    pub(super) async fn send_signed(
        &self,
        job: &Job,
        renewal: &dyn Renewal,
        make: Make<'_>,
    ) -> Result<Response, Observed> {
        let keys = self
            .access(&job.to, renewal)
            .await
            .map_err(NoToken::observed)?;
        let response = self.send(job, make(&keys.access)).await?;
        if !renewal.is_stale(&response) || !renewal.can_renew(&keys) {
            return Ok(response);
        }
        let fresh = self
            .renewed(&job.to, &keys.access, renewal)
            .await
            .map_err(NoToken::observed)?;
        self.send(job, make(&fresh.access)).await
    }

    /// Asks with a token, as [`Tools::send_signed`] sends.
    pub(super) async fn ask_signed(
        &self,
        to: &Destination,
        renewal: &dyn Renewal,
        make: Make<'_>,
    ) -> Result<Response, NoToken> {
        let keys = self.access(to, renewal).await?;
        let ask = |token: &str| self.ask(make(token));
        let response = ask(&keys.access).await.map_err(NoToken::Unreachable)?;
        if !renewal.is_stale(&response) || !renewal.can_renew(&keys) {
            return Ok(response);
        }
        let fresh = self.renewed(to, &keys.access, renewal).await?;
        ask(&fresh.access).await.map_err(NoToken::Unreachable)
    }

    /// Asks for tokens.
    pub(super) async fn tokens(&self, request: Option<Request>) -> Result<Value, NoToken> {
        let response = self.ask(request).await.map_err(NoToken::Unreachable)?;
        let said = body(&response);
        if response.status == 200 && said["access_token"].is_string() {
            Ok(said)
        } else {
            Err(NoToken::of(&response))
        }
    }
}

/// A form, as token endpoints take it.
pub(super) fn form(url: Option<Url>, fields: &[(&str, &str)]) -> Option<Request> {
    let mut request = Request::new(Method::POST, url?);
    let written = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    request.body = written.into_bytes();
    request
        .header("content-type", "application/x-www-form-urlencoded")?
        .header("accept", "application/json")
}

/// An address with these fields in its query.
pub(super) fn asking(url: Option<Url>, fields: &[(&str, &str)]) -> Option<Url> {
    let mut url = url?;
    url.query_pairs_mut().extend_pairs(fields);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_token_by_hand_and_sealed_keys_are_both_read() {
        assert_eq!(Keys::read("abc").access, "abc");
        let keys = Keys {
            app_secret: "s".to_owned(),
            access: "a".to_owned(),
            refresh: "r".to_owned(),
            ..Keys::default()
        };
        assert!(Keys::read(&keys.sealed()) == keys);
        // Another secret of the application leaves the tokens, another token leaves the application.
        let merged = Keys::read(&Keys::merged(Some(&keys.sealed()), r#"{"app_secret":"t"}"#));
        assert!(merged.app_secret == "t" && merged.access == "a" && merged.refresh == "r");
        let merged = Keys::read(&Keys::merged(Some(&keys.sealed()), r#"{"access":"b"}"#));
        assert!(merged.app_secret == "s" && merged.access == "b" && merged.refresh.is_empty());
    }

    #[test]
    fn what_a_vendor_leaves_out_stays_as_it_was() {
        let before = Keys {
            refresh: "r".to_owned(),
            ..Keys::default()
        };
        let now = At(1_000);
        let keys = before
            .with(&json!({ "access_token": "a", "expires_in": 60 }), now)
            .expect("a token");
        assert!(keys.access == "a" && keys.refresh == "r");
        assert_eq!(keys.ends_at, Some(1_000 + 60 * SECOND));
        assert!(before.with(&json!({ "token": "a" }), now).is_none());
    }
}
