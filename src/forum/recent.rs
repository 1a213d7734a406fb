//! What one member said lately, as far as the reader sees it. Reads only.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::Serialize;

use super::list::CategoryTag;
use super::overview;
use super::path::post_path;
use super::places::places;
use super::seen::{posts_seen, threads_seen};
use crate::content;
use crate::db::Tx;
use crate::db::schema::{posts, reactions, threads};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, MemberId, PostId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::policy::{Actor, PostState};

/// Characters of a post that are shown.
const WORDS: usize = 240;

/// A post in a member's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecentPost {
    /// Which one.
    pub id: PostId,
    /// Its permalink.
    pub path: String,
    /// Its thread's title.
    pub title: String,
    /// It began the thread.
    pub started: bool,
    /// Where the thread stands.
    pub category: CategoryTag,
    /// Its first words.
    pub words: String,
    /// When it was written.
    pub at: At,
}

type Row = (
    PostId,
    i64,
    String,
    At,
    ThreadId,
    String,
    String,
    Option<CategoryId>,
);

/// What a member said, newest first, and where the next page begins. Only what is visible: what was taken from sight
/// is nobody's to find in a list.
///
/// # Errors
/// Unreadable where the cursor is not ours.
pub fn recent_posts(
    tx: &mut Tx<'_>,
    actor: &Actor,
    author: MemberId,
    after: Option<&str>,
    most: i64,
) -> Result<(Vec<RecentPost>, Option<String>)> {
    recent(tx, actor, author, 1, after, most)
}

/// The threads a member started, newest first, and where the next page begins.
///
/// # Errors
/// As [`recent_posts`].
pub fn recent_threads(
    tx: &mut Tx<'_>,
    actor: &Actor,
    author: MemberId,
    after: Option<&str>,
    most: i64,
) -> Result<(Vec<RecentPost>, Option<String>)> {
    recent(tx, actor, author, 0, after, most)
}

/// What a member did, in figures, as far as this reader sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Threads started.
    pub threads: i64,
    /// Posts written, those that began a thread among them.
    pub posts: i64,
    /// How often others answered the posts without words.
    pub received: i64,
    /// How often the member did so.
    pub given: i64,
}

/// What a member did, in figures: of what this reader may not see, nothing is counted.
///
/// # Errors
/// A fault where the database fails.
pub fn figures(tx: &mut Tx<'_>, actor: &Actor, member: MemberId) -> Result<Figures> {
    let sight = places(tx)?.sight(actor);
    let (threads, posts) = posts::table
        .inner_join(threads::table)
        .filter(posts::author_id.eq(member))
        .filter(posts::state.eq(PostState::Visible))
        .filter(threads::state.eq(PostState::Visible))
        .filter(threads::unlisted.eq(false))
        .filter(threads_seen(&sight))
        .select((
            sql::<BigInt>("COUNT(CASE WHEN posts.number = 1 THEN 1 END)"),
            sql::<BigInt>("COUNT(*)"),
        ))
        .first::<(i64, i64)>(tx.conn)?;
    let received = reactions::table
        .inner_join(posts::table.on(posts::id.eq(reactions::post_id)))
        .inner_join(threads::table.on(threads::id.eq(posts::thread_id)))
        .filter(posts::author_id.eq(member))
        .filter(posts::state.eq(PostState::Visible))
        .filter(threads_seen(&sight))
        .count()
        .get_result(tx.conn)?;
    let given = reactions::table
        .inner_join(posts::table.on(posts::id.eq(reactions::post_id)))
        .inner_join(threads::table.on(threads::id.eq(posts::thread_id)))
        .filter(reactions::member_id.eq(member))
        .filter(posts::state.eq(PostState::Visible))
        .filter(threads_seen(&sight))
        .count()
        .get_result(tx.conn)?;
    Ok(Figures {
        threads,
        posts,
        received,
        given,
    })
}

/// What a member said; `replies` is 0 for what began a thread, 1 for all of it.
fn recent(
    tx: &mut Tx<'_>,
    actor: &Actor,
    author: MemberId,
    replies: i64,
    after: Option<&str>,
    most: i64,
) -> Result<(Vec<RecentPost>, Option<String>)> {
    let last = if replies == 0 { 1 } else { i64::MAX };
    let before = Cursor::below(after)?;
    let most = most.clamp(1, 100);
    let places = places(tx)?;
    let sight = places.sight(actor);
    let mut rows: Vec<Row> = posts::table
        .inner_join(threads::table)
        .filter(posts::author_id.eq(author))
        .filter(posts::id.lt(before))
        .filter(posts::number.le(last))
        .filter(posts::state.eq(PostState::Visible))
        .filter(threads::state.eq(PostState::Visible))
        .filter(threads::unlisted.eq(false))
        .filter(threads_seen(&sight))
        .filter(posts_seen(&sight))
        .order(posts::id.desc())
        .limit(most + 1)
        .select((
            posts::id,
            posts::number,
            posts::body_html,
            posts::created_at,
            threads::id,
            threads::title,
            threads::slug,
            threads::category_id,
        ))
        .load(tx.conn)?;
    let next = Cursor::turn(&mut rows, most, |row| Cursor::one(row.0.0)).map(|next| next.encode());
    let found = rows
        .into_iter()
        .map(|(id, number, html, at, thread, title, slug, category)| {
            Ok(RecentPost {
                id,
                path: post_path(&slug, thread, number),
                title,
                started: number == 1,
                category: overview::tag(places.find(category.or_not_found()?)?),
                words: content::open_summary(&html, WORDS),
                at,
            })
        })
        .collect::<Result<_>>()?;
    Ok((found, next))
}
