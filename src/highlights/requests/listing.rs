//! Lists of requests. Reads only.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{RequestState, Row};
use crate::db::Tx;
use crate::db::schema::{voice_offers, voice_requests};
use crate::highlights::calendar::Due;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{MemberId, VoiceRequestId};
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::policy::{Action, Actor};

/// Entries on one page.
const PAGE: i64 = 30;

/// One line of the list.
#[derive(Debug, Clone)]
pub struct RequestLine {
    /// The request.
    pub row: Row,
    /// Who asked.
    pub asked_by: Card,
    /// Who looks for voices.
    pub taken_by: Option<Card>,
    /// Highlights brought so far.
    pub offers: i64,
}

/// Requests that wait, the most urgent first; or those that are over, newest first.
///
/// # Errors
/// Refused to whoever is neither publisher nor community manager; a fault where the database fails.
pub fn requests(
    tx: &mut Tx<'_>,
    actor: &Actor,
    waiting: bool,
    after: Option<Cursor>,
) -> Result<(Vec<RequestLine>, Option<Cursor>)> {
    actor.may(&Action::SeeVoices)?;
    let states: Vec<RequestState> = RequestState::ALL
        .iter()
        .copied()
        .filter(|state| state.waits() == waiting)
        .collect();
    let question = voice_requests::table
        .filter(voice_requests::state.eq_any(states))
        .limit(PAGE + 1);
    let place = after.and_then(|c| c.as_two());
    let mut rows: Vec<Row> = if waiting {
        let (at, id) = place.unwrap_or((i64::MIN, i64::MIN));
        let behind = voice_requests::due_at.gt(At(at)).or(voice_requests::due_at
            .eq(At(at))
            .and(voice_requests::id.gt(VoiceRequestId(id))));
        question
            .filter(behind)
            .order((voice_requests::due_at, voice_requests::id))
            .load(tx.conn)?
    } else {
        let (at, id) = place.unwrap_or((i64::MAX, i64::MAX));
        let behind = voice_requests::due_at.lt(At(at)).or(voice_requests::due_at
            .eq(At(at))
            .and(voice_requests::id.lt(VoiceRequestId(id))));
        question
            .filter(behind)
            .order((voice_requests::due_at.desc(), voice_requests::id.desc()))
            .load(tx.conn)?
    };
    let next = Cursor::turn(&mut rows, PAGE, |row| Cursor::two(row.due_at.0, row.id.0));
    Ok((lines(tx, rows)?, next))
}

fn lines(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<RequestLine>> {
    let people: Vec<MemberId> = rows
        .iter()
        .flat_map(|row| [row.asked_by, row.taken_by])
        .flatten()
        .collect();
    let cards = members::cards(tx, &people)?;
    let ids: Vec<VoiceRequestId> = rows.iter().map(|row| row.id).collect();
    let counts: Vec<(VoiceRequestId, i64)> = voice_offers::table
        .filter(voice_offers::request_id.eq_any(&ids))
        .group_by(voice_offers::request_id)
        .select((voice_offers::request_id, count_star()))
        .load(tx.conn)?;
    let counts: HashMap<VoiceRequestId, i64> = counts.into_iter().collect();
    let card = |id: Option<MemberId>| id.and_then(|id| cards.get(&id).cloned());
    Ok(rows
        .into_iter()
        .map(|row| RequestLine {
            asked_by: card(row.asked_by).unwrap_or_else(Card::nobody),
            taken_by: card(row.taken_by),
            offers: counts.get(&row.id).copied().unwrap_or(0),
            row,
        })
        .collect())
}

/// Requests that wait and are due from one moment to another, for the calendar; none for whoever may not see them.
pub(in crate::highlights) fn due_between(
    tx: &mut Tx<'_>,
    actor: &Actor,
    from: At,
    to: At,
) -> Result<Vec<Due>> {
    if !actor.can(&Action::SeeVoices) {
        return Ok(Vec::new());
    }
    let rows: Vec<(VoiceRequestId, String, At)> = voice_requests::table
        .filter(voice_requests::state.eq_any(RequestState::WAITING.iter().copied()))
        .filter(voice_requests::due_at.ge(from))
        .filter(voice_requests::due_at.lt(to))
        .order((voice_requests::due_at, voice_requests::id))
        .limit(200)
        .select((
            voice_requests::id,
            voice_requests::title,
            voice_requests::due_at,
        ))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(request, title, at)| Due { at, request, title })
        .collect())
}
