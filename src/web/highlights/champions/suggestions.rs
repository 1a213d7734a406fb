//! What champions suggest, for publishers: taken or set aside, with a word back.

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::highlights::{self, SuggestionState};
use crate::kit::At;
use crate::kit::Result;
use crate::kit::cursor::Cursor;
use crate::kit::ids::HighlightId;
use crate::kit::{Problems, Stop};
use crate::members::{self, Card};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `answered` for those that were.
    show: String,
    after: String,
}

/// One suggestion.
#[derive(Debug, Clone, Serialize)]
struct Line {
    id: i64,
    highlight: HighlightId,
    title: String,
    words: String,
    note: String,
    by: Card,
    state: &'static str,
    answer: String,
    at: At,
}

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct SuggestionsPage {
    lines: Vec<Line>,
    answered: bool,
    next: Option<String>,
    problems: Problems,
}

impl Page for SuggestionsPage {
    const TEMPLATE: &'static str = "highlights/suggestions";

    fn head(&self) -> Head {
        Head::new("champions-suggestions-title")
            .nav("outreach")
            .no_index()
    }

    fn samples() -> Vec<Self> {
        let line = Line {
            id: 3,
            highlight: HighlightId(7),
            title: "A kingfisher".to_owned(),
            words: "Who sat on the bronze heron? “This morning a kingfisher.”".to_owned(),
            note: "For the children's page.".to_owned(),
            by: Card::nobody(),
            state: "open",
            answer: String::new(),
            at: At(1_790_000_000_000_000),
        };
        let empty = Self {
            lines: Vec::new(),
            answered: false,
            next: None,
            problems: Problems::default(),
        };
        let usual = Self {
            lines: vec![line.clone()],
            ..empty.clone()
        };
        let worst = Self {
            lines: vec![Line {
                title: "ש".repeat(255),
                words: "w".repeat(2_000),
                state: "set_aside",
                answer: "م".repeat(400),
                ..line
            }],
            answered: true,
            next: Some("/outreach/suggestions?after=x".to_owned()),
            problems: Problems::one("answer", "needed"),
        };
        vec![empty, usual, worst]
    }
}

fn page(tx: &mut Tx<'_>, viewer: &Viewer, asked: &Asked) -> Result<SuggestionsPage> {
    let answered = asked.show == "answered";
    let after = Cursor::decode(&asked.after).and_then(|c| c.as_one());
    let (found, next) = highlights::suggestions(tx, &viewer.actor, !answered, after)?;
    let authors: Vec<_> = found.iter().filter_map(|(one, _)| one.author).collect();
    let cards = members::cards(tx, &authors)?;
    let lines = found.into_iter().map(|(one, highlight)| Line {
        id: one.id,
        highlight: one.highlight,
        title: highlight.title,
        words: one.words,
        note: one.note,
        by: one
            .author
            .and_then(|id| cards.get(&id).cloned())
            .unwrap_or_else(Card::nobody),
        state: one.state.as_str(),
        answer: one.answer,
        at: one.created_at,
    });
    let show = if answered { "show=answered&" } else { "" };
    Ok(SuggestionsPage {
        lines: lines.collect(),
        answered,
        next: next.map(|id| {
            format!(
                "/outreach/suggestions?{show}after={}",
                Cursor::one(id).encode()
            )
        }),
        problems: Problems::default(),
    })
}

/// Lists what champions suggest.
pub async fn list(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| page(tx, viewer, &asked).map(Shown::from))
        .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct AnswerForm {
    /// `taken` or `set_aside`.
    state: String,
    answer: String,
}

/// Takes a text or sets it aside.
pub async fn answer(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    let form: AnswerForm = call.form()?;
    call.submit(
        move |tx, viewer| {
            let state = match SuggestionState::parse(&form.state) {
                Some(state @ (SuggestionState::Taken | SuggestionState::SetAside)) => state,
                _ => return Err(Stop::invalid("state", "choose")),
            };
            let one = highlights::answer_suggestion(tx, &viewer.actor, id, state, &form.answer)?;
            let to = if state == SuggestionState::Taken {
                format!(
                    "/outreach/highlights/{}/compose?suggestion={id}",
                    one.highlight
                )
            } else {
                "/outreach/suggestions".to_owned()
            };
            Ok(See::to(to).flash("champions-answered"))
        },
        move |tx, viewer, problems| {
            let mut page = page(tx, viewer, &Asked::default())?;
            page.problems = problems.clone();
            Ok(Shown::from(page))
        },
    )
    .await
}
