//! Saving a post for oneself, and letting it go again. Nobody is shown who saved what: a post only counts its marks, so
//! the log keeps nothing of it either.

use diesel::prelude::*;

use super::facts::find_post;
use crate::db::Tx;
use crate::db::schema::{bookmarks, posts};
use crate::each_backend;
use crate::kit::ids::{MemberId, PostId};
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor};

/// Saves a post for the actor. Saved twice it is saved once.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal where the actor does not take part.
pub fn bookmark(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<()> {
    let (_, _, law) = find_post(tx, post)?;

    actor.may(&Action::React(&law))?;
    let me = actor.id().ok_or(Refusal::SignInFirst)?;

    let now = tx.now();
    let new = each_backend!(tx.conn, c => diesel::insert_into(bookmarks::table)
        .values((
            bookmarks::member_id.eq(me),
            bookmarks::post_id.eq(post),
            bookmarks::created_at.eq(now),
        ))
        .on_conflict((bookmarks::member_id, bookmarks::post_id))
        .do_nothing()
        .execute(c))?;
    counted(tx, post, i64::try_from(new).unwrap_or(0))
}

/// Lets a saved post go. What was not saved stays so; also what is not the actor's to see any more can be let go.
///
/// # Errors
/// Refused to guests and suspended members.
pub fn unbookmark(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<()> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    let gone = diesel::delete(
        bookmarks::table
            .filter(bookmarks::member_id.eq(me))
            .filter(bookmarks::post_id.eq(post)),
    )
    .execute(tx.conn)?;
    counted(tx, post, -i64::try_from(gone).unwrap_or(0))
}

fn counted(tx: &mut Tx<'_>, post: PostId, more: i64) -> Result<()> {
    if more != 0 {
        diesel::update(posts::table.find(post))
            .set(posts::bookmark_count.eq(posts::bookmark_count + more))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// What an erased member had saved goes with them.
pub(super) fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let saved: Vec<PostId> = bookmarks::table
        .filter(bookmarks::member_id.eq(member))
        .select(bookmarks::post_id)
        .load(tx.conn)?;
    for some in saved.chunks(500) {
        diesel::update(posts::table.filter(posts::id.eq_any(some)))
            .set(posts::bookmark_count.eq(posts::bookmark_count - 1))
            .execute(tx.conn)?;
    }
    diesel::delete(bookmarks::table.filter(bookmarks::member_id.eq(member))).execute(tx.conn)?;
    Ok(())
}
