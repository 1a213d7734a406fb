//! Earlier versions of the charter and the guidelines, what changed between two, the draft, and taking back a version
//! that waits for its day: for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guidelines::{ApiVersion, kind, shown};
use crate::content::{DiffLine, diff_lines};
use crate::guidelines::{self, State, Version, Words};
use crate::kit::stop::{Document, OrRefuse};
use crate::policy::Action;
use crate::web::{Answer, Call};

/// One published version with its text; one that waits for its day is among them.
#[utoipa::path(get, path = "/api/v1/guidelines/{kind}/versions/{number}", tag = "guidelines",
    params(("kind" = String, Path), ("number" = i64, Path)), responses((status = 200, body = ApiVersion), (status = 404)))]
pub async fn show(call: Call) -> Answer {
    let kind = kind(&call)?;
    let number: i64 = call.segment("number")?;
    call.api_read(move |tx, _| Ok(shown(guidelines::version(tx, kind, number)?, None)))
        .await
}

/// One line of a comparison.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiDiffLine {
    /// `same`, `removed` or `added`.
    change: &'static str,
    text: String,
}

/// What one version changed against another.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiChanges {
    kind: &'static str,
    version: i64,
    against: i64,
    note: String,
    /// Does the version ask everybody again?
    major: bool,
    lines: Vec<ApiDiffLine>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Against {
    against: Option<i64>,
}

fn compared(old: &str, new: &str) -> Vec<ApiDiffLine> {
    let line = |line| match line {
        DiffLine::Same(text) => ("same", text),
        DiffLine::Removed(text) => ("removed", text),
        DiffLine::Added(text) => ("added", text),
    };
    diff_lines(old, new)
        .into_iter()
        .map(line)
        .map(|(change, text)| ApiDiffLine { change, text })
        .collect()
}

/// What a version changed, line by line, against the one before it or against the one that is asked for.
#[utoipa::path(get, path = "/api/v1/guidelines/{kind}/versions/{number}/changes", tag = "guidelines",
    params(("kind" = String, Path), ("number" = i64, Path), ("against" = Option<i64>, Query)),
    responses((status = 200, body = ApiChanges), (status = 404)))]
pub async fn changes(call: Call) -> Answer {
    let kind = kind(&call)?;
    let number: i64 = call.segment("number")?;
    let asked: Against = call.query()?;
    call.api_read(move |tx, _| {
        let newer = guidelines::version(tx, kind, number)?;
        let against = match asked.against {
            Some(other) => other,
            None => {
                let before = guidelines::history(tx, kind, Some(number), 1)?;
                before.first().or_not_found()?.number
            }
        };
        let older = guidelines::version(tx, kind, against)?;
        Ok(ApiChanges {
            kind: kind.as_str(),
            version: number,
            against,
            note: newer.change_note.clone(),
            major: newer.minor == 0,
            lines: compared(&older.body_source, &newer.body_source),
        })
    })
    .await
}

/// The text that the next version begins with.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiDraft {
    kind: &'static str,
    /// Is it a draft? Else it is the text that was published last, with which one begins.
    draft: bool,
    /// The text's fingerprint: sent back as `base`, it says which text yours was made from.
    base: String,
    /// Markdown.
    body: String,
    html: String,
}

fn draft_of(kind: Document, stands: Option<Version>) -> ApiDraft {
    let (mut draft, mut base, mut body, mut html) =
        (false, String::new(), String::new(), String::new());
    if let Some(version) = stands {
        draft = version.state == State::Draft;
        base = version.fingerprint();
        (body, html) = (version.body_source, version.body_html);
    }
    ApiDraft {
        kind: kind.as_str(),
        draft,
        base,
        body,
        html,
    }
}

/// The draft, or the text with which one begins.
#[utoipa::path(get, path = "/api/v1/guidelines/{kind}/draft", tag = "guidelines", params(("kind" = String, Path)),
    responses((status = 200, body = ApiDraft), (status = 403)))]
pub async fn draft(call: Call) -> Answer {
    let kind = kind(&call)?;
    call.api_read(move |tx, viewer| {
        viewer.actor.may(&Action::EditDocument(kind))?;
        Ok(draft_of(kind, guidelines::base_of(tx, kind)?))
    })
    .await
}

/// A draft to be kept.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// Markdown.
    body: String,
    /// The `base` of the text it was made from; empty where there was none.
    #[serde(default)]
    base: String,
}

/// Keeps the draft; made from another text than the one that stands, it is stale (409).
#[utoipa::path(put, path = "/api/v1/guidelines/{kind}/draft", tag = "guidelines", params(("kind" = String, Path)),
    request_body = NewDraft, responses((status = 200, body = ApiDraft), (status = 403), (status = 409), (status = 422)))]
pub async fn keep(call: Call) -> Answer {
    let kind = kind(&call)?;
    let new: NewDraft = call.json()?;
    let (body, base_url) = (new.body.clone(), call.app().config.base_url.clone());
    let words = call
        .compute(move || Words::parse(&body, &base_url))
        .await??;
    call.api_write(200, move |tx, viewer| {
        let saved = guidelines::save_draft(tx, &viewer.actor, kind, &words, &new.base)?;
        Ok(draft_of(kind, Some(saved)))
    })
    .await
}

/// Which version is meant.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Meant {
    /// Its number.
    version: i64,
}

/// Takes a version that waits for its day back into the drafts; one that came into force meanwhile is stale (409).
#[utoipa::path(post, path = "/api/v1/guidelines/{kind}/recall", tag = "guidelines", params(("kind" = String, Path)),
    request_body = Meant, responses((status = 200, body = ApiDraft), (status = 403), (status = 404), (status = 409)))]
pub async fn recall(call: Call) -> Answer {
    let kind = kind(&call)?;
    let meant: Meant = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let version = guidelines::version(tx, kind, meant.version)?;
        let draft = guidelines::recall(tx, &viewer.actor, kind, version.id)?;
        Ok(draft_of(kind, Some(draft)))
    })
    .await
}
