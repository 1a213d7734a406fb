//! Versions of vendors' interfaces. Each is taken down some day; whoever keeps the channel hears of it some weeks before.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::kit::At;
use crate::kit::clock::DAY;

/// How long before its end a version is spoken of.
const SOON: i64 = 56 * DAY;

/// The version of an interface that a channel speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Interface {
    /// As the vendor writes it.
    pub version: String,
    /// When it is taken down, as far as the vendor has said.
    pub ends_at: Option<At>,
}

impl Interface {
    /// Is its end near, or past?
    #[must_use]
    pub fn ends_soon(&self, now: At) -> bool {
        self.ends_at.is_some_and(|ends| now >= ends.plus(-SOON))
    }

    /// Is its end past?
    #[must_use]
    pub fn has_ended(&self, now: At) -> bool {
        self.ends_at.is_some_and(|ends| now >= ends)
    }
}

/// The beginning of a day, UTC.
pub(super) fn day(year: i16, month: i8, day: i8) -> Option<At> {
    let date = Date::new(year, month, day).ok()?;
    let at = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(At(at.as_microsecond()))
}

/// A year after the month that a version such as `202605` is named after.
pub(super) fn year_after(version: &str) -> Option<At> {
    let (year, month) = version.split_at_checked(4)?;
    day(
        year.parse::<i16>().ok()?.checked_add(1)?,
        month.parse().ok()?,
        1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_spoken_of_eight_weeks_before_its_end() {
        let interface = Interface {
            version: "202601".to_owned(),
            ends_at: year_after("202601"),
        };
        let ends = interface.ends_at.expect("an end");
        assert_eq!(ends.rfc3339(), "2027-01-01T00:00:00Z");
        assert!(!interface.ends_soon(ends.plus(-57 * DAY)));
        assert!(interface.ends_soon(ends.plus(-55 * DAY)));
        assert!(!interface.has_ended(ends.plus(-1)));
        assert!(interface.has_ended(ends));
        for nonsense in ["", "2026", "202613", "abcdef", "99999901"] {
            assert_eq!(year_after(nonsense), None, "{nonsense}");
        }
        let open = Interface {
            version: "v99.0".to_owned(),
            ends_at: None,
        };
        assert!(!open.ends_soon(ends));
    }
}
