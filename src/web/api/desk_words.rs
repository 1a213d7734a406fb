//! Watched words and patterns, for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forum::List;
use crate::kit::Stop;
use crate::moderation::{self, WatchAction, Watched};
use crate::web::{Answer, Call};

/// A watched word or pattern.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiWatched {
    id: i64,
    pattern: String,
    /// It is a regular expression; else it stands for whole words in any case.
    is_regex: bool,
    /// `flag`, `hold` or `refuse`.
    action: &'static str,
    note: String,
    since: String,
}

impl From<Watched> for ApiWatched {
    fn from(word: Watched) -> Self {
        Self {
            id: word.id,
            pattern: word.pattern,
            is_regex: word.is_regex,
            action: word.action.as_str(),
            note: word.note,
            since: word.created_at.rfc3339(),
        }
    }
}

fn listed(words: Vec<Watched>) -> List<ApiWatched> {
    List {
        items: words.into_iter().map(ApiWatched::from).collect(),
        next: None,
    }
}

/// All watched words, latest first; there are 500 at most.
#[utoipa::path(get, path = "/api/v1/watched-words", tag = "moderation",
    responses((status = 200, body = List<ApiWatched>), (status = 403)))]
pub async fn list(call: Call) -> Answer {
    call.api_read(|tx, viewer| moderation::watched(tx, &viewer.actor).map(listed))
        .await
}

/// A word to be watched.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWatched {
    pattern: String,
    #[serde(default)]
    is_regex: bool,
    /// `flag`, `hold` or `refuse`.
    action: String,
    /// Why it is watched; only staff read it.
    #[serde(default)]
    note: String,
}

/// A word that is watched from now on.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchedMade {
    id: i64,
}

/// Watches a word or a pattern from now on.
#[utoipa::path(post, path = "/api/v1/watched-words", tag = "moderation", request_body = NewWatched,
    responses((status = 201, body = WatchedMade), (status = 403), (status = 422)))]
pub async fn watch(call: Call) -> Answer {
    let new: NewWatched = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let action =
            WatchAction::parse(&new.action).ok_or_else(|| Stop::invalid("action", "choose"))?;
        let pattern = (new.pattern.as_str(), new.is_regex);
        let id = moderation::watch(tx, &viewer.actor, pattern, action, &new.note)?;
        Ok(WatchedMade { id })
    })
    .await
}

/// Watches a word no more.
#[utoipa::path(delete, path = "/api/v1/watched-words/{id}", tag = "moderation", params(("id" = i64, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub async fn unwatch(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        moderation::unwatch(tx, &viewer.actor, id)
    })
    .await
}

/// A text to be tried.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    text: String,
}

/// What of the watched words matches a text, the strictest first; nothing is kept.
#[utoipa::path(post, path = "/api/v1/watched-words/trial", tag = "moderation", request_body = Trial,
    responses((status = 200, body = List<ApiWatched>), (status = 403)))]
pub async fn trial(call: Call) -> Answer {
    let asked: Trial = call.json()?;
    call.api_read(move |tx, viewer| {
        moderation::try_words(tx, &viewer.actor, &asked.text).map(listed)
    })
    .await
}
