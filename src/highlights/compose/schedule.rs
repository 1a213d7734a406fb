//! From the writing desk to the calendar, and back where the second pair of eyes found something.

use serde_json::json;

use super::super::announce::{Draft, announce};
use super::super::announcement;
use super::super::highlight;
use super::super::state::AnnouncementState;
use super::super::tell;
use super::keep::{drop_text, put};
use super::read::{Kept, Plan, seek};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::compositions;
use crate::kit::ids::{AnnouncementId, ChannelId, HighlightId};
use crate::kit::stop::OrRefuse;
use crate::kit::{Refusal, Result, Stop};
use crate::policy::{Action, Actor};

/// Longest note of the second pair of eyes, in characters.
const LONGEST_NOTE: usize = 2_000;

/// Schedules the text that was kept for a channel: from here on it is frozen, and no longer on the desk.
///
/// # Errors
/// What [`announce`] refuses; not found where no text was kept for the channel.
pub fn schedule_text(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    channel: ChannelId,
    nameless: &str,
) -> Result<AnnouncementId> {
    let highlight = highlight::hold(tx, id)?;
    let facts = highlight::facts(tx, &highlight)?;
    actor.may(&Action::Announce(&facts))?;
    let all = seek(tx, id)?.or_not_found()?;
    let text = all
        .texts
        .iter()
        .find(|t| t.channel == channel)
        .or_not_found()?;
    let draft = Draft {
        channel,
        text: text.text.clone(),
        when: text.when(),
        nameless: nameless.to_owned(),
        lang: all.lang.clone(),
        hashtags: all.hashtags.clone(),
        reasons: text.reasons.clone(),
        picture: all.picture.clone(),
        suggestion: all.suggestion,
    };
    let made = announce(tx, actor, id, &draft)?;
    drop_text(tx, id, channel)?;
    Ok(made)
}

/// A second publisher has read a text and hands it back with a note: it lies on the desk again.
///
/// # Errors
/// Refused to the writer and by the law, or where the text does not wait; invalid without a note.
pub fn hand_back(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
    note: &str,
) -> Result<HighlightId> {
    let highlight_id = announcement::find(tx, id)?.highlight;
    let highlight = highlight::hold(tx, highlight_id)?;
    let one = announcement::find(tx, id)?;
    let facts = highlight::facts(tx, &highlight)?;
    actor.may(&Action::SeeHighlight(&facts))?;
    actor.may(&Action::Announce(&facts))?;
    if one.created_by == actor.id() {
        return Err(Refusal::FourEyes.into());
    }
    if one.state != AnnouncementState::Waiting {
        return Err(Refusal::WrongState(one.state.as_str()).into());
    }
    let note = note.trim();
    if note.is_empty() {
        return Err(Stop::invalid("note", "hand-back-note"));
    }
    if note.chars().count() > LONGEST_NOTE {
        return Err(Stop::invalid("note", "decision-note-too-long"));
    }
    announcement::set_state(
        tx,
        id,
        &[AnnouncementState::Waiting],
        AnnouncementState::Cancelled,
    )?;
    on_the_desk_again(tx, &one, note)?;
    let about = subject("announcement", id.0);
    audit::record(
        tx,
        actor,
        "announcement.handed-back",
        about,
        json!({}),
        None,
    )?;
    tell::handed_back(tx, actor, &highlight, &one, note)?;
    Ok(highlight_id)
}

fn on_the_desk_again(tx: &mut Tx<'_>, one: &announcement::Announcement, note: &str) -> Result<()> {
    use crate::each_backend;
    use diesel::prelude::*;
    let row = (
        compositions::highlight_id.eq(one.highlight),
        compositions::master.eq(&one.text),
        compositions::lang.eq(&one.lang),
        compositions::hashtags.eq(&one.hashtags),
        compositions::picture_id.eq(one.picture),
        compositions::picture_alt.eq(&one.picture_alt),
        compositions::suggestion_id.eq(one.suggestion),
        compositions::saved_by.eq(one.created_by),
        compositions::saved_at.eq(tx.now()),
    );
    each_backend!(tx.conn, c => diesel::insert_into(compositions::table)
        .values(row)
        .on_conflict(compositions::highlight_id)
        .do_nothing()
        .execute(c))?;
    diesel::update(compositions::table.find(one.highlight))
        .set(compositions::revision.eq(compositions::revision + 1))
        .execute(tx.conn)?;
    drop_text(tx, one.highlight, one.channel)?;
    let kept = Kept {
        channel: one.channel,
        text: one.text.clone(),
        own: true,
        plan: Plan::Later,
        wall: one.wall_time.clone(),
        hour: None,
        reasons: serde_json::from_str(&one.reasons)?,
        note: note.to_owned(),
    };
    put(tx, one.highlight, &kept)
}
