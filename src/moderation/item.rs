//! The review item: one entry of the one queue.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::cited::Cited;
use super::decide::{AuthorChoice, ContentChoice, Finding};
use super::snapshot::Snapshot;
use crate::db::Tx;
use crate::db::schema::review_items as items;
use crate::kit::ids::{CategoryId, HighlightId, MemberId, PostId, ReviewItemId};
use crate::kit::{At, Refusal, Result};

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

/// The kind and the subject of entries about highlights that wait for a moderator.
pub(super) const HIGHLIGHT: &str = "highlight";
/// The kind of entries about reported posts, as it stands in rows.
pub(super) const KIND: &str = "report";
/// What a reported post is called in rows.
pub(super) const POST: &str = "post";

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A reported post.
    Post(PostId),
    /// A highlight that waits for a moderator.
    Highlight(HighlightId),
}

impl Subject {
    /// The word for rows and the API.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Post(_) => POST,
            Self::Highlight(_) => HIGHLIGHT,
        }
    }

    /// Its id, whatever it is.
    #[must_use]
    pub const fn id(self) -> i64 {
        match self {
            Self::Post(id) => id.0,
            Self::Highlight(id) => id.0,
        }
    }
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
}

/// An item as its columns stand.
#[derive(Queryable)]
pub(super) struct Row {
    pub id: ReviewItemId,
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
}

/// The columns of a [`Row`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn columns() -> _ {
    (
        items::id,
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
    )
}

impl Item {
    /// The post it is about.
    ///
    /// # Errors
    /// Refused where it is about a highlight: that is decided at its own desk.
    pub fn post(&self) -> Result<PostId> {
        match self.subject {
            Subject::Post(post) => Ok(post),
            Subject::Highlight(_) => Err(Refusal::WrongState(HIGHLIGHT).into()),
        }
    }
}

impl Row {
    pub(super) fn item(self) -> Result<Item> {
        let snapshot = self.snapshot.as_deref().map(serde_json::from_str);
        let decided = (self.decision != "{}").then(|| serde_json::from_str(&self.decision));
        Ok(Item {
            id: self.id,
            subject: if self.subject_kind == HIGHLIGHT {
                Subject::Highlight(HighlightId(self.subject_id))
            } else {
                Subject::Post(PostId(self.subject_id))
            },
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

/// The item about this post, if it was ever reported. For rooms above, which answer for who may know.
///
/// # Errors
/// A fault where the database fails.
pub fn seek_item(tx: &mut Tx<'_>, post: PostId) -> Result<Option<Item>> {
    let row: Option<Row> = items::table
        .filter(items::kind.eq(KIND))
        .filter(items::subject_kind.eq(POST))
        .filter(items::subject_id.eq(post.0))
        .select(columns())
        .first(tx.conn)
        .optional()?;
    row.map(Row::item).transpose()
}
