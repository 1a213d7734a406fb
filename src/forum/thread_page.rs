//! One page of a thread: the numbers 20(k−1)+1 … 20k, gaps and all. Reads only.
//!
//! Five queries: categories, the thread, its tags, its posts with what they answer, the people.

use diesel::prelude::*;
use serde::Serialize;

use super::facts::find_post;
use super::limits::PER_PAGE;
use super::path::page_of;
use super::post_view::{self, PostView};
use super::thread_view::{self, ThreadView};
use crate::db::Tx;
use crate::db::schema::{post_addresses, posts, threads};
use crate::kit::ids::{PostId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor};

/// A page of a thread as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThreadPage {
    /// The thread.
    pub thread: ThreadView,
    /// Which page, counted from 1.
    pub page: i64,
    /// How many there are.
    pub pages: i64,
    /// Its posts, by number.
    pub posts: Vec<PostView>,
}

/// Where a post stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Its thread.
    pub thread: ThreadId,
    /// The decorative part of the thread's address.
    pub slug: String,
    /// Its number.
    pub number: i64,
}

/// Reads a page of a thread.
///
/// # Errors
/// Not found where the thread is not the actor's to see or has no such page.
pub fn thread_page(tx: &mut Tx<'_>, actor: &Actor, id: ThreadId, page: i64) -> Result<ThreadPage> {
    let mut heading = thread_view::heading(tx, actor, id)?;
    let pages = page_of(heading.view.counter);
    if page < 1 || page > pages {
        return Err(Refusal::NotFound.into());
    }
    let last = page * PER_PAGE;
    let rows = post_view::rows(tx, actor.id(), id, last - PER_PAGE + 1, last, PER_PAGE)?;
    let posts = post_view::views(tx, actor, &mut heading, rows)?;
    Ok(ThreadPage {
        thread: heading.view,
        page,
        pages,
        posts,
    })
}

/// The posts of a thread after a number, those that the actor sees, and the number after which the next ones stand.
///
/// # Errors
/// Not found where the thread is not the actor's to see.
pub fn posts_after(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ThreadId,
    after: i64,
    most: i64,
) -> Result<(ThreadView, Vec<PostView>, Option<i64>)> {
    let mut heading = thread_view::heading(tx, actor, id)?;
    let most = most.clamp(1, 100);
    let mut rows = post_view::rows(
        tx,
        actor.id(),
        id,
        after.saturating_add(1),
        i64::MAX,
        most + 1,
    )?;
    let more = rows.len() > usize::try_from(most).unwrap_or(usize::MAX);
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|row| row.0.number);
    let mut posts = post_view::views(tx, actor, &mut heading, rows)?;
    posts.retain(|post| !post.gone);
    Ok((heading.view, posts, next))
}

/// One post with its thread's heading.
///
/// # Errors
/// Not found where the post is not the actor's to see.
pub fn post(tx: &mut Tx<'_>, actor: &Actor, id: PostId) -> Result<(ThreadView, PostView)> {
    let (thread, number): (ThreadId, i64) = posts::table
        .find(id)
        .select((posts::thread_id, posts::number))
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    let mut heading = thread_view::heading(tx, actor, thread)?;
    let rows = post_view::rows(tx, actor.id(), thread, number, number, 1)?;
    let views = post_view::views(tx, actor, &mut heading, rows)?;
    let view = views.into_iter().find(|view| !view.gone);
    Ok((heading.view, view.or_not_found()?))
}

/// Where the post with this id stands.
///
/// # Errors
/// Not found where the post is not the actor's to see.
pub fn spot(tx: &mut Tx<'_>, actor: &Actor, id: PostId) -> Result<Spot> {
    let (row, thread, law) = find_post(tx, id)?;
    // Whoever took a post away finds the gap it left.
    if row.state_by.is_some() && row.state_by == row.author && actor.id() == row.author {
        actor.may(&Action::SeeThread(&law.thread))?;
    } else {
        actor.may(&Action::SeePost(&law))?;
    }
    Ok(Spot {
        thread: thread.id,
        slug: thread.slug,
        number: row.number,
    })
}

/// Where a permalink leads: an address that was ever given leads to its post for ever, wherever that stands now. A
/// number whose post is gone leads to its gap.
///
/// # Errors
/// Not found where the thread is not the actor's to see or never gave that number.
pub fn address(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId, number: i64) -> Result<Spot> {
    let (home, slug, number): (ThreadId, String, i64) = post_addresses::table
        .inner_join(posts::table.inner_join(threads::table))
        .filter(post_addresses::thread_id.eq(thread))
        .filter(post_addresses::number.eq(number))
        .select((threads::id, threads::slug, posts::number))
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    let law = super::thread_facts(tx, home)?;
    actor.may(&Action::SeeThread(&law))?;
    Ok(Spot {
        thread: home,
        slug,
        number,
    })
}
