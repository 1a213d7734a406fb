//! What every adapter works with: the guarded client, the clock, the way to keep a fresh token, and the common reading
//! of answers. A channel's own file says only what is different there.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use url::Url;

use crate::bridge::adapter::{Contract, Destination, Health, Job, Observed, Outcome};
use crate::bridge::channel::exchange;
use crate::bridge::pace::Retry;
use crate::bridge::state::Class;
use crate::content::uploads::Store;
use crate::db::{Db, House};
use crate::kit::At;
use crate::kit::clock::SECOND;
use crate::kit::http::{Method, Outbound, Request, Response, SendError, Trouble};

/// Where the services of vendors are reached, for those who run their own or stand behind a gateway: kind → address.
#[derive(Debug, Clone, Default)]
pub struct Bases(Arc<HashMap<String, Url>>);

impl Bases {
    /// Reads `kind=https://address,kind=…`.
    ///
    /// # Errors
    /// The part that is no such pair.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut bases = HashMap::new();
        for part in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let pair = part.split_once('=');
            let read =
                pair.and_then(|(kind, url)| Some((kind.trim(), Url::parse(url.trim()).ok()?)));
            let (kind, url) = read.ok_or_else(|| part.to_owned())?;
            bases.insert(kind.to_owned(), url);
        }
        Ok(Self(Arc::new(bases)))
    }

    fn of(&self, kind: &str, usual: &str) -> Option<Url> {
        match self.0.get(kind) {
            Some(url) => Some(url.clone()),
            None => Url::parse(usual).ok(),
        }
    }
}

/// What adapters are made with.
#[derive(Clone)]
pub struct Tools {
    pub(super) db: Db,
    pub(super) outbound: Outbound,
    pub(super) house: Arc<House>,
    /// Where the pictures are that go along.
    pub(super) pictures: Store,
    pub(super) doors: super::grant::Doors,
    bases: Bases,
}

impl Tools {
    pub(super) fn new(db: &Db, outbound: &Outbound, pictures: &Store, bases: &Bases) -> Self {
        Self {
            db: db.clone(),
            outbound: outbound.clone(),
            house: db.house().clone(),
            pictures: pictures.clone(),
            doors: super::grant::Doors::default(),
            bases: bases.clone(),
        }
    }

    /// This moment.
    pub(super) fn now(&self) -> At {
        self.house.clock.now()
    }

    /// An address at a vendor's service: its usual base, or the one that the person who runs the server named, and a
    /// path whose segments are escaped.
    pub(super) fn at(&self, kind: &str, usual: &str, path: &[&str]) -> Option<Url> {
        below(self.bases.of(kind, usual)?, path)
    }

    /// Sends what belongs to a try. Nothing leaves once its lease is over, or where the request could not be written.
    pub(super) async fn send(
        &self,
        job: &Job,
        request: Option<Request>,
    ) -> Result<Response, Observed> {
        let Some(request) = request else {
            return Err(Observed::new(
                Outcome::Rejected,
                None,
                "the request cannot be written",
            ));
        };
        if !job.in_time(self.house.clock.as_ref()) {
            return Err(Observed::new(Outcome::NotSent, None, "the lease was over"));
        }
        match self.outbound.send(request).await {
            Ok(response) => Ok(response),
            // No time makes this address one that is called.
            Err(SendError::NotSent(Trouble::Barred(barred))) => {
                Err(Observed::new(Outcome::Rejected, None, barred.to_string()))
            }
            Err(SendError::NotSent(trouble)) => {
                Err(Observed::new(Outcome::NotSent, None, trouble.to_string()))
            }
            Err(SendError::Unknown { trouble, status }) => Err(match status {
                // The head of the answer came and said yes; only where it stands is missing.
                Some(200..=299) => Observed::new(Outcome::SentBlind, status, trouble.to_string()),
                _ => Observed::new(Outcome::Unknown(None), status, trouble.to_string()),
            }),
        }
    }

    /// Asks something that changes nothing there.
    pub(super) async fn ask(&self, request: Option<Request>) -> Result<Response, String> {
        let request = request.ok_or_else(|| "the request cannot be written".to_owned())?;
        let answer = self.outbound.send(request).await;
        answer.map_err(|error| error.trouble().to_string())
    }

    /// Keeps a fresh secret in the place of the one that was exchanged for it, before it is used: whoever dies in
    /// between must not be left with one that no longer holds. `false` where it could not be kept.
    pub(super) async fn keep(
        &self,
        to: &Destination,
        was: &str,
        now: &str,
        expires_at: Option<At>,
    ) -> bool {
        let (channel, was, now) = (to.channel, was.to_owned(), now.to_owned());
        let kept = self
            .db
            .write(move |tx| exchange(tx, channel, &was, &now, expires_at))
            .await;
        if let Err(stop) = &kept {
            tracing::warn!(channel = channel.0, %stop, "a fresh token could not be kept");
        }
        matches!(kept, Ok(true))
    }
}

/// An address below another one; segments are escaped, an empty base path makes no double slash.
pub(super) fn below(mut base: Url, path: &[&str]) -> Option<Url> {
    base.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .extend(path.iter().flat_map(|part| part.split('/')));
    Some(base)
}

/// A request with a JSON body.
pub(super) fn json(method: Method, url: Option<Url>, body: &Value) -> Option<Request> {
    let mut request = Request::new(method, url?);
    request.body = serde_json::to_vec(body).ok()?;
    request
        .header("content-type", "application/json; charset=utf-8")?
        .header("accept", "application/json")
}

/// A request without a body.
pub(super) fn bare(method: Method, url: Option<Url>) -> Option<Request> {
    Request::new(method, url?).header("accept", "application/json")
}

/// With a bearer token.
pub(super) fn bearer(request: Option<Request>, token: &str) -> Option<Request> {
    request?.header("authorization", &format!("Bearer {token}"))
}

/// The answer's JSON; null where it is none.
pub(super) fn body(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_default()
}

/// What an answer means that is no success, by its status alone (`channels.md` §4.2). A 2xx is for the channel's own
/// file to read; here it counts as taken without saying where.
pub(super) fn outcome(response: &Response, now: At) -> Outcome {
    let wait = retry_after(response, now);
    match response.status {
        200..=299 => Outcome::SentBlind,
        401 => Outcome::Unauthorised,
        410 => Outcome::Gone,
        429 => Outcome::Throttled(wait),
        408 | 500..=599 => Outcome::Unknown(wait),
        _ => Outcome::Rejected,
    }
}

/// As [`outcome`], with the words the vendor found for it.
pub(super) fn observed(response: &Response, now: At, note: &str) -> Observed {
    Observed::new(outcome(response, now), Some(response.status), note)
}

/// The field by which an admin lets a channel that tells nothing be tried once more.
pub(super) const ONCE_MORE: super::Field =
    super::Field::optional("once_more", super::Sort::Choice(&["no", "yes"]));

/// Where nothing can be looked up (class C): "502 and 503 with a time to come back" is a gateway that passed nothing on, if
/// the channel's keeper takes its word for that. Once, and only for the very first try; after it a person looks.
pub(super) fn once_more(job: &Job, seen: Observed) -> Observed {
    let trusted = job.to.config["once_more"] == "yes";
    let first = job.started_at == job.first_sent_at;
    match (seen.status, &seen.outcome) {
        (Some(502 | 503), Outcome::Unknown(Some(at))) if trusted && first => Observed {
            outcome: Outcome::Throttled(Some(*at)),
            ..seen
        },
        _ => seen,
    }
}

/// Taking back what is not there any more is done.
pub(super) fn taken_back(response: &Response, now: At, note: &str) -> Observed {
    match response.status {
        200..=299 | 404 | 410 => Observed::new(
            Outcome::Sent(crate::bridge::adapter::Remote::default()),
            Some(response.status),
            "",
        ),
        _ => observed(response, now, note),
    }
}

/// What can be promised where nothing is known by a key: what may have been said is looked for (class B), and what changes
/// nothing the second time is done again (class A).
pub(super) const fn looked_for(class: Class) -> Contract {
    let again = matches!(class, Class::A);
    Contract {
        class,
        reads_back: !again,
        key_lifetime: if again { i64::MAX } else { 0 },
        retry: Retry::Jitter,
    }
}

/// A correction where the vendor lets nothing be changed: `gone` is what became of the old one, and only where it is gone
/// the new one is said. What became of the old one without anybody knowing is deleted again; nothing new was said yet.
pub(super) async fn said_anew<F>(gone: Observed, say: impl FnOnce() -> F) -> Observed
where
    F: Future<Output = Observed>,
{
    match gone.outcome {
        Outcome::Sent(_) => old_is_down(say().await),
        Outcome::Unknown(at) => Observed {
            outcome: at.map_or(Outcome::NotSent, |at| Outcome::Throttled(Some(at))),
            ..gone
        },
        _ => gone,
    }
}

/// What became of new words after the old ones were taken down: refused, nothing stands there any more, and that has to be
/// said. What may still come is no such thing.
pub(super) fn old_is_down(said: Observed) -> Observed {
    match said.outcome {
        Outcome::Rejected => Observed {
            outcome: Outcome::OldIsDown,
            ..said
        },
        _ => said,
    }
}

/// What an answer to a question says about the channel, where it is no success.
pub(super) fn health(response: &Response, note: &str) -> Health {
    let note = match note {
        "" => response.status.to_string(),
        words => format!("{}: {words}", response.status),
    };
    match response.status {
        401 | 403 => Health::Unauthorised(note),
        404 | 410 => Health::Gone(note),
        _ => Health::Bad(note),
    }
}

/// `Retry-After`: seconds (whole or not), or a date.
pub(super) fn retry_after(response: &Response, now: At) -> Option<At> {
    wait(response.header("retry-after")?, now)
}

/// Seconds from now, whole or not, or a date.
pub(super) fn wait(value: &str, now: At) -> Option<At> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return after(seconds, now);
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?;
    Some(At(date.timestamp().as_microsecond()))
}

/// So many seconds from now.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "bounded to a year of seconds before"
)]
pub(super) fn after(seconds: f64, now: At) -> Option<At> {
    let known = seconds.is_finite() && (0.0..=31_536_000.0).contains(&seconds);
    known.then(|| now.plus((seconds * SECOND as f64).ceil() as i64))
}

/// A moment given in seconds since 1970.
pub(super) fn epoch(seconds: i64) -> At {
    At(seconds.saturating_mul(SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_as_seconds_and_as_a_date() {
        let now = At(784_111_777 * SECOND);
        assert_eq!(wait("120", now), Some(now.plus(120 * SECOND)));
        assert_eq!(wait("0.25", now), Some(now.plus(SECOND / 4)));
        assert_eq!(
            wait("Sun, 06 Nov 1994 08:49:40 GMT", now),
            Some(now.plus(3 * SECOND))
        );
        assert_eq!(wait("soon", now), None);
        assert_eq!(wait("-1", now), None);
        assert_eq!(wait("inf", now), None);
    }

    #[test]
    fn paths_are_joined_without_doubling_a_slash_and_escaped() {
        let join = |base: &str, path: &[&str]| {
            below(Url::parse(base).expect("a base"), path).map(|url| url.to_string())
        };
        let want = Some("https://blog.example/wp-json/wp/v2/posts".to_owned());
        assert_eq!(
            join("https://blog.example/", &["wp-json/wp/v2", "posts"]),
            want
        );
        assert_eq!(
            join("https://blog.example", &["wp-json/wp/v2", "posts"]),
            want
        );
        assert_eq!(
            join("https://a.example/rest", &["posts", "urn:li:share:1?x"]).as_deref(),
            Some("https://a.example/rest/posts/urn:li:share:1%3Fx")
        );
    }

    #[test]
    fn bases_are_pairs_of_kind_and_address() {
        let bases =
            Bases::parse("telegram=http://127.0.0.1:9, discord = https://d.example/").expect("two");
        assert_eq!(
            bases
                .of("telegram", "https://api.telegram.org")
                .map(|u| u.to_string())
                .as_deref(),
            Some("http://127.0.0.1:9/")
        );
        assert_eq!(
            bases
                .of("slack", "https://slack.com")
                .map(|u| u.to_string())
                .as_deref(),
            Some("https://slack.com/")
        );
        assert_eq!(Bases::parse("telegram").unwrap_err(), "telegram");
    }
}
