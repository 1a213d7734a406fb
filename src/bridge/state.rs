//! The words of the bridge that stand in rows.

crate::text_enum! {
    /// What is to be done at the channel.
    pub enum Operation {
        /// Say it.
        Announce = "announce",
        /// Say it right.
        Correct = "correct",
        /// Take it back.
        Withdraw = "withdraw",
    }
}

crate::text_enum! {
    /// Where a delivery stands.
    pub enum State {
        /// Waits for its time.
        Planned = "planned",
        /// Waits for a worker.
        Queued = "queued",
        /// A worker has it; not a byte has left.
        Leased = "leased",
        /// Committed before the first byte leaves; until a result is written, anything may have happened.
        Sending = "sending",
        /// It is there.
        Sent = "sent",
        /// It is not there; it will be tried again.
        RetryWait = "retry_wait",
        /// It may be there.
        Unknown = "unknown",
        /// The channel is being asked whether it is there.
        Reconciling = "reconciling",
        /// It may be there, and only a person can find out.
        NeedsHuman = "needs_human",
        /// It is not there and will not be tried again by itself.
        Dead = "dead",
        /// Its time went by before it was sent.
        Expired = "expired",
        /// It is not wanted any more.
        Cancelled = "cancelled",
    }
}

impl State {
    /// Nothing will happen to it by itself any more.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(
            self,
            Self::Sent | Self::Dead | Self::Expired | Self::Cancelled
        )
    }

    /// The states in which nothing has left in the present try.
    #[must_use]
    pub const fn is_waiting(self) -> bool {
        matches!(
            self,
            Self::Planned | Self::Queued | Self::Leased | Self::RetryWait
        )
    }

    /// The states in which it may or may not be there.
    #[must_use]
    pub const fn is_uncertain(self) -> bool {
        matches!(
            self,
            Self::Sending | Self::Unknown | Self::Reconciling | Self::NeedsHuman
        )
    }
}

crate::text_enum! {
    /// Whether a channel is open.
    pub enum ChannelState {
        /// Takes deliveries.
        Open = "open",
        /// Held by a person; withdrawals still go out.
        Paused = "paused",
        /// The channel no longer knows us; a person has to give a new secret.
        NeedsReauth = "needs_reauth",
        /// The endpoint is gone or was given up; a person has to look.
        Disabled = "disabled",
        /// Taken out of use for good; kept for its history.
        Removed = "removed",
    }
}

crate::text_enum! {
    /// What can be promised about a repeated operation.
    pub enum Class {
        /// Safe to repeat with the same key and bytes.
        A = "a",
        /// Not safe to repeat, but the channel can be asked.
        B = "b",
        /// Neither: only a person can look.
        C = "c",
    }
}

crate::text_enum! {
    /// What kind of try an attempt was.
    pub enum AttemptKind {
        /// Bytes may have left.
        Send = "send",
        /// The channel was asked.
        ReadBack = "read_back",
        /// A person said what is there.
        Person = "person",
    }
}

crate::text_enum! {
    /// How a try ended.
    pub enum Ending {
        /// It is there.
        Sent = "sent",
        /// It did not arrive.
        NotSent = "not_sent",
        /// The channel asked for patience.
        Throttled = "throttled",
        /// The channel no longer knows us.
        Unauthorised = "unauthorised",
        /// The channel does not want it.
        Rejected = "rejected",
        /// The endpoint is gone.
        Gone = "gone",
        /// It may have arrived.
        Unknown = "unknown",
        /// The channel was asked and has it.
        Present = "present",
        /// The channel was asked and does not have it (yet).
        Absent = "absent",
        /// It is certain that it is not there: absent twice, or a person looked.
        ConfirmedAbsent = "confirmed_absent",
        /// The channel was asked and gave no answer.
        CannotTell = "cannot_tell",
        /// No program can do it: a person was asked to.
        ByHand = "by_hand",
    }
}
