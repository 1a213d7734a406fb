//! The review queue: what waits at the left, the item in the middle, the decision at the right.
//!
//! Long because the one screen of a decision shows three choices and all that they rest on.

mod opened;
mod samples;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use self::opened::opened;
use super::Titles;
use super::kept::{ShownReason, spans};
use super::says::Says;
use crate::db::Tx;
use crate::forum;
use crate::guidelines::Numbered;
use crate::highlights;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, MemberId, ReviewItemId};
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::members::{self, Card};
use crate::moderation::spam::Hint;
use crate::moderation::{
    self, AppealState, AuthorChoice, ContentChoice, Finding, HeldBy, Item, ItemState, Kind, Record,
    ReportState, Stand, Subject, UNDO_SECONDS, Wanted,
};
use crate::policy::{PostState, Role};
use crate::web::{Answer, Call, Head, Page, Shown, Viewer};

/// Items in the queue at a time.
const PER_PAGE: i64 = 30;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `waiting` (default), `decided`, or one state.
    state: String,
    /// One kind, or empty for all.
    kind: String,
    /// `1`: those that the moderator has taken.
    mine: String,
    /// One category's number, or empty for all.
    category: String,
    /// The number of the moderator who has taken them, or empty.
    assignee: String,
    after: String,
    /// Entries whose decision can still be undone.
    undo: String,
}

impl Asked {
    fn wanted(&self) -> Result<Wanted> {
        let stand = match self.state.as_str() {
            "" | "waiting" => Stand::Waiting,
            "decided" => Stand::Decided,
            word => ItemState::parse(word)
                .map(Stand::In)
                .ok_or(Refusal::NotFound)?,
        };
        let held = HeldBy::parse(&self.kind);
        let kind = match self.kind.as_str() {
            "" => None,
            _ if held.is_some() => Some(Kind::Held),
            word => Some(Kind::parse(word).ok_or(Refusal::NotFound)?),
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

    /// Is something else than everything that waits shown?
    fn is_sifted(&self) -> bool {
        let narrower = [&self.kind, &self.category, &self.assignee];
        self.state() != "waiting"
            || self.mine == "1"
            || narrower.iter().any(|word| !word.is_empty())
    }

    /// What follows an address so that it keeps the list; nothing for the whole list.
    pub(super) fn query(&self) -> String {
        if self.is_sifted() {
            format!("?{}", self.list())
        } else {
            String::new()
        }
    }

    /// The same list again.
    pub(super) fn back(&self) -> String {
        format!("/desk/review{}", self.query())
    }

    /// The same list, with the way to undo what was decided.
    pub(super) fn back_to_undo(&self, ids: &str) -> String {
        let sign = if self.is_sifted() { '&' } else { '?' };
        format!("{}{sign}undo={ids}", self.back())
    }

    fn state(&self) -> &str {
        if self.state.is_empty() {
            "waiting"
        } else {
            &self.state
        }
    }

    /// The same list, for links.
    fn list(&self) -> String {
        let kind = match HeldBy::ALL.iter().find(|(word, _)| *word == self.kind) {
            Some((word, _)) => word,
            None => Kind::parse(&self.kind).map_or("", Kind::as_str),
        };
        let number = |typed: &str| typed.parse::<i64>().map(|n| n.to_string());
        let category = number(&self.category).unwrap_or_default();
        let assignee = number(&self.assignee).unwrap_or_default();
        let mine = if self.mine == "1" { "1" } else { "" };
        let state = ItemState::parse(&self.state).map_or_else(
            || {
                if self.state == "decided" {
                    "decided"
                } else {
                    "waiting"
                }
            },
            ItemState::as_str,
        );
        format!("state={state}&kind={kind}&mine={mine}&category={category}&assignee={assignee}")
    }
}

/// The kinds that the filter offers, parts of a kind after it.
fn kinds() -> Vec<&'static str> {
    let mut words = Vec::new();
    for kind in Kind::ALL {
        words.push(kind.as_str());
        if *kind == Kind::Held {
            words.extend(HeldBy::ALL.iter().map(|(word, _)| *word));
        }
    }
    words
}

/// Something that a form offers.
#[derive(Debug, Clone, Serialize)]
struct Offered {
    value: i64,
    name: String,
    chosen: bool,
}

/// What the decision's form sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DecisionForm {
    #[serde(skip_serializing)]
    pub(super) act: String,
    pub(super) version: i64,
    pub(super) finding: String,
    pub(super) content: String,
    pub(super) author: String,
    pub(super) span: String,
    /// The number of the rule it rests on.
    pub(super) rule: String,
    pub(super) reason: String,
    /// A note for colleagues.
    pub(super) note: String,
    /// The answer to an appeal.
    pub(super) answer: String,
    /// The colleague who is asked to look at it.
    pub(super) to: String,
    /// Those that were picked to be decided alike.
    pub(super) pick: Vec<String>,
}

/// One line of the queue.
#[derive(Debug, Clone, Serialize)]
struct QueueLine {
    id: ReviewItemId,
    href: String,
    outward: bool,
    title: String,
    /// What was decided, where the entry is an appeal.
    told: String,
    author: Card,
    kind: Kind,
    urgent: bool,
    legal: bool,
    held_for: String,
    pending: bool,
    /// Can be decided together with others.
    several: bool,
    /// The entry and the version that was seen.
    pick: String,
    /// It was picked before the form came back.
    picked: bool,
    /// Announcements of its words that have not left, and that stand outside.
    queued: i64,
    sent: i64,
    state: ItemState,
    reports: i64,
    updated_at: At,
    current: bool,
}

/// One report of the item.
#[derive(Debug, Clone, Serialize)]
struct ReportLine {
    by: Card,
    /// Sent by a guest whose address was confirmed.
    guest: bool,
    record: Record,
    reason: ShownReason,
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
    kind: Kind,
    /// What it is about: `post`, `thread`, `member` or `decision`.
    about: &'static str,
    priority: i64,
    held_for: String,
    hint: Option<Hint>,
    says: Says,
    history: Vec<StepLine>,
    /// Until when a decision can be undone.
    pending_until: Option<At>,
    appeal: Option<AppealCard>,
    waits: bool,
    title: String,
    /// The words when they were reported, a paragraph each; empty once erased.
    snapshot: Vec<String>,
    /// The words now, where they are others by now.
    now_html: String,
    post_state: PostState,
    post_href: String,
    /// The post, and whether pictures stand in it.
    post: i64,
    pictured: bool,
    /// What a poll under the words asks and offers, a line each.
    poll: Vec<String>,
    category: String,
    author: Card,
    author_posts: bool,
    assignee: Option<Card>,
    /// Who else could look at it.
    colleagues: Vec<Offered>,
    mine: bool,
    /// The moderator wrote it, or may not sanction its author.
    own: bool,
    reports: Vec<ReportLine>,
    decided: Option<DecidedLine>,
    sanctions: usize,
}

/// One step of an item's history.
#[derive(Debug, Clone, Serialize)]
struct StepLine {
    at: At,
    by: Option<Card>,
    kind: String,
    words: String,
}

/// An appeal and what it is against.
#[derive(Debug, Clone, Serialize)]
struct AppealCard {
    what: String,
    /// What granting does: brings words back, lifts a measure, or gives a profile back.
    grants: &'static str,
    /// What the words stand under, and where; empty for what is about the member.
    title: String,
    href: String,
    /// The words that it is about, as they stand now.
    said: Vec<String>,
    rule: Option<Numbered>,
    reason: String,
    by: Card,
    at: At,
    words: String,
    state: AppealState,
    answer: String,
    /// The moderator decided, or is the member: others answer.
    party: bool,
    /// Those who can, while it waits and the reader cannot.
    others: Vec<Card>,
    /// Nobody can: one of these admins makes somebody a moderator.
    admins: Vec<Card>,
    /// The reader can.
    can_invite: bool,
}

/// A decision that can still be undone.
#[derive(Debug, Clone, Serialize)]
struct Undoable {
    id: ReviewItemId,
    title: String,
}

/// The desk's queue, with an item or without.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewPage {
    state: String,
    kind: String,
    mine: bool,
    /// Something else than everything that waits is shown.
    sifted: bool,
    kinds: Vec<&'static str>,
    categories: Vec<Offered>,
    assignees: Vec<Offered>,
    /// What follows addresses, so that the list stays as it is.
    same_list: String,
    lines: Vec<QueueLine>,
    next: Option<String>,
    undoable: Vec<Undoable>,
    /// The ids of those, for the form that undoes.
    undo: String,
    undo_seconds: i64,
    several: bool,
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
        samples::all()
    }
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

pub(super) fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    asked: &Asked,
    id: Option<ReviewItemId>,
    form: DecisionForm,
    problems: Problems,
) -> Result<ReviewPage> {
    let after = Cursor::decode(&asked.after);
    let found = moderation::queue(tx, &viewer.actor, asked.wanted()?, after.as_ref(), PER_PAGE)?;
    let titles = Titles::of(tx, &found.items)?;
    let authors: Vec<MemberId> = found.items.iter().filter_map(|item| item.author).collect();
    let cards = members::cards(tx, &authors)?;
    let list = asked.list();
    let mut lines: Vec<QueueLine> = found
        .items
        .iter()
        .map(|item| line(item, &cards, &titles, id, &list))
        .collect();
    if id.is_none() {
        reach(tx, &found.items, &mut lines)?;
    }
    for line in &mut lines {
        let mut picks = form.pick.iter().filter_map(|pick| pick.split_once('.'));
        line.picked = picks.any(|(picked, _)| picked == line.id.to_string());
    }
    let item = id.map(|id| opened(tx, viewer, id)).transpose()?;
    let too_late = item
        .as_ref()
        .is_some_and(|item| form.version != 0 && item.version != form.version);
    let undoable = undoable(tx, viewer, &asked.undo)?;
    let ids: Vec<String> = undoable.iter().map(|one| one.id.to_string()).collect();
    Ok(ReviewPage {
        state: asked.state().to_owned(),
        kind: asked.kind.clone(),
        mine: asked.mine == "1",
        sifted: asked.is_sifted(),
        kinds: kinds(),
        categories: categories(tx, viewer, &asked.category)?,
        assignees: members::with_role(tx, Role::Moderator)?
            .into_iter()
            .map(|card| offered(card, &asked.assignee))
            .collect(),
        same_list: asked.query(),
        several: asked.state() == "waiting" && lines.iter().any(|line| line.several),
        lines,
        next: found
            .next
            .map(|next| format!("/desk/review?{list}&after={}", next.encode())),
        undoable,
        undo: ids.join(","),
        undo_seconds: UNDO_SECONDS,
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

/// What deciding several alike would reach outside; as many questions, however many lines.
fn reach(tx: &mut Tx<'_>, items: &[Item], lines: &mut [QueueLine]) -> Result<()> {
    let (mut posts, mut threads) = (Vec::new(), Vec::new());
    for item in items {
        match item.subject {
            Subject::Post(id) => posts.push(id),
            Subject::Thread(id) => threads.push(id),
            _ => {}
        }
    }
    let of_posts = highlights::reach_of_posts(tx, &posts)?;
    let of_threads = highlights::reach_of_threads(tx, &threads)?;
    for (item, line) in items.iter().zip(lines) {
        let found = match item.subject {
            Subject::Post(id) => of_posts.get(&id),
            Subject::Thread(id) => of_threads.get(&id),
            _ => None,
        };
        (line.queued, line.sent) = found.copied().unwrap_or_default();
    }
    Ok(())
}

/// The categories in which this moderator moderates.
fn categories(tx: &mut Tx<'_>, viewer: &Viewer, chosen: &str) -> Result<Vec<Offered>> {
    let seen = forum::sight(tx, &viewer.actor)?.moderated;
    let places = forum::places(tx)?;
    let offered = places.iter().filter(|place| seen.contains(&place.id));
    Ok(offered
        .map(|place| Offered {
            value: place.id.0,
            name: place.name.clone(),
            chosen: place.id.to_string() == chosen,
        })
        .collect())
}

fn offered(card: Card, chosen: &str) -> Offered {
    Offered {
        value: card.id.0,
        chosen: card.id.to_string() == chosen,
        name: card.display,
    }
}

/// Those of the named entries whose decision can still be taken back by this moderator.
fn undoable(tx: &mut Tx<'_>, viewer: &Viewer, named: &str) -> Result<Vec<Undoable>> {
    let mut found = Vec::new();
    for id in named.split(',').take(50) {
        let Ok(id) = id.parse::<ReviewItemId>() else {
            continue;
        };
        match moderation::item(tx, &viewer.actor, id) {
            Ok(item) if item.pending.is_some() => found.push(Undoable {
                id,
                title: item.snapshot.map(|s| s.title).unwrap_or_default(),
            }),
            Ok(_) | Err(Stop::Refused(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(found)
}

fn line(
    item: &Item,
    cards: &HashMap<MemberId, Card>,
    titles: &Titles,
    open: Option<ReviewItemId>,
    list: &str,
) -> QueueLine {
    let outward = matches!(item.subject, Subject::Highlight(_));
    QueueLine {
        id: item.id,
        href: if outward {
            super::href(item)
        } else {
            format!("/desk/review/{}?{list}", item.id)
        },
        outward,
        title: titles.title(item),
        told: titles.told(item),
        author: card(cards, item.author),
        kind: item.kind,
        urgent: item.priority == 2,
        legal: item.priority == 1,
        held_for: item.held_for.clone().unwrap_or_default(),
        pending: item.pending.is_some(),
        several: item.waits && matches!(item.kind, Kind::Report | Kind::Held),
        pick: format!("{}.{}", item.id, item.version),
        picked: false,
        queued: 0,
        sent: 0,
        state: item.state,
        reports: item.reports,
        updated_at: item.since,
        current: open == Some(item.id),
    }
}

fn card(cards: &HashMap<MemberId, Card>, id: Option<MemberId>) -> Card {
    id.and_then(|id| cards.get(&id).cloned())
        .unwrap_or_else(Card::nobody)
}
