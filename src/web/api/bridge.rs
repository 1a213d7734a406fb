//! Channels and deliveries by API.
//!
//! Long because every shape stands beside the one route that answers with it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bridge::{
    self, ChannelLine, DeliveryLine, Health, Invited, Made, NewChannel, Resolution, State, Wanted,
    Watch,
};
use crate::db::Tx;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{ChannelId, DeliveryId};
use crate::kit::stop::Problems;
use crate::kit::{At, Refusal, Result};
use crate::web::{Answer, Call};

/// Deliveries in one answer.
const IN_AN_ANSWER: usize = 50;

/// A channel; no secret in it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChannelAnswer {
    id: i64,
    kind: String,
    name: String,
    state: String,
    state_note: String,
    limit: Option<usize>,
    destination: String,
    secret_hint: String,
    verified_at: Option<String>,
    last_success_at: Option<String>,
    /// What the account is called there, and where it is.
    account: Option<String>,
    account_url: Option<String>,
    /// When its token ends, where it does.
    token_expires_at: Option<String>,
    /// The version of the vendor's interface that it speaks, and when that is taken down, where versions end.
    interface_version: Option<String>,
    interface_ends_at: Option<String>,
    /// Does a picture go along: `along`, `bare` (without what it shows), `by-hand`, `not-this-way`, `no-address`, `never`.
    pictures: &'static str,
    /// When a look at what was sent was last answered.
    looked_at: Option<String>,
    failures: i64,
    /// It is left alone until then.
    rests_until: Option<String>,
    min_gap_seconds: i64,
    daily_cap: i64,
    max_lateness_seconds: i64,
    revision: i64,
}

/// What a channel that charges for each post cost this month (UTC), in thousandths of a dollar.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SpendingAnswer {
    /// So far.
    spent: i64,
    /// At most; beyond it nothing is sent.
    cap: i64,
}

pub(super) fn written(at: Option<At>) -> Option<String> {
    at.map(At::rfc3339)
}

impl ChannelAnswer {
    pub(super) fn of(line: &ChannelLine) -> Self {
        Self {
            id: line.id.0,
            kind: line.kind.clone(),
            name: line.name.clone(),
            state: line.state.to_string(),
            state_note: line.state_note.clone(),
            limit: line.limit,
            destination: line.destination.clone(),
            secret_hint: line.secret_hint.clone(),
            verified_at: written(line.verified_at),
            last_success_at: written(line.last_success_at),
            account: line.account.clone(),
            account_url: line.account_url.clone(),
            token_expires_at: written(line.token_expires_at),
            interface_version: line.interface.as_ref().map(|i| i.version.clone()),
            interface_ends_at: written(line.interface.as_ref().and_then(|i| i.ends_at)),
            pictures: line.carriage.as_str(),
            looked_at: written(line.looked_at),
            failures: line.failures,
            rests_until: written(line.breaker_until),
            min_gap_seconds: line.min_gap_seconds,
            daily_cap: line.daily_cap,
            max_lateness_seconds: line.max_lateness_seconds,
            revision: line.revision,
        }
    }
}

/// A channel with what is going on there.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchedAnswer {
    #[serde(flatten)]
    channel: ChannelAnswer,
    /// Waits for its time or a worker, or is on its way.
    queue: i64,
    /// The outcome is open and a person has to look.
    needs_human: i64,
    /// Given up or too late: a person may try again.
    given_up: i64,
    /// Sent in the last 24 hours, as `daily_cap` counts.
    sent_today: i64,
    /// Changed or removed outside, and nobody has taken note.
    differences: i64,
    /// What a channel that charges cost this month.
    spending: Option<SpendingAnswer>,
}

impl WatchedAnswer {
    pub(super) fn of(tx: &mut Tx<'_>, line: &ChannelLine, watch: &Watch) -> Result<Self> {
        let spending = bridge::spending(tx, line.id)?;
        Ok(Self {
            channel: ChannelAnswer::of(line),
            queue: watch.queue,
            needs_human: watch.needs_human,
            given_up: watch.given_up,
            sent_today: watch.sent_today,
            differences: watch.differences,
            spending: spending.map(|all| SpendingAnswer {
                spent: all.spent,
                cap: all.cap,
            }),
        })
    }
}

/// Every channel in use.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChannelsAnswer {
    items: Vec<WatchedAnswer>,
    next: Option<String>,
}

/// Lists the channels.
#[utoipa::path(get, path = "/api/v1/channels", tag = "bridge", responses((status = 200, body = ChannelsAnswer)))]
pub async fn channels(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        let mut items = Vec::new();
        for (line, watch) in bridge::overview(tx, &viewer.actor)? {
            items.push(WatchedAnswer::of(tx, &line, &watch)?);
        }
        Ok(ChannelsAnswer { items, next: None })
    })
    .await
}

/// A new channel. For a webhook: `{"kind":"webhook","name":"…","config":{"url":"https://…"}}` (or `url` beside `name`).
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelBody {
    /// The word of its kind.
    kind: String,
    /// What people call it.
    name: String,
    /// Its settings.
    #[serde(default)]
    #[schema(value_type = Object)]
    config: Value,
    /// The address, as a short form of `config.url`.
    #[serde(default)]
    url: Option<String>,
    /// The secret that the channel gave, for kinds whose secret is not ours.
    #[serde(default)]
    secret: Option<String>,
}

/// The channel that was made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MadeAnswer {
    #[serde(flatten)]
    channel: ChannelAnswer,
    /// A webhook's secret: in this answer and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl MadeAnswer {
    pub(super) fn of(tx: &mut Tx<'_>, made: Made) -> Result<Self> {
        let line = bridge::channel(tx, made.channel.id)?;
        Ok(Self {
            channel: ChannelAnswer::of(&line),
            secret: made.secret,
        })
    }
}

/// Makes a channel.
#[utoipa::path(post, path = "/api/v1/channels", tag = "bridge", request_body = ChannelBody,
    responses((status = 201, body = MadeAnswer), (status = 422)))]
pub async fn create(call: Call) -> Answer {
    let body: ChannelBody = call.json()?;
    call.api_secret(201, move |tx, viewer| {
        let config = match (&body.config, &body.url) {
            (Value::Null, Some(url)) => serde_json::json!({ "url": url }),
            (config, _) => config.clone(),
        };
        let wanted = NewChannel {
            kind: body.kind.clone(),
            name: body.name.clone(),
            config,
            secret: body.secret.clone(),
        };
        let made = bridge::create_channel(tx, &viewer.actor, &wanted)?;
        MadeAnswer::of(tx, made)
    })
    .await
}

/// Where an admin signs in at a channel's vendor.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AuthorisationAnswer {
    /// Open it within ten minutes, in a browser that is signed in here as whoever asked; null where there is no way there.
    url: Option<String>,
    /// Why there is none.
    note: String,
}

/// Begins signing in at a channel's vendor (OAuth 2). The browser comes back to `/admin/channels/callback`.
#[utoipa::path(post, path = "/api/v1/channels/{id}/authorisation", tag = "bridge",
    params(("id" = i64, Path)), responses((status = 200, body = AuthorisationAnswer), (status = 403), (status = 409)))]
pub async fn authorisation(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let actor = call.actor().await?;
    let holder = bridge::holder_of_member(&actor).ok_or(Refusal::SignInFirst)?;
    let answer = match call.app().bridge.invite(&actor, id, holder).await? {
        Invited::To(url) => AuthorisationAnswer {
            url: Some(url.to_string()),
            note: String::new(),
        },
        Invited::Not(note) => AuthorisationAnswer { url: None, note },
    };
    call.api_read(move |_tx, _viewer| Ok(answer.clone())).await
}

/// How a channel is.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct VerificationAnswer {
    /// `good`, `unauthorised`, `gone` or `bad`.
    health: &'static str,
    /// A few words.
    note: String,
    /// The channel's state afterwards.
    state: String,
    verified_at: Option<String>,
}

/// Asks a channel how it is. Nothing is posted there.
#[utoipa::path(post, path = "/api/v1/channels/{id}/verification", tag = "bridge",
    params(("id" = i64, Path)), responses((status = 200, body = VerificationAnswer)))]
pub async fn verification(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let actor = call.actor().await?;
    let verified = call.app().bridge.verify(&actor, id).await?;
    let (health, note) = match &verified.health {
        Health::Good(known) => ("good", &known.note),
        Health::Unauthorised(note) => ("unauthorised", note),
        Health::Gone(note) => ("gone", note),
        Health::Bad(note) => ("bad", note),
    };
    let answer = VerificationAnswer {
        health,
        note: note.clone(),
        state: verified.channel.state.to_string(),
        verified_at: written(verified.channel.verified_at),
    };
    call.api_read(move |_tx, _viewer| Ok(answer.clone())).await
}

/// A delivery; neither words nor keys in it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeliveryAnswer {
    id: i64,
    channel_id: i64,
    channel_kind: String,
    origin_kind: String,
    origin_id: i64,
    operation: String,
    revision: i64,
    state: String,
    reason: String,
    recalled: bool,
    code: String,
    tries: i64,
    planned_at: String,
    next_at: String,
    url: Option<String>,
    settled_at: Option<String>,
    /// What the last look found: empty, `there`, `changed` or `gone`.
    looks: String,
    /// When the channel last answered a look.
    seen_at: Option<String>,
    /// When somebody took note of a difference.
    noted_at: Option<String>,
}

impl DeliveryAnswer {
    pub(super) fn of(line: &DeliveryLine) -> Self {
        Self {
            id: line.id.0,
            channel_id: line.channel.0,
            channel_kind: line.channel_kind.clone(),
            origin_kind: line.origin_kind.clone(),
            origin_id: line.origin_id,
            operation: line.operation.to_string(),
            revision: line.revision,
            state: line.state.to_string(),
            reason: line.state_reason.clone(),
            recalled: line.recalled,
            code: line.code.clone(),
            tries: line.tries,
            planned_at: line.planned_at.rfc3339(),
            next_at: line.next_at.rfc3339(),
            url: line.remote_url.clone(),
            settled_at: written(line.settled_at),
            looks: line.looks.clone(),
            seen_at: written(line.seen_at),
            noted_at: written(line.looks_noted_at),
        }
    }
}

/// Deliveries, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeliveriesAnswer {
    pub(super) items: Vec<DeliveryAnswer>,
    pub(super) next: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    channel_id: String,
    announcement_id: String,
    after: String,
}

/// Lists deliveries.
#[utoipa::path(get, path = "/api/v1/deliveries", tag = "bridge",
    params(("state" = Option<String>, Query), ("channel_id" = Option<i64>, Query), ("announcement_id" = Option<i64>, Query),
        ("after" = Option<String>, Query)),
    responses((status = 200, body = DeliveriesAnswer), (status = 422)))]
pub async fn deliveries(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    let mut problems = Problems::default();
    let state = State::parse(&asked.state);
    if state.is_none() && !asked.state.is_empty() {
        problems.add("state", "unknown-word", &[]);
    }
    let channel = asked.channel_id.parse::<ChannelId>().ok();
    if channel.is_none() && !asked.channel_id.is_empty() {
        problems.add("channel_id", "no-number", &[]);
    }
    let announcement = asked.announcement_id.parse::<i64>().ok();
    if announcement.is_none() && !asked.announcement_id.is_empty() {
        problems.add("announcement_id", "no-number", &[]);
    }
    let before = Cursor::decode(&asked.after)
        .and_then(|cursor| cursor.as_one())
        .map(DeliveryId);
    if before.is_none() && !asked.after.is_empty() {
        problems.add("after", "unknown-word", &[]);
    }
    problems.check()?;
    call.api_read(move |tx, viewer| {
        let wanted = Wanted {
            state,
            channel,
            origin: announcement.map(|id| ("announcement", id)),
            before,
            most: i64::try_from(IN_AN_ANSWER + 1).unwrap_or(51),
        };
        let mut lines = bridge::deliveries(tx, &viewer.actor, &wanted)?;
        let more = lines.len() > IN_AN_ANSWER;
        lines.truncate(IN_AN_ANSWER);
        let next = lines
            .last()
            .filter(|_| more)
            .map(|last| Cursor::one(last.id.0).encode());
        Ok(DeliveriesAnswer {
            items: lines.iter().map(DeliveryAnswer::of).collect(),
            next,
        })
    })
    .await
}

/// What a person found at the channel.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolutionBody {
    /// `present` or `absent`.
    outcome: String,
    /// Where it is, if it is there.
    #[serde(default)]
    url: Option<String>,
}

/// Says what became of a delivery whose outcome is unknown. For a withdrawal, `present` says that it was taken down, and
/// `absent` that it still stands.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/resolution", tag = "bridge", request_body = ResolutionBody,
    params(("id" = i64, Path)), responses((status = 200, body = DeliveryAnswer), (status = 409), (status = 422)))]
pub async fn resolution(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    let body: ResolutionBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let resolution = match body.outcome.as_str() {
            "present" => Resolution::Present {
                url: body.url.clone(),
            },
            "absent" => Resolution::Absent,
            _ => return Err(Problems::one("outcome", "unknown-word").into()),
        };
        bridge::resolve(tx, &viewer.actor, id, &resolution)?;
        Ok(DeliveryAnswer::of(
            &bridge::delivery(tx, &viewer.actor, id)?.line,
        ))
    })
    .await
}
