//! What the moderators' desk asks of the forum: words as they were typed, who wrote how much, what may be seen. And the
//! one thing it changes: why something is hidden.

use std::collections::HashSet;

use diesel::prelude::*;

use super::facts::find_post;
use super::limits::NOTE_CHARS;
use super::places::places;
use crate::db::Tx;
use crate::db::schema::{posts, threads};
use crate::kit::Result;
use crate::kit::ids::{CategoryId, MemberId, PostId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::policy::{Action, Actor, PostState};

/// Stands instead of a reason where words wait for a moderator: pages have a sentence of their own for it.
pub const HELD: &str = "~held";

/// The post of a thread that has this number.
///
/// # Errors
/// A fault where the database fails.
pub fn nth_post(tx: &mut Tx<'_>, thread: ThreadId, number: i64) -> Result<Option<PostId>> {
    Ok(posts::table
        .filter(posts::thread_id.eq(thread))
        .filter(posts::number.eq(number))
        .select(posts::id)
        .first(tx.conn)
        .optional()?)
}

/// The title that a post stands under, and its words as they were typed. Says nothing of who may see them.
///
/// # Errors
/// Not found where there is no such post.
pub fn said_source(tx: &mut Tx<'_>, post: PostId) -> Result<(String, String)> {
    posts::table
        .inner_join(threads::table)
        .filter(posts::id.eq(post))
        .select((threads::title, posts::body_source))
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

/// Did its own author take this post from sight?
///
/// # Errors
/// Not found where there is no such post.
pub fn taken_by_author(tx: &mut Tx<'_>, post: PostId) -> Result<bool> {
    let (row, _, _) = find_post(tx, post)?;
    Ok(row.state != PostState::Visible && row.state_by.is_some() && row.state_by == row.author)
}

/// Is there no post left in this thread that could be seen?
///
/// # Errors
/// Not found where there is no such thread.
pub fn nothing_left(tx: &mut Tx<'_>, thread: ThreadId) -> Result<bool> {
    let left: i64 = threads::table
        .find(thread)
        .select(threads::post_count)
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    Ok(left == 0)
}

/// How many visible posts a member has, counted up to `most`.
///
/// # Errors
/// A fault where the database fails.
pub fn visible_posts_of(tx: &mut Tx<'_>, member: MemberId, most: i64) -> Result<i64> {
    let ids: Vec<PostId> = posts::table
        .filter(posts::author_id.eq(member))
        .filter(posts::state.eq(PostState::Visible))
        .limit(most)
        .select(posts::id)
        .load(tx.conn)?;
    Ok(ids.len() as i64)
}

/// Gives a post that is hidden already another reason.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal where the actor does not moderate there.
pub fn explain_hidden(tx: &mut Tx<'_>, actor: &Actor, post: PostId, reason: &str) -> Result<()> {
    let (_, _, law) = find_post(tx, post)?;
    actor.may(&Action::HidePost(&law))?;
    let reason: String = reason.trim().chars().take(NOTE_CHARS).collect();
    diesel::update(
        posts::table
            .find(post)
            .filter(posts::state.eq(PostState::Hidden)),
    )
    .set((
        posts::state_reason.eq(Some(reason)),
        posts::state_by.eq(actor.id()),
    ))
    .execute(tx.conn)?;
    Ok(())
}

/// Which of these posts and threads stand in categories that everybody may see.
///
/// # Errors
/// A fault where the database fails.
pub fn public_among(
    tx: &mut Tx<'_>,
    of_posts: &[PostId],
    of_threads: &[ThreadId],
) -> Result<(HashSet<PostId>, HashSet<ThreadId>)> {
    let seen = places(tx)?.sight(&Actor::Guest).categories;
    among(tx, &seen, of_posts, of_threads)
}

/// Which of these posts and threads stand where the actor moderates; two questions, however many there are.
///
/// # Errors
/// A fault where the database fails.
pub fn moderated_among(
    tx: &mut Tx<'_>,
    actor: &Actor,
    of_posts: &[PostId],
    of_threads: &[ThreadId],
) -> Result<(HashSet<PostId>, HashSet<ThreadId>)> {
    let seen = places(tx)?.sight(actor).moderated;
    among(tx, &seen, of_posts, of_threads)
}

fn among(
    tx: &mut Tx<'_>,
    seen: &[CategoryId],
    of_posts: &[PostId],
    of_threads: &[ThreadId],
) -> Result<(HashSet<PostId>, HashSet<ThreadId>)> {
    let found: Vec<PostId> = posts::table
        .inner_join(threads::table)
        .filter(posts::id.eq_any(of_posts))
        .filter(threads::category_id.eq_any(seen))
        .select(posts::id)
        .load(tx.conn)?;
    let more: Vec<ThreadId> = threads::table
        .filter(threads::id.eq_any(of_threads))
        .filter(threads::category_id.eq_any(seen))
        .select(threads::id)
        .load(tx.conn)?;
    Ok((found.into_iter().collect(), more.into_iter().collect()))
}
