//! Saying rightly what was said: a new revision of the text at the same channel, held against the same rules.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::advice;
use super::announce::{
    Draft, Examined, Ready, hand_over, may, messaging_version, picture_columns, ready, stands_up,
};
use super::announcement::{self, Announcement};
use super::correction_waits;
use super::highlight::{self, Highlight};
use super::source;
use super::state::{AnnouncementState, State};
use super::tell;
use super::when::When;
use crate::audit::{self, subject};
use crate::bridge::{ChannelState, Operation};
use crate::content::excerpt;
use crate::db::Tx;
use crate::db::schema::announcements;
use crate::kit::ids::{AnnouncementId, MemberId};
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor};
use crate::site;

/// What is to stand there instead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correction {
    /// The text.
    pub text: String,
    /// Why a warning may be passed over, by rule. What was given for the first text is asked again.
    pub reasons: BTreeMap<String, String>,
    /// Another description of its picture; `None` leaves it.
    pub picture_alt: Option<String>,
    /// Leaves the picture out from now on.
    pub without_picture: bool,
}

impl Correction {
    pub(super) fn draft(&self, one: &Announcement, nameless: &str) -> Result<Draft> {
        let mut draft = Draft::of(one, When::Now, nameless)?;
        draft.text.clone_from(&self.text);
        draft.reasons.clone_from(&self.reasons);
        if self.without_picture {
            draft.picture = None;
        }
        if let (Some(picture), Some(alt)) = (&mut draft.picture, &self.picture_alt) {
            picture.alt = Some(alt.clone());
        }
        Ok(draft)
    }
}

/// Holds a correction against the rules without keeping anything.
///
/// # Errors
/// Refused to whoever may not announce it.
pub fn examine_correction(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
    correction: &Correction,
    nameless: &str,
) -> Result<Examined> {
    let one = announcement::find(tx, id)?;
    let highlight = highlight::find(tx, one.highlight)?;
    let facts = highlight::facts(tx, &highlight)?;
    actor.may(&Action::SeeHighlight(&facts))?;
    actor.may(&Action::Announce(&facts))?;
    let draft = correction.draft(&one, nameless)?;
    Ok(ready(tx, &highlight, &draft, (actor.id(), Some(id)))?.examined)
}

/// Says what was said again, rightly: a new revision of the text at the same channel. Where a second pair of eyes is
/// asked for, it waits for somebody else, who sends it by [`super::release()`].
///
/// # Errors
/// Refused by the law, where nothing is out there, or the approval no longer stands; invalid with what the rules found
/// and the warnings that have no reason.
pub fn correct(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
    correction: &Correction,
    nameless: &str,
) -> Result<()> {
    let highlight_id = announcement::find(tx, id)?.highlight;
    let highlight = highlight::hold(tx, highlight_id)?;
    let one = announcement::find(tx, id)?;
    may(tx, actor, &highlight)?;
    let draft = correction.draft(&one, nameless)?;
    let ready = fit(tx, (&highlight, &one), &draft, actor.id())?;
    if !site::settings(tx)?.second_eyes_on_texts {
        return carry(tx, actor, &highlight, one, (&draft, &ready));
    }
    correction_waits::keep(tx, actor, id, correction)?;
    let (about, what) = (
        subject("announcement", id.0),
        "announcement.correction-written",
    );
    audit::record(tx, actor, what, about, json!({}), None)?;
    tell::reviewers(tx, actor, &highlight, &one, &ready.examined.report)?;
    tell::waits_for_eyes(tx, actor, &highlight, &one)
}

/// A second publisher has read the correction that waits, and sends it. A warning that came up since it was written
/// needs a reason of its own.
pub(super) fn release(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (highlight, one): (&Highlight, Announcement),
    reasons: &BTreeMap<String, String>,
    nameless: &str,
) -> Result<()> {
    let Some(waits) = correction_waits::seek(tx, one.id)? else {
        return Err(Refusal::WrongState(one.state.as_str()).into());
    };
    if waits.written_by == actor.id() {
        return Err(Refusal::FourEyes.into());
    }
    let mut draft = waits.correction.draft(&one, nameless)?;
    draft.reasons.extend(reasons.clone());
    let ready = fit(tx, (highlight, &one), &draft, waits.written_by)?;
    diesel::update(announcements::table.find(one.id))
        .set(announcements::released_by.eq(actor.id()))
        .execute(tx.conn)?;
    carry(tx, actor, highlight, one, (&draft, &ready))
}

/// What the rules say today of the correction that waits.
pub(super) fn examine_waits(
    tx: &mut Tx<'_>,
    (highlight, one): (&Highlight, &Announcement),
    nameless: &str,
) -> Result<Option<Examined>> {
    let Some(waits) = correction_waits::seek(tx, one.id)? else {
        return Ok(None);
    };
    let draft = waits.correction.draft(one, nameless)?;
    let by = (waits.written_by, Some(one.id));
    Ok(Some(ready(tx, highlight, &draft, by)?.examined))
}

/// May these words stand there from now on?
fn fit(
    tx: &mut Tx<'_>,
    (highlight, one): (&Highlight, &Announcement),
    draft: &Draft,
    writer: Option<MemberId>,
) -> Result<Ready> {
    if one.state != AnnouncementState::Sent {
        return Err(Refusal::WrongState(one.state.as_str()).into());
    }
    if highlight.state != State::Approved || !super::approve::binds(tx, highlight)? {
        return Err(Refusal::WrongState(highlight.state.as_str()).into());
    }
    source::stands(tx, highlight)?;
    let ready = ready(tx, highlight, draft, (writer, Some(one.id)))?;
    if ready.examined.channel.state != ChannelState::Open {
        return Err(Refusal::ChannelClosed.into());
    }
    stands_up(&ready, draft)?;
    Ok(ready)
}

/// Writes it down and hands it over.
fn carry(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &Highlight,
    mut one: Announcement,
    (draft, ready): (&Draft, &Ready),
) -> Result<()> {
    correction_waits::drop_one(tx, one.id)?;
    write(tx, highlight, &mut one, draft, ready)?;
    let about = subject("announcement", one.id.0);
    let details = json!({ "revision": one.revision });
    audit::record(tx, actor, "announcement.corrected", about, details, None)?;
    tell::reviewers(tx, actor, highlight, &one, &ready.examined.report)?;
    hand_over(tx, highlight, &one, ready, Operation::Correct)
}

/// The row says what is said from now on; what was said before stands frozen in its delivery.
fn write(
    tx: &mut Tx<'_>,
    highlight: &Highlight,
    one: &mut Announcement,
    draft: &Draft,
    ready: &Ready,
) -> Result<()> {
    one.revision += 1;
    draft.text.trim().clone_into(&mut one.text);
    let report = &ready.examined.report;
    let reasons = advice::kept(report, &draft.reasons);
    let (picture, alt) = picture_columns(ready);
    diesel::update(announcements::table.find(one.id))
        .set((
            announcements::revision.eq(one.revision),
            announcements::text.eq(&one.text),
            announcements::text_hash.eq(excerpt::hash(&one.text).to_vec()),
            announcements::check_report.eq(serde_json::to_string(report)?),
            announcements::check_reasons.eq(serde_json::to_string(&reasons)?),
            announcements::picture_id.eq(picture),
            announcements::picture_alt.eq(alt),
            announcements::content_hash.eq(&highlight.content_hash),
            announcements::messaging_version.eq(messaging_version(tx)?),
            announcements::updated_at.eq(tx.now()),
        ))
        .execute(tx.conn)?;
    Ok(())
}
