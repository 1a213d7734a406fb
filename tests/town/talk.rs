//! What stories are about: categories, threads and replies, made without a browser.

use loggia::forum::{self, CategoryDraft, Grant, NewThread, Tags, Title, Words};
use loggia::kit::ids::{CategoryId, PostId, ThreadId};
use loggia::policy::Actor;

use super::{Person, Town};

/// Who sets scenes.
pub const HOUSE: Actor = Actor::System("scene");

/// A category made by the house; open to everybody without grants.
pub async fn category(town: &Town, name: &str, grants: Vec<Grant>) -> CategoryId {
    let draft = CategoryDraft {
        name: name.to_owned(),
        grants,
        ..CategoryDraft::default()
    };
    town.inside(move |tx| forum::create_category(tx, &HOUSE, &draft))
        .await
}

/// A thread started by somebody; tags are separated by commas.
pub async fn started(
    town: &Town,
    by: &Person,
    category: CategoryId,
    (title, tags): (&str, &str),
    body: &str,
) -> (ThreadId, PostId) {
    let actor = by.actor(town).await;
    let new = NewThread {
        category,
        title: Title::parse(title).expect("a title"),
        words: Words::parse(body, town.base_url()).expect("words"),
        tags: Tags::parse(tags).expect("tags"),
    };
    let started = town.inside(move |tx| forum::start(tx, &actor, &new)).await;
    (started.thread, started.post)
}

/// A reply.
pub async fn reply(town: &Town, by: &Person, thread: ThreadId, body: &str) -> PostId {
    reply_to(town, by, thread, body, None).await
}

/// A reply, perhaps to a post.
pub async fn reply_to(
    town: &Town,
    by: &Person,
    thread: ThreadId,
    body: &str,
    to: Option<PostId>,
) -> PostId {
    let actor = by.actor(town).await;
    let words = Words::parse(body, town.base_url()).expect("words");
    town.inside(move |tx| forum::reply(tx, &actor, thread, &words, to))
        .await
        .post
}
