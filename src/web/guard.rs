//! What is looked at before a handler sees a request: host, origin, body, form guard.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::{Stream, StreamExt};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::time::{sleep, timeout};

use super::cookies;
use super::form;
use super::multipart;
use super::routes::{Entry, Kind};
use crate::app::App;
use crate::content::uploads::MOST_BYTES;
use crate::kit::ids::MemberId;
use crate::kit::{Refusal, Result};

/// A JSON body may have this many bytes: the longest post fits, whatever of it is escaped.
pub const BODY_LIMIT: usize = 512 * 1024;
/// A form of a page may have this many bytes: several times the longest post, percent-encoded, so that somebody who
/// pasted too much gets it back in the form with the limit beside it, and not a page that has lost it.
pub const FORM_LIMIT: usize = 1024 * 1024;
/// A form with a picture may have this many bytes: the picture, and a little for the other fields.
pub const UPLOAD_LIMIT: usize = MOST_BYTES + 64 * 1024;
/// A body must be complete after this long.
const BODY_DEADLINE: Duration = Duration::from_secs(30);
/// A picture may take longer than that, as long as it comes at this many bytes a second: a telephone at the harbour is
/// let through, and whoever only wants to keep a place is not.
const UPLOAD_PACE: u64 = 40 * 1024;
/// A body that brings nothing for this long is cut.
const BODY_SILENCE: Duration = Duration::from_secs(10);

/// Refuses names that are not this community's, so that no link, cookie or cache is ever made for them.
///
/// # Errors
/// [`Refusal::WrongHost`].
pub fn host(req: &HttpRequest, app: &App) -> Result<()> {
    let named = req
        .headers()
        .get(header::HOST)
        .and_then(|h| h.to_str().ok());
    let named = named.or_else(|| req.uri().authority().map(|a| a.as_str()));
    match named {
        Some(name) if name.eq_ignore_ascii_case(app.config.host()) => Ok(()),
        _ => Err(Refusal::WrongHost.into()),
    }
}

/// Unsafe requests of pages must come from our own pages: the browser says so, or the origin does.
///
/// # Errors
/// [`Refusal::Forged`].
pub fn origin(req: &HttpRequest, app: &App) -> Result<()> {
    let of = |name: &str| req.headers().get(name).and_then(|h| h.to_str().ok());
    let same = match (of("sec-fetch-site"), of("origin")) {
        (Some(site), Some(origin)) => site == "same-origin" && origin == app.config.base_url,
        (Some(site), None) => site == "same-origin",
        (None, Some(origin)) => origin == app.config.base_url,
        (None, None) => false,
    };
    if same {
        Ok(())
    } else {
        Err(Refusal::Forged.into())
    }
}

/// Reads the whole body, within its size and its time.
///
/// # Errors
/// [`Refusal::TooLarge`], [`Refusal::TooSlow`], or unreadable where the connection breaks.
pub async fn body(req: &HttpRequest, payload: Payload, limit: usize) -> Result<Bytes> {
    let announced = req
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|h| h.to_str().ok())
        .and_then(|t| t.parse::<u64>().ok());
    if announced.is_some_and(|n| n > limit as u64) {
        return Err(Refusal::TooLarge { limit }.into());
    }
    let pace = (limit == UPLOAD_LIMIT).then_some(UPLOAD_PACE);
    collected(payload, limit, (BODY_DEADLINE, BODY_SILENCE), pace).await
}

/// Everything that comes, until `deadline` is over; with a pace, each byte puts it off.
async fn collected<E>(
    mut payload: impl Stream<Item = std::result::Result<Bytes, E>> + Unpin,
    limit: usize,
    (deadline, silence): (Duration, Duration),
    pace: Option<u64>,
) -> Result<Bytes> {
    let mut collected = BytesMut::new();
    let mut patience = std::pin::pin!(sleep(deadline));
    let deadline = patience.deadline();
    loop {
        let next = tokio::select! {
            next = timeout(silence, payload.next()) => next,
            () = &mut patience => return Err(Refusal::TooSlow.into()),
        };
        match next {
            Err(_) => return Err(Refusal::TooSlow.into()),
            Ok(None) => return Ok(collected.freeze()),
            Ok(Some(Err(_))) => return Err(Refusal::Unreadable("body").into()),
            Ok(Some(Ok(chunk))) if collected.len() + chunk.len() > limit => {
                return Err(Refusal::TooLarge { limit }.into());
            }
            Ok(Some(Ok(chunk))) => collected.extend_from_slice(&chunk),
        }
        if let Some(pace) = pace {
            let earned = Duration::from_millis(collected.len() as u64 * 1_000 / pace.max(1));
            patience.as_mut().reset(deadline + earned);
        }
    }
}

/// The content type that an unsafe request of this kind must have.
///
/// # Errors
/// [`Refusal::WrongType`].
pub fn media_type(req: &HttpRequest, entry: &Entry, body: &[u8]) -> Result<()> {
    let given = req
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|h| h.to_str().ok())
        .unwrap_or_default();
    let given = given
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let wanted = match entry.kind {
        _ if entry.upload => "multipart/form-data",
        Kind::Api => "application/json",
        Kind::Page | Kind::Feed | Kind::Callback | Kind::Unsubscribe => {
            "application/x-www-form-urlencoded"
        }
    };
    if body.is_empty() || given == wanted {
        Ok(())
    } else {
        Err(Refusal::WrongType(wanted).into())
    }
}

/// The form guard for a browser: a keyed hash of its session, or of its form cookie.
#[must_use]
pub fn form_token(app: &App, secret_of_browser: &str) -> String {
    use base64::Engine;
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&app.secret) else {
        return String::new();
    };
    mac.update(b"form-guard:");
    mac.update(secret_of_browser.as_bytes());
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// What a browser carries that a member has signed in from before: a keyed hash of the member.
#[must_use]
pub fn known_token(app: &App, member: MemberId) -> String {
    form_token(app, &format!("known-browser:{member}"))
}

/// The member that a browser has signed in as before, as far as its cookie is ours.
#[must_use]
pub fn known_member(app: &App, cookie: &str) -> Option<MemberId> {
    let (member, token) = cookie.split_once('.')?;
    let member = MemberId(member.parse().ok()?);
    same(known_token(app, member).as_bytes(), token.as_bytes()).then_some(member)
}

/// What the request says its body is.
#[must_use]
pub fn content_type(req: &HttpRequest) -> &str {
    req.headers()
        .get(header::CONTENT_TYPE)
        .and_then(|h| h.to_str().ok())
        .unwrap_or_default()
}

/// Compares the form's guard with the browser's.
///
/// # Errors
/// [`Refusal::Forged`].
pub fn form_guard(req: &HttpRequest, app: &App, body: &[u8]) -> Result<()> {
    let secure = app.config.is_secure_context();
    let browser = cookies::read(req, cookies::SESSION, secure)
        .or_else(|| cookies::read(req, cookies::FORM, secure));
    let given = match multipart::boundary(content_type(req)) {
        Some(boundary) => multipart::text(&boundary, body, "csrf"),
        None => form::field(body, "csrf"),
    };
    let (Some(browser), Some(given)) = (browser, given) else {
        return Err(Refusal::Forged.into());
    };
    let wanted = form_token(app, &browser);
    if same(wanted.as_bytes(), given.as_bytes()) {
        Ok(())
    } else {
        Err(Refusal::Forged.into())
    }
}

/// Compares in a time that does not tell where the difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && !a.is_empty() && a.iter().zip(b).fold(0, |all, (x, y)| all | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::Stop;

    /// Ten pieces of a thousand bytes, one every thirty milliseconds, for whoever waits a tenth of a second.
    async fn sent(limit: usize, pace: Option<u64>) -> Result<Bytes> {
        let pieces = futures_util::stream::unfold(0, |piece| async move {
            sleep(Duration::from_millis(30)).await;
            let bytes = Bytes::from_static(&[b'x'; 1_000]);
            (piece < 10).then_some((Ok::<_, ()>(bytes), piece + 1))
        });
        let waits = (Duration::from_millis(100), Duration::from_secs(5));
        collected(Box::pin(pieces), limit, waits, pace).await
    }

    #[tokio::test]
    async fn a_body_that_keeps_its_pace_may_take_longer() {
        let refused = |answer| match answer {
            Err(Stop::Refused(refusal)) => Some(refusal),
            _ => None,
        };
        assert_eq!(refused(sent(20_000, None).await), Some(Refusal::TooSlow));
        let slower_than_wanted = sent(20_000, Some(1_000_000)).await;
        assert_eq!(refused(slower_than_wanted), Some(Refusal::TooSlow));
        let whole = sent(20_000, Some(500)).await.expect("it keeps its pace");
        assert_eq!(whole.len(), 10_000);
        let limit = 5_000;
        assert_eq!(
            refused(sent(limit, Some(500)).await),
            Some(Refusal::TooLarge { limit })
        );
    }
}
