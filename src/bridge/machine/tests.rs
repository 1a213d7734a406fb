//! The machine in single steps; its long walks stand in `tests/bridge.rs`.

use super::*;
use crate::bridge::adapter::Remote;
use crate::bridge::pace::Retry;
use crate::kit::clock::{DAY, HOUR};

const NOW: At = At(2_000 * DAY);

fn contract(class: Class) -> Contract {
    Contract {
        class,
        reads_back: class == Class::B,
        key_lifetime: HOUR,
        retry: Retry::Jitter,
    }
}

fn standing(state: State) -> Standing {
    Standing {
        operation: Operation::Announce,
        state,
        recalled: false,
        uncertain: false,
        unlinked: false,
        tries: 1,
        checks: 0,
        blind_reads: 0,
        first_sent_at: Some(NOW.plus(-SECOND)),
        expires_at: NOW.plus(DAY),
    }
}

fn open() -> Door {
    Door {
        state: ChannelState::Open,
        stopped: false,
        pulse: Pulse::default(),
        free_at: At(0),
    }
}

fn pass(standing: &Standing, contract: &Contract, door: &Door) -> Pass {
    standing.gate(contract, &Gate::Go, door, Announced::Yes, true, NOW)
}

#[test]
fn an_unknown_outcome_parts_the_classes() {
    let sending = standing(State::Sending);
    let after = |class| {
        sending
            .observed(&contract(class), &Outcome::Unknown(None), NOW, 0.5)
            .state
    };
    assert_eq!(after(Class::A), State::Queued);
    assert_eq!(after(Class::B), State::Reconciling);
    assert_eq!(after(Class::C), State::NeedsHuman);
    // A worker that died while sending is the same as an answer that never came.
    let lost = |class| sending.lease_lost(&contract(class), NOW, 0.5).state;
    assert_eq!(lost(Class::A), State::Queued);
    assert_eq!(lost(Class::B), State::Reconciling);
    assert_eq!(lost(Class::C), State::NeedsHuman);
    assert_eq!(
        standing(State::Leased)
            .lease_lost(&contract(Class::C), NOW, 0.5)
            .state,
        State::Queued
    );
}

#[test]
fn a_key_that_is_forgotten_is_not_repeated() {
    let old = Standing {
        uncertain: true,
        first_sent_at: Some(NOW.plus(-HOUR)),
        ..standing(State::Leased)
    };
    let asks = Contract {
        reads_back: true,
        ..contract(Class::A)
    };
    let Pass::No(next) = pass(&old, &asks, &open()) else {
        panic!("sent again after the key was forgotten");
    };
    assert_eq!(next.state, State::Reconciling);
    let Pass::No(next) = pass(&old, &contract(Class::A), &open()) else {
        panic!("sent again after the key was forgotten");
    };
    assert_eq!(next.state, State::NeedsHuman);
}

#[test]
fn uncertain_deliveries_pass_only_where_repeating_is_safe() {
    let uncertain = Standing {
        uncertain: true,
        ..standing(State::Leased)
    };
    assert_eq!(pass(&uncertain, &contract(Class::A), &open()), Pass::Go);
    assert_ne!(pass(&uncertain, &contract(Class::B), &open()), Pass::Go);
    assert_ne!(pass(&uncertain, &contract(Class::C), &open()), Pass::Go);
}

#[test]
fn absence_is_believed_the_second_time() {
    let looking = Standing {
        uncertain: true,
        ..standing(State::Reconciling)
    };
    let b = contract(Class::B);
    let first = looking.seen(&b, &Seen::Absent, NOW, 0.5);
    assert_eq!((first.state, first.checks), (State::Reconciling, 1));
    assert_eq!(first.at.since(NOW), SECOND_LOOK - FIRST_LOOK);
    let again = Standing {
        checks: 1,
        ..looking
    };
    assert_eq!(again.seen(&b, &Seen::Absent, NOW, 0.5).state, State::Queued);
    let taken = Standing {
        unlinked: true,
        ..again
    };
    assert_eq!(
        taken.seen(&b, &Seen::Absent, NOW, 0.5).state,
        State::NeedsHuman
    );
    let present = again.seen(&b, &Seen::Present(Remote::default()), NOW, 0.5);
    assert_eq!((present.state, present.withdraw), (State::Sent, false));
}

#[test]
fn a_recall_stops_what_waits_and_follows_what_left() {
    for state in [
        State::Planned,
        State::Queued,
        State::Leased,
        State::RetryWait,
    ] {
        let next = standing(state).recall(NOW).expect("a change");
        assert_eq!(
            (next.state, next.withdraw),
            (State::Cancelled, false),
            "{state}"
        );
        let unsure = Standing {
            uncertain: true,
            ..standing(state)
        };
        assert_eq!(
            unsure.recall(NOW).expect("a change").state,
            State::Unknown,
            "{state}"
        );
    }
    let sent = standing(State::Sent).recall(NOW).expect("a change");
    assert_eq!((sent.state, sent.withdraw), (State::Sent, true));
    let sending = standing(State::Sending).recall(NOW).expect("a change");
    assert_eq!(
        (sending.state, sending.withdraw, sending.recalled),
        (State::Sending, false, true)
    );

    let recalled = Standing {
        recalled: true,
        ..standing(State::Sending)
    };
    let outcome = Outcome::Sent(Remote::default());
    assert!(
        recalled
            .observed(&contract(Class::C), &outcome, NOW, 0.5)
            .withdraw
    );
    let not_sent = recalled.observed(&contract(Class::C), &Outcome::NotSent, NOW, 0.5);
    assert_eq!(
        (not_sent.state, not_sent.withdraw),
        (State::Cancelled, false)
    );
    let a = recalled.observed(&contract(Class::A), &Outcome::Unknown(None), NOW, 0.5);
    assert_eq!((a.state, a.withdraw), (State::Cancelled, true));
    let c = recalled.observed(&contract(Class::C), &Outcome::Unknown(None), NOW, 0.5);
    assert_eq!((c.state, c.withdraw), (State::NeedsHuman, false));
    assert_eq!(recalled.recall(NOW), None);
}

#[test]
fn an_absence_from_before_a_recall_is_not_believed() {
    // Absent at thirty seconds, taken back then: the channel may show after minutes what it took.
    let asked_once = Standing {
        uncertain: true,
        checks: 1,
        ..standing(State::Reconciling)
    };
    let next = asked_once.recall(NOW).expect("a change");
    assert_eq!((next.state, next.checks), (State::Reconciling, 0));
    let again = Standing {
        recalled: true,
        checks: next.checks,
        ..asked_once
    };
    let first = again.seen(&contract(Class::B), &Seen::Absent, next.at, 0.5);
    assert_eq!(first.state, State::Reconciling);
    assert!(first.at >= next.at.plus(SECOND_LOOK - FIRST_LOOK));
}

#[test]
fn a_person_opens_the_withdrawal_or_cancels() {
    let asked = Standing {
        recalled: true,
        uncertain: true,
        ..standing(State::NeedsHuman)
    };
    let there = asked.answered(Answer::Present, NOW).expect("an answer");
    assert_eq!((there.state, there.withdraw), (State::Sent, true));
    let gone = asked.answered(Answer::Absent, NOW).expect("an answer");
    assert_eq!((gone.state, gone.withdraw), (State::Cancelled, false));
    let wanted = Standing {
        recalled: false,
        ..asked
    };
    assert_eq!(
        wanted
            .answered(Answer::Absent, NOW)
            .expect("an answer")
            .state,
        State::Queued
    );
    assert_eq!(
        standing(State::Sending).answered(Answer::Present, NOW),
        None
    );
    assert_eq!(standing(State::Sent).answered(Answer::Absent, NOW), None);
}

#[test]
fn the_gate_holds_what_may_not_leave() {
    let (leased, c) = (standing(State::Leased), contract(Class::C));
    let state = |pass: Pass| match pass {
        Pass::Go => State::Sending,
        Pass::No(next) => next.state,
    };
    assert_eq!(state(pass(&leased, &c, &open())), State::Sending);
    let cancel = Gate::Cancel {
        reason: "consent-withdrawn".to_owned(),
    };
    assert_eq!(
        state(leased.gate(&c, &cancel, &open(), Announced::Yes, true, NOW)),
        State::Cancelled
    );
    let late = Standing {
        expires_at: NOW.plus(-1),
        ..leased
    };
    assert_eq!(state(pass(&late, &c, &open())), State::Expired);
    let unsure = Standing {
        uncertain: true,
        ..late
    };
    assert_eq!(state(pass(&unsure, &c, &open())), State::NeedsHuman);
    assert_eq!(
        state(leased.gate(&c, &Gate::Go, &open(), Announced::Yes, false, NOW)),
        State::Dead
    );
    for door in [
        Door {
            state: ChannelState::Paused,
            ..open()
        },
        Door {
            stopped: true,
            ..open()
        },
        Door {
            free_at: NOW.plus(HOUR),
            ..open()
        },
    ] {
        assert_eq!(state(pass(&leased, &c, &door)), State::Queued, "{door:?}");
        let withdrawal = Standing {
            operation: Operation::Withdraw,
            ..leased
        };
        assert_eq!(pass(&withdrawal, &c, &door), Pass::Go, "{door:?}");
    }
    let correction = Standing {
        operation: Operation::Correct,
        ..leased
    };
    let waits = |announced| state(correction.gate(&c, &Gate::Go, &open(), announced, true, NOW));
    assert_eq!(waits(Announced::NotYet), State::Queued);
    assert_eq!(waits(Announced::Failed), State::Dead);
    assert_eq!(waits(Announced::Never), State::Cancelled);
}

#[test]
fn tries_end_and_the_endpoint_is_given_up() {
    let worn = Standing {
        tries: 10,
        ..standing(State::Sending)
    };
    let webhook = Contract {
        retry: Retry::Webhook,
        ..contract(Class::A)
    };
    let next = worn.observed(&webhook, &Outcome::NotSent, NOW, 0.5);
    assert_eq!((next.state, next.gives_up_channel), (State::Dead, true));
    let unsure = worn.observed(&webhook, &Outcome::Unknown(None), NOW, 0.5);
    assert_eq!(unsure.state, State::NeedsHuman);
    assert_eq!(standing(State::Dead).requeued(NOW).expect("again").tries, 0);
    let unwanted = Standing {
        recalled: true,
        ..standing(State::Dead)
    };
    assert_eq!(unwanted.requeued(NOW), None);
}

#[test]
fn a_withdrawal_that_is_refused_is_a_persons_to_do() {
    let withdrawal = Standing {
        operation: Operation::Withdraw,
        ..standing(State::Sending)
    };
    let c = contract(Class::A);
    for outcome in [Outcome::Rejected, Outcome::Gone, Outcome::ByHand] {
        let next = withdrawal.observed(&c, &outcome, NOW, 0.5);
        assert_eq!(next.state, State::NeedsHuman, "{outcome:?}");
    }
    let worn = Standing {
        tries: 8,
        ..withdrawal
    };
    let next = worn.observed(&c, &Outcome::NotSent, NOW, 0.5);
    assert_eq!(next.state, State::NeedsHuman);
    // Looked for, and the last time it was still there.
    let looked = Standing {
        state: State::Reconciling,
        checks: 1,
        ..worn
    };
    for looked in [
        looked,
        Standing {
            tries: 1,
            expires_at: NOW,
            ..looked
        },
    ] {
        let next = looked.seen(&c, &Seen::Absent, NOW.plus(1), 0.5);
        assert_eq!(next.state, State::NeedsHuman);
    }
}

#[test]
fn an_endpoint_that_answers_with_errors_for_three_days_is_given_up() {
    let hook = Contract {
        retry: Retry::Webhook,
        key_lifetime: i64::MAX,
        ..contract(Class::A)
    };
    let last = Standing {
        tries: Retry::Webhook.most(),
        expires_at: NOW.plus(30 * DAY),
        ..standing(State::Sending)
    };
    let next = last.observed(&hook, &Outcome::Unknown(None), NOW, 0.5);
    assert_eq!(next.state, State::NeedsHuman);
    assert!(next.gives_up_channel);
}

#[test]
fn a_correction_that_took_the_old_words_down_and_was_refused_says_so() {
    let correction = Standing {
        operation: Operation::Correct,
        ..standing(State::Sending)
    };
    let next = correction.observed(&contract(Class::B), &Outcome::OldIsDown, NOW, 0.5);
    assert_eq!(
        (next.state, next.why.as_str()),
        (State::Dead, "old-is-down")
    );
}
