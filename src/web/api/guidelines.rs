//! The charter and the two guidelines for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forum::List;
use crate::guidelines::{self, Change, Publication, Version, Words};
use crate::kit::At;
use crate::kit::cursor::Cursor;
use crate::kit::stop::{Document, OrRefuse};
use crate::kit::{Refusal, Result, Stop};
use crate::web::{Answer, Call};

/// Versions on one page.
const PER_PAGE: i64 = 30;

/// A version of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiVersion {
    kind: &'static str,
    /// Its number, by which it is acknowledged.
    version: i64,
    /// What people call it, such as `2.1`.
    label: String,
    /// Markdown.
    body: String,
    html: String,
    note: String,
    effective_at: Option<String>,
    /// Does your acknowledgement hold? Null for guests.
    acknowledged: Option<bool>,
}

/// A version without its text.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiVersionLine {
    version: i64,
    label: String,
    note: String,
    effective_at: Option<String>,
}

pub(super) fn shown(version: Version, acknowledged: Option<bool>) -> ApiVersion {
    ApiVersion {
        kind: version.kind.as_str(),
        version: version.number,
        label: version.label(),
        body: version.body_source,
        html: version.body_html,
        note: version.change_note,
        effective_at: version.effective_at.map(At::rfc3339),
        acknowledged,
    }
}

pub(super) fn kind(call: &Call) -> Result<Document> {
    let word: String = call.segment("kind")?;
    Document::parse(&word).or_not_found()
}

/// The version in force.
#[utoipa::path(get, path = "/api/v1/guidelines/{kind}", tag = "guidelines", params(("kind" = String, Path)),
    responses((status = 200, body = ApiVersion), (status = 404)))]
pub async fn current(call: Call) -> Answer {
    let kind = kind(&call)?;
    call.api_read(move |tx, viewer| {
        let version = guidelines::current(tx, kind)?.or_not_found()?;
        let acknowledged = match viewer.actor.id() {
            Some(me) => {
                let mine = guidelines::mine(tx, me, kind)?;
                Some(mine.is_some_and(|mine| mine.major == version.major))
            }
            None => None,
        };
        Ok(shown(version, acknowledged))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct After {
    after: String,
}

/// The published versions, newest first.
#[utoipa::path(get, path = "/api/v1/guidelines/{kind}/versions", tag = "guidelines", params(("kind" = String, Path)),
    responses((status = 200, body = List<ApiVersionLine>)))]
pub async fn versions(call: Call) -> Answer {
    let kind = kind(&call)?;
    let asked: After = call.query()?;
    call.api_read(move |tx, _| {
        let before = Cursor::decode(&asked.after).and_then(|cursor| cursor.as_one());
        let mut lines = guidelines::history(tx, kind, before, PER_PAGE + 1)?;
        let next = Cursor::turn(&mut lines, PER_PAGE, |line| Cursor::one(line.number));
        Ok(List {
            next: next.map(|next| next.encode()),
            items: lines
                .into_iter()
                .map(|line| ApiVersionLine {
                    version: line.number,
                    label: format!("{}.{}", line.major, line.minor),
                    note: line.change_note,
                    effective_at: line.effective_at.map(At::rfc3339),
                })
                .collect::<Vec<_>>(),
        })
    })
    .await
}

/// A version to be published.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    /// Markdown.
    body: String,
    /// `major` asks everybody again, `minor` mends words.
    #[schema(value_type = String)]
    change: Change,
    /// What changed.
    #[serde(default)]
    note: String,
    /// RFC 3339; at once where it is not given.
    #[serde(default)]
    effective_at: Option<String>,
}

/// Publishes a version.
#[utoipa::path(post, path = "/api/v1/guidelines/{kind}/versions", tag = "guidelines", params(("kind" = String, Path)),
    request_body = NewVersion, responses((status = 201, body = ApiVersion), (status = 403), (status = 422)))]
pub async fn publish(call: Call) -> Answer {
    let kind = kind(&call)?;
    let new: NewVersion = call.json()?;
    let effective_at = moment("effective_at", new.effective_at.as_deref())?;
    let (body, base_url) = (new.body.clone(), call.app().config.base_url.clone());
    let words = call
        .compute(move || Words::parse(&body, &base_url))
        .await??;
    call.api_write(201, move |tx, viewer| {
        let base = guidelines::base_of(tx, kind)?;
        let wanted = Publication {
            words: words.clone(),
            change: new.change,
            note: new.note.clone(),
            effective_at,
            base: base
                .map(|version| version.fingerprint())
                .unwrap_or_default(),
        };
        let version = guidelines::publish(tx, &viewer.actor, kind, &wanted)?;
        Ok(shown(version, Some(false)))
    })
    .await
}

/// Reads a moment as RFC 3339 writes it.
pub(super) fn moment(field: &str, text: Option<&str>) -> Result<Option<At>> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => text
            .parse::<jiff::Timestamp>()
            .map(|at| Some(At(at.as_microsecond())))
            .map_err(|_| Stop::invalid(field, "no-moment")),
    }
}

/// What is acknowledged.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAcknowledgement {
    /// The number of the version in force.
    version: i64,
}

/// That it was acknowledged.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiAcknowledgement {
    kind: &'static str,
    version: i64,
    acknowledged: bool,
}

/// Acknowledges the version in force; another one is stale (409).
#[utoipa::path(post, path = "/api/v1/guidelines/{kind}/acknowledgements", tag = "guidelines", params(("kind" = String, Path)),
    request_body = NewAcknowledgement, responses((status = 201, body = ApiAcknowledgement), (status = 409)))]
pub async fn acknowledge(call: Call) -> Answer {
    let kind = kind(&call)?;
    let new: NewAcknowledgement = call.json()?;
    call.api_write(201, move |tx, viewer| {
        if viewer.actor.person().is_none() {
            return Err(Refusal::SignInFirst.into());
        }
        let version = guidelines::version(tx, kind, new.version)?;
        guidelines::acknowledge(tx, &viewer.actor, kind, version.id)?;
        Ok(ApiAcknowledgement {
            kind: kind.as_str(),
            version: version.number,
            acknowledged: true,
        })
    })
    .await
}
