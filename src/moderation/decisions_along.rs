//! Decisions go along when what they are about is moved, split off or merged: who may know of them and answer appeals
//! follows where it stands now.
//!
//! Asks nobody because the verb that moved it has asked.

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::decisions;
use crate::kit::Result;
use crate::kit::ids::{CategoryId, DecisionId, PostId, ReviewItemId, ThreadId};

/// Who may answer an appeal follows where the words stand now.
pub(super) fn moved(tx: &mut Tx<'_>, threads: &[ThreadId], to: CategoryId) -> Result<()> {
    for some in threads.chunks(500) {
        let some: Vec<Option<i64>> = some.iter().map(|id| Some(id.0)).collect();
        diesel::update(decisions::table.filter(decisions::thread_id.eq_any(some)))
            .set(decisions::category_id.eq(Some(to)))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// The same for posts that went to another thread; answers which decisions are about them.
pub(super) fn went_along(
    tx: &mut Tx<'_>,
    posts: &[PostId],
    thread: ThreadId,
    to: CategoryId,
) -> Result<Vec<DecisionId>> {
    let posts: Vec<Option<PostId>> = posts.iter().copied().map(Some).collect();
    Ok(
        diesel::update(decisions::table.filter(decisions::post_id.eq_any(posts)))
            .set((
                decisions::thread_id.eq(Some(thread)),
                decisions::category_id.eq(Some(to)),
            ))
            .returning(decisions::id)
            .get_results(tx.conn)?,
    )
}

/// Measures that were taken because of entries of the queue go where these went; answers which decisions they are.
pub(super) fn measures_went(
    tx: &mut Tx<'_>,
    along: &[ReviewItemId],
    to: CategoryId,
) -> Result<Vec<DecisionId>> {
    if along.is_empty() {
        return Ok(Vec::new());
    }
    let along: Vec<Option<i64>> = along.iter().map(|id| Some(id.0)).collect();
    Ok(diesel::update(
        decisions::table
            .filter(decisions::item_id.eq_any(along))
            .filter(decisions::sanction_id.is_not_null()),
    )
    .set(decisions::category_id.eq(Some(to)))
    .returning(decisions::id)
    .get_results(tx.conn)?)
}
