//! The one change behind hiding, deleting and bringing back a thread.

use diesel::prelude::*;

use super::facts::ThreadRow;
use super::{counters, index};
use crate::db::Tx;
use crate::db::schema::{posts, threads};
use crate::kit::Result;
use crate::kit::ids::{PostId, ThreadId};
use crate::members;
use crate::policy::PostState;

/// Puts a thread into a state and counts it where it counts. `thread` is its row as it is now.
pub(super) fn put(tx: &mut Tx<'_>, thread: &ThreadRow, to: PostState) -> Result<()> {
    let now = tx.now();
    diesel::update(threads::table.find(thread.id))
        .set((threads::state.eq(to), threads::updated_at.eq(now)))
        .execute(tx.conn)?;
    index::thread(tx, thread.id)?;
    let more = counted(to) - counted(thread.state);
    if more == 0 {
        return Ok(());
    }
    if let Some(category) = thread.category {
        counters::category_changed(tx, category, more, more * thread.post_count)?;
    }
    match thread.author {
        Some(author) => members::counted(tx, author, more, 0),
        None => Ok(()),
    }
}

const fn counted(state: PostState) -> i64 {
    match state {
        PostState::Visible => 1,
        PostState::Hidden | PostState::Deleted => 0,
    }
}

/// The posts of a thread that are not taken from sight by themselves.
pub(super) fn visible_posts(tx: &mut Tx<'_>, thread: ThreadId) -> Result<Vec<PostId>> {
    Ok(posts::table
        .filter(posts::thread_id.eq(thread))
        .filter(posts::state.eq(PostState::Visible))
        .order(posts::number)
        .select(posts::id)
        .load(tx.conn)?)
}
