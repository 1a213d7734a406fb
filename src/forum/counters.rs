//! Counters and last activity, kept in the rows: what is added one by one here must always equal a recount.
//!
//! A thread counts its visible posts; a category counts its visible threads and their visible posts; a member's posts
//! are those that stand visible, whatever became of the thread around them.

use diesel::prelude::*;

use super::facts::ThreadRow;
use crate::db::Tx;
use crate::db::schema::{categories, posts, threads};
use crate::kit::ids::{CategoryId, MemberId, PostId, ThreadId};
use crate::kit::{At, Result};
use crate::policy::PostState;

/// Adds to a category's counters and tells it of a post that was just written.
pub(super) fn category_grew(
    tx: &mut Tx<'_>,
    category: CategoryId,
    threads_more: i64,
    posts_more: i64,
) -> Result<()> {
    let now = tx.now();
    diesel::update(categories::table.find(category))
        .set((
            categories::thread_count.eq(categories::thread_count + threads_more),
            categories::post_count.eq(categories::post_count + posts_more),
            categories::last_post_at.eq(now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Adds to a category's counters (negative: takes away) and looks its last activity up again.
pub(super) fn category_changed(
    tx: &mut Tx<'_>,
    category: CategoryId,
    threads_more: i64,
    posts_more: i64,
) -> Result<()> {
    let last = last_activity(tx, category)?;
    diesel::update(categories::table.find(category))
        .set((
            categories::thread_count.eq(categories::thread_count + threads_more),
            categories::post_count.eq(categories::post_count + posts_more),
            categories::last_post_at.eq(last),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The last visible post of a category's visible threads; one step into the index for pinned threads, one for others.
fn last_activity(tx: &mut Tx<'_>, category: CategoryId) -> Result<Option<At>> {
    let mut latest = None;
    for pinned in [false, true] {
        let at: Option<At> = threads::table
            .filter(threads::category_id.eq(category))
            .filter(threads::state.eq(PostState::Visible))
            .filter(threads::pinned.eq(pinned))
            .order(threads::last_post_at.desc())
            .select(threads::last_post_at)
            .first(tx.conn)
            .optional()?;
        latest = latest.max(at);
    }
    Ok(latest)
}

/// After a post of this thread was hidden, deleted or brought back: counts it, and looks up who spoke last.
/// `thread` is its row as it was before.
pub(super) fn thread_changed(tx: &mut Tx<'_>, thread: &ThreadRow, posts_more: i64) -> Result<()> {
    let now = tx.now();
    let last: Option<(PostId, i64, Option<MemberId>, At)> = posts::table
        .filter(posts::thread_id.eq(thread.id))
        .filter(posts::state.eq(PostState::Visible))
        .order(posts::number.desc())
        .select((
            posts::id,
            posts::number,
            posts::author_id,
            posts::created_at,
        ))
        .first(tx.conn)
        .optional()?;
    let (id, number, author, at) = match last {
        Some((id, number, author, at)) => (Some(id), number, author, at),
        // Nothing is left to see: the thread stands where it began.
        None => (None, 0, None, started_at(tx, thread.id)?),
    };
    diesel::update(threads::table.find(thread.id))
        .set((
            threads::post_count.eq(threads::post_count + posts_more),
            threads::last_post_id.eq(id),
            threads::last_post_number.eq(number),
            threads::last_author_id.eq(author),
            threads::last_post_at.eq(at),
            threads::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    match thread.category {
        Some(category) if thread.state == PostState::Visible => {
            category_changed(tx, category, 0, posts_more)
        }
        _ => Ok(()),
    }
}

fn started_at(tx: &mut Tx<'_>, thread: ThreadId) -> Result<At> {
    Ok(threads::table
        .find(thread)
        .select(threads::created_at)
        .first(tx.conn)?)
}
