//! The review item: one entry of the one queue.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::decide::{AuthorChoice, ContentChoice, Finding};
use super::snapshot::Snapshot;
use crate::db::Tx;
use crate::db::schema::review_items as items;
use crate::kit::ids::{CategoryId, MemberId, PostId, ReviewItemId};
use crate::kit::{At, Result};

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

/// The item's kind as it stands in rows: so far, reported posts.
pub(super) const KIND: &str = "report";
/// What a reported post is called in rows.
pub(super) const POST: &str = "post";

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
}

/// One entry of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ReviewItemId,
    /// The post it is about.
    pub post: PostId,
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

impl Row {
    pub(super) fn item(self) -> Result<Item> {
        let snapshot = self.snapshot.as_deref().map(serde_json::from_str);
        let decided = (self.decision != "{}").then(|| serde_json::from_str(&self.decision));
        Ok(Item {
            id: self.id,
            post: PostId(self.subject_id),
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
