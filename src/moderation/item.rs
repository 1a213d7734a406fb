//! The review item: one entry of the one queue.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::choices::{AuthorChoice, ContentChoice, Decision, Finding};
use super::cited::Cited;
use super::snapshot::Snapshot;
use crate::db::Tx;
use crate::db::schema::review_items as items;
use crate::kit::ids::{
    CategoryId, DecisionId, HighlightId, MemberId, PostId, ReviewItemId, ThreadId,
};
use crate::kit::{At, Result, Stop};
use crate::policy::Actor;

crate::text_enum! {
    /// Where an item stands.
    pub enum ItemState {
        /// Waits for somebody.
        Open = "open",
        /// A moderator is looking at it.
        InProgress = "in_progress",
        /// The report was right.
        Upheld = "upheld",
        /// It was not.
        Declined = "declined",
        /// It says nothing that needs an answer.
        Ignored = "ignored",
    }
}

impl ItemState {
    /// Is it still to be decided?
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Open | Self::InProgress)
    }
}

crate::text_enum! {
    /// Why an entry stands in the queue.
    pub enum Kind {
        /// Members or guests reported something.
        Report = "report",
        /// Words that wait for a moderator before others read them.
        Held = "held",
        /// A highlight that waits for approval.
        Highlight = "highlight",
        /// A member does not agree with a decision.
        Appeal = "appeal",
    }
}

/// What entries about posts are called in rows.
pub(super) const POST: &str = "post";
/// What entries about decisions are called in rows.
pub(super) const DECISION: &str = "decision";

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A post.
    Post(PostId),
    /// A thread as a whole.
    Thread(ThreadId),
    /// A member's profile.
    Member(MemberId),
    /// A highlight that waits for a moderator.
    Highlight(HighlightId),
    /// A decision that its member appealed against.
    Decision(DecisionId),
}

impl Subject {
    /// The word for rows and the API.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Post(_) => POST,
            Self::Thread(_) => "thread",
            Self::Member(_) => "member",
            Self::Highlight(_) => "highlight",
            Self::Decision(_) => DECISION,
        }
    }

    /// Its id, whatever it is.
    #[must_use]
    pub const fn id(self) -> i64 {
        match self {
            Self::Post(id) => id.0,
            Self::Thread(id) => id.0,
            Self::Member(id) => id.0,
            Self::Highlight(id) => id.0,
            Self::Decision(id) => id.0,
        }
    }

    /// Its id, where it is of this kind.
    #[must_use]
    pub fn named(self, kind: &str) -> Option<i64> {
        (self.kind() == kind).then_some(self.id())
    }

    /// What a row says.
    pub(super) fn read(kind: &str, id: i64) -> Result<Self> {
        Ok(match kind {
            POST => Self::Post(PostId(id)),
            "thread" => Self::Thread(ThreadId(id)),
            "member" => Self::Member(MemberId(id)),
            "highlight" => Self::Highlight(HighlightId(id)),
            DECISION => Self::Decision(DecisionId(id)),
            other => return Err(Stop::fault(format!("a review item about a {other}"))),
        })
    }

    /// Where everybody who may see it finds it; a highlight and a decision have no such place.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Post(id) => format!("/p/{id}"),
            Self::Thread(id) => format!("/t/-/{id}"),
            Self::Member(_) => "/my/settings".to_owned(),
            Self::Highlight(id) => format!("/highlights/{id}"),
            Self::Decision(_) => "/my/decisions".to_owned(),
        }
    }
}

/// A decision that waits for its twelve seconds to pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What will be done.
    pub decision: Decision,
    /// Who decided.
    pub by: Option<MemberId>,
    /// When it takes effect.
    pub until: At,
    /// One mark for all that was decided in one go.
    pub together: Option<String>,
}

/// A decision as its row keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(flatten)]
    pub decision: Decision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<String>,
}

/// What was decided last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Was the report right?
    pub finding: Finding,
    /// What happened to the words.
    pub content: ContentChoice,
    /// What happened to their author.
    pub author: AuthorChoice,
    /// Until when a silence or suspension was meant to last.
    pub until: Option<At>,
    /// Why, in the moderator's words; empty once erased.
    pub reason: String,
    /// The rule it rests on.
    #[serde(default)]
    pub rule: Option<Cited>,
}

/// One entry of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ReviewItemId,
    /// Why it stands in the queue.
    pub kind: Kind,
    /// What it is about.
    pub subject: Subject,
    /// Who wrote it; `None` once erased.
    pub author: Option<MemberId>,
    /// Where it stood when it was first reported.
    pub category: Option<CategoryId>,
    /// Its state.
    pub state: ItemState,
    /// Who is looking at it.
    pub assignee: Option<MemberId>,
    /// Counts changes: a decision names the version it was made on.
    pub version: i64,
    /// The words as they were when it was reported; `None` once erased.
    pub snapshot: Option<Snapshot>,
    /// How many members reported it.
    pub reports: i64,
    /// When it was first reported.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
    /// When it was decided.
    pub decided_at: Option<At>,
    /// Who decided.
    pub decided_by: Option<MemberId>,
    /// What was decided last, also while it is open again.
    pub decided: Option<Decided>,
    /// 1 goes first; the rule stands on the page.
    pub priority: i64,
    /// Since when it waits, or waited.
    pub since: At,
    /// Waits for a hand: undecided, and no decision is on its way.
    pub waits: bool,
    /// Why its words were held back: a word with a sentence of its own.
    pub held_for: Option<String>,
    /// What the local classifier says of the words, as JSON.
    pub hint: Option<String>,
    /// A decision that can still be undone.
    pub pending: Option<Pending>,
}

impl Item {
    /// Is it about this actor's own words? Then it is for others, and so is what they say of it.
    #[must_use]
    pub fn is_about(&self, actor: &Actor) -> bool {
        self.kind != Kind::Highlight && self.author.is_some() && self.author == actor.id()
    }
}

/// An item as its columns stand.
#[derive(Queryable)]
pub(super) struct Row {
    pub id: ReviewItemId,
    pub kind: Kind,
    pub subject_kind: String,
    pub subject_id: i64,
    pub author: Option<MemberId>,
    pub category: Option<CategoryId>,
    pub state: ItemState,
    pub assignee: Option<MemberId>,
    pub version: i64,
    pub snapshot: Option<String>,
    pub reports: i64,
    pub created_at: At,
    pub updated_at: At,
    pub decided_at: Option<At>,
    pub decided_by: Option<MemberId>,
    pub decision: String,
    pub rest: Rest,
}

/// The columns that came with the desk.
type Rest = (
    i64,
    At,
    bool,
    Option<String>,
    Option<String>,
    (Option<String>, Option<MemberId>, Option<At>),
);

/// The columns of a [`Row`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn columns() -> _ {
    (
        items::id,
        items::kind,
        items::subject_kind,
        items::subject_id,
        items::subject_author_id,
        items::category_id,
        items::state,
        items::assignee_id,
        items::version,
        items::snapshot,
        items::report_count,
        items::created_at,
        items::updated_at,
        items::decided_at,
        items::decided_by,
        items::decision,
        (
            items::priority,
            items::since,
            items::waits,
            items::held_for,
            items::hint,
            (items::pending, items::pending_by, items::pending_until),
        ),
    )
}

impl Row {
    pub(super) fn item(self) -> Result<Item> {
        let snapshot = self.snapshot.as_deref().map(serde_json::from_str);
        let decided = (self.decision != "{}").then(|| serde_json::from_str(&self.decision));
        let (priority, since, waits, held_for, hint, (pending, by, until)) = self.rest;
        let pending = match (pending, until) {
            (Some(text), Some(until)) => {
                let kept: Kept = serde_json::from_str(&text)?;
                Some(Pending {
                    decision: kept.decision,
                    by,
                    until,
                    together: kept.together,
                })
            }
            _ => None,
        };
        Ok(Item {
            id: self.id,
            kind: self.kind,
            subject: Subject::read(&self.subject_kind, self.subject_id)?,
            author: self.author,
            category: self.category,
            state: self.state,
            assignee: self.assignee,
            version: self.version,
            snapshot: snapshot.transpose()?,
            reports: self.reports,
            created_at: self.created_at,
            updated_at: self.updated_at,
            decided_at: self.decided_at,
            decided_by: self.decided_by,
            decided: decided.transpose()?,
            priority,
            since,
            waits,
            held_for,
            hint,
            pending,
        })
    }
}

/// The item with this id, whoever asks; callers ask the law.
pub(super) fn seek(tx: &mut Tx<'_>, id: ReviewItemId) -> Result<Option<Item>> {
    let row: Option<Row> = items::table
        .filter(items::id.eq(id))
        .select(columns())
        .first(tx.conn)
        .optional()?;
    row.map(Row::item).transpose()
}

/// The item of this kind about this subject, if there ever was one.
pub(super) fn seek_of(tx: &mut Tx<'_>, kind: Kind, about: Subject) -> Result<Option<Item>> {
    let row: Option<Row> = items::table
        .filter(items::kind.eq(kind))
        .filter(items::subject_kind.eq(about.kind()))
        .filter(items::subject_id.eq(about.id()))
        .select(columns())
        .first(tx.conn)
        .optional()?;
    row.map(Row::item).transpose()
}

/// The item about this post, if it was ever reported. For rooms above, which answer for who may know.
///
/// # Errors
/// A fault where the database fails.
pub fn seek_item(tx: &mut Tx<'_>, post: PostId) -> Result<Option<Item>> {
    seek_of(tx, Kind::Report, Subject::Post(post))
}
