//! How long somebody typed: the form says when it was opened, signed, so that nobody claims to have typed for longer.
//!
//! Asks nobody because it decides nothing by itself.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::db::{House, Tx};
use crate::kit::clock::SECOND;
use crate::kit::hex;
use crate::kit::ids::MemberId;
use crate::kit::token::same_secret;
use crate::policy::Actor;

/// What a form carries to say when it was opened, and for whom; empty for guests.
#[must_use]
pub fn opened_now(tx: &Tx<'_>, actor: &Actor) -> String {
    let now = tx.now().0 / SECOND;
    actor
        .id()
        .map(|me| format!("{now}.{}", seal(tx.house(), me, now)))
        .unwrap_or_default()
}

/// Seconds since a form was opened; none where it does not say so in our hand.
pub(super) fn seconds_since(tx: &Tx<'_>, me: MemberId, opened: &str) -> Option<i64> {
    let (at, sealed) = opened.split_once('.')?;
    let at: i64 = at.parse().ok()?;
    let right = seal(tx.house(), me, at);
    let ours = !right.is_empty() && same_secret(right.as_bytes(), sealed.as_bytes());
    ours.then(|| tx.now().0 / SECOND - at)
}

fn seal(house: &House, me: MemberId, at: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&house.secret) else {
        return String::new();
    };
    mac.update(b"form-opened:");
    mac.update(&me.0.to_be_bytes());
    mac.update(&at.to_be_bytes());
    hex(mac.finalize().into_bytes().iter().take(12))
}
