//! Asks nobody because the link stands in letters to the address alone, and leaving must be as easy as RFC 8058 wants it.

use serde_json::json;

use super::state::SubscriberState;
use super::subscriber::{end, seek};
use crate::audit::{self, subject};
use crate::bridge::channel;
use crate::db::Tx;
use crate::kit::clock::{DAY, SECOND};
use crate::kit::ids::SubscriberId;
use crate::kit::token::{Claims, JwtKeys, Purpose, issue, random_token, read};
use crate::kit::{Fault, Refusal, Result, Stop};
use crate::policy::Actor;

/// How long the link of a letter holds, in seconds. People look through old mail.
const LINK: i64 = 730 * DAY / SECOND;
/// What the link is for.
const SUBJECT: &str = "bulletin:";

/// What a link leads out of.
#[derive(Debug, Clone)]
pub struct LeftWhat {
    /// The bulletin's name; empty where it is gone.
    pub name: String,
    /// Does the address still get it?
    pub subscribed: bool,
}

/// The link with which a subscriber leaves.
pub(super) fn link(tx: &Tx<'_>, id: SubscriberId) -> Result<String> {
    let (jti, _) = random_token();
    let now = tx.now().unix_seconds();
    let claims = Claims::new(
        Purpose::Unsubscribe,
        format!("{SUBJECT}{id}"),
        jti,
        now,
        LINK,
    );
    let token = issue(&keys(tx), claims)
        .map_err(|error| Stop::Fault(Fault::from_error("signing a token", error)))?;
    Ok(tx.link(&format!("/unsubscribe/{token}")))
}

fn keys(tx: &Tx<'_>) -> JwtKeys {
    let house = tx.house();
    JwtKeys::from_keyring(&house.ring, &house.base_url)
}

fn subscriber_of(tx: &Tx<'_>, token: &str) -> Option<SubscriberId> {
    let now = tx.now().unix_seconds();
    let claims = read(&keys(tx), token, Purpose::Unsubscribe, now).ok()?;
    claims.sub.strip_prefix(SUBJECT)?.parse().ok()
}

/// Does this link lead out of a bulletin, and not out of another mailing?
#[must_use]
pub fn is_ours(tx: &Tx<'_>, token: &str) -> bool {
    subscriber_of(tx, token).is_some()
}

/// What the link leads out of. Looking changes nothing: mail programs open links by themselves.
///
/// # Errors
/// [`Refusal::LinkDead`] where it is none of ours or too old.
pub fn what_is_left(tx: &mut Tx<'_>, token: &str) -> Result<LeftWhat> {
    let id = subscriber_of(tx, token).ok_or(Refusal::LinkDead)?;
    let found = seek(tx, id)?;
    let name = match &found {
        Some(row) => channel::find(tx, row.channel)?.name,
        None => String::new(),
    };
    Ok(LeftWhat {
        name,
        subscribed: found.is_some_and(|row| row.state == SubscriberState::Confirmed),
    })
}

/// Leaves, at once and as often as somebody asks. What waits is not sent any more.
///
/// # Errors
/// [`Refusal::LinkDead`] where the link is none of ours or too old.
pub fn leave(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    let id = subscriber_of(tx, token).ok_or(Refusal::LinkDead)?;
    let row = seek(tx, id)?;
    let Some(row) = row.filter(|row| row.state == SubscriberState::Confirmed) else {
        return Ok(());
    };
    end(tx, id, SubscriberState::Left, "")?;
    audit::record(
        tx,
        &Actor::System("unsubscribe"),
        "bulletin.left",
        subject("subscriber", id.0),
        json!({ "channel": row.channel.0 }),
        None,
    )
}
