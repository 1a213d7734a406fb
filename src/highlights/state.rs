//! The highlight machine: one pure table of what may follow what. Verbs ask it; nothing else changes a state.

use crate::kit::{Refusal, Result};

crate::text_enum! {
    /// Where a highlight stands.
    pub enum State {
        /// Written down, nobody asked yet. It lasts only within the transaction that nominates.
        Nominated = "nominated",
        /// Somebody who is quoted or named has not answered.
        ConsentPending = "consent_pending",
        /// Everybody needed has agreed: it waits for a moderator.
        Consented = "consented",
        /// A moderator let it through: it stands in the library.
        Approved = "approved",
        /// Somebody who was asked said no.
        Declined = "declined",
        /// Somebody who was asked did not answer in time; silence means no.
        Lapsed = "lapsed",
        /// A moderator said no, with a reason.
        Refused = "refused",
        /// A moderator gave it back with feedback.
        Returned = "returned",
        /// Consent or the source was taken back.
        Withdrawn = "withdrawn",
        /// The source's words changed.
        Stale = "stale",
        /// Laid aside: nothing new is made of it, what was said stands.
        Retired = "retired",
    }
}

crate::text_enum! {
    /// What can happen to a highlight.
    pub enum Step {
        /// People are quoted or named, and are asked.
        Ask = "ask",
        /// Nobody is quoted or named.
        NobodyToAsk = "nobody_to_ask",
        /// The last answer that was needed is a yes.
        AllGranted = "all_granted",
        /// Somebody said no.
        Decline = "decline",
        /// The time to answer is over.
        Lapse = "lapse",
        /// A moderator lets it through.
        Approve = "approve",
        /// A moderator gives it back.
        Return = "return",
        /// A moderator refuses it.
        Refuse = "refuse",
        /// The nominator writes it anew.
        Revise = "revise",
        /// Somebody changed what they agreed to, or an author was sanctioned: an approval no longer covers it.
        VoidApproval = "void_approval",
        /// A consent or the source was taken back.
        Withdraw = "withdraw",
        /// The words of the source changed.
        SourceChanged = "source_changed",
        /// It is laid aside.
        Retire = "retire",
    }
}

impl State {
    /// The state after a step; `None` where the step is not possible from here.
    #[must_use]
    pub const fn after(self, step: Step) -> Option<Self> {
        use State as S;
        Some(match (self, step) {
            (S::Nominated, Step::Ask) => S::ConsentPending,
            (S::Nominated, Step::NobodyToAsk) => S::Consented,

            (S::ConsentPending, Step::AllGranted) => S::Consented,
            (S::ConsentPending, Step::Decline) => S::Declined,
            (S::ConsentPending, Step::Lapse) => S::Lapsed,

            (S::Consented, Step::Approve) => S::Approved,
            (S::Consented, Step::Return) => S::Returned,
            (S::Consented, Step::Refuse) => S::Refused,
            // Somebody narrowed or widened their scope, or was sanctioned: a moderator looks (again).
            (S::Consented | S::Approved | S::Retired, Step::VoidApproval) => S::Consented,

            // What was returned, or whose source changed, is written anew and asked about anew.
            // Other words of what was approved: everybody quoted is asked about them.
            (S::Returned | S::Stale | S::Approved, Step::Revise) => S::Nominated,

            (S::Approved, Step::Retire) => S::Retired,

            (
                S::ConsentPending | S::Consented | S::Approved | S::Returned | S::Retired,
                Step::SourceChanged,
            ) => S::Stale,
            // Even what was laid aside can be taken back: its announcements are still out there.
            (
                S::ConsentPending
                | S::Consented
                | S::Approved
                | S::Returned
                | S::Stale
                | S::Retired,
                Step::Withdraw,
            ) => S::Withdrawn,
            (S::Stale, Step::Lapse) => S::Withdrawn,
            _ => return None,
        })
    }

    /// The state after a step, or a refusal that names the state it is in.
    ///
    /// # Errors
    /// [`Refusal::WrongState`].
    pub fn step(self, step: Step) -> Result<Self> {
        Ok(self.after(step).ok_or(Refusal::WrongState(self.as_str()))?)
    }

    /// Is it over? Nothing leads out of these.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(
            self,
            Self::Declined | Self::Lapsed | Self::Refused | Self::Withdrawn
        )
    }

    /// Could it still go, or has it gone, outside?
    #[must_use]
    pub const fn is_live(self) -> bool {
        !self.is_over()
    }
}

crate::text_enum! {
    /// Where one person's consent stands.
    pub enum ConsentState {
        /// Asked, not answered: as good as no.
        Asked = "asked",
        /// Said yes, within a scope.
        Granted = "granted",
        /// Said no.
        Declined = "declined",
        /// Did not answer in time.
        Lapsed = "lapsed",
        /// Took a yes back.
        Withdrawn = "withdrawn",
    }
}

crate::text_enum! {
    /// What somebody who was asked does.
    pub enum Answer {
        /// Says yes, or says yes in another way.
        Grant = "grant",
        /// Says no.
        Decline = "decline",
        /// Takes a yes back.
        Withdraw = "withdraw",
    }
}

impl ConsentState {
    /// The state after an answer; `None` where it makes no sense from here. A no is for good: another nomination asks anew.
    #[must_use]
    pub const fn after(self, answer: Answer) -> Option<Self> {
        match (self, answer) {
            (Self::Asked | Self::Granted, Answer::Grant) => Some(Self::Granted),
            (Self::Asked, Answer::Decline) => Some(Self::Declined),
            (Self::Granted, Answer::Withdraw | Answer::Decline) => Some(Self::Withdrawn),
            _ => None,
        }
    }
}

crate::text_enum! {
    /// Where an announcement stands.
    pub enum AnnouncementState {
        /// Written; a second publisher has to look at the text (site setting `second_eyes_on_texts`).
        Waiting = "waiting",
        /// Handed to the bridge, not out yet.
        Scheduled = "scheduled",
        /// Perhaps out: a person has to look.
        NeedsHuman = "needs_human",
        /// Out.
        Sent = "sent",
        /// Out, being taken back.
        Withdrawing = "withdrawing",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// Stopped before it left.
        Cancelled = "cancelled",
        /// The channel refused it, or it became too late.
        Failed = "failed",
    }
}

impl AnnouncementState {
    /// May it still leave the house?
    #[must_use]
    pub const fn is_unfinished(self) -> bool {
        matches!(self, Self::Waiting | Self::Scheduled | Self::NeedsHuman)
    }

    /// Is it, as far as we know, out there?
    #[must_use]
    pub const fn is_out(self) -> bool {
        matches!(self, Self::Sent | Self::Withdrawing)
    }

    /// The states in which it stands outside: those of [`Self::is_out`].
    pub const OUT: &'static [Self] = &[Self::Sent, Self::Withdrawing];

    /// The states in which it may still leave.
    pub const UNFINISHED: &'static [Self] = &[Self::Waiting, Self::Scheduled, Self::NeedsHuman];
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every arrow there is, written out by hand: state, step, state.
    const ARROWS: &[(State, Step, State)] = &[
        (State::Nominated, Step::Ask, State::ConsentPending),
        (State::Nominated, Step::NobodyToAsk, State::Consented),
        (State::ConsentPending, Step::AllGranted, State::Consented),
        (State::ConsentPending, Step::Decline, State::Declined),
        (State::ConsentPending, Step::Lapse, State::Lapsed),
        (State::ConsentPending, Step::Withdraw, State::Withdrawn),
        (State::ConsentPending, Step::SourceChanged, State::Stale),
        (State::Consented, Step::Approve, State::Approved),
        (State::Consented, Step::Return, State::Returned),
        (State::Consented, Step::Refuse, State::Refused),
        (State::Consented, Step::VoidApproval, State::Consented),
        (State::Consented, Step::Withdraw, State::Withdrawn),
        (State::Consented, Step::SourceChanged, State::Stale),
        (State::Approved, Step::VoidApproval, State::Consented),
        (State::Approved, Step::Withdraw, State::Withdrawn),
        (State::Approved, Step::SourceChanged, State::Stale),
        (State::Approved, Step::Retire, State::Retired),
        (State::Approved, Step::Revise, State::Nominated),
        (State::Returned, Step::Revise, State::Nominated),
        (State::Returned, Step::Withdraw, State::Withdrawn),
        (State::Returned, Step::SourceChanged, State::Stale),
        (State::Stale, Step::Revise, State::Nominated),
        (State::Stale, Step::Withdraw, State::Withdrawn),
        (State::Stale, Step::Lapse, State::Withdrawn),
        (State::Retired, Step::Withdraw, State::Withdrawn),
        (State::Retired, Step::SourceChanged, State::Stale),
        (State::Retired, Step::VoidApproval, State::Consented),
    ];

    /// Every arrow of one person's consent: state, answer, state.
    const ANSWERS: &[(ConsentState, Answer, ConsentState)] = &[
        (ConsentState::Asked, Answer::Grant, ConsentState::Granted),
        (ConsentState::Asked, Answer::Decline, ConsentState::Declined),
        (ConsentState::Granted, Answer::Grant, ConsentState::Granted),
        (
            ConsentState::Granted,
            Answer::Decline,
            ConsentState::Withdrawn,
        ),
        (
            ConsentState::Granted,
            Answer::Withdraw,
            ConsentState::Withdrawn,
        ),
    ];

    #[test]
    fn there_are_these_arrows_and_no_others() {
        for &from in ConsentState::ALL {
            for &answer in Answer::ALL {
                let told = ANSWERS
                    .iter()
                    .find(|(f, a, _)| *f == from && *a == answer)
                    .map(|(_, _, to)| *to);
                assert_eq!(from.after(answer), told, "{from} {answer}");
            }
        }
        for &from in State::ALL {
            for &step in Step::ALL {
                let told = ARROWS
                    .iter()
                    .find(|(f, s, _)| *f == from && *s == step)
                    .map(|(_, _, to)| *to);
                assert_eq!(from.after(step), told, "{from} {step}");
            }
        }
    }

    #[test]
    fn nothing_leads_out_of_what_is_over() {
        for &from in State::ALL.iter().filter(|s| s.is_over()) {
            assert!(Step::ALL.iter().all(|step| from.after(*step).is_none()));
        }
    }

    proptest! {
        /// Whatever happens, approval is reached only through `consented`, and consent only through the people asked.
        #[test]
        fn no_history_skips_a_gate(steps in prop::collection::vec(0..Step::ALL.len(), 0..60)) {
            let (mut state, mut asked, mut agreed, mut approved) = (State::Nominated, false, false, false);
            for step in steps.into_iter().map(|n| Step::ALL[n]) {
                let Some(next) = state.after(step) else { continue };
                match step {
                    Step::Ask => asked = true,
                    Step::NobodyToAsk => (asked, agreed) = (false, true),
                    Step::AllGranted => agreed = true,
                    Step::Approve => approved = true,
                    Step::VoidApproval => approved = false,
                    Step::Revise => (asked, agreed, approved) = (false, false, false),
                    _ => {}
                }
                state = next;
                if state == State::Approved {
                    prop_assert!(agreed && approved);
                }
                if state == State::Consented {
                    prop_assert!(agreed && !approved);
                }
                prop_assert!(state != State::ConsentPending || asked);
            }
        }

        #[test]
        fn a_no_of_the_author_stays_a_no(answers in prop::collection::vec(0..Answer::ALL.len(), 0..20)) {
            let (mut state, mut said_no) = (ConsentState::Asked, false);
            for answer in answers.into_iter().map(|n| Answer::ALL[n]) {
                let Some(next) = state.after(answer) else { continue };
                prop_assert!(!said_no);
                said_no = answer != Answer::Grant;
                state = next;
            }
        }
    }
}
