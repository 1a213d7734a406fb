//! When to try again, and when to leave a channel alone. Pure: time and chance come in as values.

use super::adapter::Outcome;
use crate::kit::At;
use crate::kit::clock::{DAY, HOUR, MINUTE, SECOND};

/// The longest that a channel may ask us to wait.
const LONGEST_HINT: i64 = DAY;
/// How many failures in a row open the breaker.
pub const BREAKER_FAILURES: i64 = 5;
/// The first pause of an open breaker.
const BREAKER_PAUSE: i64 = MINUTE;
/// The longest pause of an open breaker.
const BREAKER_LONGEST: i64 = HOUR;

/// The pauses between the tries of a Standard Webhook; with the first try at once they span 75 hours.
const WEBHOOK_PAUSES: [i64; 9] = [
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
];

/// How often and when to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Anything between now and a growing limit: 30 s doubled with every try, at most an hour; eight tries.
    Jitter,
    /// The table of Standard Webhooks, up to a tenth later; ten tries, and then the endpoint is given up.
    Webhook,
}

impl Retry {
    /// The most tries, the first one included.
    #[must_use]
    pub const fn most(self) -> i64 {
        match self {
            Self::Jitter => 8,
            Self::Webhook => WEBHOOK_PAUSES.len() as i64 + 1,
        }
    }

    /// Is the endpoint given up after the last try?
    #[must_use]
    pub const fn gives_up_channel(self) -> bool {
        matches!(self, Self::Webhook)
    }

    /// The next try after `tries` failed ones, not before `hint`; `None` after the last. `draw` lies in [0, 1).
    #[must_use]
    pub fn next(self, tries: i64, now: At, hint: Option<At>, draw: f64) -> Option<At> {
        if tries >= self.most() {
            return None;
        }
        let pause = match self {
            Self::Jitter => {
                let limit = (30 * SECOND)
                    .saturating_mul(1 << tries.clamp(0, 20))
                    .min(HOUR);
                share(limit, draw).max(SECOND)
            }
            Self::Webhook => {
                let index = usize::try_from(tries.max(1) - 1).unwrap_or(0);
                let pause = WEBHOOK_PAUSES.get(index).copied().unwrap_or(DAY);
                pause + share(pause / 10, draw)
            }
        };
        let at = now.plus(pause);
        Some(hint.map_or(at, |hint| at.max(capped(hint, now))))
    }
}

/// A share of a length of time.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a random share of less than a day"
)]
fn share(length: i64, draw: f64) -> i64 {
    (length as f64 * draw.clamp(0.0, 1.0)) as i64
}

/// A wait that a channel asked for, within reason.
fn capped(hint: At, now: At) -> At {
    hint.min(now.plus(LONGEST_HINT))
}

/// How a channel has been answering.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pulse {
    /// Failures in a row.
    pub failures: i64,
    /// Leave it alone until then.
    pub until: Option<At>,
}

/// What an outcome means for the channel besides its pulse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Fine,
    /// It no longer knows us.
    NeedsReauth,
    /// It is gone.
    Disable,
}

impl Pulse {
    /// Must the channel be asked how it is before anything is sent again?
    #[must_use]
    pub const fn is_open(self) -> bool {
        self.failures >= BREAKER_FAILURES
    }

    /// May anything be sent at this moment?
    #[must_use]
    pub fn rests(self, now: At) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// The pulse after an outcome. `draw` lies in [0, 1).
    #[must_use]
    pub fn after(self, outcome: &Outcome, now: At, draw: f64) -> (Self, Verdict) {
        let rested = Self::default();
        match outcome {
            Outcome::Sent(_)
            | Outcome::SentBlind
            | Outcome::Rejected
            | Outcome::OldIsDown
            | Outcome::Duplicate
            | Outcome::ByHand => (rested, Verdict::Fine),
            Outcome::Throttled(until) => {
                let until = until.map_or_else(|| now.plus(MINUTE), |hint| capped(hint, now));
                (
                    Self {
                        until: Some(until),
                        ..self
                    },
                    Verdict::Fine,
                )
            }
            Outcome::Unauthorised => (rested, Verdict::NeedsReauth),
            Outcome::Gone => (rested, Verdict::Disable),
            Outcome::NotSent | Outcome::Unknown(_) => (self.failed(now, draw), Verdict::Fine),
        }
    }

    /// The pulse after one more failure.
    #[must_use]
    pub fn failed(self, now: At, draw: f64) -> Self {
        let failures = self.failures.saturating_add(1);
        let over = failures - BREAKER_FAILURES;
        let until = (over >= 0).then(|| {
            let limit = BREAKER_PAUSE
                .saturating_mul(1 << over.clamp(0, 20))
                .min(BREAKER_LONGEST);
            // At least half of it: a channel in trouble is not helped by being asked at once.
            now.plus(limit / 2 + share(limit / 2, draw))
        });
        Self { failures, until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At(1_000 * DAY);

    #[test]
    fn a_webhook_is_tried_ten_times_over_three_days() {
        let (mut at, mut tries) = (NOW, 1);
        while let Some(next) = Retry::Webhook.next(tries, at, None, 0.0) {
            at = next;
            tries += 1;
        }
        assert_eq!(tries, 10);
        assert_eq!(at.since(NOW), 75 * HOUR + 35 * MINUTE + 5 * SECOND);
        assert_eq!(
            Retry::Webhook
                .next(1, NOW, None, 0.5)
                .map(|at| at.since(NOW)),
            Some(5 * SECOND + SECOND / 4)
        );
    }

    #[test]
    fn jitter_grows_to_an_hour_and_ends() {
        for tries in 0..8 {
            let longest = Retry::Jitter
                .next(tries, NOW, None, 1.0)
                .expect("a next try");
            assert!(longest.since(NOW) <= HOUR && longest.since(NOW) >= 30 * SECOND);
            let shortest = Retry::Jitter
                .next(tries, NOW, None, 0.0)
                .expect("a next try");
            assert_eq!(shortest.since(NOW), SECOND);
        }
        assert_eq!(Retry::Jitter.next(8, NOW, None, 0.3), None);
    }

    #[test]
    fn a_hint_is_honoured_but_not_for_ever() {
        assert_eq!(
            Retry::Webhook.next(1, NOW, Some(NOW.plus(HOUR)), 0.9),
            Some(NOW.plus(HOUR))
        );
        assert_eq!(
            Retry::Webhook.next(1, NOW, Some(At(i64::MAX)), 0.9),
            Some(NOW.plus(DAY))
        );
    }

    #[test]
    fn the_breaker_opens_after_five_failures_and_closes_after_one_success() {
        let mut pulse = Pulse::default();
        for number in 1..=5 {
            assert!(!pulse.rests(NOW), "open after {} failures", number - 1);
            (pulse, _) = pulse.after(&Outcome::Unknown(None), NOW, 0.5);
        }
        assert!(pulse.is_open() && pulse.rests(NOW) && !pulse.rests(NOW.plus(2 * MINUTE)));
        assert_eq!(
            pulse.after(&Outcome::SentBlind, NOW, 0.5).0,
            Pulse::default()
        );
    }

    #[test]
    fn patience_that_is_asked_for_is_no_failure() {
        let (pulse, verdict) =
            Pulse::default().after(&Outcome::Throttled(Some(NOW.plus(HOUR))), NOW, 0.0);
        assert!(pulse.rests(NOW.plus(HOUR - 1)) && !pulse.is_open());
        assert_eq!(verdict, Verdict::Fine);
    }
}
