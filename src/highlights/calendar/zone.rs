//! Asks nobody because the community's zone was changed by somebody who may: plans keep their wall times.

use diesel::prelude::*;

use crate::bridge;
use crate::db::schema::{announcements, voice_requests};
use crate::db::{Lock, Tx};
use crate::highlights::announcement::origin;
use crate::highlights::requests;
use crate::highlights::state::AnnouncementState;
use crate::highlights::when::{again, zone_of};
use crate::kit::ids::{AnnouncementId, HighlightId, VoiceRequestId};
use crate::kit::{At, Refusal, Result, Stop};

type Plan = (AnnouncementId, HighlightId, AnnouncementState, String);

/// Reckons every plan anew that has not left: ten o'clock stays ten o'clock. What the bridge has in hand already goes
/// out as planned.
///
/// # Errors
/// A fault where the database fails.
pub(in crate::highlights) fn zone_changed(tx: &mut Tx<'_>, zone: &str) -> Result<()> {
    let tz = zone_of(zone)?;
    let planned: Vec<Plan> = announcements::table
        .filter(
            announcements::state.eq_any([AnnouncementState::Waiting, AnnouncementState::Scheduled]),
        )
        .filter(announcements::planned_at.gt(tx.now()))
        .order((announcements::highlight_id, announcements::id))
        .select((
            announcements::id,
            announcements::highlight_id,
            announcements::state,
            announcements::wall_time,
        ))
        .load(tx.conn)?;
    // All highlights are locked before any delivery is.
    for (_, highlight, ..) in &planned {
        tx.lock(Lock::Highlight(*highlight))?;
    }
    for (id, _, state, wall) in planned {
        let Some(at) = again(&wall, &tz) else {
            continue;
        };
        if state == AnnouncementState::Scheduled {
            match bridge::replan(tx, &origin(id), at) {
                Err(Stop::Refused(Refusal::WrongState(_))) => continue,
                other => other?,
            }
        }
        diesel::update(announcements::table.find(id))
            .set((
                announcements::planned_at.eq(at),
                announcements::zone.eq(zone),
                announcements::updated_at.eq(tx.now()),
            ))
            .execute(tx.conn)?;
    }
    due_dates(tx, zone)
}

fn due_dates(tx: &mut Tx<'_>, zone: &str) -> Result<()> {
    let tz = zone_of(zone)?;
    let due: Vec<(VoiceRequestId, String)> = voice_requests::table
        .filter(voice_requests::state.eq_any(requests::RequestState::WAITING.iter().copied()))
        .select((voice_requests::id, voice_requests::wall_time))
        .load(tx.conn)?;
    for (id, wall) in due {
        let at: Option<At> = again(&wall, &tz);
        if let Some(at) = at {
            diesel::update(voice_requests::table.find(id))
                .set((voice_requests::due_at.eq(at), voice_requests::zone.eq(zone)))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}
