//! When a channel may speak: its slots, its gap and its daily cap. Pure.

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::kit::At;
use crate::kit::clock::{DAY, MINUTE};

/// Weeks in which a free slot is looked for.
const WEEKS: i64 = 8;

/// An hour of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// 1 is Monday, 7 is Sunday.
    pub weekday: i64,
    /// Minutes since midnight.
    pub minute: i64,
}

/// How fast a channel may speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    /// Microseconds between two announcements.
    pub gap: i64,
    /// Announcements in 24 hours; 0 is no limit.
    pub cap: i64,
}

/// What stands against a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// Another one is planned too near.
    Near(At),
    /// With it there would be too many in 24 hours.
    Many,
}

impl Pace {
    /// What stands against one more at this moment beside those that are planned or were said.
    #[must_use]
    pub fn against(self, at: At, taken: &[At]) -> Option<Against> {
        // Two in the same minute are one too many, whatever the channel's gap.
        let gap = self.gap.max(MINUTE);
        let near = taken.iter().find(|other| at.since(**other).abs() < gap);
        if let Some(other) = near {
            return Some(Against::Near(*other));
        }
        self.is_full(at, taken).then_some(Against::Many)
    }

    /// Would any 24 hours around it hold more than the cap?
    fn is_full(self, at: At, taken: &[At]) -> bool {
        let Ok(cap) = usize::try_from(self.cap) else {
            return false;
        };
        if cap == 0 {
            return false;
        }
        let mut around: Vec<At> = taken
            .iter()
            .copied()
            .filter(|other| at.since(*other).abs() < DAY)
            .collect();
        around.push(at);
        around.sort_unstable();
        around
            .windows(cap + 1)
            .any(|run| matches!(run, [first, .., last] if last.since(*first) < DAY))
    }
}

/// The moment of a time on a day; `None` where clocks go forward over it. Of two equal hours the first is meant.
pub fn moment(day: Date, time: Time, tz: &TimeZone) -> Option<At> {
    let hour = i8::try_from(time.minute / 60).ok()?;
    let minute = i8::try_from(time.minute % 60).ok()?;
    let wall = day.at(hour, minute, 0, 0);
    let ambiguous = tz.to_ambiguous_timestamp(wall);
    if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
        return None;
    }
    ambiguous.compatible().ok().map(|s| At(s.as_microsecond()))
}

/// The moments of these slots from one moment to another, in order.
pub fn moments(slots: &[Time], from: At, to: At, tz: &TimeZone) -> Vec<At> {
    let mut all = Vec::new();
    let mut day = from.timestamp().to_zoned(tz.clone()).date();
    let last = to.timestamp().to_zoned(tz.clone()).date();
    while day <= last {
        let weekday = i64::from(day.weekday().to_monday_one_offset());
        let here = slots.iter().filter(|slot| slot.weekday == weekday);
        all.extend(here.filter_map(|slot| moment(day, *slot, tz)));
        let Ok(next) = day.tomorrow() else {
            break;
        };
        day = next;
    }
    all.retain(|at| *at >= from && *at < to);
    all.sort_unstable();
    all
}

/// The next slot that nothing stands against; `None` within eight weeks, or where there are no slots.
pub fn next_free(slots: &[Time], from: At, taken: &[At], pace: Pace, tz: &TimeZone) -> Option<At> {
    moments(slots, from, from.plus(WEEKS * 7 * DAY), tz)
        .into_iter()
        .find(|at| pace.against(*at, taken).is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kit::clock::HOUR;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn at(text: &str) -> At {
        At(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    const TUESDAY_TEN: Time = Time {
        weekday: 2,
        minute: 600,
    };

    #[test]
    fn a_slot_keeps_its_wall_time_over_the_change_of_clocks() {
        let found = moments(
            &[TUESDAY_TEN],
            at("2026-03-23T00:00:00Z"),
            at("2026-04-01T00:00:00Z"),
            &zone("Europe/Berlin"),
        );
        assert_eq!(
            found,
            [at("2026-03-24T09:00:00Z"), at("2026-03-31T08:00:00Z")]
        );
    }

    #[test]
    fn a_slot_in_the_gap_is_left_out_that_week() {
        let sunday = Time {
            weekday: 7,
            minute: 150,
        };
        let found = moments(
            &[sunday],
            at("2026-03-28T00:00:00Z"),
            at("2026-04-06T00:00:00Z"),
            &zone("Europe/Berlin"),
        );
        assert_eq!(found, [at("2026-04-05T00:30:00Z")]);
    }

    #[test]
    fn the_next_free_slot_respects_what_is_taken_the_gap_and_the_cap() {
        let (tz, now) = (zone("UTC"), at("2026-11-22T12:00:00Z"));
        let daily: Vec<Time> = (1..=7)
            .flat_map(|weekday| [600, 660].map(|minute| Time { weekday, minute }))
            .collect();
        let free = |taken: &[At], gap: i64, cap: i64| {
            next_free(&daily, now, taken, Pace { gap, cap }, &tz).map(At::rfc3339)
        };
        let first = at("2026-11-23T10:00:00Z");
        assert_eq!(free(&[], 0, 0).unwrap(), "2026-11-23T10:00:00Z");
        assert_eq!(free(&[first], 0, 0).unwrap(), "2026-11-23T11:00:00Z");
        assert_eq!(free(&[first], 2 * HOUR, 0).unwrap(), "2026-11-24T10:00:00Z");
        assert_eq!(free(&[first], 0, 1).unwrap(), "2026-11-24T10:00:00Z");
        assert_eq!(next_free(&[], now, &[], Pace::default(), &tz), None);
    }

    proptest! {
        #[test]
        fn whatever_is_chosen_slot_by_slot_keeps_gap_and_cap(
            slots in proptest::collection::vec((1_i64..=7, 0_i64..1440), 1..9),
            gap_minutes in 0_i64..600, cap in 0_i64..5, start in 0_i64..400, zone_number in 0_usize..3,
        ) {
            let tz = zone(["Europe/Berlin", "America/New_York", "Asia/Kathmandu"][zone_number]);
            let slots: Vec<Time> = slots.into_iter().map(|(weekday, minute)| Time { weekday, minute }).collect();
            let pace = Pace { gap: gap_minutes * MINUTE, cap };
            let from = at("2026-01-01T00:00:00Z").plus(start * DAY);
            let mut taken = Vec::new();
            for _ in 0..12 {
                let Some(next) = next_free(&slots, from, &taken, pace, &tz) else { break };
                prop_assert!(next >= from);
                let wall = next.timestamp().to_zoned(tz.clone());
                let minute = i64::from(wall.hour()) * 60 + i64::from(wall.minute());
                let weekday = i64::from(wall.weekday().to_monday_one_offset());
                let known = slots.contains(&Time { weekday, minute });
                prop_assert!(known);
                taken.push(next);
            }
            taken.sort_unstable();
            for pair in taken.windows(2) {
                prop_assert!(pair[1].since(pair[0]) >= pace.gap.max(MINUTE));
            }
            for first in &taken {
                let within = taken.iter().filter(|o| (0..DAY).contains(&o.since(*first))).count();
                prop_assert!(cap == 0 || within as i64 <= cap);
            }
        }
    }
}
