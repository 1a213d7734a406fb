//! The second pair of eyes (site setting `second_eyes_on_texts`) lets a text go on its way.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::advice;
use super::announce::{Draft, Examined, hand_over, may, ready, stands_up};
use super::announcement::{self, Announcement};
use super::correct;
use super::highlight::{self, Highlight};
use super::source;
use super::state::{AnnouncementState, State};
use super::when::When;
use crate::audit::{self, subject};
use crate::bridge::Operation;
use crate::db::Tx;
use crate::db::schema::announcements;
use crate::kit::ids::AnnouncementId;
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor};

/// What the rules say today of a text, or of a correction, that waits for its second reader.
///
/// # Errors
/// Refused to whoever may not announce it.
pub fn examine_waiting(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
    nameless: &str,
) -> Result<Examined> {
    let one = announcement::find(tx, id)?;
    let highlight = highlight::find(tx, one.highlight)?;
    let facts = highlight::facts(tx, &highlight)?;
    actor.may(&Action::SeeHighlight(&facts))?;
    actor.may(&Action::Announce(&facts))?;
    if let Some(correction) = correct::examine_waits(tx, (&highlight, &one), nameless)? {
        return Ok(correction);
    }
    let draft = draft(tx, &one, &BTreeMap::new(), nameless)?;
    let by = (one.created_by, Some(id));
    Ok(ready(tx, &highlight, &draft, by)?.examined)
}

/// A second publisher has read the text, or its correction, and lets it go on its way. A warning that came up since it was written needs a
/// reason of its own.
///
/// # Errors
/// Refused to the writer, by the law, or where something fell in between; invalid with what the rules find now.
pub fn release(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
    reasons: &BTreeMap<String, String>,
    nameless: &str,
) -> Result<()> {
    let highlight_id = announcement::find(tx, id)?.highlight;
    let highlight = highlight::hold(tx, highlight_id)?;
    let one = announcement::find(tx, id)?;
    may(tx, actor, &highlight)?;
    if one.state == AnnouncementState::Sent {
        return correct::release(tx, actor, (&highlight, one), reasons, nameless);
    }
    if one.created_by == actor.id() {
        return Err(Refusal::FourEyes.into());
    }
    if one.state != AnnouncementState::Waiting {
        return Err(Refusal::WrongState(one.state.as_str()).into());
    }
    if highlight.state != State::Approved || one.content_hash != highlight.content_hash {
        return Err(Refusal::WrongState(highlight.state.as_str()).into());
    }
    source::stands(tx, &highlight)?;
    pass(tx, actor, (&highlight, &one), reasons, nameless)
}

fn pass(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (highlight, one): (&Highlight, &Announcement),
    reasons: &BTreeMap<String, String>,
    nameless: &str,
) -> Result<()> {
    let draft = draft(tx, one, reasons, nameless)?;
    let ready = ready(tx, highlight, &draft, (one.created_by, Some(one.id)))?;
    stands_up(&ready, &draft)?;
    announcement::set_state(
        tx,
        one.id,
        &[AnnouncementState::Waiting],
        AnnouncementState::Scheduled,
    )?;
    let report = &ready.examined.report;
    let reasons = advice::kept(report, &draft.reasons);
    diesel::update(announcements::table.find(one.id))
        .set((
            announcements::released_by.eq(actor.id()),
            announcements::check_report.eq(serde_json::to_string(report)?),
            announcements::check_reasons.eq(serde_json::to_string(&reasons)?),
        ))
        .execute(tx.conn)?;
    let about = subject("announcement", one.id.0);
    audit::record(tx, actor, "announcement.scheduled", about, json!({}), None)?;
    hand_over(tx, highlight, one, &ready, Operation::Announce)
}

/// The plan stands; what has become late in the meantime leaves now.
fn draft(
    tx: &Tx<'_>,
    one: &Announcement,
    reasons: &BTreeMap<String, String>,
    nameless: &str,
) -> Result<Draft> {
    let when = When::At(one.planned_at.max(tx.now()));
    let mut draft = Draft::of(one, when, nameless)?;
    draft.reasons.extend(reasons.clone());
    Ok(draft)
}
