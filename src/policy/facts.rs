//! What a decision needs to know of a thing: ids and plain facts, so that the law book names no noun.

use crate::kit::ids::{CategoryId, GroupId, MemberId, PostId, ThreadId};

/// Who is meant by one column of a category's grants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// Everyone, guests too.
    pub everyone: bool,
    /// Every signed-in member.
    pub members: bool,
    /// The members of these groups.
    pub groups: Vec<GroupId>,
}

/// A category as the law sees it; a child's grants are already narrowed by its parents'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryFacts {
    /// Which one.
    pub id: CategoryId,
    /// Who may see it. A list per level: each level (itself and every parent) must allow.
    pub see: Vec<Access>,
    /// Who may reply.
    pub reply: Access,
    /// Who may start threads.
    pub start: Access,
    /// Who moderates here besides moderators.
    pub moderate: Access,
    /// Takes no new threads and replies.
    pub closed: bool,
    /// Its posts may be nominated.
    pub nominable: bool,
}

impl CategoryFacts {
    /// Everyone may see it: only then can anything in it leave the house.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.see.iter().all(|level| level.everyone)
    }
}

crate::text_enum! {
    /// Where a post or thread stands.
    pub enum PostState {
        /// Everybody who sees the category sees it.
        Visible = "visible",
        /// Moderators and its author see it.
        Hidden = "hidden",
        /// Only moderators see it.
        Deleted = "deleted",
    }
}

/// A thread as the law sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadFacts {
    /// Which one.
    pub id: ThreadId,
    /// Who started it; `None` once erased.
    pub author: Option<MemberId>,
    /// Where it stands.
    pub category: CategoryFacts,
    /// Its state.
    pub state: PostState,
    /// Takes no replies.
    pub locked: bool,
}

impl ThreadFacts {
    /// Everyone may see it right now.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.state == PostState::Visible && self.category.is_public()
    }
}

/// A post as the law sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostFacts {
    /// Which one.
    pub id: PostId,
    /// Who wrote it; `None` once erased.
    pub author: Option<MemberId>,
    /// Its thread.
    pub thread: ThreadFacts,
    /// Its state.
    pub state: PostState,
    /// Established members may edit it.
    pub wiki: bool,
}

impl PostFacts {
    /// Everyone may see it right now.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.state == PostState::Visible && self.thread.is_public()
    }
}

/// A highlight as the law sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HighlightFacts {
    /// Who nominated it.
    pub nominator: Option<MemberId>,
    /// Everybody who ever wrote it anew: its words are theirs as much as the nominator's.
    pub revisers: Vec<MemberId>,
    /// Everybody quoted or named in it.
    pub authors: Vec<MemberId>,
    /// It stood in the library and is not over, or something of it is outside or on its way there: publishers work with it.
    pub in_library: bool,
    /// Who approved it, if anybody did.
    pub approver: Option<MemberId>,
    /// Site setting `approver_may_send` (off by default): may the one who approved also send?
    pub approver_may_send: bool,
}

impl HighlightFacts {
    /// Has this person a part in it, as nominator, as whoever wrote it anew, or as somebody quoted or named?
    #[must_use]
    pub fn is_party(&self, member: MemberId) -> bool {
        self.nominator == Some(member)
            || self.revisers.contains(&member)
            || self.authors.contains(&member)
    }
}

/// A question to one person about their own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentFacts {
    /// Whose words they are.
    pub member: MemberId,
}
