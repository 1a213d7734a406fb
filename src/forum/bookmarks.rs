//! What a member saved. Reads only.

use diesel::prelude::*;
use serde::Serialize;

use super::list::CategoryTag;
use super::overview;
use super::path::post_path;
use super::places::places;
use super::seen::{posts_seen, threads_seen};
use crate::content;
use crate::db::Tx;
use crate::db::schema::{bookmarks, posts, threads};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, MemberId, PostId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Refusal, Result};
use crate::members::{self, Card};
use crate::policy::{Action, Actor};

/// Characters of a post that are shown.
const WORDS: usize = 240;

/// A saved post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Saved {
    /// Which one.
    pub post: PostId,
    /// Its permalink.
    pub path: String,
    /// Its number in the thread.
    pub number: i64,
    /// Its thread's title.
    pub title: String,
    /// Where the thread stands.
    pub category: CategoryTag,
    /// Who wrote it.
    pub author: Card,
    /// Its first words.
    pub words: String,
    /// When it was saved.
    pub at: At,
    /// When its saver is reminded of it.
    pub remind_at: Option<At>,
}

type Row = (
    i64,
    (At, Option<At>),
    PostId,
    i64,
    Option<MemberId>,
    String,
    ThreadId,
    String,
    String,
    Option<CategoryId>,
);

/// What the actor saved and may still see, the latest mark first, and where the next page begins.
///
/// # Errors
/// Refused to guests; unreadable where the cursor is not ours.
pub fn bookmarks_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    after: Option<&str>,
    most: i64,
) -> Result<(Vec<Saved>, Option<String>)> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    let before = Cursor::below(after)?;
    let most = most.clamp(1, 100);
    let places = places(tx)?;
    let sight = places.sight(actor);
    let mut rows: Vec<Row> = bookmarks::table
        .inner_join(posts::table.inner_join(threads::table))
        .filter(bookmarks::member_id.eq(me))
        .filter(bookmarks::id.lt(before))
        .filter(threads_seen(&sight))
        .filter(posts_seen(&sight))
        .order(bookmarks::id.desc())
        .limit(most + 1)
        .select((
            bookmarks::id,
            (bookmarks::created_at, bookmarks::remind_at),
            posts::id,
            posts::number,
            posts::author_id,
            posts::body_html,
            threads::id,
            threads::title,
            threads::slug,
            threads::category_id,
        ))
        .load(tx.conn)?;
    let next = Cursor::turn(&mut rows, most, |row| Cursor::one(row.0)).map(|next| next.encode());
    let people: Vec<MemberId> = rows.iter().filter_map(|row| row.4).collect();
    let cards = members::cards(tx, &people)?;
    let found = rows
        .into_iter()
        .map(
            |(_, (at, remind_at), post, number, author, html, thread, title, slug, category)| {
                let author = author.and_then(|id| cards.get(&id).cloned());
                Ok(Saved {
                    post,
                    path: post_path(&slug, thread, number),
                    number,
                    title,
                    category: overview::tag(places.find(category.or_not_found()?)?),
                    author: author.unwrap_or_else(Card::nobody),
                    words: content::open_summary(&html, WORDS),
                    at,
                    remind_at,
                })
            },
        )
        .collect::<Result<_>>()?;
    Ok((found, next))
}
