//! Reports and the review queue for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forum::List;
use super::guidelines::moment;
use crate::db::Tx;
use crate::kit::At;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{PostId, ReviewItemId};
use crate::kit::stop::OrRefuse;
use crate::kit::{Refusal, Result};
use crate::moderation::{
    self, AuthorChoice, ContentChoice, Decision, Finding, Item, ItemState, Reason, Subject, Wanted,
    Why,
};
use crate::policy::Actor;
use crate::web::{Answer, Call};

/// Items on one page.
const PER_PAGE: i64 = 30;

/// A report to be sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// `spam`, `off_topic`, `unkind`, `illegal` or `other`.
    #[schema(value_type = String)]
    reason: Reason,
    /// Needed for `illegal` and `other`.
    #[serde(default)]
    message: String,
    /// The number of the rule of the community guidelines that you have in mind.
    #[serde(default)]
    rule: Option<i64>,
}

/// Your report and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiReport {
    post_id: i64,
    reason: &'static str,
    state: &'static str,
    created_at: String,
}

/// Reports a post; a second report of yours replaces the first.
#[utoipa::path(post, path = "/api/v1/posts/{id}/reports", tag = "moderation", params(("id" = i64, Path)),
    request_body = NewReport, responses((status = 201, body = ApiReport), (status = 404), (status = 422)))]
pub async fn report(call: Call) -> Answer {
    let post: PostId = call.segment("id")?;
    let new: NewReport = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let why = Why {
            reason: new.reason,
            rule: new.rule,
        };
        moderation::report(tx, &viewer.actor, post, why, &new.message)?;
        let mine = moderation::my_report(tx, &viewer.actor, post)?.or_not_found()?;
        Ok(ApiReport {
            post_id: post.0,
            reason: mine.reason.as_str(),
            state: mine.state.as_str(),
            created_at: mine.at.rfc3339(),
        })
    })
    .await
}

/// One entry of the review queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiItem {
    id: i64,
    /// `post` for reported posts, `highlight` for highlights that wait for a moderator.
    kind: &'static str,
    post_id: Option<i64>,
    highlight_id: Option<i64>,
    author_id: Option<i64>,
    state: &'static str,
    assignee_id: Option<i64>,
    /// Counts changes; a decision may name the one it was made on.
    version: i64,
    title: Option<String>,
    text: Option<String>,
    reports: Vec<ApiItemReport>,
    created_at: String,
    decision: Option<ApiDecision>,
}

/// One member's report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiItemReport {
    reporter_id: Option<i64>,
    reason: &'static str,
    message: Option<String>,
    /// The number of the rule that the reporter had in mind.
    rule: Option<i64>,
    state: &'static str,
    created_at: String,
}

/// What was decided last.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiDecision {
    finding: &'static str,
    content: &'static str,
    author: &'static str,
    until: Option<String>,
    reason: String,
    /// The number of the rule it rests on.
    rule: Option<i64>,
    by_id: Option<i64>,
    at: Option<String>,
}

fn shown(tx: &mut Tx<'_>, actor: &Actor, item: Item) -> Result<ApiItem> {
    let reports = moderation::reports_of(tx, actor, item.id)?;
    let (title, text) = item
        .snapshot
        .map_or((None, None), |said| (Some(said.title), Some(said.text)));
    Ok(ApiItem {
        id: item.id.0,
        kind: item.subject.kind(),
        post_id: match item.subject {
            Subject::Post(id) => Some(id.0),
            Subject::Highlight(_) => None,
        },
        highlight_id: match item.subject {
            Subject::Highlight(id) => Some(id.0),
            Subject::Post(_) => None,
        },
        author_id: item.author.map(|id| id.0),
        state: item.state.as_str(),
        assignee_id: item.assignee.map(|id| id.0),
        version: item.version,
        title,
        text,
        created_at: item.created_at.rfc3339(),
        decision: item.decided.map(|decided| ApiDecision {
            finding: decided.finding.as_str(),
            content: decided.content.as_str(),
            author: decided.author.as_str(),
            until: decided.until.map(At::rfc3339),
            reason: decided.reason,
            rule: decided.rule.map(|rule| rule.number),
            by_id: item.decided_by.map(|id| id.0),
            at: item.decided_at.map(At::rfc3339),
        }),
        reports: reports
            .into_iter()
            .map(|report| ApiItemReport {
                reporter_id: report.reporter.map(|id| id.0),
                reason: report.reason.as_str(),
                rule: report.rule.1,
                message: report.message,
                state: report.state.as_str(),
                created_at: report.at.rfc3339(),
            })
            .collect(),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    after: String,
}

impl Asked {
    fn wanted(&self) -> Result<Wanted> {
        match self.state.as_str() {
            "" | "waiting" => Ok(Wanted::Waiting),
            "decided" => Ok(Wanted::Decided),
            word => ItemState::parse(word)
                .map(Wanted::In)
                .ok_or_else(|| Refusal::Unreadable("state").into()),
        }
    }
}

/// The review queue: `state` is `waiting` (default), `decided`, or one state.
#[utoipa::path(get, path = "/api/v1/review-items", tag = "moderation", params(("state" = Option<String>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = List<ApiItem>), (status = 403)))]
pub async fn queue(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.api_read(move |tx, viewer| {
        let after = Cursor::decode(&asked.after);
        let wanted = asked.wanted()?;
        let found = moderation::queue(tx, &viewer.actor, wanted, after.as_ref(), PER_PAGE)?;
        let mut items = Vec::with_capacity(found.items.len());
        for item in found.items {
            items.push(shown(tx, &viewer.actor, item)?);
        }
        Ok(List {
            items,
            next: found.next.map(|next| next.encode()),
        })
    })
    .await
}

/// One entry of the review queue.
#[utoipa::path(get, path = "/api/v1/review-items/{id}", tag = "moderation", params(("id" = i64, Path)),
    responses((status = 200, body = ApiItem), (status = 404)))]
pub async fn item(call: Call) -> Answer {
    let id: ReviewItemId = call.segment("id")?;
    call.api_read(move |tx, viewer| {
        let item = moderation::item(tx, &viewer.actor, id)?;
        shown(tx, &viewer.actor, item)
    })
    .await
}

/// A decision: three independent choices.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// `upheld`, `declined` or `ignored`.
    #[schema(value_type = String)]
    finding: Finding,
    /// `keep`, `hide`, `return` or `delete`.
    #[schema(value_type = String)]
    content: ContentChoice,
    /// `none`, `note`, `warning`, `silence` or `suspension`.
    #[schema(value_type = String)]
    author: AuthorChoice,
    /// When a silence or suspension ends (RFC 3339); without end where it is not given.
    #[serde(default)]
    until: Option<String>,
    #[serde(default)]
    reason: String,
    /// The number of the rule of the community guidelines that it rests on.
    #[serde(default)]
    rule: Option<i64>,
    /// The version you saw; the present one where it is not given.
    #[serde(default)]
    version: Option<i64>,
}

/// Decides an entry; one that changed after the version you name is stale (409).
#[utoipa::path(post, path = "/api/v1/review-items/{id}/decision", tag = "moderation", params(("id" = i64, Path)),
    request_body = NewDecision, responses((status = 200, body = ApiItem), (status = 409), (status = 422)))]
pub async fn decide(call: Call) -> Answer {
    let id: ReviewItemId = call.segment("id")?;
    let new: NewDecision = call.json()?;
    let until = moment("until", new.until.as_deref())?;
    call.api_write(200, move |tx, viewer| {
        let version = match new.version {
            Some(version) => version,
            None => moderation::item(tx, &viewer.actor, id)?.version,
        };
        let wanted = Decision {
            version,
            finding: new.finding,
            content: new.content,
            author: new.author,
            until,
            reason: new.reason.clone(),
            rule: new.rule,
        };
        let item = moderation::decide(tx, &viewer.actor, id, &wanted)?;
        shown(tx, &viewer.actor, item)
    })
    .await
}
