//! One request with its answers and what was brought. Reads only.

use diesel::prelude::*;

use super::{Row, VoiceAnswer, find};
use crate::db::Tx;
use crate::db::schema::{highlights, voice_answers, voice_offers};
use crate::forum;
use crate::highlights::highlight;
use crate::highlights::state::State;
use crate::kit::ids::{HighlightId, MemberId, VoiceRequestId};
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::policy::{Action, Actor};

/// Highlights that can be chosen from, newest first.
const CHOICES: i64 = 40;

/// One answer, kept for good.
#[derive(Debug, Clone)]
pub struct RequestAnswer {
    /// Who answered.
    pub by: Card,
    /// What.
    pub answer: VoiceAnswer,
    /// Why.
    pub note: String,
    /// The sentence of the charter that was cited; empty where none was.
    pub sentence: String,
    /// When.
    pub at: At,
}

/// A highlight that was brought, or could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which one.
    pub highlight: HighlightId,
    /// Its heading.
    pub title: String,
    /// Where it stands.
    pub state: State,
}

/// One request.
#[derive(Debug, Clone)]
pub struct RequestView {
    /// The request.
    pub row: Row,
    /// Who asked.
    pub asked_by: Card,
    /// Who looks for voices.
    pub taken_by: Option<Card>,
    /// The category's name and address, where one was named.
    pub category: Option<(String, String)>,
    /// Every answer, oldest first.
    pub answers: Vec<RequestAnswer>,
    /// What was brought.
    pub offers: Vec<Offer>,
    /// What a community manager could bring.
    pub choices: Vec<Offer>,
}

type Answered = (Option<MemberId>, VoiceAnswer, String, String, At);

/// One request with its answers.
///
/// # Errors
/// Not found, or refused to whoever is neither publisher nor community manager.
pub fn request(tx: &mut Tx<'_>, actor: &Actor, id: VoiceRequestId) -> Result<RequestView> {
    let row = find(tx, id)?;
    actor.may(&Action::SeeVoices)?;
    let answers: Vec<Answered> = voice_answers::table
        .filter(voice_answers::request_id.eq(id))
        .order(voice_answers::id)
        .limit(200)
        .select((
            voice_answers::by_id,
            voice_answers::answer,
            voice_answers::note,
            voice_answers::charter_sentence,
            voice_answers::at,
        ))
        .load(tx.conn)?;
    let mut people: Vec<MemberId> = answers.iter().filter_map(|a| a.0).collect();
    people.extend(row.asked_by);
    people.extend(row.taken_by);
    let cards = members::cards(tx, &people)?;
    let card = |id: Option<MemberId>| id.and_then(|id| cards.get(&id).cloned());
    let category = match row.category {
        Some(id) => {
            let places = forum::places(tx)?;
            places.seek(id).map(|c| (c.name.clone(), c.path()))
        }
        None => None,
    };
    let offers = offers(tx, id)?;
    let choices = if actor.can(&Action::AnswerVoices) && row.state.waits() {
        choices(tx, &offers)?
    } else {
        Vec::new()
    };
    Ok(RequestView {
        asked_by: card(row.asked_by).unwrap_or_else(Card::nobody),
        taken_by: card(row.taken_by),
        category,
        answers: answers
            .into_iter()
            .map(|(by, answer, note, sentence, at)| RequestAnswer {
                by: card(by).unwrap_or_else(Card::nobody),
                answer,
                note,
                sentence,
                at,
            })
            .collect(),
        offers,
        choices,
        row,
    })
}

fn offers(tx: &mut Tx<'_>, id: VoiceRequestId) -> Result<Vec<Offer>> {
    let ids: Vec<HighlightId> = voice_offers::table
        .filter(voice_offers::request_id.eq(id))
        .order(voice_offers::id)
        .limit(200)
        .select(voice_offers::highlight_id)
        .load(tx.conn)?;
    let found = highlight::find_many(tx, &ids)?;
    let offer = |id: HighlightId| {
        let found = found.get(&id)?;
        Some(Offer {
            highlight: id,
            title: found.title.clone(),
            state: found.state,
        })
    };
    Ok(ids.into_iter().filter_map(offer).collect())
}

fn choices(tx: &mut Tx<'_>, brought: &[Offer]) -> Result<Vec<Offer>> {
    let live: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| state.is_live() && *state != State::Retired)
        .collect();
    let rows: Vec<(HighlightId, String, State)> = highlights::table
        .filter(highlights::state.eq_any(live))
        .order(highlights::id.desc())
        .limit(CHOICES)
        .select((highlights::id, highlights::title, highlights::state))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter(|(id, ..)| brought.iter().all(|offer| offer.highlight != *id))
        .map(|(highlight, title, state)| Offer {
            highlight,
            title,
            state,
        })
        .collect())
}
