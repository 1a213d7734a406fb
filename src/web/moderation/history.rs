//! What was decided and reported about a member, as the member's page of the desk shows it at a glance.

use serde::Serialize;

use crate::db::Tx;
use crate::guidelines::Numbered;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{DecisionId, MemberId, ReviewItemId};
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::moderation::{self, AppealState, Cited, ItemState, Kind, Rulebook};
use crate::web::Viewer;

/// Lines of each list on one page.
const PER_PAGE: i64 = 10;

/// One decision about words or the profile.
#[derive(Debug, Clone, Serialize)]
struct DecisionLine {
    what: String,
    title: String,
    reason: String,
    rule: Option<Numbered>,
    by: Card,
    at: At,
    undone_at: Option<At>,
    item_href: String,
    appeal: Option<AppealState>,
}

/// One entry of the queue.
#[derive(Debug, Clone, Serialize)]
struct EntryLine {
    href: String,
    title: String,
    kind: Kind,
    held_for: String,
    reports: i64,
    state: ItemState,
    at: At,
}

/// Both lists.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct History {
    decisions: Vec<DecisionLine>,
    more_decisions: Option<String>,
    entries: Vec<EntryLine>,
    more_entries: Option<String>,
}

impl History {
    /// Reads both lists from where their cursors stand; as many questions, however long they are.
    pub(super) fn of(
        tx: &mut Tx<'_>,
        viewer: &Viewer,
        member: &Card,
        (decisions, entries): (&str, &str),
    ) -> Result<Self> {
        let place = |cursor: &str| Cursor::decode(cursor).and_then(|cursor| cursor.as_one());
        let (actor, path) = (&viewer.actor, format!("/desk/members/{}", member.name));
        let before = place(decisions).map(DecisionId);
        let mut told = moderation::decisions_about(tx, actor, member.id, before, PER_PAGE + 1)?;
        let more_decisions = Cursor::turn(&mut told, PER_PAGE, |(last, _)| Cursor::one(last.id.0))
            .map(|next| format!("{path}?decisions={}#decisions-title", next.encode()));
        let before = place(entries).map(ReviewItemId);
        let mut items = moderation::entries_about(tx, actor, member.id, before, PER_PAGE + 1)?;
        let more_entries = Cursor::turn(&mut items, PER_PAGE, |last| Cursor::one(last.id.0))
            .map(|next| format!("{path}?entries={}#entries-title", next.encode()));
        let book = Rulebook::of(tx, told.iter().filter_map(|(told, _)| Cited::of(told.rule)))?;
        let people: Vec<MemberId> = told.iter().filter_map(|(told, _)| told.by).collect();
        let cards = members::cards(tx, &people)?;
        let decisions = told.into_iter().map(|(told, appeal)| DecisionLine {
            rule: Cited::of(told.rule).and_then(|cited| book.words(cited)),
            by: told
                .by
                .and_then(|by| cards.get(&by).cloned())
                .unwrap_or_else(Card::nobody),
            what: told.what,
            title: told.title.unwrap_or_default(),
            reason: told.reason.unwrap_or_default(),
            at: told.at,
            undone_at: told.undone_at,
            item_href: told
                .item
                .map(|item| format!("/desk/review/{item}"))
                .unwrap_or_default(),
            appeal: appeal.map(|appeal| appeal.state),
        });
        let entries = items.into_iter().map(|item| EntryLine {
            href: format!("/desk/review/{}", item.id),
            title: item.snapshot.map(|said| said.title).unwrap_or_default(),
            kind: item.kind,
            held_for: item.held_for.unwrap_or_default(),
            reports: item.reports,
            state: item.state,
            at: item.created_at,
        });
        Ok(Self {
            decisions: decisions.collect(),
            more_decisions,
            entries: entries.collect(),
            more_entries,
        })
    }

    /// As long and odd as it gets.
    pub(super) fn sample() -> Self {
        let at = At(1_790_000_000_000_000);
        let decision = DecisionLine {
            what: "hide".to_owned(),
            title: "ש".repeat(255),
            reason: "w".repeat(255),
            rule: None,
            by: Card::nobody(),
            at,
            undone_at: Some(at),
            item_href: "/desk/review/4".to_owned(),
            appeal: Some(AppealState::Granted),
        };
        let entry = EntryLine {
            href: "/desk/review/4".to_owned(),
            title: "w".repeat(255),
            kind: Kind::Report,
            held_for: String::new(),
            reports: 2,
            state: ItemState::Upheld,
            at,
        };
        Self {
            decisions: vec![
                decision.clone(),
                DecisionLine {
                    what: "profile".to_owned(),
                    title: String::new(),
                    appeal: None,
                    undone_at: None,
                    ..decision
                },
            ],
            more_decisions: Some("/desk/members/nils?decisions=x".to_owned()),
            entries: vec![
                entry.clone(),
                EntryLine {
                    kind: Kind::Held,
                    held_for: "watched".to_owned(),
                    title: String::new(),
                    ..entry
                },
            ],
            more_entries: Some("/desk/members/nils?entries=x".to_owned()),
        }
    }
}
