//! The words of the bulletin that stand in rows.

crate::text_enum! {
    /// How somebody stands to a bulletin.
    pub enum SubscriberState {
        /// Asked for it; the address has not been confirmed.
        Pending = "pending",
        /// Gets it.
        Confirmed = "confirmed",
        /// Left.
        Left = "left",
        /// Nobody reads mail there any more.
        Suppressed = "suppressed",
    }
}

crate::text_enum! {
    /// How one letter stands.
    pub enum LetterState {
        /// Waits for its turn.
        Queued = "queued",
        /// Committed before the first byte leaves; until a result is written, it may have arrived.
        Sending = "sending",
        /// The mail server took it.
        Sent = "sent",
        /// The mail server takes it later; it will be tried again.
        Later = "later",
        /// It was to be taken later too often.
        Failed = "failed",
        /// The mail server never takes it.
        Refused = "refused",
        /// It was taken, and came back.
        Bounced = "bounced",
        /// It may have arrived, and nobody can tell; it is not sent again by itself.
        Unknown = "unknown",
        /// It was not wanted any more before it left.
        Dropped = "dropped",
    }
}

impl LetterState {
    /// Not a byte of it has left.
    pub(super) const WAITING: [Self; 2] = [Self::Queued, Self::Later];
    /// It is or may be in a mailbox.
    pub(super) const OUT: [Self; 4] = [Self::Sending, Self::Sent, Self::Bounced, Self::Unknown];
}
