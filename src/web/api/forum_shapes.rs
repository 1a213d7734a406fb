//! A post and its author as programs are told of them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::forum_answers::{ApiPoll, api_poll};
use crate::db::Tx;
use crate::forum::PostView;
use crate::kit::ids::ThreadId;
use crate::members::Card;

/// Who wrote something; null in its place where the account is gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiAuthor {
    id: i64,
    name: String,
    display_name: String,
    /// Moderates or administers here.
    staff: bool,
    /// Speaks well for the community, and was asked to.
    champion: bool,
}

/// A post.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiPost {
    id: i64,
    thread_id: i64,
    number: i64,
    url: String,
    author: Option<ApiAuthor>,
    /// Markdown as it was written.
    body: String,
    /// Safe HTML.
    html: String,
    /// The number of the post it answers, unless that is the one before.
    reply_to_number: Option<i64>,
    /// Said for the community, not for the author alone.
    official: bool,
    /// Every member may edit it.
    wiki: bool,
    /// Marked as the answer.
    answer: bool,
    /// How many reacted, by reaction.
    reactions: BTreeMap<&'static str, i64>,
    my_reaction: Option<&'static str>,
    /// How many members saved it.
    saves: i64,
    saved: bool,
    poll: Option<ApiPoll>,
    state: &'static str,
    revision: i64,
    created_at: String,
    edited_at: Option<String>,
}

pub(super) fn author(card: &Card) -> Option<ApiAuthor> {
    (!card.erased).then(|| ApiAuthor {
        id: card.id.0,
        name: card.name.clone(),
        display_name: card.display.clone(),
        staff: card.staff,
        champion: card.champion,
    })
}

pub(super) fn post(tx: &Tx<'_>, thread: ThreadId, view: PostView) -> ApiPost {
    let mine = view.reactions.iter().find(|tally| tally.mine);
    ApiPost {
        id: view.id.0,
        thread_id: thread.0,
        number: view.number,
        url: tx.link(&view.path),
        author: author(&view.author),
        body: view.source,
        html: view.html,
        reply_to_number: view.reply_to.map(|parent| parent.number),
        official: view.official,
        wiki: view.wiki,
        answer: view.answer,
        my_reaction: mine.map(|tally| tally.kind.as_str()),
        reactions: view
            .reactions
            .iter()
            .map(|tally| (tally.kind.as_str(), tally.count))
            .collect(),
        saves: view.saves,
        saved: view.saved,
        poll: view.poll.map(api_poll),
        state: view.state.as_str(),
        revision: view.revision,
        created_at: view.created_at.rfc3339(),
        edited_at: view.edited_at.map(crate::kit::At::rfc3339),
    }
}
