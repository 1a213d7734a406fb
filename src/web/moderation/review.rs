//! The review queue: what waits at the left, the item in the middle, the decision at the right.
//!
//! Long because queue, item and decision are one page, and its samples stand with it.
//!
//! Long because the one screen of a decision shows three choices and all that they rest on.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::report::rule_number;
use super::until;
use crate::db::Tx;
use crate::forum;
use crate::guidelines::Numbered;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{HighlightId, MemberId, ReviewItemId};
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::members::{self, Card};
use crate::moderation::{
    self, AuthorChoice, Cited, ContentChoice, Decided, Decision, Finding, Item, ItemState, Reason,
    ReportState, Subject, Wanted,
};
use crate::policy::PostState;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Items in the queue at a time.
const PER_PAGE: i64 = 30;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Asked {
    /// `waiting` (default), `decided`, or one state.
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
                .ok_or_else(|| Refusal::NotFound.into()),
        }
    }
}

/// What the decision's form sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DecisionForm {
    #[serde(skip_serializing)]
    act: String,
    version: i64,
    finding: String,
    content: String,
    author: String,
    span: String,
    /// The number of the rule it rests on.
    rule: String,
    reason: String,
}

/// One line of the queue.
#[derive(Debug, Clone, Serialize)]
struct QueueLine {
    id: ReviewItemId,
    href: String,
    outward: bool,
    title: String,
    author: Card,
    state: ItemState,
    reports: i64,
    updated_at: At,
    current: bool,
}

/// One report of the item.
#[derive(Debug, Clone, Serialize)]
struct ReportLine {
    by: Card,
    reason: Reason,
    message: String,
    /// The rule it has in mind.
    rule: Option<Numbered>,
    state: ReportState,
    at: At,
}

/// What was decided last, and by whom.
#[derive(Debug, Clone, Serialize)]
struct DecidedLine {
    finding: Finding,
    content: ContentChoice,
    author: AuthorChoice,
    until: Option<At>,
    reason: String,
    rule: Option<Numbered>,
    by: Card,
    at: Option<At>,
}

/// The item in the middle.
#[derive(Debug, Clone, Serialize)]
struct Opened {
    id: ReviewItemId,
    version: i64,
    state: ItemState,
    waits: bool,
    title: String,
    /// The words when they were reported, a paragraph each; empty once erased.
    snapshot: Vec<String>,
    /// The words now, where they are others by now.
    now_html: String,
    post_state: PostState,
    post_href: String,
    category: String,
    author: Card,
    author_posts: bool,
    assignee: Option<Card>,
    mine: bool,
    /// The moderator wrote it, or may not sanction its author.
    own: bool,
    reports: Vec<ReportLine>,
    decided: Option<DecidedLine>,
    sanctions: usize,
}

/// The desk's queue, with an item or without.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewPage {
    state: String,
    lines: Vec<QueueLine>,
    next: Option<String>,
    item: Option<Opened>,
    form: DecisionForm,
    findings: &'static [Finding],
    contents: &'static [ContentChoice],
    authors: &'static [AuthorChoice],
    spans: Vec<&'static str>,
    rules: Vec<Numbered>,
    problems: Problems,
    /// A colleague decided while this moderator was at it.
    too_late: bool,
}

impl Page for ReviewPage {
    const TEMPLATE: &'static str = "moderation/review";

    fn head(&self) -> Head {
        Head::new("moderation-review-title").nav("desk").no_index()
    }

    fn samples() -> Vec<Self> {
        samples()
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "samples are long because the page is"
)]
fn samples() -> Vec<ReviewPage> {
    let rule = Numbered {
        number: 7,
        title: "No selling, no begging".to_owned(),
        text: "No selling, no begging, no repeating.".to_owned(),
    };
    let empty = ReviewPage {
        state: "waiting".to_owned(),
        lines: Vec::new(),
        next: None,
        item: None,
        form: DecisionForm::default(),
        findings: Finding::ALL,
        contents: ContentChoice::ALL,
        authors: AuthorChoice::ALL,
        spans: spans(),
        rules: vec![rule.clone()],
        problems: Problems::default(),
        too_late: false,
    };
    let at = At(1_790_000_000_000_000);
    let line = QueueLine {
        id: ReviewItemId(4),
        href: "/desk/review/4".to_owned(),
        outward: false,
        title: "A kingfisher in the courtyard".to_owned(),
        author: Card::nobody(),
        state: ItemState::Open,
        reports: 2,
        updated_at: at,
        current: true,
    };
    let opened = Opened {
        id: ReviewItemId(4),
        version: 1,
        state: ItemState::Open,
        waits: true,
        title: "A kingfisher in the courtyard".to_owned(),
        snapshot: vec!["Cheap sunglasses here.".to_owned()],
        now_html: String::new(),
        post_state: PostState::Visible,
        post_href: "/p/88".to_owned(),
        category: "Field notes".to_owned(),
        author: Card::nobody(),
        author_posts: false,
        assignee: None,
        mine: false,
        own: false,
        reports: vec![ReportLine {
            by: Card::nobody(),
            reason: Reason::Spam,
            message: String::new(),
            rule: Some(rule.clone()),
            state: ReportState::Pending,
            at,
        }],
        decided: None,
        sanctions: 0,
    };
    let usual = ReviewPage {
        lines: vec![line.clone()],
        item: Some(opened.clone()),
        ..empty.clone()
    };
    let long = "ש".repeat(255);
    let worst = ReviewPage {
        state: "decided".to_owned(),
        lines: vec![QueueLine {
            title: long.clone(),
            outward: true,
            state: ItemState::Upheld,
            ..line
        }],
        next: Some("/desk/review?after=x".to_owned()),
        item: Some(Opened {
            state: ItemState::Upheld,
            waits: false,
            title: long.clone(),
            snapshot: Vec::new(),
            now_html: "<p>Other words.</p>".to_owned(),
            post_state: PostState::Deleted,
            assignee: Some(Card::nobody()),
            own: true,
            decided: Some(DecidedLine {
                finding: Finding::Upheld,
                content: ContentChoice::Delete,
                author: AuthorChoice::Silence,
                until: Some(at),
                reason: long.clone(),
                rule: Some(rule),
                by: Card::nobody(),
                at: Some(at),
            }),
            sanctions: 7,
            ..opened.clone()
        }),
        problems: Problems::one("reason", "needed"),
        too_late: true,
        form: DecisionForm {
            author: "silence".to_owned(),
            reason: long,
            ..DecisionForm::default()
        },
        ..empty.clone()
    };
    let mine = ReviewPage {
        item: Some(Opened {
            state: ItemState::InProgress,
            mine: true,
            assignee: Some(Card::nobody()),
            author_posts: true,
            ..opened
        }),
        ..usual.clone()
    };
    vec![empty, usual, mine, worst]
}

fn spans() -> Vec<&'static str> {
    super::SPANS
        .iter()
        .map(|(word, _)| *word)
        .chain(["forever"])
        .collect()
}

/// Shows the queue.
pub async fn queue(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        page(
            tx,
            viewer,
            &asked,
            None,
            DecisionForm::default(),
            Problems::default(),
        )
        .map(Shown::from)
    })
    .await
}

/// Shows an item.
pub async fn show(call: Call) -> Answer {
    let id: ReviewItemId = call.segment("id")?;
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let item = moderation::item(tx, &viewer.actor, id)?;
        if let Subject::Highlight(_) = item.subject {
            return Ok(Shown::see(super::href(&item)));
        }
        page(
            tx,
            viewer,
            &asked,
            Some(id),
            DecisionForm::default(),
            Problems::default(),
        )
        .map(Shown::from)
    })
    .await
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    asked: &Asked,
    id: Option<ReviewItemId>,
    form: DecisionForm,
    problems: Problems,
) -> Result<ReviewPage> {
    let after = Cursor::decode(&asked.after);
    let found = moderation::queue(tx, &viewer.actor, asked.wanted()?, after.as_ref(), PER_PAGE)?;
    let titles = super::titles(tx, &found.items)?;
    let authors: Vec<MemberId> = found.items.iter().filter_map(|item| item.author).collect();
    let cards = members::cards(tx, &authors)?;
    let state = if asked.state.is_empty() {
        "waiting"
    } else {
        &asked.state
    };
    let lines = found
        .items
        .iter()
        .map(|item| line(item, &cards, &titles, id, state))
        .collect();
    let item = id.map(|id| opened(tx, viewer, id)).transpose()?;
    let too_late = item
        .as_ref()
        .is_some_and(|item| form.version != 0 && item.version != form.version);
    Ok(ReviewPage {
        state: state.to_owned(),
        lines,
        next: found
            .next
            .map(|next| format!("/desk/review?state={state}&after={}", next.encode())),
        item,
        form,
        findings: Finding::ALL,
        contents: ContentChoice::ALL,
        authors: AuthorChoice::ALL,
        spans: spans(),
        rules: moderation::citable(tx)?,
        problems,
        too_late,
    })
}

fn line(
    item: &Item,
    cards: &HashMap<MemberId, Card>,
    titles: &HashMap<HighlightId, String>,
    open: Option<ReviewItemId>,
    state: &str,
) -> QueueLine {
    let outward = matches!(item.subject, Subject::Highlight(_));
    QueueLine {
        id: item.id,
        href: if outward {
            super::href(item)
        } else {
            format!("/desk/review/{}?state={state}", item.id)
        },
        outward,
        title: super::title(item, titles),
        author: card(cards, item.author),
        state: item.state,
        reports: item.reports,
        updated_at: item.updated_at,
        current: open == Some(item.id),
    }
}

fn card(cards: &HashMap<MemberId, Card>, id: Option<MemberId>) -> Card {
    id.and_then(|id| cards.get(&id).cloned())
        .unwrap_or_else(Card::nobody)
}

fn opened(tx: &mut Tx<'_>, viewer: &Viewer, id: ReviewItemId) -> Result<Opened> {
    let item = moderation::item(tx, &viewer.actor, id)?;
    let reports = moderation::reports_of(tx, &viewer.actor, id)?;
    let post = item.post()?;
    let said = forum::said(tx, post)?;
    let facts = forum::post_facts(tx, post)?;
    let mut people: Vec<MemberId> = reports.iter().filter_map(|r| r.reporter).collect();
    people.extend(
        [item.author, item.assignee, item.decided_by]
            .into_iter()
            .flatten(),
    );
    let cards = members::cards(tx, &people)?;
    let sanctions = match item.author {
        Some(author) => moderation::sanctions_of(tx, &viewer.actor, author, None, 50)?.len(),
        None => 0,
    };
    let snapshot = item.snapshot.as_ref();
    let changed = snapshot.is_none_or(|s| s.text != said.text);
    let own = item.author.is_some() && item.author == viewer.actor.id();
    let author = card(&cards, item.author);
    let decided = match item.decided {
        Some(decided) => {
            let by = card(&cards, item.decided_by);
            Some(shown(tx, decided, by, item.decided_at)?)
        }
        None => None,
    };
    let mut lines = Vec::new();
    for report in reports {
        lines.push(ReportLine {
            by: card(&cards, report.reporter),
            reason: report.reason,
            rule: rule_words(tx, report.cited())?,
            message: report.message.unwrap_or_default(),
            state: report.state,
            at: report.at,
        });
    }
    Ok(Opened {
        id,
        version: item.version,
        state: item.state,
        waits: item.state.waits(),
        title: said.title.clone(),
        snapshot: snapshot.map_or_else(Vec::new, |s| s.text.lines().map(str::to_owned).collect()),
        now_html: if changed {
            said.html.clone()
        } else {
            String::new()
        },
        post_state: facts.state,
        post_href: format!("/p/{post}"),
        category: said.category_name,
        author_posts: !author.erased,
        author,
        assignee: item.assignee.map(|_| card(&cards, item.assignee)),
        mine: item.assignee.is_some() && item.assignee == viewer.actor.id(),
        own,
        decided,
        reports: lines,
        sanctions,
    })
}

fn rule_words(tx: &mut Tx<'_>, cited: Option<Cited>) -> Result<Option<Numbered>> {
    match cited {
        Some(cited) => moderation::words_of(tx, cited),
        None => Ok(None),
    }
}

fn shown(tx: &mut Tx<'_>, decided: Decided, by: Card, at: Option<At>) -> Result<DecidedLine> {
    Ok(DecidedLine {
        finding: decided.finding,
        content: decided.content,
        author: decided.author,
        until: decided.until,
        reason: decided.reason,
        rule: rule_words(tx, decided.rule)?,
        by,
        at,
    })
}

/// Takes an item, puts it back, or decides it, as the pressed button says.
pub async fn act(call: Call) -> Answer {
    let id: ReviewItemId = call.segment("id")?;
    let form: DecisionForm = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| match form.act.as_str() {
            "take" => {
                moderation::take(tx, &viewer.actor, id, form.version)
                    .map_err(show_what_happened)?;
                Ok(See::to(format!("/desk/review/{id}")))
            }
            "put_back" => {
                moderation::put_back(tx, &viewer.actor, id, form.version)
                    .map_err(show_what_happened)?;
                Ok(See::to("/desk/review").flash("moderation-put-back"))
            }
            _ => {
                let wanted = decision(&form, tx.now())?;
                moderation::decide(tx, &viewer.actor, id, &wanted).map_err(show_what_happened)?;
                Ok(See::to("/desk/review").flash("moderation-decided"))
            }
        },
        move |tx, viewer, problems| {
            page(
                tx,
                viewer,
                &Asked::default(),
                Some(id),
                again.clone(),
                problems.clone(),
            )
            .map(Shown::from)
        },
    )
    .await
}

fn decision(form: &DecisionForm, now: At) -> Result<Decision> {
    let mut problems = Problems::default();
    let finding = Finding::parse(&form.finding);
    let content = ContentChoice::parse(&form.content);
    let author = AuthorChoice::parse(&form.author);
    for (field, missing) in [
        ("finding", finding.is_none()),
        ("content", content.is_none()),
        ("author", author.is_none()),
    ] {
        if missing {
            problems.add(field, "choose", &[]);
        }
    }
    problems.check()?;
    let author = author.unwrap_or(AuthorChoice::None);
    let lasts = matches!(author, AuthorChoice::Silence | AuthorChoice::Suspension);
    Ok(Decision {
        version: form.version,
        finding: finding.unwrap_or(Finding::Ignored),
        content: content.unwrap_or(ContentChoice::Keep),
        author,
        until: if lasts { until(now, &form.span)? } else { None },
        reason: form.reason.clone(),
        rule: rule_number(&form.rule)?,
    })
}

/// A colleague was quicker: the page comes back with what they did, not a page that only says no.
fn show_what_happened(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(Refusal::Stale) => Stop::invalid("", "decided-meanwhile"),
        other => other,
    }
}
