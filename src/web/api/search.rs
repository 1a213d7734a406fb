//! Searching for programs: the same door, the same sight.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::forum;
use crate::kit::ids::ThreadId;
use crate::search::{Order, Piece};
use crate::web::{Answer, Call};

/// A question.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[serde(default)]
pub struct Question {
    /// Words, `"a phrase"`, `-without`, `@name`, `#tag`, `in:category`, `in:title`, `before:2026-03-01`,
    /// `after:2026-03-01`, `is:solved`.
    q: String,
    /// `best` (if not given) or `newest`.
    order: Option<String>,
    /// In this thread only.
    thread: Option<i64>,
    /// What the page before gave as `next`.
    after: Option<String>,
    /// 1 to 50; 20 if not given.
    limit: Option<i64>,
}

/// A post that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiFound {
    post_id: i64,
    url: String,
    title: String,
    category_id: i64,
    author: String,
    /// The part of it that shows why it was found.
    words: String,
    created_at: String,
    solved: bool,
}

/// A page of what was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiFoundList {
    items: Vec<ApiFound>,
    /// Send it as `after` for the next page; null where there is none.
    next: Option<String>,
    /// How many there are, on the first page; counted to 500.
    count: Option<i64>,
    /// There are more than were counted.
    more: bool,
    /// Parts of the question that were not understood or name nobody.
    notes: Vec<String>,
}

fn plain(pieces: Vec<Piece>) -> String {
    pieces.into_iter().map(|piece| piece.text).collect()
}

/// The posts that you can see and that hold what you ask for.
#[utoipa::path(get, path = "/api/v1/search", tag = "forum", params(Question), responses((status = 200, body = ApiFoundList)))]
pub async fn search(call: Call) -> Answer {
    let question: Question = call.query()?;
    call.api_read(move |tx, viewer| {
        let newest = question.order.as_deref() == Some("newest");
        let asked = forum::Asked {
            text: question.q.clone(),
            thread: question.thread.map(ThreadId),
            order: if newest { Order::Newest } else { Order::Best },
            after: question.after.clone(),
            zone: viewer.zone.clone(),
        };
        let most = question.limit.unwrap_or(20);
        let found = forum::search(tx, &viewer.actor, &asked, most)?;
        let items = found
            .items
            .into_iter()
            .map(|post| ApiFound {
                post_id: post.id.0,
                url: tx.link(&post.path),
                title: plain(post.title),
                category_id: post.category.id.0,
                author: post.author.name,
                words: plain(post.words),
                created_at: post.at.rfc3339(),
                solved: post.solved,
            })
            .collect();
        Ok(ApiFoundList {
            items,
            next: found.next,
            count: found.count,
            more: found.more,
            notes: found.notes.into_iter().map(|note| note.word).collect(),
        })
    })
    .await
}
