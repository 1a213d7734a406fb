//! How far words have gone: what a moderator has to know before they are taken away. Reads only.

use std::collections::HashMap;
use std::hash::Hash;

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

/// The same of each of many posts; two questions, however many there are.
///
/// # Errors
/// A fault where the database fails.
pub fn reach_of_posts(tx: &mut Tx<'_>, posts: &[PostId]) -> Result<HashMap<PostId, (i64, i64)>> {
    if posts.is_empty() {
        return Ok(HashMap::new());
    }
    let hang: Vec<(PostId, HighlightId)> = highlight_quotes::table
        .filter(highlight_quotes::post_id.eq_any(posts))
        .select((highlight_quotes::post_id, highlight_quotes::highlight_id))
        .distinct()
        .limit(MOST)
        .load(tx.conn)?;
    each(tx, &hang)
}

/// The same of each of many threads.
///
/// # Errors
/// A fault where the database fails.
pub fn reach_of_threads(
    tx: &mut Tx<'_>,
    threads: &[ThreadId],
) -> Result<HashMap<ThreadId, (i64, i64)>> {
    if threads.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted: Vec<Option<i64>> = threads.iter().map(|id| Some(id.0)).collect();
    let hang: Vec<(Option<ThreadId>, HighlightId)> = highlights::table
        .filter(highlights::thread_id.eq_any(wanted))
        .select((highlights::thread_id, highlights::id))
        .limit(MOST)
        .load(tx.conn)?;
    let hang: Vec<(ThreadId, HighlightId)> = hang
        .into_iter()
        .filter_map(|(thread, id)| Some((thread?, id)))
        .collect();
    each(tx, &hang)
}

fn each<T: Copy + Eq + Hash>(
    tx: &mut Tx<'_>,
    hang: &[(T, HighlightId)],
) -> Result<HashMap<T, (i64, i64)>> {
    let mut found: HashMap<T, (i64, i64)> = HashMap::new();
    if hang.is_empty() {
        return Ok(found);
    }
    let ids: Vec<HighlightId> = hang.iter().map(|(_, id)| *id).collect();
    let states: Vec<(HighlightId, AnnouncementState)> = announcements::table
        .filter(announcements::highlight_id.eq_any(ids))
        .select((announcements::highlight_id, announcements::state))
        .limit(MOST)
        .load(tx.conn)?;
    for (subject, highlight) in hang {
        for (_, state) in states.iter().filter(|(id, _)| id == highlight) {
            let count = found.entry(*subject).or_default();
            count.0 += i64::from(state.is_unfinished());
            count.1 += i64::from(state.is_out());
        }
    }
    Ok(found)
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
