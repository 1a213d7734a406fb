//! `/highlights/{id}`: where a highlight stands, for its nominator, those quoted, and staff.

use serde::Serialize;

use super::parts::{ConsentCard, Gate, QuoteCard, SaidCard, Who, gates, gates_of};
use crate::highlights::{self, State, Step, View};
use crate::kit::ids::HighlightId;
use crate::policy::{Action, Role};
use crate::web::{Answer, Call, Head, Page, Shown, Viewer};

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct HighlightPage {
    id: i64,
    title: String,
    state: &'static str,
    /// A no of somebody asked and silence look the same to everybody else.
    closed: bool,
    note: String,
    note_is_words: bool,
    reason: String,
    audience: String,
    nominator: Who,
    created_at: i64,
    deadline: Option<i64>,
    gates: Vec<Gate>,
    quotes: Vec<QuoteCard>,
    thread: String,
    thread_path: String,
    milestone: bool,
    consents: Vec<ConsentCard>,
    said: Vec<SaidCard>,
    asked: bool,
    can_decide: bool,
    can_use: bool,
    can_revise: bool,
}

impl Page for HighlightPage {
    const TEMPLATE: &'static str = "highlights/show";

    fn head(&self) -> Head {
        Head::text(&self.title).outward()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            id: 7,
            title: "A kingfisher in the courtyard".into(),
            state: "approved",
            reason: "Shows what visitors notice.".into(),
            audience: "Families".into(),
            nominator: Who::sample(),
            created_at: 1_700_000_000_000_000,
            gates: gates_of(State::Approved, true),
            quotes: QuoteCard::samples(),
            consents: ConsentCard::samples(),
            said: SaidCard::samples(),
            asked: true,
            can_decide: true,
            can_use: true,
            ..Self::default()
        };
        let returned = Self {
            state: "returned",
            note: "Which boat?".into(),
            note_is_words: true,
            gates: gates_of(State::Returned, false),
            can_revise: true,
            deadline: Some(1_700_000_000_000_000),
            ..usual.clone()
        };
        let closed = Self {
            title: "م".repeat(255),
            state: "declined",
            closed: true,
            gates: gates_of(State::Declined, false),
            thread: "A thread".into(),
            thread_path: "/t/x/1".into(),
            ..Self::default()
        };
        vec![
            Self {
                state: "consented",
                ..Self::default()
            },
            usual,
            returned,
            closed,
        ]
    }
}

fn made(view: &View, viewer: &Viewer) -> HighlightPage {
    let highlight = &view.highlight;
    let me = viewer.actor.id();
    let moderates = viewer.actor.has(Role::Moderator);
    let staff = moderates || viewer.actor.has(Role::Publisher);
    let asked = view.consents.iter().any(|c| me == Some(c.consent.member));
    let (thread, thread_path) = view.thread.clone().unwrap_or_default();
    let consents = view
        .consents
        .iter()
        .filter(|c| moderates || me == Some(c.consent.member))
        .map(ConsentCard::of)
        .collect();
    let said = if staff || asked {
        view.announcements.iter().map(SaidCard::of).collect()
    } else {
        Vec::new()
    };
    HighlightPage {
        id: highlight.id.0,
        title: highlight.title.clone(),
        state: highlight.state.as_str(),
        closed: matches!(highlight.state, State::Declined | State::Lapsed),
        note: highlight.note.clone(),
        note_is_words: matches!(
            highlight.state,
            State::Returned | State::Refused | State::Approved
        ) && !highlight.note.is_empty(),
        reason: highlight.reason.clone(),
        audience: highlight.audience.clone(),
        nominator: Who::of(&view.nominator),
        created_at: highlight.created_at.0,
        deadline: highlight.deadline.map(|at| at.0),
        gates: gates(view),
        quotes: view.quotes.iter().map(QuoteCard::of).collect(),
        thread,
        thread_path,
        milestone: view.milestone.is_some(),
        consents,
        said,
        asked,
        can_decide: viewer.can(&Action::SeeApprovals),
        can_use: highlight.state == State::Approved && viewer.can(&Action::SeeLibrary),
        can_revise: highlight.state.after(Step::Revise).is_some()
            && if highlight.state == State::Approved {
                viewer.can(&Action::Announce(&view.facts))
            } else {
                me == highlight.nominator || viewer.can(&Action::SeeApprovals)
            }
            && view.announcements.iter().all(|a| !a.state.is_out()),
    }
}

/// Shows it.
pub async fn show(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let view = highlights::view(tx, &viewer.actor, id)?;
        Ok(Shown::from(made(&view, viewer)))
    })
    .await
}
