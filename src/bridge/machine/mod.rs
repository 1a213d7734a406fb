//! The life of a delivery, as pure functions: what is known of it and what happened in, its next state out.
//!
//! Two sentences hold everywhere, and the property tests hold them against a shadow that knows none of this code:
//! * A delivery that may be there already (`uncertain`) is sent again only where the channel forgets repetitions
//!   (class A, while it remembers the key), or after it was certainly found absent.
//! * A recalled delivery is never sent again, and what was or may have been sent gets its withdrawal.
//!
//! Long because the life of a delivery is one table of states and what moves them.

use super::adapter::{Contract, Outcome, Seen};
use super::pace::Pulse;
use super::state::{ChannelState, Class, Operation, State};
use crate::kit::At;
use crate::kit::clock::{MINUTE, SECOND};
use crate::kit::event::Gate;

/// How long after an unknown outcome the channel is asked for the first time.
pub const FIRST_LOOK: i64 = 30 * SECOND;
/// How long after an unknown outcome it is asked again.
pub const SECOND_LOOK: i64 = 5 * MINUTE;
/// How often it is found absent before that is believed.
const ABSENT_TIMES: i64 = 2;
/// How often the channel may fail to answer before a person has to look.
const BLIND_READS: i64 = 10;
/// How long a correction waits before it looks again for its announcement.
const WAIT_FOR_ANNOUNCEMENT: i64 = 30 * SECOND;

/// What is known of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What it does.
    pub operation: Operation,
    /// Where it stands.
    pub state: State,
    /// Is it no longer wanted?
    pub recalled: bool,
    /// Did a try end without a known outcome, and has nobody found out since?
    pub uncertain: bool,
    /// Did the channel take it without saying where it is?
    pub unlinked: bool,
    /// Tries so far, a running one included.
    pub tries: i64,
    /// How often it was found absent since the last try.
    pub checks: i64,
    /// How often the channel gave no answer when asked.
    pub blind_reads: i64,
    /// When the first try began.
    pub first_sent_at: Option<At>,
    /// Too late from then on.
    pub expires_at: At,
}

/// What to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The new state.
    pub state: State,
    /// Nothing happens to it before then.
    pub at: At,
    /// A word that says why; its sentence stands in the locale.
    pub why: String,
    /// Is it no longer wanted?
    pub recalled: bool,
    /// Tries counted from now on.
    pub tries: i64,
    /// Times found absent counted from now on.
    pub checks: i64,
    /// Must its withdrawal be opened?
    pub withdraw: bool,
    /// Is the channel given up?
    pub gives_up_channel: bool,
}

/// The channel, as far as the last look before sending goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// Is it open?
    pub state: ChannelState,
    /// Is everything outward held?
    pub stopped: bool,
    /// How it has been answering.
    pub pulse: Pulse,
    /// The next moment its gap and its daily cap leave open.
    pub free_at: At,
}

/// Where the announcement stands that a correction belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// It is there, or this is the announcement itself.
    Yes,
    /// It may still come.
    NotYet,
    /// It was given up; a person may try it again.
    Failed,
    /// It never will.
    Never,
}

/// The answer of the last look before sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pass {
    /// Write `sending` and go.
    Go,
    /// Do not send; write this instead.
    No(Next),
}

/// What a person found at the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is there.
    Present,
    /// It is not there.
    Absent,
}

impl Standing {
    fn next(&self, state: State, at: At, why: &str) -> Next {
        Next {
            state,
            at,
            why: why.to_owned(),
            recalled: self.recalled,
            tries: self.tries,
            checks: self.checks,
            withdraw: false,
            gives_up_channel: false,
        }
    }

    fn sent(&self, now: At, why: &str) -> Next {
        Next {
            withdraw: self.recalled && self.operation != Operation::Withdraw,
            ..self.next(State::Sent, now, why)
        }
    }

    /// No worker goes there: a person has to.
    #[must_use]
    pub fn by_hand(&self, now: At) -> Next {
        self.next(State::NeedsHuman, now, "by-hand")
    }

    /// The channel cannot be asked, because its secret does not open: a person has to look.
    #[must_use]
    pub fn locked(&self, now: At) -> Next {
        self.next(State::NeedsHuman, now, "cannot-tell")
    }

    /// It will not be tried again by itself; where it may be there, that is for a person to find out. What cannot be
    /// taken back by us is for a person to take back, and no dead letter.
    fn ends(&self, state: State, now: At, why: &str) -> Next {
        let state = if self.uncertain || self.operation == Operation::Withdraw {
            State::NeedsHuman
        } else {
            state
        };
        self.next(state, now, why)
    }

    /// Nobody wants it any more.
    fn given_up(&self, contract: &Contract, now: At, why: &str) -> Next {
        let recalled = Self {
            recalled: true,
            ..*self
        };
        if self.uncertain {
            recalled.unsure(contract, now, None, 0.0)
        } else {
            recalled.next(State::Cancelled, now, why)
        }
    }

    fn may_repeat(&self, contract: &Contract, now: At) -> bool {
        let remembered = self
            .first_sent_at
            .is_none_or(|first| now < first.plus(contract.key_lifetime));
        contract.class == Class::A && remembered
    }

    /// It may be there: the classes part here.
    #[must_use]
    pub fn unsure(&self, contract: &Contract, now: At, hint: Option<At>, draw: f64) -> Next {
        let unsure = Self {
            uncertain: true,
            ..*self
        };
        let asked = |why: &str| Next {
            checks: 0,
            ..unsure.next(State::Reconciling, now.plus(FIRST_LOOK), why)
        };
        if self.recalled {
            return match contract.class {
                _ if contract.reads_back => asked("recalled"),
                Class::A => Next {
                    withdraw: self.operation != Operation::Withdraw,
                    ..unsure.next(State::Cancelled, now, "recalled-uncertain")
                },
                Class::B | Class::C => unsure.next(State::NeedsHuman, now, "recalled"),
            };
        }
        if unsure.may_repeat(contract, now) {
            return match contract.retry.next(self.tries, now, hint, draw) {
                Some(at) if at <= self.expires_at => unsure.next(State::Queued, at, "again"),
                Some(_) => unsure.next(State::NeedsHuman, now, "late"),
                None => Next {
                    gives_up_channel: contract.retry.gives_up_channel(),
                    ..unsure.next(State::NeedsHuman, now, "tries")
                },
            };
        }
        if contract.reads_back && contract.class != Class::C {
            return asked("looking");
        }
        unsure.next(State::NeedsHuman, now, "unknown")
    }

    /// It certainly is not there, and another try may help.
    fn again(&self, contract: &Contract, now: At, hint: Option<At>, draw: f64, why: &str) -> Next {
        if self.recalled {
            return self.given_up(contract, now, "recalled");
        }
        match contract.retry.next(self.tries, now, hint, draw) {
            Some(at) if at <= self.expires_at => self.next(State::RetryWait, at, why),
            Some(_) => self.ends(State::Expired, now, "late"),
            None => Next {
                gives_up_channel: contract.retry.gives_up_channel(),
                ..self.ends(State::Dead, now, "tries")
            },
        }
    }

    /// The last look, in the transaction that would write `sending`.
    #[must_use]
    pub fn gate(
        &self,
        contract: &Contract,
        asked: &Gate,
        door: &Door,
        announced: Announced,
        payload_stands: bool,
        now: At,
    ) -> Pass {
        let withdraws = self.operation == Operation::Withdraw;
        let wait = |at: At, why: &str| Pass::No(self.next(State::Queued, at, why));
        if self.recalled {
            return Pass::No(self.given_up(contract, now, "recalled"));
        }
        if !payload_stands {
            return Pass::No(self.ends(State::Dead, now, "payload-changed"));
        }
        if let Gate::Cancel { reason } = asked {
            return Pass::No(self.given_up(contract, now, reason));
        }
        match door.state {
            ChannelState::Open => {}
            ChannelState::Paused if withdraws => {}
            ChannelState::Paused => return wait(now, "paused"),
            ChannelState::NeedsReauth | ChannelState::Disabled | ChannelState::Removed => {
                return wait(now, "channel-closed");
            }
        }
        if door.stopped && !withdraws {
            return wait(now, "stopped");
        }
        if now > self.expires_at {
            return Pass::No(self.ends(State::Expired, now, "late"));
        }
        match announced {
            Announced::Yes => {}
            Announced::NotYet => {
                return wait(now.plus(WAIT_FOR_ANNOUNCEMENT), "announcement-waits");
            }
            // Whoever tries the announcement again tries this again as well.
            Announced::Failed => {
                return Pass::No(self.ends(State::Dead, now, "announcement-failed"));
            }
            Announced::Never => {
                return Pass::No(self.given_up(contract, now, "nothing-to-correct"));
            }
        }
        if let Gate::Hold { until, reason } = asked {
            return wait(At(*until).max(now.plus(SECOND)), reason);
        }
        if self.uncertain && !self.may_repeat(contract, now) {
            return Pass::No(self.unsure(contract, now, None, 0.0));
        }
        if let Some(until) = door.pulse.until.filter(|until| now < *until) {
            return wait(until, "channel-rests");
        }
        if door.pulse.is_open() {
            return wait(now, "channel-rests");
        }
        if !withdraws && now < door.free_at {
            return wait(door.free_at, "pace");
        }
        Pass::Go
    }

    /// A worker brought a result.
    #[must_use]
    pub fn observed(&self, contract: &Contract, outcome: &Outcome, now: At, draw: f64) -> Next {
        match outcome {
            Outcome::Sent(_) => self.sent(now, ""),
            Outcome::SentBlind if contract.reads_back => Next {
                checks: 0,
                ..self.next(State::Reconciling, now.plus(FIRST_LOOK), "unlinked")
            },
            Outcome::SentBlind => self.sent(now, "unlinked"),
            Outcome::NotSent => self.again(contract, now, None, draw, "not-sent"),
            Outcome::Throttled(until) => self.again(contract, now, *until, draw, "throttled"),
            Outcome::Unauthorised if self.recalled => self.given_up(contract, now, "recalled"),
            Outcome::Unauthorised => Next {
                tries: self.tries - 1,
                ..self.next(State::Queued, now, "needs-reauth")
            },
            Outcome::Rejected if self.recalled => self.given_up(contract, now, "recalled"),
            Outcome::Rejected => self.ends(State::Dead, now, "rejected"),
            Outcome::OldIsDown if self.recalled => self.given_up(contract, now, "recalled"),
            Outcome::OldIsDown => self.ends(State::Dead, now, "old-is-down"),
            Outcome::Gone if self.recalled => self.given_up(contract, now, "recalled"),
            Outcome::Gone => self.ends(State::Dead, now, "gone"),
            Outcome::Duplicate if contract.reads_back => Next {
                checks: 0,
                ..self.next(State::Reconciling, now.plus(FIRST_LOOK), "duplicate")
            },
            Outcome::Duplicate if contract.class == Class::A => self.sent(now, "duplicate"),
            Outcome::Duplicate => self.next(State::NeedsHuman, now, "duplicate"),
            Outcome::Unknown(hint) => self.unsure(contract, now, *hint, draw),
            Outcome::ByHand if self.recalled => self.given_up(contract, now, "recalled"),
            Outcome::ByHand => self.next(State::NeedsHuman, now, "by-hand"),
        }
    }

    /// The worker that had it is gone: what it did is known only as far as it was committed.
    #[must_use]
    pub fn lease_lost(&self, contract: &Contract, now: At, draw: f64) -> Next {
        match self.state {
            State::Sending => self.unsure(contract, now, None, draw),
            _ if self.recalled => self.given_up(contract, now, "recalled"),
            _ => self.next(State::Queued, now, "worker-lost"),
        }
    }

    /// The channel was asked for it.
    #[must_use]
    pub fn seen(&self, contract: &Contract, seen: &Seen, now: At, draw: f64) -> Next {
        match seen {
            Seen::Present(_) => self.sent(now, ""),
            Seen::Absent if self.checks + 1 < ABSENT_TIMES => Next {
                checks: self.checks + 1,
                ..self.next(
                    State::Reconciling,
                    now.plus(SECOND_LOOK - FIRST_LOOK),
                    self.looking(),
                )
            },
            Seen::Absent if self.unlinked => self.next(State::NeedsHuman, now, "unlinked"),
            Seen::Absent => {
                let absent = Self {
                    uncertain: false,
                    ..*self
                };
                if self.recalled {
                    absent.next(State::Cancelled, now, "recalled")
                } else if self.tries >= contract.retry.most() {
                    absent.ends(State::Dead, now, "tries")
                } else if now > self.expires_at {
                    absent.ends(State::Expired, now, "late")
                } else {
                    absent.next(State::Queued, now, "absent")
                }
            }
            Seen::CannotTell(_) if self.blind_reads + 1 >= BLIND_READS => {
                self.next(State::NeedsHuman, now, "cannot-tell")
            }
            Seen::CannotTell(_) => {
                let at = super::pace::Retry::Jitter.next(self.blind_reads.min(7), now, None, draw);
                self.next(
                    State::Reconciling,
                    at.unwrap_or(now).max(now.plus(FIRST_LOOK)),
                    self.looking(),
                )
            }
        }
    }

    const fn looking(&self) -> &'static str {
        if self.unlinked { "unlinked" } else { "looking" }
    }

    /// It is no longer wanted (law 7). `None` where nothing changes.
    #[must_use]
    pub fn recall(&self, now: At) -> Option<Next> {
        let recalled = Self {
            recalled: true,
            ..*self
        };
        Some(match self.state {
            _ if self.recalled || self.operation == Operation::Withdraw => return None,
            State::Cancelled => return None,
            State::Sent => Next {
                withdraw: true,
                ..recalled.next(State::Sent, now, "")
            },
            State::Planned | State::Queued | State::Leased | State::RetryWait if self.uncertain => {
                recalled.next(State::Unknown, now, "recalled")
            }
            State::Planned
            | State::Queued
            | State::Leased
            | State::RetryWait
            | State::Expired
            | State::Dead => recalled.next(State::Cancelled, now, "recalled"),
            State::Unknown => recalled.next(State::Unknown, now, "recalled"),
            State::Sending => recalled.next(State::Sending, now, "recalled"),
            State::NeedsHuman => recalled.next(State::NeedsHuman, now, "recalled"),
            // Looked for anew, twice: an absence that was seen before does not count, or the second look would come
            // sooner than the channel shows what it took.
            State::Reconciling => Next {
                checks: 0,
                ..recalled.next(State::Reconciling, now.plus(FIRST_LOOK), recalled.looking())
            },
        })
    }

    /// A person looked. `None` where there is nothing to be said.
    #[must_use]
    pub fn answered(&self, answer: Answer, now: At) -> Option<Next> {
        let open = matches!(
            self.state,
            State::Unknown | State::Reconciling | State::NeedsHuman
        );
        match answer {
            Answer::Present
                if open
                    || matches!(self.state, State::Dead | State::Expired)
                    || self.is_unlinked() =>
            {
                let next = self.sent(now, "");
                // An announcement whose address was missing has been withdrawn already, if it was to be.
                let withdraw = next.withdraw && self.state != State::Sent;
                Some(Next { withdraw, ..next })
            }
            Answer::Absent if open => {
                let absent = Self {
                    uncertain: false,
                    ..*self
                };
                Some(if self.recalled {
                    absent.next(State::Cancelled, now, "recalled")
                } else {
                    Next {
                        tries: 0,
                        checks: 0,
                        ..absent.next(State::Queued, now, "absent")
                    }
                })
            }
            Answer::Present | Answer::Absent => None,
        }
    }

    fn is_unlinked(&self) -> bool {
        self.state == State::Sent && self.unlinked
    }

    /// A person mended what was wrong. `None` where it cannot be tried again.
    #[must_use]
    pub fn requeued(&self, now: At) -> Option<Next> {
        let may = matches!(self.state, State::Dead | State::Expired) && !self.recalled;
        may.then(|| Next {
            tries: 0,
            checks: 0,
            ..self.next(State::Queued, now, "requeued")
        })
    }

    /// It is to go out at another time. `None` where it has been tried, has left, or is no longer wanted.
    #[must_use]
    pub fn replanned(&self, at: At, now: At) -> Option<Next> {
        let waits = matches!(self.state, State::Planned | State::Queued);
        let untouched = waits && !self.recalled && !self.uncertain && self.tries == 0;
        let state = if at > now {
            State::Planned
        } else {
            State::Queued
        };
        (untouched && self.operation == Operation::Announce).then(|| self.next(state, at, ""))
    }

    /// A person does not want it any more. `None` where it is too late for that.
    #[must_use]
    pub fn cancelled(&self, now: At) -> Option<Next> {
        let recalled = Self {
            recalled: true,
            ..*self
        };
        match self.state {
            State::Planned | State::Queued | State::Leased | State::RetryWait if self.uncertain => {
                Some(recalled.next(State::Unknown, now, "cancelled"))
            }
            State::Planned
            | State::Queued
            | State::Leased
            | State::RetryWait
            | State::Dead
            | State::Expired => Some(recalled.next(State::Cancelled, now, "cancelled")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
