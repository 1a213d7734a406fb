//! What was taken out and then recalled: links and cards end at once, and for everything that went by hand somebody
//! has to tell those who got it. Each is a line with a button, until somebody has seen to it.

use diesel::prelude::*;
use serde_json::json;

use super::highlight;
use super::pull::{How, origin};
use super::tell;
use crate::audit::{self, subject};
use crate::bridge;
use crate::db::Tx;
use crate::db::schema::{highlights, pulls};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{HighlightId, MemberId, PullId};
use crate::kit::{At, Refusal, Result};
use crate::policy::{Action, Actor};

/// Lines on one page.
const PAGE: i64 = 30;

/// Recalls what was taken of a highlight in one of these ways, and tells whoever took it.
pub(super) fn recall(tx: &mut Tx<'_>, id: HighlightId, reason: &str, ways: &[How]) -> Result<()> {
    let ids: Vec<PullId> = pulls::table
        .filter(pulls::highlight_id.eq(id))
        .filter(pulls::recalled_at.is_null())
        .filter(pulls::how.eq_any(ways.to_vec()))
        .select(pulls::id)
        .load(tx.conn)?;
    recall_some(tx, id, reason, &ids)
}

/// Recalls some of what was taken of a highlight, and tells whoever took it.
pub(super) fn recall_some(
    tx: &mut Tx<'_>,
    id: HighlightId,
    reason: &str,
    which: &[PullId],
) -> Result<()> {
    if which.is_empty() {
        return Ok(());
    }
    let rows: Vec<(PullId, Option<MemberId>)> = pulls::table
        .filter(pulls::highlight_id.eq(id))
        .filter(pulls::id.eq_any(which))
        .filter(pulls::recalled_at.is_null())
        .order(pulls::id)
        .select((pulls::id, pulls::member_id))
        .load(tx.conn)?;
    let now = tx.now();
    let mut told: Vec<MemberId> = Vec::new();
    for (pull, member) in rows {
        diesel::update(pulls::table.find(pull))
            .set((pulls::recalled_at.eq(now), pulls::recall_reason.eq(reason)))
            .execute(tx.conn)?;
        bridge::recall(tx, &origin(pull), reason)?;
        told.extend(member);
    }
    told.sort_unstable();
    told.dedup();
    let highlight = highlight::find(tx, id)?;
    for member in told {
        tell::recalled(tx, &highlight, member)?;
    }
    Ok(())
}

/// Was something of a highlight taken out, and not recalled since?
pub(super) fn is_out(tx: &mut Tx<'_>, id: HighlightId) -> Result<bool> {
    let out = pulls::table
        .filter(pulls::highlight_id.eq(id))
        .filter(pulls::recalled_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(out)).get_result(tx.conn)?)
}

/// Every way of taking something out.
pub(super) const EVERY_WAY: &[How] = How::ALL;

/// A pull that was recalled.
#[derive(Debug, Clone, Queryable)]
pub struct Recalled {
    /// Which pull.
    pub id: PullId,
    /// Of which highlight.
    pub highlight: HighlightId,
    /// Its heading.
    pub title: String,
    /// Who took it; `None` once erased.
    pub member: Option<MemberId>,
    /// How.
    pub how: How,
    /// For what.
    pub purpose: String,
    /// Who got it.
    pub recipient: String,
    /// When it was taken.
    pub at: At,
    /// When it was recalled.
    pub recalled_at: Option<At>,
    /// The word for why.
    pub reason: String,
    /// When somebody had seen to it.
    pub done_at: Option<At>,
    /// Who had.
    pub done_by: Option<MemberId>,
}

/// What was recalled: what still waits for somebody, oldest first; or what was seen to, newest first.
///
/// # Errors
/// Refused to whoever may not see the library; a fault where the database fails.
pub fn recalled(
    tx: &mut Tx<'_>,
    actor: &Actor,
    waiting: bool,
    after: Option<Cursor>,
) -> Result<(Vec<Recalled>, Option<Cursor>)> {
    actor.may(&Action::SeeLibrary)?;
    let at = after.and_then(|c| c.as_one());
    let mut question = pulls::table
        .inner_join(highlights::table)
        .filter(pulls::recalled_at.is_not_null())
        .select((
            pulls::id,
            pulls::highlight_id,
            highlights::title,
            pulls::member_id,
            pulls::how,
            pulls::purpose,
            pulls::recipient,
            pulls::at,
            pulls::recalled_at,
            pulls::recall_reason,
            pulls::done_at,
            pulls::done_by,
        ))
        .limit(PAGE + 1)
        .into_boxed();
    question = if waiting {
        question
            .filter(pulls::done_at.is_null())
            .filter(pulls::id.gt(PullId(at.unwrap_or(0))))
            .order(pulls::id)
    } else {
        question
            .filter(pulls::done_at.is_not_null())
            .filter(pulls::id.lt(PullId(at.unwrap_or(i64::MAX))))
            .order(pulls::id.desc())
    };
    let mut lines: Vec<Recalled> = question.load(tx.conn)?;
    let next = Cursor::turn(&mut lines, PAGE, |l| Cursor::one(l.id.0));
    Ok((lines, next))
}

/// How many recalled pulls wait for somebody; counted up to 100.
///
/// # Errors
/// A fault where the database fails.
pub fn recalled_waiting(tx: &mut Tx<'_>) -> Result<i64> {
    let ids: Vec<PullId> = pulls::table
        .filter(pulls::recalled_at.is_not_null())
        .filter(pulls::done_at.is_null())
        .limit(100)
        .select(pulls::id)
        .load(tx.conn)?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

/// Somebody has seen to a recalled pull: whoever had it was told.
///
/// # Errors
/// Refused to whoever may not see the library, and where nothing waits under this number.
pub fn recall_done(tx: &mut Tx<'_>, actor: &Actor, id: PullId) -> Result<()> {
    actor.may(&Action::SeeLibrary)?;
    let done = diesel::update(
        pulls::table
            .filter(pulls::id.eq(id))
            .filter(pulls::recalled_at.is_not_null())
            .filter(pulls::done_at.is_null()),
    )
    .set((pulls::done_at.eq(tx.now()), pulls::done_by.eq(actor.id())))
    .execute(tx.conn)?;
    if done == 0 {
        return Err(Refusal::NotFound.into());
    }
    audit::record(
        tx,
        actor,
        "pull.recall-done",
        subject("pull", id.0),
        json!({}),
        None,
    )
}
