//! Saved posts and answers for programs.

use serde::{Deserialize, Serialize};

use crate::forum::{self, Saved};
use crate::kit::ids::PostId;
use crate::web::{Answer, Call};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Paging {
    after: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct ApiSaved {
    post_id: PostId,
    path: String,
    title: String,
    author: String,
    words: String,
    saved_at: String,
}

#[derive(Debug, Clone, Serialize)]
struct ApiSavedList {
    items: Vec<ApiSaved>,
    next: Option<String>,
}

fn api_saved(saved: Saved) -> ApiSaved {
    ApiSaved {
        post_id: saved.post,
        path: saved.path,
        title: saved.title,
        author: saved.author.name,
        words: saved.words,
        saved_at: saved.at.rfc3339(),
    }
}

/// What the caller saved, the latest first.
#[utoipa::path(get, path = "/api/v1/bookmarks", tag = "forum", params(("after" = Option<String>, Query)), responses((status = 200)))]
pub async fn bookmarks(call: Call) -> Answer {
    let paging: Paging = call.query()?;
    call.api_read(move |tx, viewer| {
        let (items, next) = forum::bookmarks_of(tx, &viewer.actor, paging.after.as_deref(), 30)?;
        Ok(ApiSavedList {
            items: items.into_iter().map(api_saved).collect(),
            next,
        })
    })
    .await
}

/// Saves a post for the caller.
#[utoipa::path(post, path = "/api/v1/posts/{id}/bookmark", tag = "forum", params(("id" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn bookmark(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        forum::bookmark(tx, &viewer.actor, id)
    })
    .await
}

/// Lets a saved post go.
#[utoipa::path(delete, path = "/api/v1/posts/{id}/bookmark", tag = "forum", params(("id" = i64, Path)), responses((status = 204)))]
pub async fn unbookmark(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        forum::unbookmark(tx, &viewer.actor, id)
    })
    .await
}

/// Marks a reply as the answer of its thread.
#[utoipa::path(post, path = "/api/v1/posts/{id}/answer", tag = "forum", params(("id" = i64, Path)), responses((status = 204), (status = 403), (status = 422)))]
pub async fn answer(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        forum::mark_answer(tx, &viewer.actor, id)
    })
    .await
}

/// Takes the mark away from the thread of this post.
#[utoipa::path(delete, path = "/api/v1/posts/{id}/answer", tag = "forum", params(("id" = i64, Path)), responses((status = 204), (status = 403), (status = 409)))]
pub async fn unanswer(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        let thread = forum::post_facts(tx, id)?.thread.id;
        forum::unmark_answer(tx, &viewer.actor, thread)
    })
    .await
}
