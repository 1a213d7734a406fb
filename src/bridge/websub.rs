//! Asks nobody because a hub is told what everybody may read: that the announcements changed.
//!
//! WebSub (<https://www.w3.org/TR/websub/>): the feeds name a hub, and the hub is told when one of them changed. Telling
//! twice is harmless, so the job is simply repeated until the hub has heard it.

use serde_json::json;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::db::{Db, Tx, jobs};
use crate::kit::http::{Outbound, Request};
use crate::kit::{Result, Stop};
use crate::site;

/// The kind of the job.
pub const TELL_HUB: &str = "websub";

/// The three feeds of the announcements.
const FEEDS: [&str; 3] = [
    "/announcements.atom",
    "/announcements.rss",
    "/announcements.json",
];

/// The feeds change with this transaction: the hub, where there is one, is told afterwards.
pub(super) fn changed(tx: &mut Tx<'_>) -> Result<()> {
    if site::settings(tx)?.hub.is_empty() {
        return Ok(());
    }
    jobs::enqueue(tx, TELL_HUB, &json!({}))
}

/// The job: tells the hub of each feed. The form's names are those of the publisher's ping that hubs take: `hub.url`,
/// and `hub.topic` for those that ask for the word of the specification.
///
/// # Errors
/// A fault where the hub did not hear it; the job comes again.
pub async fn tell_hub(db: &Db, outbound: &Outbound) -> Result<()> {
    let (hub, base) = db
        .read(|tx| Ok((site::settings(tx)?.hub, tx.link(""))))
        .await?;
    if hub.is_empty() {
        return Ok(());
    }
    let Ok(hub) = Url::parse(&hub) else {
        tracing::warn!("the hub's address cannot be read");
        return Ok(());
    };
    for feed in FEEDS {
        let topic = format!("{base}{feed}");
        let form = Serializer::new(String::new())
            .append_pair("hub.mode", "publish")
            .append_pair("hub.url", &topic)
            .append_pair("hub.topic", &topic)
            .finish();
        let request = Request::post(hub.clone(), form.into_bytes())
            .header("content-type", "application/x-www-form-urlencoded");
        let Some(request) = request else {
            continue;
        };
        match outbound.send(request).await {
            Ok(answer) if (200..300).contains(&answer.status) => {}
            // The hub does not want it; it will not want it tomorrow either.
            Ok(answer)
                if (400..500).contains(&answer.status)
                    && !matches!(answer.status, 408 | 425 | 429) =>
            {
                tracing::warn!(
                    hub.status = answer.status,
                    feed,
                    "the hub wants no word of a feed"
                );
            }
            Ok(answer) => return Err(Stop::fault(format!("the hub answered {}", answer.status))),
            Err(error) => return Err(Stop::fault(format!("the hub: {}", error.trouble()))),
        }
    }
    Ok(())
}
