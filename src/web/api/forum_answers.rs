//! Reactions and polls for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::forum::{self, PollDraft, PollView, Reaction};
use crate::kit::Stop;
use crate::kit::ids::PostId;
use crate::kit::stop::OrRefuse;
use crate::web::{Answer, Call};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Paging {
    after: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct ApiReaction {
    reaction: &'static str,
    by: String,
    at: String,
}

#[derive(Debug, Clone, Serialize)]
struct ApiReactions {
    counts: std::collections::BTreeMap<&'static str, i64>,
    mine: Option<&'static str>,
    items: Vec<ApiReaction>,
    next: Option<String>,
}

/// Who reacted to a post, the latest first.
#[utoipa::path(get, path = "/api/v1/posts/{id}/reactions", tag = "forum", params(("id" = i64, Path), ("after" = Option<String>, Query)), responses((status = 200), (status = 404)))]
pub async fn reactions(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let paging: Paging = call.query()?;
    call.api_read(move |tx, viewer| {
        let (_, post) = forum::post(tx, &viewer.actor, id)?;
        let (items, next) =
            forum::reactions_of(tx, &viewer.actor, id, paging.after.as_deref(), 50)?;
        let mine = post.reactions.iter().find(|tally| tally.mine);
        Ok(ApiReactions {
            mine: mine.map(|tally| tally.kind.as_str()),
            counts: post
                .reactions
                .iter()
                .map(|tally| (tally.kind.as_str(), tally.count))
                .collect(),
            items: items
                .into_iter()
                .map(|one| ApiReaction {
                    reaction: one.kind.as_str(),
                    by: one.by.name,
                    at: one.at.rfc3339(),
                })
                .collect(),
            next,
        })
    })
    .await
}

/// A reaction to a post.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReaction {
    /// One of those that the community offers, such as `thanks`.
    reaction: String,
}

/// Reacts to a post; another reaction of the caller gives way.
#[utoipa::path(post, path = "/api/v1/posts/{id}/reactions", tag = "forum", params(("id" = i64, Path)), request_body = NewReaction, responses((status = 204), (status = 403), (status = 422), (status = 429)))]
pub async fn react(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let new: NewReaction = call.json()?;
    call.api_write(204, move |tx, viewer| {
        let kind = Reaction::parse(&new.reaction)
            .ok_or_else(|| Stop::invalid("reaction", "reaction-unknown"))?;
        forum::react(tx, &viewer.actor, id, kind)
    })
    .await
}

/// Takes the caller's reaction back.
#[utoipa::path(delete, path = "/api/v1/posts/{id}/reactions", tag = "forum", params(("id" = i64, Path)), responses((status = 204)))]
pub async fn unreact(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| forum::unreact(tx, &viewer.actor, id))
        .await
}

/// A question to everybody, with its results as far as you may see them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiPoll {
    kind: &'static str,
    secret: bool,
    question: String,
    closes_at: Option<String>,
    closed: bool,
    voters: i64,
    options: Vec<ApiOption>,
    rounds: Vec<ApiRound>,
    winner: Option<String>,
    voted: bool,
}

/// What can be chosen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiOption {
    text: String,
    votes: i64,
    mine: bool,
}

/// One round of counting ranked votes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiRound {
    counts: Vec<Option<i64>>,
    out: Option<String>,
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

pub(super) fn api_poll(poll: PollView) -> ApiPoll {
    ApiPoll {
        kind: poll.kind.as_str(),
        secret: poll.secret,
        question: poll.question,
        closes_at: poll.closes_at.map(crate::kit::At::rfc3339),
        closed: poll.closed,
        voters: poll.voters,
        options: poll
            .options
            .into_iter()
            .map(|option| ApiOption {
                text: option.text,
                votes: option.votes,
                mine: option.mine > 0,
            })
            .collect(),
        rounds: poll
            .rounds
            .into_iter()
            .map(|round| ApiRound {
                counts: round.counts,
                out: some(round.out),
            })
            .collect(),
        winner: some(poll.winner),
        voted: poll.voted,
    }
}

/// The poll of a post, with its results.
#[utoipa::path(get, path = "/api/v1/posts/{id}/poll", tag = "forum", params(("id" = i64, Path)), responses((status = 200), (status = 404)))]
pub async fn poll(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_read(move |tx, viewer| {
        let (_, post) = forum::post(tx, &viewer.actor, id)?;
        Ok(api_poll(post.poll.or_not_found()?))
    })
    .await
}

/// A poll to be asked.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPoll {
    /// `single`, `multiple` or `ranked`.
    kind: String,
    #[serde(default)]
    secret: bool,
    question: String,
    options: Vec<String>,
    /// Open for so many days, 0 for without end; if not given, as it was where a poll is changed, and else without end.
    #[serde(default)]
    days: Option<i64>,
}

/// Puts a poll under the first post of a thread, or another in its place while nobody has voted.
#[utoipa::path(post, path = "/api/v1/posts/{id}/poll", tag = "forum", params(("id" = i64, Path)), request_body = NewPoll, responses((status = 200), (status = 403), (status = 422)))]
pub async fn put_poll(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let new: NewPoll = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let days = new.days.map(|days| days.to_string()).unwrap_or_default();
        // A line break inside an option is white space like any other.
        let lines: Vec<String> = new
            .options
            .iter()
            .map(|o| o.replace(['\n', '\r'], " "))
            .collect();
        let draft = PollDraft::parse(
            &new.kind,
            new.secret,
            &new.question,
            &lines.join("\n"),
            &days,
        )?;
        forum::put_poll(tx, &viewer.actor, id, &draft)?;
        let (_, post) = forum::post(tx, &viewer.actor, id)?;
        Ok(api_poll(post.poll.or_not_found()?))
    })
    .await
}

/// Takes a poll away on which nobody has voted.
#[utoipa::path(delete, path = "/api/v1/posts/{id}/poll", tag = "forum", params(("id" = i64, Path)), responses((status = 204), (status = 422)))]
pub async fn remove_poll(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        forum::remove_poll(tx, &viewer.actor, id)
    })
    .await
}

/// Closes a poll now.
#[utoipa::path(post, path = "/api/v1/posts/{id}/poll/closing", tag = "forum", params(("id" = i64, Path)), responses((status = 204), (status = 409)))]
pub async fn close_poll(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        forum::close_poll(tx, &viewer.actor, id)
    })
    .await
}

/// A vote.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVote {
    /// Options by their place from 0; of a ranked poll the most wanted first.
    choice: Vec<usize>,
}

/// Votes, or changes the caller's vote.
#[utoipa::path(post, path = "/api/v1/posts/{id}/vote", tag = "forum", params(("id" = i64, Path)), request_body = NewVote, responses((status = 204), (status = 403), (status = 422)))]
pub async fn vote(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let new: NewVote = call.json()?;
    call.api_write(204, move |tx, viewer| {
        forum::vote(tx, &viewer.actor, id, &new.choice)
    })
    .await
}

/// Takes the caller's vote back.
#[utoipa::path(delete, path = "/api/v1/posts/{id}/vote", tag = "forum", params(("id" = i64, Path)), responses((status = 204), (status = 422)))]
pub async fn unvote(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| forum::unvote(tx, &viewer.actor, id))
        .await
}
