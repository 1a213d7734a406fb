//! Reports and the review queue for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forum::List;
use super::guidelines::moment;
use crate::db::Tx;
use crate::kit::At;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, MemberId, PostId, ReviewItemId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{Refusal, Result};
use crate::members;
use crate::moderation::{
    self, AuthorChoice, ContentChoice, Decision, Finding, HeldBy, Item, ItemState, Kind,
    ReportLine, Stand, Subject, Wanted, Why,
};
use crate::policy::Actor;
use crate::web::{Answer, Call};

/// Items on one page.
const PER_PAGE: i64 = 30;

/// A report to be sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// The word of a reason: `spam`, `off_topic`, `unkind`, `illegal`, `other`, or one of the community's own.
    reason: String,
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
    post_id: Option<i64>,
    thread_id: Option<i64>,
    member_id: Option<i64>,
    reason: String,
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
        reported(tx, &viewer.actor, Subject::Post(post), &new)
    })
    .await
}

/// Reports a thread as a whole.
#[utoipa::path(post, path = "/api/v1/threads/{id}/reports", tag = "moderation", params(("id" = i64, Path)),
    request_body = NewReport, responses((status = 201, body = ApiReport), (status = 404), (status = 422)))]
pub async fn report_thread(call: Call) -> Answer {
    let thread: ThreadId = call.segment("id")?;
    let new: NewReport = call.json()?;
    call.api_write(201, move |tx, viewer| {
        reported(tx, &viewer.actor, Subject::Thread(thread), &new)
    })
    .await
}

/// Reports a member's profile.
#[utoipa::path(post, path = "/api/v1/members/{name}/reports", tag = "moderation", params(("name" = String, Path)),
    request_body = NewReport, responses((status = 201, body = ApiReport), (status = 404), (status = 422)))]
pub async fn report_member(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let new: NewReport = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let member = members::find_by_name(tx, &name)?.id;
        reported(tx, &viewer.actor, Subject::Member(member), &new)
    })
    .await
}

fn reported(tx: &mut Tx<'_>, actor: &Actor, about: Subject, new: &NewReport) -> Result<ApiReport> {
    let why = Why {
        reason: new.reason.clone(),
        rule: new.rule,
    };
    moderation::report_about(tx, actor, about, &why, &new.message)?;
    let mine = moderation::my_report(tx, actor, about)?.or_not_found()?;
    Ok(ApiReport {
        post_id: about.named("post"),
        thread_id: about.named("thread"),
        member_id: about.named("member"),
        reason: mine.reason,
        state: mine.state.as_str(),
        created_at: mine.at.rfc3339(),
    })
}

/// One entry of the review queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiItem {
    id: i64,
    /// What it is about: `post`, `thread`, `member`, `highlight` or `decision`.
    kind: &'static str,
    /// Why it stands in the queue: `report`, `held`, `highlight` or `appeal`.
    queue: &'static str,
    /// 1 goes first: legal; 2: appeals and what three or more reported; 3: the rest.
    priority: i64,
    /// Why words were held back.
    held_for: Option<String>,
    post_id: Option<i64>,
    thread_id: Option<i64>,
    member_id: Option<i64>,
    highlight_id: Option<i64>,
    decision_id: Option<i64>,
    author_id: Option<i64>,
    state: &'static str,
    assignee_id: Option<i64>,
    /// Counts changes; a decision may name the one it was made on.
    version: i64,
    title: Option<String>,
    text: Option<String>,
    reports: Vec<ApiItemReport>,
    created_at: String,
    /// What the member says against the decision; only where one appeal is asked for.
    appeal: Option<String>,
    /// What the local classifier says of the words: a score of 100, and its reasons.
    #[schema(value_type = Option<Object>)]
    hint: Option<serde_json::Value>,
    /// A decision that takes effect in a moment and can still be undone.
    pending: Option<ApiPending>,
    decision: Option<ApiDecision>,
}

/// A decision that has not taken effect.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiPending {
    finding: &'static str,
    content: &'static str,
    author: &'static str,
    by_id: Option<i64>,
    /// When it takes effect.
    until: String,
}

/// One member's report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiItemReport {
    reporter_id: Option<i64>,
    reason: String,
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
    let appeal = match item.kind {
        Kind::Appeal => moderation::appealed(tx, actor, item.id)?.1.words,
        _ => None,
    };
    Ok(ApiItem {
        appeal,
        ..with_reports(item, reports)
    })
}

fn with_reports(item: Item, reports: Vec<ReportLine>) -> ApiItem {
    let (title, text) = item
        .snapshot
        .map_or((None, None), |said| (Some(said.title), Some(said.text)));
    ApiItem {
        id: item.id.0,
        kind: item.subject.kind(),
        queue: item.kind.as_str(),
        priority: item.priority,
        held_for: item.held_for,
        post_id: item.subject.named("post"),
        thread_id: item.subject.named("thread"),
        member_id: item.subject.named("member"),
        highlight_id: item.subject.named("highlight"),
        decision_id: item.subject.named("decision"),
        appeal: None,
        hint: item
            .hint
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok()),
        pending: item.pending.map(|pending| ApiPending {
            finding: pending.decision.finding.as_str(),
            content: pending.decision.content.as_str(),
            author: pending.decision.author.as_str(),
            by_id: pending.by.map(|id| id.0),
            until: pending.until.rfc3339(),
        }),
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
                reason: report.reason,
                rule: report.rule.1,
                message: report.message,
                state: report.state.as_str(),
                created_at: report.at.rfc3339(),
            })
            .collect(),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    kind: String,
    mine: String,
    category: String,
    assignee: String,
    after: String,
}

impl Asked {
    fn wanted(&self) -> Result<Wanted> {
        let stand = match self.state.as_str() {
            "" | "waiting" => Stand::Waiting,
            "decided" => Stand::Decided,
            word => ItemState::parse(word)
                .map(Stand::In)
                .ok_or(Refusal::Unreadable("state"))?,
        };
        let held = HeldBy::parse(&self.kind);
        let kind = match self.kind.as_str() {
            "" => None,
            _ if held.is_some() => Some(Kind::Held),
            word => Some(Kind::parse(word).ok_or(Refusal::Unreadable("kind"))?),
        };
        Ok(Wanted {
            stand,
            kind,
            mine: self.mine == "1",
            category: self.category.parse().ok().map(CategoryId),
            assignee: self.assignee.parse().ok().map(MemberId),
            held,
        })
    }
}

/// The review queue: `state` is `waiting` (default), `decided`, or one state; `kind` one kind, or `held_posts`, `held_edits` or `new_members` of what is held; `mine` is `1` for those
/// that you have taken; `category` and `assignee` are ids.
#[utoipa::path(get, path = "/api/v1/review-items", tag = "moderation", params(("state" = Option<String>, Query), ("kind" = Option<String>, Query), ("mine" = Option<String>, Query), ("category" = Option<i64>, Query), ("assignee" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = List<ApiItem>), (status = 403)))]
pub async fn queue(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.api_read(move |tx, viewer| {
        let after = Cursor::decode(&asked.after);
        let wanted = asked.wanted()?;
        let found = moderation::queue(tx, &viewer.actor, wanted, after.as_ref(), PER_PAGE)?;
        let mut reports = moderation::reports_of_all(tx, &viewer.actor, &found.items)?;
        let items = found.items.into_iter().map(|item| {
            let of = reports.remove(&item.id).unwrap_or_default();
            with_reports(item, of)
        });
        Ok(List {
            items: items.collect(),
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
