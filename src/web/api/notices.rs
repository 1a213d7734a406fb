//! How notices come, and marking them as read, for programs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::Tx;
use crate::kit::ids::NoticeId;
use crate::kit::{Result, Stop};
use crate::notifications::{self, Pace, Way};
use crate::web::{Answer, Call, Viewer};
use crate::{mail, members};

/// How the caller is told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Choices {
    /// `both`, `forum`, `mail` or `none` for each kind of notice.
    ways: BTreeMap<String, String>,
    /// `never`, `daily` or `weekly`.
    digest: String,
    /// Since when no letters go out, because the mailbox refused them.
    mail_stopped_at: Option<String>,
    /// What its server said.
    mail_stopped_reason: Option<String>,
}

fn choices(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Choices> {
    let (ways, pace) = notifications::ways(tx, &viewer.actor)?;
    let address = members::own_account(tx, &viewer.actor)?.email;
    let stopped = match address {
        Some(address) => mail::suppressed(tx, &address)?,
        None => None,
    };
    let (at, reason) = stopped.unzip();
    let way = |(kind, way): (&str, Way)| (kind.to_owned(), way.as_str().to_owned());
    Ok(Choices {
        ways: ways.into_iter().map(way).collect(),
        digest: pace.map_or("never", Pace::as_str).to_owned(),
        mail_stopped_at: at.map(crate::kit::At::rfc3339),
        mail_stopped_reason: reason,
    })
}

/// How you are told of things.
#[utoipa::path(get, path = "/api/v1/notifications/choices", tag = "members", responses((status = 200, body = Choices), (status = 401)))]
pub async fn show(call: Call) -> Answer {
    call.api_read(choices).await
}

/// What is to be different; what is not named stays as it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// `both`, `forum`, `mail` or `none` for kinds of notices.
    #[serde(default)]
    ways: BTreeMap<String, String>,
    /// `never`, `daily` or `weekly`.
    #[serde(default)]
    digest: Option<String>,
    /// `false` has letters tried again at a mailbox that refused them.
    #[serde(default)]
    mail_stopped: Option<bool>,
}

/// Chooses how you are told of things.
#[utoipa::path(patch, path = "/api/v1/notifications/choices", tag = "members", request_body = Chosen,
    responses((status = 200, body = Choices), (status = 401), (status = 422)))]
pub async fn choose(call: Call) -> Answer {
    let chosen: Chosen = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let (_, before) = notifications::ways(tx, &viewer.actor)?;
        let mut wanted = Vec::new();
        for (kind, way) in &chosen.ways {
            let way = Way::parse(way).ok_or_else(|| Stop::invalid("ways", "notice-way"))?;
            wanted.push((kind.clone(), way));
        }
        let pace = match chosen.digest.as_deref() {
            None => before,
            Some("never") => None,
            Some(pace) => {
                Some(Pace::parse(pace).ok_or_else(|| Stop::invalid("digest", "notice-way"))?)
            }
        };
        notifications::choose_ways(tx, &viewer.actor, &wanted, pace)?;
        let address = members::own_account(tx, &viewer.actor)?.email;
        if let (Some(false), Some(address)) = (chosen.mail_stopped, address) {
            mail::lift_suppression(tx, &address)?;
        }
        choices(tx, viewer)
    })
    .await
}

/// Up to which notice.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpTo {
    /// The newest notice that was shown.
    newest: i64,
}

/// Marks your notices as read, up to one; what came in since stays unread.
#[utoipa::path(post, path = "/api/v1/notifications/read", tag = "members", request_body = UpTo, responses((status = 204), (status = 401)))]
pub async fn read_all(call: Call) -> Answer {
    let up_to: UpTo = call.json()?;
    call.api_write(204, move |tx, viewer| {
        notifications::mark_all_read(tx, &viewer.actor, NoticeId(up_to.newest)).map(drop)
    })
    .await
}

/// Marks one of your notices as read.
#[utoipa::path(post, path = "/api/v1/notifications/{id}/read", tag = "members", params(("id" = i64, Path)), responses((status = 204), (status = 401)))]
pub async fn read(call: Call) -> Answer {
    let id: NoticeId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        notifications::mark_read(tx, &viewer.actor, id)
    })
    .await
}
