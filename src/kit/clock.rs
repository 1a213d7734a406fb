//! Time as a parameter: [`At`] is a moment, [`Clock`] says what moment it is.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};

/// A moment: microseconds since 1970-01-01T00:00:00Z. Stored as `BIGINT` in both databases.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    AsExpression,
    FromSqlRow,
)]
#[diesel(sql_type = BigInt)]
#[serde(transparent)]
pub struct At(pub i64);

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Microseconds in a day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

impl At {
    /// This moment and `micros` microseconds more (negative: earlier); saturates at the ends of time.
    #[must_use]
    pub const fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to this moment; negative where `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// The day number since 1970-01-01 in UTC.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// The same moment for calendars and zones; clamped to the years jiff knows (-9999 to 9999).
    #[must_use]
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// `2026-11-22T10:15:00Z`, to the second, as feeds, sitemaps and the API write it.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let whole = jiff::Timestamp::from_second(self.unix_seconds());
        whole.unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
    }
}

impl<DB: Backend> ToSql<BigInt, DB> for At
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for At
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(bytes).map(Self)
    }
}

/// Says what moment it is. The house has one; nobody asks the system directly.
pub trait Clock: Send + Sync + 'static {
    /// The present moment in UTC. Whoever runs the machine may set it, forwards or back.
    fn now(&self) -> At;

    /// Microseconds since some beginning of this process, on a clock that nobody sets: it never goes back. Good for
    /// spans within the process alone.
    fn steady(&self) -> i64;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> At {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        At(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn steady(&self) -> i64 {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the machine's clock"
        )]
        static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
        i64::try_from(BEGINNING.elapsed().as_micros()).unwrap_or(i64::MAX)
    }
}

/// A clock that is set by hand: tests and the demo's filling use it. It can also run along with another.
#[derive(Debug, Default)]
pub struct ManualClock {
    now: AtomicI64,
    /// What has truly gone by.
    gone: AtomicI64,
}

impl ManualClock {
    /// A clock that stands at `at`.
    #[must_use]
    pub const fn at(at: At) -> Self {
        Self {
            now: AtomicI64::new(at.0),
            gone: AtomicI64::new(0),
        }
    }

    /// Sets the hands to `at`, forwards or back; no time goes by.
    pub fn set(&self, at: At) {
        self.now.store(at.0, Ordering::SeqCst);
    }

    /// Lets `micros` go by.
    pub fn advance(&self, micros: i64) {
        self.now.fetch_add(micros, Ordering::SeqCst);
        self.gone.fetch_add(micros.max(0), Ordering::SeqCst);
    }

    /// Moves the hands by `micros`, as somebody does who sets the clock; no time goes by.
    pub fn jump(&self, micros: i64) {
        self.now.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> At {
        At(self.now.load(Ordering::SeqCst))
    }

    fn steady(&self) -> i64 {
        self.gone.load(Ordering::SeqCst)
    }
}

/// The machine's clock, shifted: what integration tests wind forward while servers and sessions run.
#[derive(Debug, Default)]
pub struct ShiftedClock {
    shift: AtomicI64,
    /// What went by on top of the machine's own time.
    gone: AtomicI64,
}

impl ShiftedClock {
    /// Moves this clock by `micros` against the machine's.
    pub fn advance(&self, micros: i64) {
        self.shift.fetch_add(micros, Ordering::SeqCst);
        self.gone.fetch_add(micros.max(0), Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> At {
        SystemClock.now().plus(self.shift.load(Ordering::SeqCst))
    }

    fn steady(&self) -> i64 {
        let gone = self.gone.load(Ordering::SeqCst);
        SystemClock.steady().saturating_add(gone)
    }
}

/// The machine's clock, or a moment set by hand until it is released: the demo lives through a year with it.
#[derive(Debug, Default)]
pub struct SteppedClock {
    /// 0 while the machine's clock is followed.
    set: AtomicI64,
}

impl SteppedClock {
    /// Stands at `at` from now on.
    pub fn set(&self, at: At) {
        self.set.store(at.0, Ordering::SeqCst);
    }

    /// Follows the machine's clock again.
    pub fn release(&self) {
        self.set.store(0, Ordering::SeqCst);
    }
}

impl Clock for SteppedClock {
    fn now(&self) -> At {
        match self.set.load(Ordering::SeqCst) {
            0 => SystemClock.now(),
            set => At(set),
        }
    }

    fn steady(&self) -> i64 {
        SystemClock.steady()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_to_the_second() {
        assert_eq!(At(1_700_000_000_123_456).rfc3339(), "2023-11-14T22:13:20Z");
    }

    #[test]
    fn setting_the_hands_back_takes_no_time_back() {
        let clock = ManualClock::at(At(DAY));
        clock.advance(3 * SECOND);
        clock.jump(-HOUR);
        clock.set(At(0));
        assert_eq!((clock.now(), clock.steady()), (At(0), 3 * SECOND));
        let before = SystemClock.steady();
        assert!(SystemClock.steady() >= before);
    }

    #[test]
    fn days_are_counted_down_before_1970() {
        assert_eq!(At(-1).day(), -1);
        assert_eq!(At(DAY).day(), 1);
    }
}
