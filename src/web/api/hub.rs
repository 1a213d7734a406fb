//! The WebSub hub by API.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::policy::Action;
use crate::site::{self, Settings};
use crate::web::{Answer, Call};

/// Who is told when the feeds of the announcements change, and tells others.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HubBody {
    /// The hub's address; empty where there is none.
    hub: String,
}

/// The hub that is told.
#[utoipa::path(get, path = "/api/v1/hub", tag = "bridge", responses((status = 200, body = HubBody), (status = 403)))]
pub async fn show(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        viewer.actor.may(&Action::ManageSite)?;
        Ok(HubBody {
            hub: site::settings(tx)?.hub,
        })
    })
    .await
}

/// Names another hub, or none.
#[utoipa::path(patch, path = "/api/v1/hub", tag = "bridge", request_body = HubBody,
    responses((status = 200, body = HubBody), (status = 403), (status = 422)))]
pub async fn change(call: Call) -> Answer {
    let body: HubBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let wanted = Settings {
            hub: body.hub.trim().to_owned(),
            ..site::settings(tx)?
        };
        site::change(tx, &viewer.actor, &wanted)?;
        Ok(HubBody { hub: wanted.hub })
    })
    .await
}
