//! Asking for voices.

use diesel::prelude::*;
use serde_json::json;

use super::{SUBJECT, tell};
use crate::audit::{self, subject};
use crate::content::excerpt;
use crate::db::Tx;
use crate::db::schema::voice_requests;
use crate::forum;
use crate::highlights::check::strangers;
use crate::highlights::requests::RequestState;
use crate::highlights::when::{When, plan};
use crate::kit::ids::{CategoryId, VoiceRequestId};
use crate::kit::{Problems, Result, Stop};
use crate::policy::{Action, Actor};
use crate::site;

/// Longest title, in characters.
const LONGEST_TITLE: usize = 160;
/// Longest wish, in characters.
const LONGEST_WISH: usize = 2_000;
/// Most voices of one request.
const MOST_VOICES: i64 = 20;

/// What a publisher asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceWish {
    /// In a line: "Three voices on the garden".
    pub title: String,
    /// What it is for, and for whom.
    pub wish: String,
    /// How many voices.
    pub voices: i64,
    /// Where they might be found.
    pub category: Option<CategoryId>,
    /// By when.
    pub due: When,
}

/// Asks the community managers for voices; every one of them is told.
///
/// # Errors
/// Refused to everybody but publishers; invalid with everything that can be mended.
pub fn ask_for_voices(tx: &mut Tx<'_>, actor: &Actor, wish: &VoiceWish) -> Result<VoiceRequestId> {
    let places = forum::places(tx)?;
    actor.may(&Action::AskForVoices)?;
    let mut problems = Problems::default();
    for (field, text, most) in [
        ("title", &wish.title, LONGEST_TITLE),
        ("wish", &wish.wish, LONGEST_WISH),
    ] {
        if text.trim().is_empty() {
            problems.add(field, "needed", &[]);
        } else if text.chars().count() > most {
            problems.add(field, "too-long", &[("most", most.to_string())]);
        }
    }
    if !strangers(&wish.title).is_empty() {
        problems.add("title", "title-strangers", &[]);
    }
    if !(1..=MOST_VOICES).contains(&wish.voices) {
        let args = [("least", "1".to_owned()), ("most", MOST_VOICES.to_string())];
        problems.add("voices", "out-of-range", &args);
    }
    let open = |id: CategoryId| places.seek(id).is_some_and(|c| c.facts.is_public());
    if wish.category.is_some_and(|id| !open(id)) {
        problems.add("category", "request-category", &[]);
    }
    let zone = site::settings(tx)?.zone;
    let due = match plan(tx.now(), &zone, &wish.due) {
        Ok(due) => Some(due),
        Err(Stop::Invalid(more)) => {
            problems.0.extend(more.0);
            None
        }
        Err(stop) => return Err(stop),
    };
    problems.check()?;
    let Some(due) = due else {
        return Err(Stop::invalid("when", "when-unreadable"));
    };
    let now = tx.now();
    let title = excerpt::normalise(&wish.title);
    let id: VoiceRequestId = diesel::insert_into(voice_requests::table)
        .values((
            voice_requests::title.eq(&title),
            voice_requests::wish.eq(wish.wish.trim()),
            voice_requests::voices.eq(wish.voices),
            voice_requests::category_id.eq(wish.category),
            voice_requests::state.eq(RequestState::Open),
            voice_requests::due_at.eq(due.at),
            voice_requests::zone.eq(&due.zone),
            voice_requests::wall_time.eq(&due.wall),
            voice_requests::asked_by.eq(actor.id()),
            voice_requests::created_at.eq(now),
            voice_requests::updated_at.eq(now),
        ))
        .returning(voice_requests::id)
        .get_result(tx.conn)?;
    let details = json!({ "voices": wish.voices, "due_at": due.at.0 });
    audit::record(
        tx,
        actor,
        "voices.asked",
        subject(SUBJECT, id.0),
        details,
        None,
    )?;
    tell::asked(tx, actor, id, &title, "voices-asked")?;
    Ok(id)
}
