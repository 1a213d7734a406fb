//! The one change behind hiding, deleting and bringing back a post: its state, and everything that counts it.

use diesel::prelude::*;

use super::facts::{PostRow, ThreadRow, find_post};
use super::limits::NOTE_CHARS;
use super::start::SUMMARY_CHARS;
use super::{answer, counters};
use crate::content;
use crate::db::schema::{posts, threads};
use crate::db::{Lock, Tx};
use crate::kit::ids::{MemberId, PostId};
use crate::kit::{Refusal, Result};
use crate::members;
use crate::policy::PostState;

/// Puts a post into a state and counts it where it counts. `allowed` are the states it may come from.
///
/// The author's standing is touched first, because members are locked before threads; then the post is read again
/// under the thread's lock, so that two hands on the same post count it once.
pub(super) fn set(
    tx: &mut Tx<'_>,
    by: Option<MemberId>,
    seen: &PostRow,
    to: PostState,
    allowed: &[PostState],
    reason: Option<&str>,
) -> Result<ThreadRow> {
    held_against(
        tx,
        seen.author,
        is_held(seen.state, seen.state_by, seen.author),
        is_held(to, by, seen.author),
    )?;
    tx.lock(Lock::Thread(seen.thread))?;
    tx.lock(Lock::Post(seen.id))?;
    let (row, thread, _) = find_post(tx, seen.id)?;
    if row.state != seen.state || !allowed.contains(&row.state) {
        return Err(Refusal::WrongState(row.state.as_str()).into());
    }
    let reason: Option<String> = reason
        .map(|r| r.trim().chars().take(NOTE_CHARS).collect())
        .filter(|r: &String| !r.is_empty());
    let shown = to == PostState::Visible;
    diesel::update(posts::table.find(row.id))
        .set((
            posts::state.eq(to),
            posts::state_by.eq(by.filter(|_| !shown)),
            posts::state_at.eq((!shown).then_some(tx.now())),
            posts::state_reason.eq(reason.filter(|_| !shown)),
        ))
        .execute(tx.conn)?;
    crate::search::set_post_state(tx, row.id, to)?;
    let more = counted(to) - counted(row.state);
    if more != 0 {
        counters::thread_changed(tx, &thread, more)?;
        if let Some(author) = row.author {
            members::counted(tx, author, 0, more)?;
        }
    }
    if !shown && thread.answer == Some(row.id) {
        // What cannot be seen answers nothing.
        answer::forget(tx, thread.id)?;
    }
    if thread.first_post == Some(row.id) {
        summarise(tx, &row, &thread, shown)?;
    }
    Ok(thread)
}

const fn counted(state: PostState) -> i64 {
    match state {
        PostState::Visible => 1,
        PostState::Hidden | PostState::Deleted => 0,
    }
}

/// Taken from sight by somebody else than its author.
pub(super) fn is_held(state: PostState, by: Option<MemberId>, author: Option<MemberId>) -> bool {
    state != PostState::Visible && by != author
}

/// What moderators took away holds its author's trust back until it is given back.
pub(super) fn held_against(
    tx: &mut Tx<'_>,
    author: Option<MemberId>,
    before: bool,
    after: bool,
) -> Result<()> {
    match author {
        Some(author) if before != after => members::hidden(tx, author, if after { 1 } else { -1 }),
        _ => Ok(()),
    }
}

/// A thread's first words stand beside its title only while they can be seen.
fn summarise(tx: &mut Tx<'_>, post: &PostRow, thread: &ThreadRow, shown: bool) -> Result<()> {
    let text = if shown {
        first_words(tx, post.id)?
    } else {
        String::new()
    };
    diesel::update(threads::table.find(thread.id))
        .set(threads::summary.eq(text))
        .execute(tx.conn)?;
    Ok(())
}

fn first_words(tx: &mut Tx<'_>, post: PostId) -> Result<String> {
    let html: String = posts::table
        .find(post)
        .select(posts::body_html)
        .first(tx.conn)?;
    Ok(content::open_summary(&html, SUMMARY_CHARS))
}
