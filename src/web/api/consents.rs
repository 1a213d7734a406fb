//! What I was asked about, by API: the questions that wait for me, what I said, and what became of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::announcements::{AnnouncementJson, announcement_json};
use super::highlights::List;
use crate::highlights::{self, Attribution, ConsentState, MyConsent, State};
use crate::kit::cursor::Cursor;
use crate::kit::ids::HighlightId;
use crate::kit::{At, Refusal};
use crate::members::{self, Preferences};
use crate::web::{Answer, Call};

/// How staff took it out.
#[derive(Debug, Clone, Serialize)]
struct PullJson {
    how: &'static str,
    purpose: String,
    at: String,
    recalled_at: Option<String>,
}

/// One question, and what I said to it.
#[derive(Debug, Clone, Serialize)]
struct MyConsentJson {
    highlight_id: HighlightId,
    title: String,
    /// My words in it.
    words: Vec<String>,
    state: &'static str,
    /// It waits for my answer.
    waits: bool,
    /// I edited words that stand outside: they are taken down unless I say that they may stand.
    edited: bool,
    deadline: Option<String>,
    asked_at: String,
    decided_at: Option<String>,
    attribution: Option<Attribution>,
    attributed_as: Option<String>,
    trimming: bool,
    by_hand: bool,
    channels: Vec<&'static str>,
    pictures: bool,
    announcements: Vec<AnnouncementJson>,
    pulls: Vec<PullJson>,
}

fn mine_json(one: &MyConsent) -> MyConsentJson {
    let (consent, highlight) = (&one.consent, &one.highlight);
    let scope = consent.scope.as_ref();
    let waits = consent.state == ConsentState::Asked && highlight.state == State::ConsentPending;
    let edited = one.edited;
    let pulls = one.pulls.iter().map(|pull| PullJson {
        how: pull.how.as_str(),
        purpose: pull.purpose.clone(),
        at: pull.at.rfc3339(),
        recalled_at: pull.recalled_at.map(At::rfc3339),
    });
    MyConsentJson {
        highlight_id: highlight.id,
        title: highlight.title.clone(),
        words: one.words.clone(),
        state: consent.state.as_str(),
        waits,
        edited,
        deadline: highlight
            .deadline
            .filter(|_| waits || edited)
            .map(At::rfc3339),
        asked_at: consent.asked_at.rfc3339(),
        decided_at: consent.decided_at.map(At::rfc3339),
        attribution: scope.map(|s| s.attribution),
        attributed_as: consent.named.clone(),
        trimming: scope.is_some_and(|s| s.trimming),
        by_hand: scope.is_some_and(|s| s.by_hand),
        channels: scope.map(|s| s.places.words()).unwrap_or_default(),
        pictures: scope.is_some_and(|s| s.pictures),
        announcements: one.announcements.iter().map(announcement_json).collect(),
        pulls: pulls.collect(),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    after: String,
}

/// `GET /api/v1/consents`: everything I was ever asked about, newest first. Answered at `/highlights/{id}/consent`.
#[utoipa::path(get, path = "/api/v1/consents", tag = "highlights", params(("after" = Option<String>, Query)), responses((status = 200), (status = 401)))]
pub async fn list(call: Call) -> Answer {
    let query: Query = call.query()?;
    let after = match query.after.as_str() {
        "" => None,
        text => Some(Cursor::decode(text).ok_or(Refusal::Unreadable("cursor"))?),
    };
    call.api_read(move |tx, viewer| {
        let (mine, next) = highlights::my_consents(tx, &viewer.actor, after)?;
        Ok(List {
            items: mine.iter().map(mine_json).collect(),
            next: next.map(|c| c.encode()),
        })
    })
    .await
}

/// Your standing answer to the question whether your words may be carried outside.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Usual {
    /// `ask`: ask me each time; `never`: do not ask me, the answer is no.
    preference: String,
}

/// Your standing answer.
#[utoipa::path(get, path = "/api/v1/consents/preference", tag = "highlights",
    responses((status = 200, body = Usual), (status = 401)))]
pub async fn usual(call: Call) -> Answer {
    call.api_read(move |tx, viewer| {
        let own = members::own_account(tx, &viewer.actor)?;
        Ok(Usual {
            preference: own.preferences.consent,
        })
    })
    .await
}

/// Says whether you want to be asked.
#[utoipa::path(patch, path = "/api/v1/consents/preference", tag = "highlights", request_body = Usual,
    responses((status = 200, body = Usual), (status = 401), (status = 422)))]
pub async fn choose_usual(call: Call) -> Answer {
    let wanted: Usual = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let before = members::own_account(tx, &viewer.actor)?.preferences;
        let preferences = Preferences {
            consent: wanted.preference.clone(),
            ..before
        };
        members::prefer(tx, &viewer.actor, &preferences)?;
        Ok(wanted.clone())
    })
    .await
}
