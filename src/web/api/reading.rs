//! What was read and what is followed, for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::forum::{self, Level, Pile};
use crate::kit::ids::{CategoryId, PostId, ThreadId};
use crate::kit::{Result, Stop};
use crate::web::{Answer, Call};

/// How far a thread was read.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// The number of the last post that was read.
    number: i64,
}

#[derive(Debug, Serialize)]
struct ReadTo {
    last_read_number: i64,
}

/// Notes how far the caller read a thread. The last number read never falls.
#[utoipa::path(post, path = "/api/v1/threads/{id}/read", tag = "forum", params(("id" = i64, Path)), request_body = Read, responses((status = 200), (status = 404)))]
pub async fn read(call: Call) -> Answer {
    let (id, read): (ThreadId, Read) = (call.segment("id")?, call.json()?);
    call.api_write(200, move |tx, viewer| {
        let last_read_number = forum::read_to(tx, &viewer.actor, id, read.number)?;
        Ok(ReadTo { last_read_number })
    })
    .await
}

/// Calls the thread of this post unread from the post on.
#[utoipa::path(post, path = "/api/v1/posts/{id}/unread", tag = "forum", params(("id" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn unread(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        forum::unread_from(tx, &viewer.actor, id)
    })
    .await
}

/// Which list is meant.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// `new` or `unread`.
    filter: String,
}

fn pile(filter: &str) -> Result<Pile> {
    match filter {
        "new" => Ok(Pile::Fresh),
        "unread" => Ok(Pile::Unread),
        _ => Err(Stop::invalid("filter", "filter-unknown")),
    }
}

/// Marks all of the caller's new or unread threads as read.
#[utoipa::path(post, path = "/api/v1/threads/read", tag = "forum", request_body = Which, responses((status = 204), (status = 422)))]
pub async fn read_all(call: Call) -> Answer {
    let which: Which = call.json()?;
    call.api_write(204, move |tx, viewer| {
        forum::mark_all_read(tx, &viewer.actor, pile(&which.filter)?)
    })
    .await
}

/// Takes the last marking of all new or unread threads back.
#[utoipa::path(delete, path = "/api/v1/threads/read", tag = "forum", params(("filter" = String, Query)), responses((status = 204), (status = 409), (status = 422)))]
pub async fn undo_all(call: Call) -> Answer {
    let which: Which = call.query()?;
    call.api_write(204, move |tx, viewer| {
        forum::undo_all_read(tx, &viewer.actor, pile(&which.filter)?)
    })
    .await
}

/// How much the caller wants to hear.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Follow {
    /// `watching`, `tracking`, `normal` or `muted`.
    level: String,
}

impl Follow {
    fn level(&self) -> Result<Level> {
        Level::parse(&self.level).ok_or_else(|| Stop::invalid("level", "level-unknown"))
    }
}

/// Follows a thread.
#[utoipa::path(post, path = "/api/v1/threads/{id}/follow", tag = "forum", params(("id" = i64, Path)), request_body = Follow, responses((status = 204), (status = 404), (status = 422)))]
pub async fn follow_thread(call: Call) -> Answer {
    let (id, follow): (ThreadId, Follow) = (call.segment("id")?, call.json()?);
    call.api_write(204, move |tx, viewer| {
        forum::follow_thread(tx, &viewer.actor, id, follow.level()?)
    })
    .await
}

/// Follows a category.
#[utoipa::path(post, path = "/api/v1/categories/{id}/follow", tag = "forum", params(("id" = i64, Path)), request_body = Follow, responses((status = 204), (status = 404), (status = 422)))]
pub async fn follow_category(call: Call) -> Answer {
    let (id, follow): (CategoryId, Follow) = (call.segment("id")?, call.json()?);
    call.api_write(204, move |tx, viewer| {
        forum::follow_category(tx, &viewer.actor, id, follow.level()?)
    })
    .await
}

/// Follows a tag.
#[utoipa::path(post, path = "/api/v1/tags/{name}/follow", tag = "forum", params(("name" = String, Path)), request_body = Follow, responses((status = 204), (status = 404), (status = 422)))]
pub async fn follow_tag(call: Call) -> Answer {
    let (name, follow): (String, Follow) = (call.segment("name")?, call.json()?);
    call.api_write(204, move |tx, viewer| {
        forum::follow_tag(tx, &viewer.actor, &name, follow.level()?)
    })
    .await
}
