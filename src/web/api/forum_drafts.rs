//! Drafts, posts that others may edit, and bringing one's own words back, for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::forum::{self, DraftWords};
use crate::kit::ids::{DraftId, PostId, ThreadId};
use crate::kit::{Refusal, Stop};
use crate::web::{Answer, Call};

#[derive(Debug, Clone, Serialize)]
struct ApiDraft {
    id: i64,
    thread_id: Option<i64>,
    title: String,
    /// Where a new thread is to stand, as far as that was chosen.
    category_id: Option<i64>,
    tags: String,
    body: String,
    /// The post that a reply answers.
    reply_to: Option<i64>,
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
            category_id: draft.category.parse().ok(),
            tags: draft.tags,
            body: draft.body,
            reply_to: draft.reply_to.parse().ok(),
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
    /// Where a new thread is to stand; as it was if not given, 0 for nowhere yet.
    #[serde(default)]
    category_id: Option<i64>,
    /// The post that a reply answers; as it was if not given, 0 for none.
    #[serde(default)]
    reply_to: Option<i64>,
    /// The revision that was read; 0 for none.
    #[serde(default)]
    revision: i64,
}

#[derive(Debug, Clone, Serialize)]
struct Kept {
    revision: i64,
}

fn given(id: Option<i64>, before: String) -> String {
    match id {
        None => before,
        Some(id) if id > 0 => id.to_string(),
        Some(_) => String::new(),
    }
}

/// Keeps a draft, one for each thread and one for a new one; without words it goes.
#[utoipa::path(post, path = "/api/v1/drafts", tag = "forum", request_body = NewDraft, responses((status = 200), (status = 409), (status = 422)))]
pub async fn save(call: Call) -> Answer {
    let new: NewDraft = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let thread = new.thread_id.filter(|id| *id > 0).map(ThreadId);
        // What a program does not speak of stays as the writer's browser left it.
        let (category, reply_to, poll) = match forum::draft_for(tx, &viewer.actor, thread) {
            Ok(draft) => (draft.category, draft.reply_to, draft.poll),
            Err(Stop::Refused(Refusal::NotFound)) => Default::default(),
            Err(stop) => return Err(stop),
        };
        let words = DraftWords {
            thread,
            title: new.title.clone(),
            category: given(new.category_id, category),
            tags: new.tags.clone(),
            body: new.body.clone(),
            reply_to: given(new.reply_to, reply_to),
            // Without any words the draft goes, and its poll with it.
            poll: if new.title.trim().is_empty() && new.body.trim().is_empty() {
                String::new()
            } else {
                poll
            },
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
