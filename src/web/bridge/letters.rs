//! `/outreach/bulletins/{delivery}`: how the letters of an announcement fare, one row per recipient.

use serde::{Deserialize, Serialize};

use super::parts::{Pager, pager};
use crate::bridge::{self, LetterLine, LetterState, LettersWanted};
use crate::db::Tx;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{DeliveryId, LetterId};
use crate::kit::{Refusal, Result};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Letters on a page.
const ON_A_PAGE: usize = 50;

#[derive(Debug, Clone, Serialize)]
struct Choice {
    word: String,
    count: i64,
    chosen: bool,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Line {
    id: i64,
    address: String,
    state: String,
    tries: i64,
    status: Option<i64>,
    note: String,
    at: i64,
    is_open: bool,
}

impl Line {
    fn of(line: LetterLine) -> Self {
        Self {
            id: line.id.0,
            address: line.address.unwrap_or_default(),
            state: line.state.to_string(),
            tries: line.tries,
            status: line.status,
            note: line.note,
            at: line.settled_at.unwrap_or(line.next_at).0,
            is_open: matches!(line.state, LetterState::Unknown | LetterState::Failed),
        }
    }
}

/// The list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LettersPage {
    delivery: i64,
    total: i64,
    states: Vec<Choice>,
    letters: Vec<Line>,
    can_resolve: bool,
    pager: Option<Pager>,
}

impl Page for LettersPage {
    const TEMPLATE: &'static str = "bridge/letters";

    fn head(&self) -> Head {
        Head::new("bulletin-letters-title")
            .nav("outreach")
            .outward()
            .form()
    }

    fn samples() -> Vec<Self> {
        let line = Line {
            id: 7,
            state: "sent".to_owned(),
            tries: 1,
            at: 1_700_000_000_000_000,
            ..Line::default()
        };
        let all = LetterState::ALL.iter().map(|state| Line {
            address: "x".repeat(250),
            state: state.to_string(),
            status: Some(550),
            note: super::parts::longest(),
            is_open: *state == LetterState::Unknown,
            ..line.clone()
        });
        let choice = |state: &LetterState| Choice {
            word: state.to_string(),
            count: 12_345,
            chosen: *state == LetterState::Unknown,
        };
        vec![
            Self::default(),
            Self {
                delivery: 3,
                total: 1,
                letters: vec![line.clone()],
                ..Self::default()
            },
            Self {
                delivery: i64::MAX,
                total: 99_999,
                states: LetterState::ALL.iter().map(choice).collect(),
                letters: all.collect(),
                can_resolve: true,
                pager: pager(Some("/outreach/bulletins/3?after=AQ".to_owned())),
            },
        ]
    }
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    after: String,
}

fn read(tx: &mut Tx<'_>, viewer: &Viewer, id: DeliveryId, asked: &Asked) -> Result<LettersPage> {
    let state = LetterState::parse(&asked.state);
    let after = Cursor::decode(&asked.after)
        .and_then(|cursor| cursor.as_one())
        .map(LetterId);
    let wanted = LettersWanted {
        state,
        after,
        most: i64::try_from(ON_A_PAGE + 1).unwrap_or(51),
    };
    let mut lines = bridge::letters(tx, &viewer.actor, id, &wanted)?;
    let more = lines.len() > ON_A_PAGE;
    lines.truncate(ON_A_PAGE);
    let next = lines.last().filter(|_| more).map(|last| {
        let filter = state.map(|s| format!("state={s}&")).unwrap_or_default();
        let after = Cursor::one(last.id.0).encode();
        format!("/outreach/bulletins/{id}?{filter}after={after}")
    });
    let counts = bridge::letter_counts(tx, &viewer.actor, id)?;
    let choice = |one: &LetterState| Choice {
        word: one.to_string(),
        count: counts
            .iter()
            .find(|(state, _)| state == one)
            .map_or(0, |(_, count)| *count),
        chosen: state == Some(*one),
    };
    Ok(LettersPage {
        delivery: id.0,
        total: counts.iter().map(|(_, count)| count).sum(),
        states: LetterState::ALL
            .iter()
            .map(choice)
            .filter(|one| one.count > 0 || one.chosen)
            .collect(),
        letters: lines.into_iter().map(Line::of).collect(),
        can_resolve: viewer.can(&Action::ResolveDelivery),
        pager: pager(next),
    })
}

/// Shows the list.
pub async fn show(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| read(tx, viewer, id, &asked).map(Shown::from))
        .await
}

/// Writes a letter once more whose outcome nobody knows.
pub async fn again(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    let letter: LetterId = call.segment("letter")?;
    call.act(move |tx, viewer| {
        // The address names the list that the button stood in; a letter of another one is none of it.
        let wanted = LettersWanted {
            after: Some(LetterId(letter.0 - 1)),
            most: 1,
            state: None,
        };
        let found = bridge::letters(tx, &viewer.actor, id, &wanted)?;
        if found.first().map(|line| line.id) != Some(letter) {
            return Err(Refusal::NotFound.into());
        }
        bridge::send_again(tx, &viewer.actor, letter)?;
        Ok(See::to(format!("/outreach/bulletins/{id}")).flash("bulletin-again"))
    })
    .await
}
