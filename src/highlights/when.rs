//! When something is to be said: a wall time in the community's zone, kept as such beside the moment it means.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::kit::clock::{DAY, MINUTE};
use crate::kit::{At, Result, Stop};

/// The farthest that can be planned ahead, in days.
const FARTHEST_DAYS: i64 = 366;

/// When something is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// As soon as possible.
    Now,
    /// At a moment.
    At(At),
    /// At a wall time in the community's zone, such as `2026-11-22T10:15`.
    Wall(String),
}

/// A plan: the moment, and the wall time and zone it was chosen in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The moment.
    pub at: At,
    /// The zone (IANA).
    pub zone: String,
    /// The wall time there, to the minute.
    pub wall: String,
}

/// Reckons the moment.
///
/// # Errors
/// Invalid where the time cannot be read, is over, does not exist (clocks go forward) or lies too far ahead; a fault
/// where the zone is none.
pub fn plan(now: At, zone: &str, when: &When) -> Result<Planned> {
    let tz = TimeZone::get(zone).map_err(|error| {
        Stop::Fault(crate::kit::Fault::from_error(
            "the community's time zone",
            error,
        ))
    })?;
    let at = match when {
        When::Now => now,
        When::At(at) => *at,
        When::Wall(text) => moment(&tz, text)?,
    };
    // A minute's grace: a form takes time to fill in.
    if at < now.plus(-MINUTE) {
        return Err(Stop::invalid("when", "when-past"));
    }
    if at > now.plus(FARTHEST_DAYS * DAY) {
        return Err(Stop::invalid("when", "when-far"));
    }
    let at = at.max(now);
    let wall = at.timestamp().to_zoned(tz).datetime();
    Ok(Planned {
        at,
        zone: zone.to_owned(),
        wall: wall.strftime("%Y-%m-%dT%H:%M").to_string(),
    })
}

fn moment(tz: &TimeZone, text: &str) -> Result<At> {
    let wall: DateTime = text
        .trim()
        .parse()
        .map_err(|_unreadable| Stop::invalid("when", "when-unreadable"))?;
    let ambiguous = tz.to_ambiguous_timestamp(wall);
    if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
        return Err(Stop::invalid("when", "when-gap"));
    }
    // An hour that comes twice: the first one is meant.
    let stamp = ambiguous
        .compatible()
        .map_err(|_out_of_range| Stop::invalid("when", "when-unreadable"))?;
    Ok(At(stamp.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: At = At(1_774_699_200_000_000); // 2026-03-28T12:00:00Z

    fn wall(text: &str) -> Result<Planned> {
        plan(NOON, "Europe/Berlin", &When::Wall(text.to_owned()))
    }

    #[test]
    fn a_wall_time_is_kept_with_its_zone() {
        let planned = wall("2026-03-28T14:30").unwrap();
        assert_eq!(planned.at.rfc3339(), "2026-03-28T13:30:00Z");
        assert_eq!(
            (planned.zone.as_str(), planned.wall.as_str()),
            ("Europe/Berlin", "2026-03-28T14:30")
        );
    }

    #[test]
    fn an_hour_that_does_not_exist_is_refused_and_one_that_comes_twice_is_the_first() {
        assert!(wall("2026-03-29T02:30").is_err());
        assert_eq!(
            wall("2026-10-25T02:30").unwrap().at.rfc3339(),
            "2026-10-25T00:30:00Z"
        );
    }

    #[test]
    fn the_past_the_far_future_and_nonsense_are_refused() {
        for text in ["2026-03-28T12:30", "2031-01-01T10:00", "soon", ""] {
            assert!(wall(text).is_err(), "{text}");
        }
        assert_eq!(plan(NOON, "UTC", &When::Now).unwrap().at, NOON);
    }
}
