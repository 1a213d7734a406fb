//! Drafts, posts that others may edit, and bringing one's own words back, for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::forum::{self, DraftWords};
use crate::kit::ids::{DraftId, PostId, ThreadId};
use crate::web::{Answer, Call};

#[derive(Debug, Clone, Serialize)]
struct ApiDraft {
    id: i64,
    thread_id: Option<i64>,
    title: String,
    tags: String,
    body: String,
    revision: i64,
    saved_at: String,
}

#[derive(Debug, Clone, Serialize)]
struct ApiDrafts {
    items: Vec<ApiDraft>,
    next: Option<String>,
}

/// The caller's drafts, the latest first.
#[utoipa::path(get, path = "/api/v1/drafts", tag = "forum", responses((status = 200)))]
pub async fn drafts(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        let items = forum::drafts_of(tx, &viewer.actor)?;
        let items = items.into_iter().map(|draft| ApiDraft {
            id: draft.id.0,
            thread_id: draft.thread.map(|id| id.0),
            title: draft.title,
            tags: draft.tags,
            body: draft.body,
            revision: draft.revision,
            saved_at: draft.saved_at.rfc3339(),
        });
        Ok(ApiDrafts {
            items: items.collect(),
            next: None,
        })
    })
    .await
}

/// A draft to be kept.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// The thread to reply in; none for a new thread.
    #[serde(default)]
    thread_id: Option<i64>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    tags: String,
    #[serde(default)]
    body: String,
    /// The revision that was read; 0 for none.
    #[serde(default)]
    revision: i64,
}

#[derive(Debug, Clone, Serialize)]
struct Kept {
    revision: i64,
}

/// Keeps a draft, one for each thread and one for a new one; without words it goes.
#[utoipa::path(post, path = "/api/v1/drafts", tag = "forum", request_body = NewDraft, responses((status = 200), (status = 409), (status = 422)))]
pub async fn save(call: Call) -> Answer {
    let new: NewDraft = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let words = DraftWords {
            thread: new.thread_id.filter(|id| *id > 0).map(ThreadId),
            title: new.title.clone(),
            tags: new.tags.clone(),
            body: new.body.clone(),
            ..DraftWords::default()
        };
        let revision = forum::save_draft(tx, &viewer.actor, &words, new.revision)?;
        Ok(Kept { revision })
    })
    .await
}

/// Lets a draft go.
#[utoipa::path(delete, path = "/api/v1/drafts/{id}", tag = "forum", params(("id" = i64, Path)), responses((status = 204)))]
pub async fn discard(call: Call) -> Answer {
    let id: DraftId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        forum::discard_draft(tx, &viewer.actor, id)
    })
    .await
}

/// Opens a post to established members for editing.
#[utoipa::path(post, path = "/api/v1/posts/{id}/wiki", tag = "forum", params(("id" = i64, Path)), responses((status = 204), (status = 403)))]
pub async fn open(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        forum::set_wiki(tx, &viewer.actor, id, true)
    })
    .await
}

/// Closes it again.
#[utoipa::path(delete, path = "/api/v1/posts/{id}/wiki", tag = "forum", params(("id" = i64, Path)), responses((status = 204), (status = 403)))]
pub async fn close(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        forum::set_wiki(tx, &viewer.actor, id, false)
    })
    .await
}

/// Brings a deleted post back: moderators any, authors what they took away themselves.
#[utoipa::path(post, path = "/api/v1/posts/{id}/restoration", tag = "forum", params(("id" = i64, Path)), responses((status = 204), (status = 403), (status = 409)))]
pub async fn restore(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        forum::restore_post(tx, &viewer.actor, id)
    })
    .await
}
