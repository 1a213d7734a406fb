//! Taking out of the library by API: texts, media kits, tables, feeds, and what was recalled.

use serde::{Deserialize, Serialize};

use super::highlights::List;
use crate::db::Tx;
use crate::highlights::{self, How, Order, Way};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{AnnouncementId, CollectionId, HighlightId, PullFeedId, PullId};
use crate::kit::{At, Result};
use crate::web::answer::Bytes;
use crate::web::highlights::media_kit::{self, Item, Say};
use crate::web::highlights::{FrameWords, frame_words};
use crate::web::{Answer, Call, Shown, Viewer};

/// What was taken in one go.
#[derive(Debug, Clone, Serialize)]
struct PullJson {
    id: PullId,
    how: How,
    purpose: String,
    recipient: String,
    at: String,
    items: Vec<Item>,
    /// How many of it do not stand any more.
    fallen: usize,
}

fn pull_json(tx: &mut Tx<'_>, viewer: &Viewer, id: PullId, words: &FrameWords) -> Result<PullJson> {
    let batch = highlights::batch(tx, &viewer.actor, id)?;
    Ok(PullJson {
        id,
        how: batch.how,
        items: media_kit::items(&batch, words),
        at: batch.at.rfc3339(),
        fallen: batch.fallen,
        purpose: batch.purpose,
        recipient: batch.recipient,
    })
}

/// What is to be taken, how and for what.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PullBody {
    /// Which highlights; those that do not pass the gate are left out.
    highlights: Vec<i64>,
    /// `by_hand`, `kit`, `print`, `export` or `embed`.
    #[schema(value_type = String)]
    #[serde(default = "by_hand")]
    how: How,
    purpose: String,
    #[serde(default)]
    recipient: String,
}

/// What is to be done with one highlight.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct OneBody {
    #[schema(value_type = String)]
    #[serde(default = "by_hand")]
    how: How,
    purpose: String,
    #[serde(default)]
    recipient: String,
}

const fn by_hand() -> How {
    How::ByHand
}

async fn taken(call: Call, ids: Vec<HighlightId>, order: Order) -> Answer {
    let ui = call.app().ui()?;
    call.api_write(201, move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        let id = highlights::pull(tx, &viewer.actor, &ids, &order)?;
        pull_json(tx, viewer, id, &words)
    })
    .await
}

/// `POST /api/v1/pulls`
#[utoipa::path(post, path = "/api/v1/pulls", tag = "library", request_body = PullBody, responses((status = 201), (status = 403), (status = 409), (status = 422)))]
pub async fn pull(call: Call) -> Answer {
    let body: PullBody = call.json()?;
    let ids = body.highlights.iter().map(|id| HighlightId(*id)).collect();
    let order = Order {
        how: body.how,
        purpose: body.purpose,
        recipient: body.recipient,
    };
    taken(call, ids, order).await
}

/// `POST /api/v1/highlights/{id}/pulls`
#[utoipa::path(post, path = "/api/v1/highlights/{id}/pulls", tag = "library", request_body = OneBody, params(("id" = i64, Path)), responses((status = 201), (status = 403), (status = 409), (status = 422)))]
pub async fn pull_one(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let body: OneBody = call.json()?;
    let order = Order {
        how: body.how,
        purpose: body.purpose,
        recipient: body.recipient,
    };
    taken(call, vec![id], order).await
}

/// `GET /api/v1/pulls/{id}`: what was taken, as far as it still stands.
#[utoipa::path(get, path = "/api/v1/pulls/{id}", tag = "library", params(("id" = i64, Path)), responses((status = 200), (status = 404)))]
pub async fn show(call: Call) -> Answer {
    let id: PullId = call.segment("id")?;
    let ui = call.app().ui()?;
    call.api_read(move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        pull_json(tx, viewer, id, &words)
    })
    .await
}

/// `GET /api/v1/pulls/{id}/kit.zip`
#[utoipa::path(get, path = "/api/v1/pulls/{id}/kit.zip", tag = "library", params(("id" = i64, Path)), responses((status = 200, content_type = "application/zip"), (status = 404)))]
pub async fn kit(call: Call) -> Answer {
    let id: PullId = call.segment("id")?;
    let ui = call.app().ui()?;
    let pictures = media_kit::pictures(&call, id).await?;
    call.page(move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        let batch = highlights::batch(tx, &viewer.actor, id)?;
        let say = Say {
            sentences: &ui.sentences,
            settings: &viewer.settings,
            words: &words,
        };
        let mut raw = Bytes::new("application/zip", media_kit::kit(&batch, &pictures, &say)?);
        raw.cache = Some("private, no-store");
        Ok(Shown::Bytes(raw))
    })
    .await
}

/// `GET /api/v1/pulls/{id}/table.csv`
#[utoipa::path(get, path = "/api/v1/pulls/{id}/table.csv", tag = "library", params(("id" = i64, Path)), responses((status = 200, content_type = "text/csv"), (status = 404)))]
pub async fn csv(call: Call) -> Answer {
    let id: PullId = call.segment("id")?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        let batch = highlights::batch(tx, &viewer.actor, id)?;
        let text = media_kit::table(&batch, &words);
        let mut raw = Bytes::new("text/csv; charset=utf-8", text.into_bytes());
        raw.cache = Some("private, no-store");
        Ok(Shown::Bytes(raw))
    })
    .await
}

/// What one link of a highlight brought.
#[derive(Debug, Clone, Serialize)]
struct LinkJson {
    code: String,
    /// The announcement whose link it is, or what was taken out: one of the two.
    #[serde(skip_serializing_if = "Option::is_none")]
    announcement: Option<AnnouncementId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pull: Option<PullId>,
    /// How it was taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    how: Option<How>,
    at: String,
    visits: i64,
    /// Programs that fetched it to show a preview.
    previews: i64,
    sign_ups: i64,
    first_posts: i64,
}

/// `GET /api/v1/highlights/{id}/links`: what every link of a highlight brought, over all days: those of its announcements
/// and those of what was taken out.
#[utoipa::path(get, path = "/api/v1/highlights/{id}/links", tag = "library", params(("id" = i64, Path)), responses((status = 200), (status = 403), (status = 404)))]
pub async fn links(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    call.api_read(move |tx, viewer| {
        let all = highlights::brought(tx, &viewer.actor, id)?;
        let items = all.into_iter().map(|one| {
            let (announcement, pull, how) = match one.way {
                Way::Announced(id, _) => (Some(id), None, None),
                Way::Taken(id, how, _) => (None, Some(id), Some(how)),
            };
            LinkJson {
                code: one.code,
                announcement,
                pull,
                how,
                at: one.at.rfc3339(),
                visits: one.clicks.people,
                previews: one.clicks.previews,
                sign_ups: one.clicks.sign_ups,
                first_posts: one.clicks.first_posts,
            }
        });
        Ok(List {
            items: items.collect(),
            next: None,
        })
    })
    .await
}

#[derive(Debug, Clone, Serialize)]
struct RecalledJson {
    id: PullId,
    highlight: HighlightId,
    how: How,
    purpose: String,
    recipient: String,
    taken_at: String,
    recalled_at: Option<String>,
    reason: String,
    done_at: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RecalledQuery {
    done: bool,
    after: String,
}

/// `GET /api/v1/pulls/recalled`: what was recalled and waits for somebody; with `done=true` what was seen to.
#[utoipa::path(get, path = "/api/v1/pulls/recalled", tag = "library", params(("done" = Option<bool>, Query), ("after" = Option<String>, Query)), responses((status = 200), (status = 403)))]
pub async fn recalled(call: Call) -> Answer {
    let query: RecalledQuery = call.query()?;
    let after = Cursor::decode(&query.after);
    call.api_read(move |tx, viewer| {
        let (all, next) = highlights::recalled(tx, &viewer.actor, !query.done, after)?;
        let items = all
            .into_iter()
            .map(|p| RecalledJson {
                id: p.id,
                highlight: p.highlight,
                how: p.how,
                purpose: p.purpose,
                recipient: p.recipient,
                taken_at: p.at.rfc3339(),
                recalled_at: p.recalled_at.map(At::rfc3339),
                reason: p.reason,
                done_at: p.done_at.map(At::rfc3339),
            })
            .collect::<Vec<_>>();
        Ok(List {
            items,
            next: next.map(|c| c.encode()),
        })
    })
    .await
}

/// `POST /api/v1/pulls/{id}/recall-done`: whoever had it was told.
#[utoipa::path(post, path = "/api/v1/pulls/{id}/recall-done", tag = "library", params(("id" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn recall_done(call: Call) -> Answer {
    let id: PullId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        highlights::recall_done(tx, &viewer.actor, id)
    })
    .await
}

#[derive(Debug, Clone, Serialize)]
struct FeedJson {
    id: PullFeedId,
    label: String,
    collection: Option<String>,
    created_at: String,
    read_at: Option<String>,
}

/// `GET /api/v1/pull-feeds`: the caller's own feeds, without their addresses.
#[utoipa::path(get, path = "/api/v1/pull-feeds", tag = "library", responses((status = 200), (status = 403)))]
pub async fn feeds(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        let feeds = highlights::feeds(tx, &viewer.actor)?;
        Ok(List {
            items: feeds
                .into_iter()
                .map(|feed| FeedJson {
                    id: feed.id,
                    label: feed.label,
                    collection: feed.collection,
                    created_at: feed.created_at.rfc3339(),
                    read_at: feed.read_at.map(At::rfc3339),
                })
                .collect::<Vec<_>>(),
            next: None,
        })
    })
    .await
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct FeedBody {
    label: String,
    #[serde(default)]
    collection_id: Option<i64>,
}

#[derive(Debug, Clone, Serialize)]
struct FeedMade {
    rss: String,
    json: String,
}

/// `POST /api/v1/pull-feeds`: opens a feed; its addresses are shown this once.
#[utoipa::path(post, path = "/api/v1/pull-feeds", tag = "library", request_body = FeedBody, responses((status = 201), (status = 403), (status = 422)))]
pub async fn open_feed(call: Call) -> Answer {
    let body: FeedBody = call.json()?;
    call.api_secret(201, move |tx, viewer| {
        let collection = body.collection_id.map(CollectionId);
        let token = highlights::open_feed(tx, &viewer.actor, &body.label, collection)?;
        Ok(FeedMade {
            rss: tx.link(&format!("/outreach/feed/{token}.rss")),
            json: tx.link(&format!("/outreach/feed/{token}.json")),
        })
    })
    .await
}

/// `DELETE /api/v1/pull-feeds/{id}`: closes a feed; its address answers "not found" at once.
#[utoipa::path(delete, path = "/api/v1/pull-feeds/{id}", tag = "library", params(("id" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn close_feed(call: Call) -> Answer {
    let id: PullFeedId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        highlights::close_feed(tx, &viewer.actor, id)
    })
    .await
}
