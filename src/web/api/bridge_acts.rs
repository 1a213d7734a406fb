//! What people do about channels and deliveries, by API; and one delivery with everything that is known of it.

use serde::{Deserialize, Serialize};

use super::bridge::{ChannelAnswer, DeliveriesAnswer, DeliveryAnswer, written};
use crate::bridge::{self, AttemptLine, DeliveryDetail};
use crate::kit::ids::{ChannelId, DeliveryId};
use crate::policy::Action;
use crate::web::{Answer, Call};

/// Why it is done.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReasonBody {
    /// For the log; may be empty.
    reason: String,
}

/// Whether everything outward is held.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HeldAnswer {
    held: bool,
}

/// Holds a channel. Withdrawals still go out.
#[utoipa::path(post, path = "/api/v1/channels/{id}/pause", tag = "bridge", request_body = ReasonBody,
    params(("id" = i64, Path)), responses((status = 200, body = ChannelAnswer), (status = 403), (status = 409)))]
pub async fn pause(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let body: ReasonBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        bridge::pause(tx, &viewer.actor, id, &body.reason)?;
        Ok(ChannelAnswer::of(&bridge::channel(tx, id)?))
    })
    .await
}

/// Lets a held channel go on.
#[utoipa::path(post, path = "/api/v1/channels/{id}/resume", tag = "bridge",
    params(("id" = i64, Path)), responses((status = 200, body = ChannelAnswer), (status = 403), (status = 409)))]
pub async fn resume(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    call.api_write(200, move |tx, viewer| {
        bridge::resume(tx, &viewer.actor, id)?;
        Ok(ChannelAnswer::of(&bridge::channel(tx, id)?))
    })
    .await
}

/// Holds everything outward. Withdrawals still go out.
#[utoipa::path(post, path = "/api/v1/outreach/pause", tag = "bridge",
    responses((status = 200, body = HeldAnswer), (status = 403)))]
pub async fn pause_all(call: Call) -> Answer {
    call.api_write(200, |tx, viewer| {
        bridge::pause_all(tx, &viewer.actor)?;
        Ok(HeldAnswer { held: true })
    })
    .await
}

/// Lets everything go on.
#[utoipa::path(post, path = "/api/v1/outreach/resume", tag = "bridge",
    responses((status = 200, body = HeldAnswer), (status = 403)))]
pub async fn resume_all(call: Call) -> Answer {
    call.api_write(200, |tx, viewer| {
        bridge::resume_all(tx, &viewer.actor)?;
        Ok(HeldAnswer { held: false })
    })
    .await
}

/// One try.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AttemptAnswer {
    number: i64,
    /// `send`, `read_back` or `person`.
    kind: String,
    started_at: String,
    finished_at: Option<String>,
    /// Empty while nobody knows.
    outcome: String,
    /// The HTTP status, where there was one.
    status: Option<i64>,
    /// A few words, without secrets.
    detail: String,
}

impl AttemptAnswer {
    fn of(line: &AttemptLine) -> Self {
        Self {
            number: line.number,
            kind: line.kind.to_string(),
            started_at: line.started_at.rfc3339(),
            finished_at: written(line.finished_at),
            outcome: line.outcome.clone(),
            status: line.status,
            detail: line.detail.clone(),
        }
    }
}

/// A delivery with everything that is known of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeliveryDetailAnswer {
    #[serde(flatten)]
    delivery: DeliveryAnswer,
    /// The words as they were frozen; empty once erased.
    words: String,
    /// Exactly what leaves; empty once erased.
    payload: String,
    /// Its SHA-256, in hexadecimal digits.
    payload_hash: String,
    /// The same for every try.
    key: String,
    /// Where the announcement stands that this corrects or takes back, or where this stands itself.
    stands_at: Option<String>,
    /// Too late from then on.
    expires_at: Option<String>,
    attempts: Vec<AttemptAnswer>,
}

impl DeliveryDetailAnswer {
    fn of(detail: &DeliveryDetail) -> Self {
        Self {
            delivery: DeliveryAnswer::of(&detail.line),
            words: detail.words.clone(),
            payload: detail.payload.clone(),
            payload_hash: detail.payload_hash.clone(),
            key: detail.key.clone(),
            stands_at: detail.stands_at.clone(),
            expires_at: written(detail.expires_at),
            attempts: detail.attempts.iter().map(AttemptAnswer::of).collect(),
        }
    }
}

/// One delivery with its tries.
#[utoipa::path(get, path = "/api/v1/deliveries/{id}", tag = "bridge",
    params(("id" = i64, Path)), responses((status = 200, body = DeliveryDetailAnswer), (status = 404)))]
pub async fn delivery(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    call.api_read(move |tx, viewer| {
        Ok(DeliveryDetailAnswer::of(&bridge::delivery(
            tx,
            &viewer.actor,
            id,
        )?))
    })
    .await
}

/// What was changed or removed outside and nobody has taken note of.
#[utoipa::path(get, path = "/api/v1/deliveries/differences", tag = "bridge",
    responses((status = 200, body = DeliveriesAnswer), (status = 403)))]
pub async fn differences(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        let lines = bridge::differences(tx, &viewer.actor)?;
        Ok(DeliveriesAnswer {
            items: lines.iter().map(DeliveryAnswer::of).collect(),
            next: None,
        })
    })
    .await
}

/// Tries again what was given up: the same row, the same bytes.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/requeue", tag = "bridge",
    params(("id" = i64, Path)), responses((status = 200, body = DeliveryAnswer), (status = 403), (status = 409)))]
pub async fn requeue(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    call.api_write(200, move |tx, viewer| {
        bridge::requeue(tx, &viewer.actor, id)?;
        Ok(DeliveryAnswer::of(
            &bridge::delivery(tx, &viewer.actor, id)?.line,
        ))
    })
    .await
}

/// Drops what has not left.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/cancellation", tag = "bridge", request_body = ReasonBody,
    params(("id" = i64, Path)), responses((status = 200, body = DeliveryAnswer), (status = 403), (status = 409)))]
pub async fn cancel(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    let body: ReasonBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        bridge::cancel(tx, &viewer.actor, id, &body.reason)?;
        Ok(DeliveryAnswer::of(
            &bridge::delivery(tx, &viewer.actor, id)?.line,
        ))
    })
    .await
}

/// Asks the channel whether an announcement still stands as it was sent. Nothing is posted.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/look", tag = "bridge",
    params(("id" = i64, Path)), responses((status = 200, body = DeliveryAnswer), (status = 403), (status = 404)))]
pub async fn look(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    call.actor().await?.may(&Action::ResolveDelivery)?;
    call.app().bridge.look(id).await?;
    call.api_read(move |tx, viewer| {
        Ok(DeliveryAnswer::of(
            &bridge::delivery(tx, &viewer.actor, id)?.line,
        ))
    })
    .await
}

/// Takes note of a difference that a look found.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/note", tag = "bridge",
    params(("id" = i64, Path)), responses((status = 200, body = DeliveryAnswer), (status = 403), (status = 409)))]
pub async fn note(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    call.api_write(200, move |tx, viewer| {
        bridge::note_difference(tx, &viewer.actor, id)?;
        Ok(DeliveryAnswer::of(
            &bridge::delivery(tx, &viewer.actor, id)?.line,
        ))
    })
    .await
}
