//! One channel by API: how it is, its settings and pace, a new secret, and its end.

use serde::Deserialize;
use serde_json::Value;

use super::bridge::{MadeAnswer, WatchedAnswer};
use crate::bridge::{self, Changes};
use crate::db::Tx;
use crate::kit::ids::ChannelId;
use crate::kit::{Refusal, Result};
use crate::policy::Actor;
use crate::web::{Answer, Call};

fn watched(tx: &mut Tx<'_>, actor: &Actor, id: ChannelId) -> Result<WatchedAnswer> {
    let all = bridge::overview(tx, actor)?;
    let found = all.into_iter().find(|(line, _)| line.id == id);
    let (line, watch) = found.ok_or(Refusal::NotFound)?;
    WatchedAnswer::of(tx, &line, &watch)
}

/// One channel in use.
#[utoipa::path(get, path = "/api/v1/channels/{id}", tag = "bridge", params(("id" = i64, Path)),
    responses((status = 200, body = WatchedAnswer), (status = 403), (status = 404)))]
pub async fn show(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    call.api_read(move |tx, viewer| watched(tx, &viewer.actor, id))
        .await
}

/// What changes; what is left out stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangesBody {
    /// The revision it was read at; where it is given, anything newer is refused as stale.
    revision: Option<i64>,
    /// What people call it.
    name: Option<String>,
    /// Its settings, all of them.
    #[schema(value_type = Option<Object>)]
    config: Option<Value>,
    /// Between two announcements.
    min_gap_seconds: Option<i64>,
    /// Announcements in 24 hours; 0 is no limit.
    daily_cap: Option<i64>,
    /// After its time that an announcement may still go out.
    max_lateness_seconds: Option<i64>,
    /// A new token or secret that the channel gave. It cannot be read again.
    secret: Option<String>,
}

/// Changes a channel's settings, its pace, or the token that it gave.
#[utoipa::path(patch, path = "/api/v1/channels/{id}", tag = "bridge", request_body = ChangesBody, params(("id" = i64, Path)),
    responses((status = 200, body = WatchedAnswer), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn change(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let body: ChangesBody = call.json()?;
    // What was typed may be a secret: it is not kept beside the answer.
    call.api_secret(200, move |tx, viewer| {
        let line = bridge::channel(tx, id)?;
        let changes = Changes {
            revision: body.revision.unwrap_or(line.revision),
            name: body.name.clone().unwrap_or(line.name),
            config: body.config.clone(),
            min_gap_seconds: body.min_gap_seconds.unwrap_or(line.min_gap_seconds),
            daily_cap: body.daily_cap.unwrap_or(line.daily_cap),
            max_lateness_seconds: body
                .max_lateness_seconds
                .unwrap_or(line.max_lateness_seconds),
        };
        bridge::change_channel(tx, &viewer.actor, id, &changes)?;
        if let Some(secret) = &body.secret {
            bridge::set_secret(tx, &viewer.actor, id, secret)?;
        }
        watched(tx, &viewer.actor, id)
    })
    .await
}

/// Makes a new secret for a channel whose secret is ours; for a day the old one signs as well.
#[utoipa::path(post, path = "/api/v1/channels/{id}/secret", tag = "bridge", params(("id" = i64, Path)),
    responses((status = 200, body = MadeAnswer), (status = 403), (status = 404), (status = 409)))]
pub async fn rotate(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    call.api_secret(200, move |tx, viewer| {
        let made = bridge::rotate_secret(tx, &viewer.actor, id)?;
        MadeAnswer::of(tx, made)
    })
    .await
}

/// Takes a channel out of use, once nothing is on its way to it.
#[utoipa::path(delete, path = "/api/v1/channels/{id}", tag = "bridge", params(("id" = i64, Path)),
    responses((status = 204), (status = 403), (status = 404), (status = 409)))]
pub async fn remove(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let actor = call.actor().await?;
    let parting = call.app().bridge.parting(&actor, id).await;
    let answer = call
        .api_write(204, move |tx, viewer| {
            bridge::remove_channel(tx, &viewer.actor, id)
        })
        .await?;
    if let Ok(Some(parting)) = parting {
        call.app().bridge.revoke(&parting).await;
    }
    Ok(answer)
}
