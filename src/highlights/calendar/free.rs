//! What stands against a moment at a channel, and the next slot that is free.

use super::pace::{self, Against, Pace};
use super::slots;
use crate::bridge::{self, ChannelLine};
use crate::db::Tx;
use crate::highlights::announcement;
use crate::highlights::when::{Planned, wall_of, zone_of};
use crate::kit::clock::{DAY, MINUTE, SECOND};
use crate::kit::ids::{AnnouncementId, ChannelId};
use crate::kit::{At, Result, Stop};
use crate::policy::{Action, Actor};
use crate::site;

fn pace_of(channel: &ChannelLine) -> Pace {
    Pace {
        gap: channel.min_gap_seconds.saturating_mul(SECOND),
        cap: channel.daily_cap,
    }
}

/// What stands against saying something at this moment at this channel, beside the announcement itself.
///
/// # Errors
/// A fault where the database fails.
pub(in crate::highlights) fn against(
    tx: &mut Tx<'_>,
    channel: &ChannelLine,
    at: At,
    besides: Option<AnnouncementId>,
) -> Result<Option<Against>> {
    let around = (at.plus(-DAY), at.plus(DAY));
    let taken = announcement::taken(tx, channel.id, around, besides)?;
    Ok(pace_of(channel).against(at, &taken))
}

/// The next slot of a channel that nothing stands against, not before `earliest`.
///
/// # Errors
/// Invalid where the channel has no slots or none is free within eight weeks.
pub(in crate::highlights) fn fitting_slot(
    tx: &mut Tx<'_>,
    channel: &ChannelLine,
    earliest: Option<At>,
    besides: Option<AnnouncementId>,
) -> Result<Planned> {
    let times = slots::times(tx, channel.id)?;
    if times.is_empty() {
        return Err(Stop::invalid("when", "slot-none"));
    }
    let zone = site::settings(tx)?.zone;
    let tz = zone_of(&zone)?;
    let soonest = tx.now().plus(MINUTE);
    let from = earliest.map_or(soonest, |earliest| earliest.max(soonest));
    let around = (from.plus(-DAY), from.plus(60 * DAY));
    let taken = announcement::taken(tx, channel.id, around, besides)?;
    match pace::next_free(&times, from, &taken, pace_of(channel), &tz) {
        Some(at) => Ok(Planned {
            at,
            wall: wall_of(at, &tz),
            zone,
        }),
        None => Err(Stop::invalid("when", "slot-full")),
    }
}

/// The next free slot of a channel; `None` where it has none.
///
/// # Errors
/// Refused to whoever does not work outward; not found for an unknown channel.
pub fn next_slot(tx: &mut Tx<'_>, actor: &Actor, id: ChannelId) -> Result<Option<Planned>> {
    let channel = bridge::channel(tx, id)?;
    actor.may(&Action::SeeOutreach)?;
    match fitting_slot(tx, &channel, None, None) {
        Ok(planned) => Ok(Some(planned)),
        Err(Stop::Invalid(_)) => Ok(None),
        Err(stop) => Err(stop),
    }
}
