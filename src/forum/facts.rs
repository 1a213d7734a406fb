//! What the law needs to know of a thread or a post, and the row beside it that verbs change.

use std::collections::HashMap;

use diesel::prelude::*;

use super::places::{Places, places};
use crate::db::schema::{post_revisions, posts, threads};
use crate::db::{Conn, Tx};
use crate::kit::ids::{CategoryId, MemberId, PostId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::policy::{PostFacts, PostState, ThreadFacts};

/// Rows asked for at a time.
pub(super) const AT_ONCE: usize = 500;

/// What verbs need of a thread's row.
#[derive(Debug, Clone, Queryable)]
pub(super) struct ThreadRow {
    pub id: ThreadId,
    pub category: Option<CategoryId>,
    pub author: Option<MemberId>,
    pub title: String,
    pub slug: String,
    pub state: PostState,
    pub locked: bool,
    pub pinned: bool,
    pub revision: i64,
    pub post_counter: i64,
    pub post_count: i64,
    pub first_post: Option<PostId>,
    pub last_post_at: At,
    pub answer: Option<PostId>,
    pub archived: bool,
    pub unlisted: bool,
    pub slow: i64,
    pub merged: Option<ThreadId>,
}

/// The columns of a [`ThreadRow`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn thread_columns() -> _ {
    (
        threads::id,
        threads::category_id,
        threads::author_id,
        threads::title,
        threads::slug,
        threads::state,
        threads::locked,
        threads::pinned,
        threads::revision,
        threads::post_counter,
        threads::post_count,
        threads::first_post_id,
        threads::last_post_at,
        threads::answer_post_id,
        threads::archived,
        threads::unlisted,
        threads::slow_seconds,
        threads::merged_into_id,
    )
}

impl ThreadRow {
    /// What the law needs to know of it. A thread that stands nowhere is nowhere.
    pub fn facts(&self, places: &Places) -> Result<ThreadFacts> {
        let category = self.category.or_not_found()?;
        Ok(ThreadFacts {
            id: self.id,
            author: self.author,
            category: places.find(category)?.facts.clone(),
            state: self.state,
            // What is archived takes nothing new either.
            locked: self.locked || self.archived,
        })
    }
}

/// What verbs need of a post's row.
#[derive(Debug, Clone, Queryable)]
pub(super) struct PostRow {
    pub id: PostId,
    pub thread: ThreadId,
    pub number: i64,
    pub author: Option<MemberId>,
    pub revision: i64,
    pub state: PostState,
    pub state_by: Option<MemberId>,
    pub created_at: At,
    pub edited_at: Option<At>,
    pub wiki: bool,
    pub official: bool,
}

/// The columns of a [`PostRow`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn post_columns() -> _ {
    (
        posts::id,
        posts::thread_id,
        posts::number,
        posts::author_id,
        posts::revision,
        posts::state,
        posts::state_by,
        posts::created_at,
        posts::edited_at,
        posts::wiki,
        posts::official,
    )
}

impl PostRow {
    /// What the law needs to know of it, standing in this thread.
    pub fn facts(&self, thread: ThreadFacts) -> PostFacts {
        PostFacts {
            id: self.id,
            author: self.author,
            thread,
            state: self.state,
            wiki: self.wiki,
        }
    }
}

/// A thread and what the law needs to know of it, in two queries.
pub(super) fn find_thread(tx: &mut Tx<'_>, id: ThreadId) -> Result<(ThreadRow, ThreadFacts)> {
    let places = places(tx)?;
    let row: ThreadRow = threads::table
        .find(id)
        .select(thread_columns())
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    let facts = row.facts(&places)?;
    Ok((row, facts))
}

/// A post with its thread and what the law needs to know of both, in two queries.
pub(super) fn find_post(tx: &mut Tx<'_>, id: PostId) -> Result<(PostRow, ThreadRow, PostFacts)> {
    let places = places(tx)?;
    let (post, thread): (PostRow, ThreadRow) = posts::table
        .inner_join(threads::table)
        .filter(posts::id.eq(id))
        .select((post_columns(), thread_columns()))
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    let facts = post.facts(thread.facts(&places)?);
    Ok((post, thread, facts))
}

/// The facts of a thread.
///
/// # Errors
/// Not found where there is no such thread.
pub fn thread_facts(tx: &mut Tx<'_>, id: ThreadId) -> Result<ThreadFacts> {
    Ok(find_thread(tx, id)?.1)
}

/// The facts of a post.
///
/// # Errors
/// Not found where there is no such post.
pub fn post_facts(tx: &mut Tx<'_>, id: PostId) -> Result<PostFacts> {
    Ok(find_post(tx, id)?.2)
}

/// When the words of a post came to be as they are, small corrections right after writing among it.
///
/// # Errors
/// A fault where the database fails.
pub fn worded_at(tx: &mut Tx<'_>, id: PostId) -> Result<Option<At>> {
    Ok(post_revisions::table
        .filter(post_revisions::post_id.eq(id))
        .order(post_revisions::revision.desc())
        .select(post_revisions::at)
        .first(tx.conn)
        .optional()?)
}

/// Does anybody but this member speak in the thread, for others to read?
///
/// # Errors
/// A fault where the database fails.
pub fn others_speak(tx: &mut Tx<'_>, thread: ThreadId, but: Option<MemberId>) -> Result<bool> {
    let all = posts::table
        .filter(posts::thread_id.eq(thread))
        .filter(posts::state.eq(PostState::Visible))
        .into_boxed::<<Conn as Connection>::Backend>();
    let others = match but {
        Some(but) => all.filter(posts::author_id.is_null().or(posts::author_id.ne(but))),
        None => all.filter(posts::author_id.is_not_null()),
    };
    let one: Option<PostId> = others.select(posts::id).first(tx.conn).optional()?;
    Ok(one.is_some())
}

/// The facts of many threads; those that are not there are left out.
///
/// # Errors
/// A fault where the database fails.
pub fn facts_of_threads(
    tx: &mut Tx<'_>,
    ids: &[ThreadId],
) -> Result<HashMap<ThreadId, ThreadFacts>> {
    let places = places(tx)?;
    let mut all = HashMap::new();
    for some in ids.chunks(AT_ONCE) {
        let rows: Vec<ThreadRow> = threads::table
            .filter(threads::id.eq_any(some))
            .select(thread_columns())
            .load(tx.conn)?;
        for row in rows {
            all.insert(row.id, row.facts(&places)?);
        }
    }
    Ok(all)
}

/// The facts of many posts; those that are not there are left out.
///
/// # Errors
/// A fault where the database fails.
pub fn facts_of_posts(tx: &mut Tx<'_>, ids: &[PostId]) -> Result<HashMap<PostId, PostFacts>> {
    let places = places(tx)?;
    let mut all = HashMap::new();
    for some in ids.chunks(AT_ONCE) {
        let rows: Vec<(PostRow, ThreadRow)> = posts::table
            .inner_join(threads::table)
            .filter(posts::id.eq_any(some))
            .select((post_columns(), thread_columns()))
            .load(tx.conn)?;
        for (post, thread) in rows {
            all.insert(post.id, post.facts(thread.facts(&places)?));
        }
    }
    Ok(all)
}
