//! The ids of every noun: typed, so that a post's number never stands where a member's is meant.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, AsExpression, FromSqlRow)]
        #[diesel(sql_type = BigInt)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl<DB: Backend> ToSql<BigInt, DB> for $name where i64: ToSql<BigInt, DB> {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result { self.0.to_sql(out) }
        }

        impl<DB: Backend> FromSql<BigInt, DB> for $name where i64: FromSql<BigInt, DB> {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> { i64::from_sql(bytes).map(Self) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> std::result::Result<Self, Self::Err> { s.parse().map(Self) }
        }
    )+};
}

ids! {
    /// A person with an account.
    MemberId,
    /// A visible mark that members wear.
    BadgeId,
    /// A named set of members.
    GroupId,
    /// A signed-in browser.
    SessionId,
    /// A place where threads stand.
    CategoryId,
    /// A conversation.
    ThreadId,
    /// One thing somebody said.
    PostId,
    /// A question to everybody in a thread, under its first post.
    PollId,
    /// Something written and not yet sent.
    DraftId,
    /// A word that threads are found by.
    TagId,
    /// One version of the charter or of a guideline.
    VersionId,
    /// Something on its way outward.
    HighlightId,
    /// One person's say about one highlight.
    ConsentId,
    /// One highlight's text for one channel at one time.
    AnnouncementId,
    /// An hour of the week at which a channel speaks.
    SlotId,
    /// A publisher's request to the community managers for voices.
    VoiceRequestId,
    /// One time that something was taken out of the library by hand, export or feed.
    PullId,
    /// A named set of approved highlights.
    CollectionId,
    /// A publisher's own feed of the library under a secret address.
    PullFeedId,
    /// An outward destination.
    ChannelId,
    /// One operation of an announcement at its channel.
    DeliveryId,
    /// One try of a delivery.
    AttemptId,
    /// Somebody who wants a bulletin, or wanted it.
    SubscriberId,
    /// One announcement's letter to one subscriber.
    LetterId,
    /// A picture that a member sent.
    MediaId,
    /// Something the community reached together.
    MilestoneId,
    /// One entry of the review queue.
    ReviewItemId,
    /// A warning, silence or suspension.
    SanctionId,
    /// One decision about a member's words or account, as that member reads it.
    DecisionId,
    /// A notice to a member.
    NoticeId,
    /// A row of the append-only log.
    AuditId,
    /// A durable piece of work.
    JobId,
}
