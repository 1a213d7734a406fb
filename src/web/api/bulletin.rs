//! Bulletins by API: their subscribers, their letters, their keys, and one's own say.

use serde::{Deserialize, Serialize};

use crate::bridge::{
    self, Key, LetterLine, LetterState, LettersWanted, SubscriberLine, SubscriberState,
    SubscribersWanted,
};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{ChannelId, DeliveryId, LetterId, SubscriberId};
use crate::kit::stop::Problems;
use crate::kit::{At, Result};
use crate::mail;
use crate::policy::Action;
use crate::web::bridge::signing::domain;
use crate::web::{Answer, Call};

/// Rows in one answer.
const IN_AN_ANSWER: usize = 50;

/// Somebody who gets a bulletin, asked for it, or left it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SubscriberAnswer {
    id: i64,
    /// Only while the subscription is confirmed.
    address: Option<String>,
    /// The account, if an account subscribed.
    member_id: Option<i64>,
    /// `pending`, `confirmed`, `left` or `suppressed`.
    state: String,
    lang: String,
    /// Why it ended, where that is not plain.
    note: String,
    failures: i64,
    asked_at: String,
    confirmed_at: Option<String>,
    ended_at: Option<String>,
}

impl SubscriberAnswer {
    fn of(line: SubscriberLine) -> Self {
        Self {
            id: line.id.0,
            address: line.address,
            member_id: line.member.map(|id| id.0),
            state: line.state.to_string(),
            lang: line.lang,
            note: line.note,
            failures: line.failures,
            asked_at: line.asked_at.rfc3339(),
            confirmed_at: line.confirmed_at.map(At::rfc3339),
            ended_at: line.ended_at.map(At::rfc3339),
        }
    }
}

/// Subscribers, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SubscribersAnswer {
    items: Vec<SubscriberAnswer>,
    next: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    after: String,
}

/// Where a list goes on, and whether the words that were asked for are words.
fn after(asked: &Asked, state_is_known: bool) -> Result<Option<i64>> {
    let mut problems = Problems::default();
    if !state_is_known && !asked.state.is_empty() {
        problems.add("state", "unknown-word", &[]);
    }
    let after = Cursor::decode(&asked.after).and_then(|cursor| cursor.as_one());
    if after.is_none() && !asked.after.is_empty() {
        problems.add("after", "unknown-word", &[]);
    }
    problems.check()?;
    Ok(after)
}

fn one_more() -> i64 {
    i64::try_from(IN_AN_ANSWER + 1).unwrap_or(51)
}

/// Lists the subscribers of a bulletin; for admins.
#[utoipa::path(get, path = "/api/v1/channels/{id}/subscribers", tag = "bridge",
    params(("id" = i64, Path), ("state" = Option<String>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = SubscribersAnswer), (status = 403), (status = 422)))]
pub async fn subscribers(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let asked: Asked = call.query()?;
    let state = SubscriberState::parse(&asked.state);
    let before = after(&asked, state.is_some())?.map(SubscriberId);
    call.api_read(move |tx, viewer| {
        let wanted = SubscribersWanted {
            state,
            before,
            most: one_more(),
        };
        let mut lines = bridge::subscribers(tx, &viewer.actor, id, &wanted)?;
        let more = lines.len() > IN_AN_ANSWER;
        lines.truncate(IN_AN_ANSWER);
        let last = lines.last().filter(|_| more);
        let next = last.map(|last| Cursor::one(last.id.0).encode());
        Ok(SubscribersAnswer {
            items: lines.into_iter().map(SubscriberAnswer::of).collect(),
            next,
        })
    })
    .await
}

/// Takes a subscriber off the list; the address goes at once.
#[utoipa::path(delete, path = "/api/v1/channels/{id}/subscribers/{subscriber}", tag = "bridge",
    params(("id" = i64, Path), ("subscriber" = i64, Path)), responses((status = 204), (status = 403), (status = 404)))]
pub async fn remove(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let subscriber: SubscriberId = call.segment("subscriber")?;
    call.api_write(204, move |tx, viewer| {
        bridge::remove_subscriber(tx, &viewer.actor, id, subscriber)
    })
    .await
}

/// A key that signs letters.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct KeyAnswer {
    id: i64,
    /// The name of the TXT record.
    host: String,
    /// The text of the TXT record.
    record: String,
    made_at: String,
    in_use_at: Option<String>,
    /// Is it the one that signs now?
    signs: bool,
}

impl KeyAnswer {
    fn of(key: Key, domain: &str) -> Self {
        Self {
            id: key.id,
            host: format!("{}._domainkey.{domain}", key.selector),
            record: key.record,
            made_at: key.made_at.rfc3339(),
            in_use_at: key.in_use_at.map(At::rfc3339),
            signs: key.signs,
        }
    }
}

/// Keys, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct KeysAnswer {
    items: Vec<KeyAnswer>,
    next: Option<String>,
}

/// Lists the keys of a bulletin; for admins.
#[utoipa::path(get, path = "/api/v1/channels/{id}/keys", tag = "bridge", params(("id" = i64, Path)),
    responses((status = 200, body = KeysAnswer), (status = 403)))]
pub async fn keys(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let house = call.app().office.address();
    call.api_read(move |tx, viewer| {
        let keys = bridge::keys(tx, &viewer.actor, id)?;
        let domain = domain(&bridge::channel(tx, id)?, &house);
        Ok(KeysAnswer {
            items: keys
                .into_iter()
                .map(|key| KeyAnswer::of(key, &domain))
                .collect(),
            next: None,
        })
    })
    .await
}

/// Makes a key. It signs nothing until it is put in use.
#[utoipa::path(post, path = "/api/v1/channels/{id}/keys", tag = "bridge", params(("id" = i64, Path)),
    responses((status = 201, body = KeyAnswer), (status = 403)))]
pub async fn make_key(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    call.actor().await?.may(&Action::ManageChannels)?;
    let house = call.app().office.address();
    let pair = std::sync::Arc::new(call.compute(mail::new_key_pair).await??);
    call.api_write(201, move |tx, viewer| {
        let made = bridge::keep_key(tx, &viewer.actor, id, &pair)?;
        let domain = domain(&bridge::channel(tx, id)?, &house);
        let key = bridge::keys(tx, &viewer.actor, id)?;
        let key = key.into_iter().find(|key| key.id == made);
        Ok(key.map(|key| KeyAnswer::of(key, &domain)))
    })
    .await
}

/// From now on this key signs.
#[utoipa::path(post, path = "/api/v1/channels/{id}/keys/{key}/use", tag = "bridge",
    params(("id" = i64, Path), ("key" = i64, Path)), responses((status = 204), (status = 403), (status = 404)))]
pub async fn put_in_use(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let key: i64 = call.segment("key")?;
    call.api_write(204, move |tx, viewer| {
        bridge::use_key(tx, &viewer.actor, id, key)
    })
    .await
}

/// A bulletin, and whether I get it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BulletinAnswer {
    id: i64,
    name: String,
    subscribed: bool,
}

/// Every bulletin.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BulletinsAnswer {
    items: Vec<BulletinAnswer>,
    next: Option<String>,
}

/// Lists the bulletins, and whether I get them.
#[utoipa::path(get, path = "/api/v1/bulletins", tag = "bridge", responses((status = 200, body = BulletinsAnswer), (status = 401)))]
pub async fn mine(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        let line = |one: bridge::Mine| BulletinAnswer {
            id: one.id.0,
            name: one.name,
            subscribed: one.subscribed,
        };
        Ok(BulletinsAnswer {
            items: bridge::mine(tx, &viewer.actor)?
                .into_iter()
                .map(line)
                .collect(),
            next: None,
        })
    })
    .await
}

/// What I want.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionBody {
    /// Do I want the bulletin, at my account's confirmed address?
    wanted: bool,
}

/// Says whether I want a bulletin.
#[utoipa::path(post, path = "/api/v1/bulletins/{id}/subscription", tag = "bridge", request_body = SubscriptionBody,
    params(("id" = i64, Path)), responses((status = 204), (status = 401), (status = 404)))]
pub async fn choose(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let body: SubscriptionBody = call.json()?;
    call.api_write(204, move |tx, viewer| {
        bridge::choose(tx, &viewer.actor, id, body.wanted)
    })
    .await
}

/// One letter of an announcement.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LetterAnswer {
    id: i64,
    /// For admins, while the address is known.
    address: Option<String>,
    /// `queued`, `sending`, `sent`, `later`, `failed`, `refused`, `bounced`, `unknown` or `dropped`.
    state: String,
    tries: i64,
    /// The mail server's three digits.
    status: Option<i64>,
    note: String,
    next_at: String,
    settled_at: Option<String>,
}

impl LetterAnswer {
    fn of(line: LetterLine) -> Self {
        Self {
            id: line.id.0,
            address: line.address,
            state: line.state.to_string(),
            tries: line.tries,
            status: line.status,
            note: line.note,
            next_at: line.next_at.rfc3339(),
            settled_at: line.settled_at.map(At::rfc3339),
        }
    }
}

/// Letters in the order in which they were written.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LettersAnswer {
    items: Vec<LetterAnswer>,
    next: Option<String>,
}

/// Lists the letters of the announcement that a bulletin's delivery belongs to.
#[utoipa::path(get, path = "/api/v1/deliveries/{id}/letters", tag = "bridge",
    params(("id" = i64, Path), ("state" = Option<String>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = LettersAnswer), (status = 404), (status = 422)))]
pub async fn letters(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    let asked: Asked = call.query()?;
    let state = LetterState::parse(&asked.state);
    let from = after(&asked, state.is_some())?.map(LetterId);
    call.api_read(move |tx, viewer| {
        let wanted = LettersWanted {
            state,
            after: from,
            most: one_more(),
        };
        let mut lines = bridge::letters(tx, &viewer.actor, id, &wanted)?;
        let more = lines.len() > IN_AN_ANSWER;
        lines.truncate(IN_AN_ANSWER);
        let last = lines.last().filter(|_| more);
        let next = last.map(|last| Cursor::one(last.id.0).encode());
        Ok(LettersAnswer {
            items: lines.into_iter().map(LetterAnswer::of).collect(),
            next,
        })
    })
    .await
}

/// Writes a letter once more whose outcome nobody knows. It may arrive a second time.
#[utoipa::path(post, path = "/api/v1/letters/{id}/again", tag = "bridge", params(("id" = i64, Path)),
    responses((status = 204), (status = 403), (status = 404), (status = 409)))]
pub async fn again(call: Call) -> Answer {
    let id: LetterId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        bridge::send_again(tx, &viewer.actor, id).map(drop)
    })
    .await
}
