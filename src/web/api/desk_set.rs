//! Working the queue and setting the desk, for programs: taking entries, notes, the reasons of reports, what is held.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forum::List;
use crate::forum;
use crate::kit::ids::{CategoryId, ReviewItemId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Refusal, Stop};
use crate::members;
use crate::moderation::{self, DeskSettings, Reason, ReasonDraft};
use crate::policy::Action;
use crate::web::{Answer, Call};

/// Who is to look at an entry.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Assigned {
    /// The present one where it is not given; another one than the present is stale (409).
    version: Option<i64>,
    /// The name of a colleague who may see and decide it; without one, whoever asks takes it.
    to: Option<String>,
}

/// Takes an entry, also out of a colleague's hands, or asks a colleague to look at it.
#[utoipa::path(post, path = "/api/v1/review-items/{id}/assignment", tag = "moderation", params(("id" = i64, Path)),
    request_body = Assigned, responses((status = 204), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn take(call: Call) -> Answer {
    let id: ReviewItemId = call.segment("id")?;
    let body: Assigned = call.json_if_any()?;
    call.api_write(204, move |tx, viewer| {
        let now = moderation::item(tx, &viewer.actor, id)?.version;
        let version = body.version.unwrap_or(now);
        match &body.to {
            None => moderation::take(tx, &viewer.actor, id, version),
            Some(name) => {
                let to = members::find_by_name(tx, name).map_err(|stop| match stop {
                    Stop::Refused(Refusal::NotFound) => Stop::invalid("to", "no-colleague"),
                    other => other,
                })?;
                moderation::hand_to(tx, &viewer.actor, id, version, to.id)
            }
        }
    })
    .await
}

/// Puts an entry back among those that wait for anybody.
#[utoipa::path(delete, path = "/api/v1/review-items/{id}/assignment", tag = "moderation", params(("id" = i64, Path)),
    responses((status = 204), (status = 403), (status = 404), (status = 409)))]
pub async fn put_back(call: Call) -> Answer {
    let id: ReviewItemId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        let now = moderation::item(tx, &viewer.actor, id)?.version;
        moderation::put_back(tx, &viewer.actor, id, now)
    })
    .await
}

/// Takes a decision of the page back before it takes effect.
#[utoipa::path(post, path = "/api/v1/review-items/{id}/undo", tag = "moderation", params(("id" = i64, Path)),
    responses((status = 204), (status = 403), (status = 404), (status = 409)))]
pub async fn undo(call: Call) -> Answer {
    let id: ReviewItemId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        moderation::undo(tx, &viewer.actor, id)
    })
    .await
}

/// One step of an entry's history; with words where it is a note.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiStep {
    at: String,
    by_id: Option<i64>,
    kind: String,
    words: Option<String>,
}

/// The latest hundred steps of an entry, the oldest first, notes among them.
#[utoipa::path(get, path = "/api/v1/review-items/{id}/notes", tag = "moderation", params(("id" = i64, Path)),
    responses((status = 200, body = List<ApiStep>), (status = 404)))]
pub async fn history(call: Call) -> Answer {
    let id: ReviewItemId = call.segment("id")?;
    call.api_read(move |tx, viewer| {
        let steps = moderation::history_of(tx, &viewer.actor, id)?;
        let items = steps
            .into_iter()
            .map(|step| ApiStep {
                at: step.at.rfc3339(),
                by_id: step.by.map(|by| by.0),
                kind: step.kind,
                words: step.words,
            })
            .collect();
        Ok(List { items, next: None })
    })
    .await
}

/// A note for colleagues.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    note: String,
}

/// Leaves a note beside an entry; only colleagues read it.
#[utoipa::path(post, path = "/api/v1/review-items/{id}/notes", tag = "moderation", params(("id" = i64, Path)),
    request_body = NewNote, responses((status = 204), (status = 404), (status = 422)))]
pub async fn note(call: Call) -> Answer {
    let id: ReviewItemId = call.segment("id")?;
    let body: NewNote = call.json()?;
    call.api_write(204, move |tx, viewer| {
        moderation::leave_note(tx, &viewer.actor, id, &body.note)
    })
    .await
}

/// A reason of reports.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiReason {
    id: i64,
    /// What reports name it by; never changes.
    word: String,
    /// Empty where it came with the house and has a sentence of its own in every language.
    title: String,
    more: String,
    rule: Option<i64>,
    needs_words: bool,
    legal: bool,
    /// Counts towards hiding until a moderator has looked.
    counts: bool,
    retired_at: Option<String>,
}

impl From<Reason> for ApiReason {
    fn from(reason: Reason) -> Self {
        Self {
            id: reason.id,
            word: reason.word,
            title: reason.title,
            more: reason.more,
            rule: reason.rule,
            needs_words: reason.needs_words,
            legal: reason.legal,
            counts: reason.counts,
            retired_at: reason.retired_at.map(At::rfc3339),
        }
    }
}

/// The reasons of reports; to moderators those that are offered no more, too.
#[utoipa::path(get, path = "/api/v1/report-reasons", tag = "moderation",
    responses((status = 200, body = List<ApiReason>)))]
pub async fn reasons(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        let reasons = moderation::reasons(tx, viewer.can(&Action::Review))?;
        let items: Vec<ApiReason> = reasons.into_iter().map(ApiReason::from).collect();
        Ok(List { items, next: None })
    })
    .await
}

/// What is said about a reason; what is not given stays as it is.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReasonWords {
    title: Option<String>,
    more: Option<String>,
    /// A rule's number in the community guidelines in force; 0 for none.
    rule: Option<i64>,
    needs_words: Option<bool>,
    legal: Option<bool>,
    /// Offered no more.
    retired: Option<bool>,
}

impl ReasonWords {
    fn over(&self, before: ReasonDraft) -> ReasonDraft {
        ReasonDraft {
            title: self.title.clone().unwrap_or(before.title),
            more: self.more.clone().unwrap_or(before.more),
            rule: self.rule.or(before.rule).filter(|rule| *rule != 0),
            needs_words: self.needs_words.unwrap_or(before.needs_words),
            legal: self.legal.unwrap_or(before.legal),
            retired: self.retired.unwrap_or(before.retired),
        }
    }
}

/// A reason that was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonAdded {
    id: i64,
}

/// Adds a reason.
#[utoipa::path(post, path = "/api/v1/report-reasons", tag = "moderation", request_body = ReasonWords,
    responses((status = 201, body = ReasonAdded), (status = 403), (status = 422)))]
pub async fn add_reason(call: Call) -> Answer {
    let body: ReasonWords = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let draft = body.over(ReasonDraft::default());
        let id = moderation::keep_reason(tx, &viewer.actor, None, &draft)?;
        Ok(ReasonAdded { id })
    })
    .await
}

/// Changes a reason.
#[utoipa::path(patch, path = "/api/v1/report-reasons/{id}", tag = "moderation", params(("id" = i64, Path)),
    request_body = ReasonWords, responses((status = 204), (status = 403), (status = 404), (status = 422)))]
pub async fn change_reason(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    let body: ReasonWords = call.json()?;
    call.api_write(204, move |tx, viewer| {
        viewer.actor.may(&Action::Review)?;
        let all = moderation::reasons(tx, true)?;
        let before = all.into_iter().find(|one| one.id == id).or_not_found()?;
        let draft = body.over(ReasonDraft {
            title: before.title,
            more: before.more,
            rule: before.rule,
            needs_words: before.needs_words,
            legal: before.legal,
            retired: before.retired_at.is_some(),
        });
        moderation::keep_reason(tx, &viewer.actor, Some(id), &draft).map(drop)
    })
    .await
}

/// What the desk is set to. In a change, what is not given stays as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ApiDeskSettings {
    /// So many first posts of a new member wait; 0: none.
    first_posts: Option<i64>,
    /// Links to other sites by new members wait.
    links: Option<bool>,
    /// Pictures by new members wait.
    media: Option<bool>,
    /// A post by a new member that was typed in fewer seconds waits; 0: none.
    fast_seconds: Option<i64>,
    /// Words that were let through wait again when a new member changes them.
    edits: Option<bool>,
    /// So many established members who report a post hide it until a moderator has looked; 0: never.
    auto_hide: Option<i64>,
    /// After so many hours without a decision moderators get a letter a day; 0: never.
    late_hours: Option<i64>,
    /// Everybody may read what was done; an admin's to set.
    public_log: Option<bool>,
    /// Categories in which everything waits, of those that you see.
    categories: Option<Vec<i64>>,
}

/// What the desk is set to.
#[utoipa::path(get, path = "/api/v1/desk-settings", tag = "moderation",
    responses((status = 200, body = ApiDeskSettings), (status = 403)))]
pub async fn settings(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        viewer.actor.may(&Action::Review)?;
        let now = moderation::desk_settings(tx)?;
        let seen = forum::places(tx)?;
        let held = seen
            .iter()
            .filter(|place| viewer.can(&Action::SeeCategory(&place.facts)))
            .filter(|place| now.categories.contains(&place.id))
            .map(|place| place.id.0)
            .collect();
        Ok(ApiDeskSettings {
            first_posts: Some(now.first_posts),
            links: Some(now.links),
            media: Some(now.media),
            fast_seconds: Some(now.fast_seconds),
            edits: Some(now.edits),
            auto_hide: Some(now.auto_hide),
            late_hours: Some(now.late_hours),
            public_log: Some(now.public_log),
            categories: Some(held),
        })
    })
    .await
}

/// Sets the desk.
#[utoipa::path(patch, path = "/api/v1/desk-settings", tag = "moderation", request_body = ApiDeskSettings,
    responses((status = 204), (status = 403), (status = 422)))]
pub async fn set(call: Call) -> Answer {
    let body: ApiDeskSettings = call.json()?;
    call.api_write(204, move |tx, viewer| {
        viewer.actor.may(&Action::Review)?;
        let now = moderation::desk_settings(tx)?;
        let mut categories = now.categories.clone();
        if let Some(wanted) = &body.categories {
            // Those that this moderator does not see stay as they are.
            for place in forum::places(tx)?.iter() {
                if viewer.can(&Action::SeeCategory(&place.facts)) {
                    categories.retain(|id| *id != place.id);
                    if wanted.contains(&place.id.0) {
                        categories.push(CategoryId(place.id.0));
                    }
                }
            }
        }
        let wanted = DeskSettings {
            first_posts: body.first_posts.unwrap_or(now.first_posts),
            links: body.links.unwrap_or(now.links),
            media: body.media.unwrap_or(now.media),
            fast_seconds: body.fast_seconds.unwrap_or(now.fast_seconds),
            edits: body.edits.unwrap_or(now.edits),
            auto_hide: body.auto_hide.unwrap_or(now.auto_hide),
            late_hours: body.late_hours.unwrap_or(now.late_hours),
            public_log: body.public_log.unwrap_or(now.public_log),
            categories,
            words_version: now.words_version,
        };
        moderation::set_desk(tx, &viewer.actor, &wanted)
    })
    .await
}
