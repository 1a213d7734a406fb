//! The door by API: nominating, consent, approval, the pull, announcements.
//!
//! Long because the bodies and answers of one room's API stand beside its handlers.

use serde::{Deserialize, Serialize};

use super::announcements::{AnnouncementJson, announcement_json};
use crate::db::Tx;
use crate::highlights::{
    self, AfterEdit, Answer as Say, Attribution, ConsentView, QuoteWish, Run, ScopeWords, Verdict,
    View, Wish,
};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{HighlightId, MilestoneId, PostId, ThreadId};
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::members;
use crate::policy::Role;
use crate::web::{Answer, Call, Viewer};

/// One quote of a nomination.
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct QuoteBody {
    post_id: i64,
    excerpt: String,
}

/// A nomination. Either `quotes`, or the short form with `post_id` and `excerpt`, or a thread as a whole,
/// or a milestone.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
struct NominationBody {
    quotes: Vec<QuoteBody>,
    post_id: Option<i64>,
    excerpt: Option<String>,
    thread_id: Option<i64>,
    milestone_id: Option<i64>,
    title: String,
    reason: String,
    audience: String,
    /// Handles of members who are named without being quoted.
    named: Vec<String>,
    /// The nominator's own answer for their own words, given in the same breath.
    consent: Option<ScopeBody>,
    /// For a revision: the version it was made from.
    version: Option<i64>,
}

/// A scope, as the consent form has it.
#[derive(Debug, Clone, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
struct ScopeBody {
    attribution: String,
    trimming: bool,
    by_hand: bool,
    channels: Vec<String>,
    pictures: bool,
}

impl ScopeBody {
    fn words(&self) -> ScopeWords {
        ScopeWords {
            attribution: self.attribution.clone(),
            trimming: self.trimming,
            by_hand: self.by_hand,
            places: self.channels.clone(),
            pictures: self.pictures,
        }
    }
}

impl NominationBody {
    fn wish(&self, tx: &mut Tx<'_>) -> Result<Wish> {
        let mut quotes: Vec<QuoteWish> = self
            .quotes
            .iter()
            .map(|quote| QuoteWish {
                post: PostId(quote.post_id),
                run: Run::Words(quote.excerpt.clone()),
            })
            .collect();
        if let Some(post) = self.post_id {
            let words = self.excerpt.clone().unwrap_or_default();
            quotes.push(QuoteWish {
                post: PostId(post),
                run: Run::Words(words),
            });
        }
        let mut named = Vec::new();
        for name in self.named.iter().take(20) {
            match members::seek_by_name(tx, name)? {
                Some(card) if !card.erased => named.push(card.id),
                _ => return Err(Problems::one("named", "no-such-member").into()),
            }
        }
        Ok(Wish {
            title: self.title.clone(),
            reason: self.reason.clone(),
            audience: self.audience.clone(),
            quotes,
            thread: self.thread_id.map(ThreadId),
            milestone: self.milestone_id.map(MilestoneId),
            named,
        })
    }

    fn own(&self) -> Result<Option<highlights::Scope>> {
        self.consent
            .as_ref()
            .map(|scope| scope.words().scope())
            .transpose()
    }
}

/// A highlight as the API says it.
#[derive(Debug, Clone, Serialize)]
struct HighlightJson {
    id: HighlightId,
    kind: &'static str,
    state: &'static str,
    note: String,
    title: String,
    reason: String,
    audience: String,
    lang: String,
    version: i64,
    content_hash: String,
    quotes: Vec<QuoteJson>,
    consents: Vec<ConsentJson>,
    by_hand: bool,
    channels: Vec<&'static str>,
    announcements: Vec<AnnouncementJson>,
    approved_at: Option<String>,
    created_at: String,
}

#[derive(Debug, Clone, Serialize)]
struct QuoteJson {
    post_id: PostId,
    excerpt: Option<String>,
    author: Option<String>,
    path: String,
}

#[derive(Debug, Clone, Serialize)]
struct ConsentJson {
    member: String,
    state: &'static str,
    attribution: Option<Attribution>,
    attributed_as: Option<String>,
    trimming: bool,
    by_hand: bool,
    channels: Vec<&'static str>,
    pictures: bool,
}

fn consent_json(one: &ConsentView) -> ConsentJson {
    let scope = one.consent.scope.as_ref();
    ConsentJson {
        member: one.person.name.clone(),
        state: one.consent.state.as_str(),
        attribution: scope.map(|s| s.attribution),
        attributed_as: one.consent.named.clone(),
        trimming: scope.is_some_and(|s| s.trimming),
        by_hand: scope.is_some_and(|s| s.by_hand),
        channels: scope.map(|s| s.places.words()).unwrap_or_default(),
        pictures: scope.is_some_and(|s| s.pictures),
    }
}

fn highlight_json(view: &View, viewer: &Viewer) -> HighlightJson {
    let moderates = viewer.actor.has(Role::Moderator);
    let staff = moderates || viewer.actor.has(Role::Publisher);
    // Who agreed to what is between them and the moderators; what all of it together allows is said below.
    let consents = view
        .consents
        .iter()
        .filter(|c| moderates || viewer.actor.id() == Some(c.consent.member))
        .map(consent_json)
        .collect();
    let own = viewer
        .actor
        .id()
        .is_some_and(|me| view.facts.authors.contains(&me));
    let announcements = if staff || own {
        view.announcements.as_slice()
    } else {
        &[]
    };
    let highlight = &view.highlight;
    HighlightJson {
        id: highlight.id,
        kind: highlight.kind.as_str(),
        state: highlight.state.as_str(),
        note: highlight.note.clone(),
        title: highlight.title.clone(),
        reason: highlight.reason.clone(),
        audience: highlight.audience.clone(),
        lang: highlight.lang.clone(),
        version: highlight.version,
        content_hash: crate::kit::hex(&highlight.content_hash),
        quotes: view
            .quotes
            .iter()
            .map(|q| QuoteJson {
                post_id: q.post,
                excerpt: q.excerpt.clone(),
                author: Some(q.author.name.clone()).filter(|name| !name.is_empty()),
                path: q.path.clone(),
            })
            .collect(),
        consents,
        by_hand: view.covered.by_hand,
        channels: highlights::covered_words(&view.covered),
        announcements: announcements.iter().map(announcement_json).collect(),
        approved_at: highlight.approved_at.map(At::rfc3339),
        created_at: highlight.created_at.rfc3339(),
    }
}

fn show_one(tx: &mut Tx<'_>, viewer: &Viewer, id: HighlightId) -> Result<HighlightJson> {
    let view = highlights::view(tx, &viewer.actor, id)?;
    Ok(highlight_json(&view, viewer))
}

/// `POST /api/v1/highlights`
#[utoipa::path(post, path = "/api/v1/highlights", tag = "highlights", request_body = NominationBody, responses((status = 201), (status = 403), (status = 422)))]
pub async fn nominate(call: Call) -> Answer {
    let body: NominationBody = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let own = body.own()?;
        let wish = body.wish(tx)?;
        let id = highlights::nominate(tx, &viewer.actor, &wish, own.as_ref())?;
        show_one(tx, viewer, id)
    })
    .await
}

/// `POST /api/v1/highlights/{id}/revision`
#[utoipa::path(post, path = "/api/v1/highlights/{id}/revision", tag = "highlights", request_body = NominationBody, params(("id" = i64, Path)), responses((status = 200), (status = 409), (status = 422)))]
pub async fn revise(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let body: NominationBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let version = body
            .version
            .ok_or_else(|| Stop::invalid("version", "needed"))?;
        let own = body.own()?;
        let wish = body.wish(tx)?;
        highlights::revise(tx, &viewer.actor, id, version, &wish, own.as_ref())?;
        show_one(tx, viewer, id)
    })
    .await
}

/// `GET /api/v1/highlights/{id}`
#[utoipa::path(get, path = "/api/v1/highlights/{id}", tag = "highlights", params(("id" = i64, Path)), responses((status = 200), (status = 404)))]
pub async fn show(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    call.api_read(move |tx, viewer| show_one(tx, viewer, id))
        .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub(super) status: String,
    since: String,
    pub(super) after: String,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct List<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Item {
    Change(Box<highlights::Change>),
    Line {
        id: HighlightId,
        status: &'static str,
        title: String,
    },
}

/// `GET /api/v1/highlights?status=approved&since=`: what changed in the library; `next` is the `since` of the next
/// call, always given. `status=consented` is the approval desk, `status=mine` what the caller nominated.
#[utoipa::path(get, path = "/api/v1/highlights", tag = "highlights", params(("status" = Option<String>, Query), ("since" = Option<String>, Query), ("after" = Option<String>, Query)), responses((status = 200), (status = 403)))]
pub async fn list(call: Call) -> Answer {
    let query: ListQuery = call.query()?;
    let cursor = |text: &str| -> Result<Option<Cursor>> {
        match text {
            "" => Ok(None),
            text => Ok(Some(
                Cursor::decode(text).ok_or(Refusal::Unreadable("cursor"))?,
            )),
        }
    };
    let (since, after) = (cursor(&query.since)?, cursor(&query.after)?);
    call.api_write(200, move |tx, viewer| {
        let line = |h: &highlights::Highlight| Item::Line {
            id: h.id,
            status: h.state.as_str(),
            title: h.title.clone(),
        };
        match query.status.as_str() {
            "" | "approved" => {
                let (items, next, _) = highlights::changes(tx, &viewer.actor, since)?;
                let items = items
                    .into_iter()
                    .map(|change| Item::Change(Box::new(change)))
                    .collect();
                Ok(List {
                    items,
                    next: Some(next.encode()),
                })
            }
            "consented" => {
                let (lines, next) = highlights::desk(tx, &viewer.actor, true, after)?;
                let items = lines.iter().map(|l| line(&l.highlight)).collect();
                Ok(List {
                    items,
                    next: next.map(|c| c.encode()),
                })
            }
            "mine" => {
                let (lines, next) = highlights::my_nominations(tx, &viewer.actor, after)?;
                Ok(List {
                    items: lines.iter().map(line).collect(),
                    next: next.map(|c| c.encode()),
                })
            }
            _ => Err(Stop::invalid("status", "unknown-status")),
        }
    })
    .await
}

/// What an author says about their own words.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Decision {
    /// Yes, with a scope.
    Grant,
    /// No.
    Decline,
    /// The yes is taken back.
    Withdraw,
    /// After an edit: what was announced is taken down.
    TakeDown,
    /// After an edit: what I agreed to may stand.
    MayStand,
}

/// An answer about one's own words.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsentBody {
    decision: Decision,
    #[serde(default)]
    attribution: String,
    #[serde(default)]
    trimming: bool,
    #[serde(default)]
    by_hand: bool,
    #[serde(default)]
    channels: Vec<String>,
    /// May the pictures of the post go along?
    #[serde(default)]
    pictures: bool,
}

/// `POST /api/v1/highlights/{id}/consent`
#[utoipa::path(post, path = "/api/v1/highlights/{id}/consent", tag = "highlights", request_body = ConsentBody, params(("id" = i64, Path)), responses((status = 200), (status = 404), (status = 409), (status = 422)))]
pub async fn consent(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let body: ConsentBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let actor = &viewer.actor;
        match body.decision {
            Decision::Grant => {
                let words = ScopeWords {
                    attribution: body.attribution.clone(),
                    trimming: body.trimming,
                    by_hand: body.by_hand,
                    places: body.channels.clone(),
                    pictures: body.pictures,
                };
                highlights::answer(tx, actor, id, Say::Grant, Some(&words.scope()?))?;
            }
            Decision::Decline => {
                highlights::answer(tx, actor, id, Say::Decline, None)?;
            }
            Decision::Withdraw => {
                highlights::answer(tx, actor, id, Say::Withdraw, None)?;
            }
            Decision::TakeDown => highlights::after_edit(tx, actor, id, AfterEdit::TakeDown)?,
            Decision::MayStand => highlights::after_edit(tx, actor, id, AfterEdit::MayStand)?,
        }
        show_one(tx, viewer, id)
    })
    .await
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ApprovalBody {
    #[schema(value_type = String)]
    decision: Verdict,
    #[serde(default)]
    note: String,
    /// The hash that was looked at; where it is given, anything newer is refused as stale.
    #[serde(default)]
    content_hash: Option<String>,
}

/// `POST /api/v1/highlights/{id}/approval`
#[utoipa::path(post, path = "/api/v1/highlights/{id}/approval", tag = "highlights", request_body = ApprovalBody, params(("id" = i64, Path)), responses((status = 200), (status = 403), (status = 409), (status = 422)))]
pub async fn approval(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let body: ApprovalBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let seen = body.content_hash.as_deref().map(unhex).transpose()?;
        highlights::decide(
            tx,
            &viewer.actor,
            id,
            body.decision,
            &body.note,
            seen.as_deref(),
        )?;
        show_one(tx, viewer, id)
    })
    .await
}

/// One of several that are decided together.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ApprovalItem {
    id: i64,
    /// The hash that was looked at.
    content_hash: String,
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ApprovalsBody {
    items: Vec<ApprovalItem>,
    #[schema(value_type = String)]
    decision: Verdict,
    #[serde(default)]
    note: String,
}

/// `POST /api/v1/approvals`: decides on several highlights, all of them or none. Law 3 holds for each.
#[utoipa::path(post, path = "/api/v1/approvals", tag = "highlights", request_body = ApprovalsBody, responses((status = 204), (status = 403), (status = 409), (status = 422)))]
pub async fn approvals(call: Call) -> Answer {
    let body: ApprovalsBody = call.json()?;
    if body.items.is_empty() || body.items.len() > 100 {
        return Err(Stop::invalid("items", "pick-needed"));
    }
    call.api_write(204, move |tx, viewer| {
        let mut wanted = Vec::new();
        for item in &body.items {
            wanted.push((HighlightId(item.id), unhex(&item.content_hash)?));
        }
        highlights::decide_all(tx, &viewer.actor, &wanted, body.decision, &body.note)
            .map_err(|(_, stop)| stop)
    })
    .await
}

/// Bytes from hexadecimal digits.
///
/// # Errors
/// Stale where they are none: such a hash was never shown.
pub fn unhex(text: &str) -> Result<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|d| d.len() % 2 == 0).ok_or(Refusal::Stale)?;
    Ok(digits
        .chunks(2)
        .filter_map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect())
}
