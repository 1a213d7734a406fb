//! Accepting, declining, proposing something else.

use diesel::prelude::*;
use serde_json::json;

use super::charter::cited;
use super::{RequestState, SUBJECT, find, set_state, tell};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::{voice_answers, voice_offers};
use crate::each_backend;
use crate::highlights::highlight;
use crate::kit::ids::{HighlightId, VoiceRequestId};
use crate::kit::{Problems, Refusal, Result};
use crate::policy::{Action, Actor};

/// Longest note, in characters.
const LONGEST_NOTE: usize = 2_000;
/// Most highlights offered with one answer.
const MOST_OFFERS: usize = 20;

crate::text_enum! {
    /// What a community manager says to a request.
    pub enum VoiceAnswer {
        /// Will look for voices, or brings some.
        Accept = "accept",
        /// Says no.
        Decline = "decline",
        /// Offers something else.
        Propose = "propose",
    }
}

/// Answers a request. A no and a proposal cite a sentence of the charter (its number, from 1) and say why; highlights
/// that were nominated can be brought along. The publisher is told; every answer is kept.
///
/// # Errors
/// Refused to everybody but community managers, where it is over, or changed meanwhile; invalid where the note or the
/// sentence is missing, or a highlight is none that could still go out.
pub fn answer_request(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: VoiceRequestId,
    revision: i64,
    (answer, note, sentence): (VoiceAnswer, &str, Option<usize>),
    offers: &[HighlightId],
) -> Result<()> {
    let row = find(tx, id)?;
    actor.may(&Action::AnswerVoices)?;
    if !row.state.waits() {
        return Err(Refusal::WrongState(row.state.as_str()).into());
    }
    if row.revision != revision {
        return Err(Refusal::Stale.into());
    }
    let note = note.trim();
    let mut problems = Problems::default();
    let cited = cited(tx, sentence)?;
    if answer != VoiceAnswer::Accept {
        if note.is_empty() {
            problems.add("note", "request-note", &[]);
        }
        if cited.is_none() {
            problems.add("sentence", "request-cite", &[]);
        }
    }
    if note.chars().count() > LONGEST_NOTE {
        problems.add("note", "too-long", &[("most", LONGEST_NOTE.to_string())]);
    }
    if offers.len() > MOST_OFFERS {
        problems.add("offers", "too-many", &[("most", MOST_OFFERS.to_string())]);
    }
    if answer == VoiceAnswer::Decline && !offers.is_empty() {
        problems.add("offers", "request-decline-offers", &[]);
    }
    for offer in offers.iter().take(MOST_OFFERS) {
        if highlight::find(tx, *offer)?.state.is_over() {
            problems.add("offers", "request-offer-over", &[]);
        }
    }
    problems.check()?;
    let (state, taken) = match answer {
        VoiceAnswer::Accept => (RequestState::Accepted, actor.id()),
        VoiceAnswer::Decline => (RequestState::Declined, row.taken_by),
        VoiceAnswer::Propose => (RequestState::Proposed, row.taken_by.or(actor.id())),
    };
    if !set_state(tx, &row, state, taken)? {
        return Err(Refusal::Stale.into());
    }
    let (version, sentence) = cited.map_or((None, String::new()), |(v, s)| (Some(v), s));
    diesel::insert_into(voice_answers::table)
        .values((
            voice_answers::request_id.eq(id),
            voice_answers::by_id.eq(actor.id()),
            voice_answers::answer.eq(answer),
            voice_answers::note.eq(note),
            voice_answers::charter_version.eq(version),
            voice_answers::charter_sentence.eq(sentence),
            voice_answers::at.eq(tx.now()),
        ))
        .execute(tx.conn)?;
    for offer in offers {
        bring(tx, actor, id, *offer)?;
    }
    let details = json!({ "answer": answer.as_str(), "offers": offers.len() });
    audit::record(
        tx,
        actor,
        "voices.answered",
        subject(SUBJECT, id.0),
        details,
        None,
    )?;
    tell::answered(tx, actor, &row, answer, note)
}

fn bring(tx: &mut Tx<'_>, actor: &Actor, id: VoiceRequestId, offer: HighlightId) -> Result<()> {
    let row = (
        voice_offers::request_id.eq(id),
        voice_offers::highlight_id.eq(offer),
        voice_offers::by_id.eq(actor.id()),
        voice_offers::at.eq(tx.now()),
    );
    each_backend!(tx.conn, c => diesel::insert_into(voice_offers::table)
        .values(row)
        .on_conflict((voice_offers::request_id, voice_offers::highlight_id))
        .do_nothing()
        .execute(c))?;
    Ok(())
}
