//! When something is to be said: a wall time in the community's zone, kept as such beside the moment it means.

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::kit::clock::{DAY, MINUTE};
use crate::kit::{At, Problems, Result, Stop};

/// The farthest that can be planned ahead, in days.
const FARTHEST_DAYS: i64 = 366;

crate::text_enum! {
    /// Which of two equal hours: when clocks go back, one of them comes twice.
    pub enum Hour {
        /// The first one, still in summer time.
        First = "first",
        /// The second one.
        Second = "second",
    }
}

/// When something is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// As soon as possible.
    Now,
    /// At a moment.
    At(At),
    /// At a wall time in the community's zone.
    Wall {
        /// Such as `2026-11-22T10:15`.
        time: String,
        /// Which one, where that time comes twice.
        hour: Option<Hour>,
    },
    /// At the channel's next free slot.
    Slot,
}

impl When {
    /// At a wall time, as it was typed.
    #[must_use]
    pub fn wall(time: &str, hour: Option<Hour>) -> Self {
        Self::Wall {
            time: time.to_owned(),
            hour,
        }
    }
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

/// The zone of this name.
///
/// # Errors
/// A fault where there is none: settings hold only zones that exist.
pub(super) fn zone_of(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|error| {
        Stop::Fault(crate::kit::Fault::from_error(
            "the community's time zone",
            error,
        ))
    })
}

/// A moment as people there read it off the wall, to the minute.
pub(super) fn wall_of(at: At, tz: &TimeZone) -> String {
    let wall = at.timestamp().to_zoned(tz.clone()).datetime();
    wall.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Reckons the moment. A slot has to be found first: here it is a time that cannot be read.
///
/// # Errors
/// Invalid where the time cannot be read, is over, does not exist (clocks go forward), comes twice without a word which
/// one is meant (clocks go back), or lies too far ahead; a fault where the zone is none.
pub fn plan(now: At, zone: &str, when: &When) -> Result<Planned> {
    let tz = zone_of(zone)?;
    let at = match when {
        When::Now => now,
        When::At(at) => *at,
        When::Wall { time, hour } => moment(&tz, time, *hour)?,
        When::Slot => return Err(Stop::invalid("when", "when-unreadable")),
    };
    // A minute's grace: a form takes time to fill in.
    if at < now.plus(-MINUTE) {
        return Err(Stop::invalid("when", "when-past"));
    }
    if at > now.plus(FARTHEST_DAYS * DAY) {
        return Err(Stop::invalid("when", "when-far"));
    }
    let at = at.max(now);
    Ok(Planned {
        at,
        zone: zone.to_owned(),
        wall: wall_of(at, &tz),
    })
}

/// The moment of a kept wall time in another zone: the wall time stays. Where it falls into a gap there, the hour after
/// the gap is meant; where it comes twice, the first.
pub(super) fn again(wall: &str, tz: &TimeZone) -> Option<At> {
    let wall: DateTime = wall.parse().ok()?;
    let stamp = tz.to_ambiguous_timestamp(wall).compatible().ok()?;
    Some(At(stamp.as_microsecond()))
}

/// A wall time of the zone as a moment: `2026-12-01T09:00`, or a day, which means its beginning, or with `end` the end
/// of it. Empty is none. A time that clocks go forward over means the moment after.
///
/// # Errors
/// The key of what is wrong.
pub(super) fn wall(
    zone: &str,
    text: &str,
    end: bool,
) -> std::result::Result<Option<At>, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let tz = TimeZone::get(zone).map_err(|_unknown| "when-unreadable")?;
    let read = |_unreadable: jiff::Error| "when-unreadable";
    let wall = match text.parse::<Date>() {
        Ok(day) if !text.contains('T') => {
            let day = if end {
                day.tomorrow().map_err(read)?
            } else {
                day
            };
            day.at(0, 0, 0, 0)
        }
        _ => text.parse::<DateTime>().map_err(read)?,
    };
    let stamp = tz.to_ambiguous_timestamp(wall).compatible().map_err(read)?;
    Ok(Some(At(stamp.as_microsecond())))
}

fn moment(tz: &TimeZone, text: &str, hour: Option<Hour>) -> Result<At> {
    let unreadable = || Stop::invalid("when", "when-unreadable");
    let wall: DateTime = text.trim().parse().map_err(|_unreadable| unreadable())?;
    let ambiguous = tz.to_ambiguous_timestamp(wall);
    let stamp = match (ambiguous.offset(), hour) {
        (AmbiguousOffset::Gap { .. }, _) => {
            let instead = ambiguous.compatible().map_err(|_out| unreadable())?;
            let instead = wall_of(At(instead.as_microsecond()), tz).replace('T', " ");
            let mut problems = Problems::default();
            problems.add("when", "when-gap", &[("instead", instead)]);
            return Err(problems.into());
        }
        (AmbiguousOffset::Fold { before, after }, None) => {
            let mut problems = Problems::default();
            let offsets = [("first", before.to_string()), ("second", after.to_string())];
            problems.add("when", "when-twice", &offsets);
            return Err(problems.into());
        }
        (AmbiguousOffset::Fold { .. }, Some(Hour::Second)) => ambiguous.later(),
        (AmbiguousOffset::Fold { .. } | AmbiguousOffset::Unambiguous { .. }, _) => {
            ambiguous.compatible()
        }
    };
    let stamp = stamp.map_err(|_out_of_range| unreadable())?;
    Ok(At(stamp.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: At = At(1_774_699_200_000_000); // 2026-03-28T12:00:00Z

    fn wall(text: &str) -> Result<Planned> {
        plan(NOON, "Europe/Berlin", &When::wall(text, None))
    }

    fn sentence(planned: Result<Planned>) -> String {
        match planned {
            Err(Stop::Invalid(problems)) => problems
                .0
                .first()
                .map(|p| p.key.clone())
                .unwrap_or_default(),
            other => format!("{other:?}"),
        }
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
    fn an_hour_that_does_not_exist_is_refused_and_one_that_comes_twice_asks_which() {
        assert_eq!(sentence(wall("2026-03-29T02:30")), "when-gap");
        assert_eq!(sentence(wall("2026-10-25T02:30")), "when-twice");
        let said = |hour| {
            plan(
                NOON,
                "Europe/Berlin",
                &When::wall("2026-10-25T02:30", Some(hour)),
            )
        };
        assert_eq!(
            said(Hour::First).unwrap().at.rfc3339(),
            "2026-10-25T00:30:00Z"
        );
        assert_eq!(
            said(Hour::Second).unwrap().at.rfc3339(),
            "2026-10-25T01:30:00Z"
        );
        // Where there is only one such hour, the word does no harm.
        let only = plan(
            NOON,
            "Europe/Berlin",
            &When::wall("2026-04-01T02:30", Some(Hour::Second)),
        );
        assert_eq!(only.unwrap().at.rfc3339(), "2026-04-01T00:30:00Z");
    }

    #[test]
    fn in_another_zone_the_wall_time_stays() {
        let zone = |name| zone_of(name).unwrap();
        let at = |name| again("2026-06-01T10:00", &zone(name)).unwrap().rfc3339();
        assert_eq!(at("Europe/Berlin"), "2026-06-01T08:00:00Z");
        assert_eq!(at("America/New_York"), "2026-06-01T14:00:00Z");
        assert_eq!(
            wall_of(
                again("2026-03-29T02:30", &zone("Europe/Berlin")).unwrap(),
                &zone("Europe/Berlin")
            ),
            "2026-03-29T03:30"
        );
    }

    #[test]
    fn a_day_ends_when_the_next_begins() {
        let moment =
            |text, end| super::wall("Europe/Berlin", text, end).map(|at| at.map(At::rfc3339));
        let stamp = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(moment("", true), Ok(None));
        assert_eq!(moment("2026-12-24", true), stamp("2026-12-24T23:00:00Z"));
        assert_eq!(moment("2026-12-24", false), stamp("2026-12-23T23:00:00Z"));
        assert_eq!(
            moment("2026-12-01T09:00", false),
            stamp("2026-12-01T08:00:00Z")
        );
        assert_eq!(moment("someday", true), Err("when-unreadable"));
    }

    #[test]
    fn the_past_the_far_future_and_nonsense_are_refused() {
        for text in ["2026-03-28T12:30", "2031-01-01T10:00", "soon", ""] {
            assert!(wall(text).is_err(), "{text}");
        }
        assert_eq!(plan(NOON, "UTC", &When::Now).unwrap().at, NOON);
    }
}
