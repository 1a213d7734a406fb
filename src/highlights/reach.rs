//! How far words have gone: what a moderator has to know before they are taken away. Reads only.

use diesel::prelude::*;

use super::state::AnnouncementState;
use crate::db::Tx;
use crate::db::schema::{announcements, highlight_quotes, highlights};
use crate::kit::Result;
use crate::kit::ids::{HighlightId, MediaId, MemberId, PostId, ThreadId};

/// Highlights of one thing that are looked at.
const MOST: i64 = 500;

/// Announcements of a post's words: those that have not left, and those that stand outside.
///
/// # Errors
/// A fault where the database fails.
pub fn reach_of_post(tx: &mut Tx<'_>, post: PostId) -> Result<(i64, i64)> {
    let ids: Vec<HighlightId> = highlight_quotes::table
        .filter(highlight_quotes::post_id.eq(post))
        .select(highlight_quotes::highlight_id)
        .limit(MOST)
        .load(tx.conn)?;
    reach(tx, &ids)
}

/// The same of everything that hangs on a thread.
///
/// # Errors
/// A fault where the database fails.
pub fn reach_of_thread(tx: &mut Tx<'_>, thread: ThreadId) -> Result<(i64, i64)> {
    let ids: Vec<HighlightId> = highlights::table
        .filter(highlights::thread_id.eq(thread))
        .select(highlights::id)
        .limit(MOST)
        .load(tx.conn)?;
    reach(tx, &ids)
}

/// The same of an author's words.
///
/// # Errors
/// A fault where the database fails.
pub fn reach_of_author(tx: &mut Tx<'_>, author: MemberId) -> Result<(i64, i64)> {
    let ids: Vec<HighlightId> = highlight_quotes::table
        .filter(highlight_quotes::author_id.eq(author))
        .select(highlight_quotes::highlight_id)
        .limit(MOST)
        .load(tx.conn)?;
    reach(tx, &ids)
}

/// Announcements that carry one of these pictures: those that have not left, and those that stand outside.
///
/// # Errors
/// A fault where the database fails.
pub fn reach_of_pictures(tx: &mut Tx<'_>, pictures: &[MediaId]) -> Result<(i64, i64)> {
    let mut found = (0, 0);
    for some in pictures.chunks(500) {
        let ids: Vec<i64> = some.iter().map(|id| id.0).collect();
        let states: Vec<AnnouncementState> = announcements::table
            .filter(announcements::picture_id.eq_any(ids))
            .select(announcements::state)
            .limit(MOST)
            .load(tx.conn)?;
        found.0 += states.iter().filter(|s| s.is_unfinished()).count() as i64;
        found.1 += states.iter().filter(|s| s.is_out()).count() as i64;
    }
    Ok(found)
}

fn reach(tx: &mut Tx<'_>, ids: &[HighlightId]) -> Result<(i64, i64)> {
    if ids.is_empty() {
        return Ok((0, 0));
    }
    let states: Vec<AnnouncementState> = announcements::table
        .filter(announcements::highlight_id.eq_any(ids))
        .select(announcements::state)
        .limit(MOST)
        .load(tx.conn)?;
    let count =
        |of: fn(AnnouncementState) -> bool| states.iter().filter(|s| of(**s)).count() as i64;
    Ok((
        count(AnnouncementState::is_unfinished),
        count(AnnouncementState::is_out),
    ))
}
