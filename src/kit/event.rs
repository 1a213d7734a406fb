//! What happened, told upward through the joints inside the same transaction: ids and plain values only.

use super::ids::{CategoryId, MediaId, MemberId, PostId, ThreadId, VersionId};

/// Which of the three documents is meant.
pub type DocumentKind = crate::kit::stop::Document;

/// Something that higher rooms may have to answer in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A post was written; `number` counts within its thread from 1. `newcomer` is what its author was before it.
    PostWritten {
        post: PostId,
        thread: ThreadId,
        author: MemberId,
        number: i64,
        newcomer: bool,
    },
    /// A post's words changed; `revision` is the new one.
    PostEdited {
        post: PostId,
        thread: ThreadId,
        author: Option<MemberId>,
        by: Option<MemberId>,
        revision: i64,
    },
    /// A thread's title or tags changed; `first` is the post that stands under it.
    ThreadEdited {
        first: PostId,
        author: Option<MemberId>,
        by: Option<MemberId>,
    },
    /// A poll was put under a post, or another one in its place.
    PollAsked { post: PostId, by: MemberId },
    /// Posts can no longer be seen by everybody: hidden or deleted, alone or with their thread.
    PostsHidden {
        posts: Vec<PostId>,
        by: Option<MemberId>,
        deleted: bool,
    },
    /// Posts can be seen again.
    PostsRestored { posts: Vec<PostId> },
    /// A moderator took pictures out of sight, in every post in which they stood.
    PicturesRemoved {
        pictures: Vec<MediaId>,
        by: Option<MemberId>,
    },
    /// Threads went to another category, or their posts to another thread: what was public may not be any more.
    ThreadsMoved {
        threads: Vec<ThreadId>,
        to: CategoryId,
    },
    /// Posts went to another thread, which stands in this category.
    PostsMoved {
        posts: Vec<PostId>,
        thread: ThreadId,
        category: CategoryId,
    },
    /// Who may see a category changed, or it was closed to nomination.
    CategoryChanged { category: CategoryId },
    /// A member was warned, silenced or suspended.
    MemberSanctioned { member: MemberId, kind: Sanction },
    /// A member was given a role or had one taken; `role` is its word.
    RoleChanged {
        member: MemberId,
        role: &'static str,
        given: bool,
        by: Option<MemberId>,
    },
    /// A member goes by another name now.
    MemberRenamed { member: MemberId, name: String },
    /// A member's account and words are to go.
    MemberErased { member: MemberId },
    /// A member wrote a first post; `code` is the link code the sign-up came by.
    FirstPost {
        member: MemberId,
        code: Option<String>,
    },
    /// The community's zone is another one now (IANA): plans keep their wall times.
    ZoneChanged { zone: String },
    /// A document has a new version in force.
    GuidelinesPublished {
        kind: DocumentKind,
        version: VersionId,
        major: i64,
    },
    /// A delivery reached a state that the room which asked for it has to know.
    DeliverySettled {
        origin: Origin,
        operation: String,
        state: String,
        url: Option<String>,
    },
}

/// What is done to an author, as far as other rooms have to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sanction {
    /// Told, nothing more.
    Warning,
    /// May read, may not write.
    Silence,
    /// May not sign in.
    Suspension,
    /// A silence or suspension ended.
    Lifted,
}

/// Who asked for a delivery, opaque to the bridge: a kind and an id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The asking room's word for the thing, such as `announcement`.
    pub kind: String,
    /// Its id there.
    pub id: i64,
}

/// The answer of the room that asked for a delivery, at the last moment before a byte leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// Everything still stands.
    Go,
    /// Not now; look again at the given moment (microseconds since 1970).
    Hold { until: i64, reason: String },
    /// Never; the delivery is cancelled with this reason.
    Cancel { reason: String },
}
