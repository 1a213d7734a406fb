//! Moving what has not left to another time. Text and report stay as they were frozen; the gate looks again anyway.

use diesel::prelude::*;
use serde_json::json;

use super::free::fitting_slot;
use crate::audit::{self, subject};
use crate::bridge;
use crate::db::Tx;
use crate::db::schema::announcements;
use crate::highlights::announcement;
use crate::highlights::highlight;
use crate::highlights::state::AnnouncementState;
use crate::highlights::tell;
use crate::highlights::when::{Planned, When, plan};
use crate::kit::ids::AnnouncementId;
use crate::kit::{Refusal, Result, Stop};
use crate::policy::{Action, Actor};
use crate::site;

/// Plans an announcement for another time.
///
/// # Errors
/// Refused by the law, or where it has left or ended; invalid where the time is none, lies before the embargo's end, or
/// no slot is free.
pub fn reschedule(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
    when: &When,
) -> Result<Planned> {
    let highlight_id = announcement::find(tx, id)?.highlight;
    let highlight = highlight::hold(tx, highlight_id)?;
    let one = announcement::find(tx, id)?;
    let facts = highlight::facts(tx, &highlight)?;
    actor.may(&Action::SeeHighlight(&facts))?;
    actor.may(&Action::Announce(&facts))?;
    let movable = [AnnouncementState::Waiting, AnnouncementState::Scheduled];
    if !movable.contains(&one.state) {
        return Err(Refusal::WrongState(one.state.as_str()).into());
    }
    let channel = bridge::channel(tx, one.channel)?;
    let planned = match when {
        When::Slot => fitting_slot(tx, &channel, highlight.embargo_until, Some(id))?,
        other => plan(tx.now(), &site::settings(tx)?.zone, other)?,
    };
    if highlight
        .embargo_until
        .is_some_and(|until| planned.at < until)
    {
        return Err(Stop::invalid("when", "check-embargo"));
    }
    if one.state == AnnouncementState::Scheduled {
        bridge::replan(tx, &one.origin(), planned.at)?;
    }
    diesel::update(announcements::table.find(id))
        .set((
            announcements::planned_at.eq(planned.at),
            announcements::zone.eq(&planned.zone),
            announcements::wall_time.eq(&planned.wall),
            announcements::updated_at.eq(tx.now()),
        ))
        .execute(tx.conn)?;
    let details = json!({ "from": one.planned_at.0, "to": planned.at.0 });
    let about = subject("announcement", id.0);
    audit::record(tx, actor, "announcement.moved", about, details, None)?;
    tell::moved(tx, &highlight, &one, &planned.wall)?;
    Ok(planned)
}
