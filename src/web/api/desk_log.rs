//! What was done on the desk and how it fares, for programs: the log, undoing from it, the figures.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forum::List;
use crate::audit::{self, Wanted};
use crate::kit::At;
use crate::kit::cursor::Cursor;
use crate::kit::ids::AuditId;
use crate::members;
use crate::moderation;
use crate::policy::Action;
use crate::web::moderation::{log, undo};
use crate::web::{Answer, Call};

/// Entries on one page.
const PER_PAGE: i64 = 50;

/// One entry of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiLogEntry {
    id: i64,
    at: String,
    /// What was done, such as `post.hidden`.
    kind: String,
    /// Who did it; nobody where the house did.
    by_id: Option<i64>,
    about_kind: String,
    about_id: Option<i64>,
    reason: Option<String>,
    /// It is of a kind that can be undone.
    undoable: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    by: String,
    what: String,
    after: String,
}

/// The moderation log, latest first: `by` is a name, `what` is `words`, `people` or `desk`. A page can be short where
/// entries are about places that you may not see.
#[utoipa::path(get, path = "/api/v1/moderation-log", tag = "moderation", params(("by" = Option<String>, Query), ("what" = Option<String>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = List<ApiLogEntry>), (status = 403), (status = 404)))]
pub async fn list(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.api_read(move |tx, viewer| {
        viewer.actor.may(&Action::Review)?;
        let actor = match asked.by.trim() {
            "" => None,
            name => Some(members::find_by_name(tx, name)?.id),
        };
        let before = Cursor::decode(&asked.after).and_then(|cursor| cursor.as_one());
        let wanted = Wanted {
            actor,
            subject: None,
            kinds: log::kinds(&asked.what),
            before: before.map(AuditId),
        };
        let mut entries = audit::list(tx, &wanted, PER_PAGE + 1)?;
        let next = Cursor::turn(&mut entries, PER_PAGE, |last| Cursor::one(last.id.0));
        let shown = log::visible(tx, &viewer.actor, entries)?;
        let items = shown.into_iter().map(|entry| ApiLogEntry {
            undoable: undo::undoable(&entry.kind),
            id: entry.id.0,
            at: entry.at.rfc3339(),
            kind: entry.kind,
            by_id: entry.actor_id,
            about_kind: entry.subject_kind,
            about_id: entry.subject_id,
            reason: entry.reason,
        });
        Ok(List {
            items: items.collect(),
            next: next.map(|next| next.encode()),
        })
    })
    .await
}

/// Undoes what an entry of the log says. Refused (409) where something was done or decided about the same thing since, or
/// nobody has said why before.
#[utoipa::path(post, path = "/api/v1/moderation-log/{id}/undo", tag = "moderation", params(("id" = i64, Path)),
    responses((status = 204), (status = 403), (status = 404), (status = 409)))]
pub async fn undone(call: Call) -> Answer {
    let id: AuditId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| undo::at_once(tx, &viewer.actor, id))
        .await
}

/// One entry of the public log.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiPublicEntry {
    at: String,
    /// What was done, such as `post.hidden`.
    kind: String,
    /// What it was done to, by kind alone: `post`, `thread`, `member` or `upload`.
    about_kind: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct After {
    after: String,
}

/// What moderators did, as everybody may read it: no names and nothing about restricted places. Not found where the
/// community keeps its log to itself.
#[utoipa::path(get, path = "/api/v1/public-moderation-log", tag = "moderation", params(("after" = Option<String>, Query)),
    responses((status = 200, body = List<ApiPublicEntry>), (status = 404)))]
pub async fn public(call: Call) -> Answer {
    let asked: After = call.query()?;
    call.api_read(move |tx, _| {
        let (entries, next) = log::told_to_all(tx, &asked.after)?;
        let items = entries.into_iter().map(|entry| ApiPublicEntry {
            at: entry.at.rfc3339(),
            kind: entry.kind,
            about_kind: entry.subject_kind,
        });
        Ok(List {
            items: items.collect(),
            next: next.map(|next| next.encode()),
        })
    })
    .await
}

/// The desk in figures: the last thirty days.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiFigures {
    open: Vec<OpenOfKind>,
    /// Since when the oldest waits.
    oldest: Option<String>,
    /// The middle of all times to a first decision, in minutes.
    median_minutes: Option<i64>,
    /// The same for the slowest tenth.
    slow_minutes: Option<i64>,
    days: Vec<DecidedOnDay>,
    reasons: Vec<DecidedByReason>,
    appeals_granted: i64,
    appeals_refused: i64,
}

/// Waiting entries of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenOfKind {
    queue: &'static str,
    count: i64,
}

/// Decisions of one day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedOnDay {
    begins: String,
    count: i64,
}

/// Decided reports for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedByReason {
    reason: String,
    upheld: i64,
    others: i64,
}

/// The desk in figures, only about what you may see.
#[utoipa::path(get, path = "/api/v1/desk-figures", tag = "moderation", responses((status = 200, body = ApiFigures), (status = 403)))]
pub async fn figures(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        let found = moderation::figures(tx, &viewer.actor)?;
        let open = found.open.iter().map(|(kind, count)| OpenOfKind {
            queue: kind.as_str(),
            count: *count,
        });
        let days = found.by_day.iter().map(|(begins, count)| DecidedOnDay {
            begins: begins.rfc3339(),
            count: *count,
        });
        let reasons = found
            .by_reason
            .iter()
            .map(|(reason, upheld, others)| DecidedByReason {
                reason: reason.clone(),
                upheld: *upheld,
                others: *others,
            });
        Ok(ApiFigures {
            open: open.collect(),
            oldest: found.oldest.map(At::rfc3339),
            median_minutes: found.median_minutes,
            slow_minutes: found.slow_minutes,
            days: days.collect(),
            reasons: reasons.collect(),
            appeals_granted: found.appeals.0,
            appeals_refused: found.appeals.1,
        })
    })
    .await
}
