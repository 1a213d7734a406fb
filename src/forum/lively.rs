//! What was talked about lately, weighed for rooms above: who took part, what was saved, what was answered, who spoke
//! for the first time. Reads only; a constant number of queries, over threads of places that are open to everybody and
//! to nomination.

use std::collections::{HashMap, HashSet};

use diesel::dsl::{count, exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::list::CategoryTag;
use super::overview;
use super::path::{post_path, thread_path};
use super::places::places;
use crate::content;
use crate::db::Tx;
use crate::db::schema::{posts, threads};
use crate::kit::ids::{CategoryId, MemberId, PostId, ThreadId};
use crate::kit::{At, Result};
use crate::policy::PostState;

/// Of a very long thread only so many of its last posts are looked at.
const LAST_POSTS: i64 = 2_000;
/// Most saved posts that are looked at.
const SAVED: i64 = 5_000;
/// Characters of a post that are shown.
const WORDS: usize = 200;

/// A thread in which something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lively {
    /// Which one.
    pub thread: ThreadId,
    /// Where it stands.
    pub category: CategoryId,
    /// The post to begin with: the one saved most, else the answer, else the first.
    pub post: PostId,
    /// Different people who wrote in it since then.
    pub participants: i64,
    /// How often posts of it were saved.
    pub saved: i64,
    /// One reply is marked as the answer.
    pub solved: bool,
    /// People who wrote in it since then and had never written here before.
    pub first_voices: i64,
}

type ThreadRow = (ThreadId, Option<CategoryId>, Option<PostId>, Option<PostId>);

diesel::alias!(posts as earlier: Earlier);

/// The `most` threads that were last active, none quiet since `since`.
///
/// # Errors
/// A fault where the database fails.
pub fn lively(tx: &mut Tx<'_>, since: At, most: i64) -> Result<Vec<Lively>> {
    let open: Vec<CategoryId> = places(tx)?
        .iter()
        .filter(|c| c.facts.is_public() && c.facts.nominable)
        .map(|c| c.id)
        .collect();
    let rows: Vec<ThreadRow> = threads::table
        .filter(threads::state.eq(PostState::Visible))
        .filter(threads::unlisted.eq(false))
        .filter(threads::last_post_at.ge(since))
        .filter(threads::category_id.eq_any(open))
        .order((threads::last_post_at.desc(), threads::id.desc()))
        .limit(most)
        .select((
            threads::id,
            threads::category_id,
            threads::answer_post_id,
            threads::first_post_id,
        ))
        .load(tx.conn)?;
    let ids: Vec<ThreadId> = rows.iter().map(|row| row.0).collect();
    let people: HashMap<ThreadId, i64> = posts::table
        .inner_join(threads::table)
        .filter(posts::thread_id.eq_any(&ids))
        .filter(posts::number.gt(threads::post_counter - LAST_POSTS))
        .filter(posts::state.eq(PostState::Visible))
        .filter(posts::created_at.ge(since))
        .group_by(posts::thread_id)
        .select((
            posts::thread_id,
            count(posts::author_id).aggregate_distinct(),
        ))
        .load::<(ThreadId, i64)>(tx.conn)?
        .into_iter()
        .collect();
    let saves: Vec<(ThreadId, PostId, i64)> = posts::table
        .filter(posts::thread_id.eq_any(&ids))
        // The number stands in the text, so that the index over saved posts is found.
        .filter(sql::<Bool>("posts.bookmark_count > 0"))
        .filter(posts::state.eq(PostState::Visible))
        .order((posts::bookmark_count.desc(), posts::id))
        .limit(SAVED)
        .select((posts::thread_id, posts::id, posts::bookmark_count))
        .load(tx.conn)?;
    let newcomers = first_voices(tx, &ids, since)?;
    let found = rows
        .into_iter()
        .filter_map(|(thread, category, answer, first)| {
            let mine = || saves.iter().filter(|(of, _, _)| *of == thread);
            let most_saved = mine().next().map(|(_, post, _)| *post);
            Some(Lively {
                thread,
                category: category?,
                post: most_saved.or(answer).or(first)?,
                participants: people.get(&thread).copied().unwrap_or(0),
                saved: mine().map(|(_, _, times)| times).sum(),
                solved: answer.is_some(),
                first_voices: newcomers.get(&thread).copied().unwrap_or(0),
            })
        });
    Ok(found.collect())
}

/// How many spoke in each thread who had said nothing before: their earliest post is young, which one step into the
/// index by author tells.
fn first_voices(tx: &mut Tx<'_>, ids: &[ThreadId], since: At) -> Result<HashMap<ThreadId, i64>> {
    let before = earlier
        .filter(earlier.field(posts::author_id).eq(posts::author_id))
        .filter(earlier.field(posts::created_at).lt(since));
    let rows: Vec<(ThreadId, i64)> = posts::table
        .inner_join(threads::table)
        .filter(posts::thread_id.eq_any(ids))
        .filter(posts::number.gt(threads::post_counter - LAST_POSTS))
        .filter(posts::state.eq(PostState::Visible))
        .filter(posts::created_at.ge(since))
        .filter(posts::author_id.is_not_null())
        .filter(not(exists(before)))
        .group_by(posts::thread_id)
        .select((
            posts::thread_id,
            count(posts::author_id).aggregate_distinct(),
        ))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// A thread as rooms above show it in a list of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadLine {
    /// Its title.
    pub title: String,
    /// Its address.
    pub path: String,
    /// Where it stands.
    pub category: CategoryTag,
    /// Everybody may read it, and its words may be nominated.
    pub open: bool,
}

/// These threads, in two queries.
///
/// # Errors
/// A fault where the database fails.
pub fn thread_lines(tx: &mut Tx<'_>, ids: &[ThreadId]) -> Result<HashMap<ThreadId, ThreadLine>> {
    let places = places(tx)?;
    let rows: Vec<(ThreadId, String, String, Option<CategoryId>, PostState)> = threads::table
        .filter(threads::id.eq_any(ids))
        .select((
            threads::id,
            threads::title,
            threads::slug,
            threads::category_id,
            threads::state,
        ))
        .load(tx.conn)?;
    let line = |(id, title, slug, category, state): (ThreadId, String, String, _, _)| {
        let category = places.seek(category?)?;
        let facts = &category.facts;
        let line = ThreadLine {
            path: thread_path(&slug, id),
            title,
            category: overview::tag(category),
            open: state == PostState::Visible && facts.is_public() && facts.nominable,
        };
        Some((id, line))
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// A post as rooms above show it in a list of their own. Says nothing of who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostLine {
    /// Who wrote it.
    pub author: Option<MemberId>,
    /// Its permalink.
    pub path: String,
    /// Its first words; empty unless it is visible.
    pub words: String,
}

/// These posts, in one query.
///
/// # Errors
/// A fault where the database fails.
pub fn post_lines(tx: &mut Tx<'_>, ids: &[PostId]) -> Result<HashMap<PostId, PostLine>> {
    type Row = (
        PostId,
        Option<MemberId>,
        i64,
        String,
        PostState,
        ThreadId,
        String,
    );
    let rows: Vec<Row> = posts::table
        .inner_join(threads::table)
        .filter(posts::id.eq_any(ids))
        .select((
            posts::id,
            posts::author_id,
            posts::number,
            posts::body_html,
            posts::state,
            threads::id,
            threads::slug,
        ))
        .load(tx.conn)?;
    let line = |(id, author, number, html, state, thread, slug): Row| {
        let words = match state {
            PostState::Visible => content::open_summary(&html, WORDS),
            PostState::Hidden | PostState::Deleted => String::new(),
        };
        let path = post_path(&slug, thread, number);
        (
            id,
            PostLine {
                author,
                path,
                words,
            },
        )
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The post with this number in a thread, wherever its address leads; or nothing.
///
/// # Errors
/// A fault where the database fails.
pub fn seek_post(tx: &mut Tx<'_>, thread: ThreadId, number: i64) -> Result<Option<PostId>> {
    use crate::db::schema::post_addresses;
    Ok(post_addresses::table
        .find((thread, number))
        .select(post_addresses::post_id)
        .first(tx.conn)
        .optional()?)
}

/// The posts right before and right after one in its thread, visible ones only: their plain text and authors.
///
/// # Errors
/// A fault where the database fails.
pub fn neighbours(
    tx: &mut Tx<'_>,
    thread: ThreadId,
    number: i64,
) -> Result<(Option<Neighbour>, Option<Neighbour>)> {
    let around = || {
        posts::table
            .filter(posts::thread_id.eq(thread))
            .filter(posts::state.eq(PostState::Visible))
    };
    let columns = (posts::number, posts::author_id, posts::body_text);
    let before: Option<(i64, Option<MemberId>, String)> = around()
        .filter(posts::number.lt(number))
        .order(posts::number.desc())
        .select(columns)
        .first(tx.conn)
        .optional()?;
    let after: Option<(i64, Option<MemberId>, String)> = around()
        .filter(posts::number.gt(number))
        .order(posts::number)
        .select(columns)
        .first(tx.conn)
        .optional()?;
    let neighbour = |(number, author, text): (i64, Option<MemberId>, String)| Neighbour {
        number,
        author,
        words: content::summary(&text, 600),
    };
    Ok((before.map(neighbour), after.map(neighbour)))
}

/// A post beside another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its number.
    pub number: i64,
    /// Who wrote it; `None` once erased.
    pub author: Option<MemberId>,
    /// Its first words.
    pub words: String,
}

/// Everybody who wrote in these threads, 500 people at most.
///
/// # Errors
/// A fault where the database fails.
pub fn participants(tx: &mut Tx<'_>, ids: &[ThreadId]) -> Result<Vec<MemberId>> {
    let found: Vec<Option<MemberId>> = posts::table
        .filter(posts::thread_id.eq_any(ids))
        .select(posts::author_id)
        .distinct()
        .limit(500)
        .load(tx.conn)?;
    Ok(found.into_iter().flatten().collect())
}

/// How far the community has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Visible threads that everybody may read.
    pub threads: i64,
    /// Visible posts in them.
    pub posts: i64,
    /// When the first of them was started.
    pub since: Option<At>,
}

/// Counted from the categories' own counters.
///
/// # Errors
/// A fault where the database fails.
pub fn totals(tx: &mut Tx<'_>) -> Result<Totals> {
    let places = places(tx)?;
    let public = || places.iter().filter(|c| c.facts.is_public());
    let since: Option<At> = threads::table
        .filter(threads::state.eq(PostState::Visible))
        .order((threads::created_at, threads::id))
        .select(threads::created_at)
        .first(tx.conn)
        .optional()?;
    Ok(Totals {
        threads: public().map(|c| c.thread_count).sum(),
        posts: public().map(|c| c.post_count).sum(),
        since,
    })
}

/// The thread that was the `n`th (from 1) that everybody may read, and when it was started. It walks `n` rows: for
/// counts that are reached once.
///
/// # Errors
/// A fault where the database fails.
pub fn nth_thread(tx: &mut Tx<'_>, n: i64) -> Result<Option<(ThreadId, At)>> {
    let public: Vec<CategoryId> = places(tx)?
        .iter()
        .filter(|c| c.facts.is_public())
        .map(|c| c.id)
        .collect();
    Ok(threads::table
        .filter(threads::state.eq(PostState::Visible))
        .filter(threads::category_id.eq_any(public))
        .order((threads::created_at, threads::id))
        .offset(n - 1)
        .limit(1)
        .select((threads::id, threads::created_at))
        .first(tx.conn)
        .optional()?)
}

/// Who wrote the last `most` posts of all.
///
/// # Errors
/// A fault where the database fails.
pub fn recent_authors(tx: &mut Tx<'_>, most: i64) -> Result<HashSet<MemberId>> {
    let found: Vec<Option<MemberId>> = posts::table
        .order(posts::id.desc())
        .limit(most)
        .select(posts::author_id)
        .load(tx.conn)?;
    Ok(found.into_iter().flatten().collect())
}
