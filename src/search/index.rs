//! What stands in the index, kept in the same transaction as what it stands for.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::words::{symbols, words};
use crate::db::schema::{search_posts, search_progress, search_tags, search_threads};
use crate::db::{Conn, Tx};
use crate::each_backend;
use crate::kit::ids::{CategoryId, MemberId, PostId, TagId, ThreadId};
use crate::kit::{At, Result};
use crate::policy::PostState;

/// The kind of the job that fills the index with what was written before it was there.
pub const REINDEX: &str = "search.reindex";

/// Changes when words are cut otherwise, so that everything is indexed again.
const VERSION: i64 = 1;
/// Positions in a `tsvector` go no further; what stands behind stands at the end.
const MOST_POSITION: usize = 16_383;
/// A `tsvector` takes so many positions of one word.
const MOST_PLACES: usize = 255;

/// A post as the index knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostEntry<'t> {
    /// Which one.
    pub id: PostId,
    /// Where it stands.
    pub thread: ThreadId,
    /// Its number there.
    pub number: i64,
    /// Who wrote it.
    pub author: Option<MemberId>,
    /// What is to be seen of it.
    pub state: PostState,
    /// When it was written.
    pub at: At,
    /// The title of its thread, at the post that began it; else empty.
    pub title: &'t str,
    /// Its plain text.
    pub text: &'t str,
}

/// A thread as the index knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadEntry {
    /// Which one.
    pub id: ThreadId,
    /// Where it stands; nowhere, and nobody finds it.
    pub category: Option<CategoryId>,
    /// Who started it.
    pub author: Option<MemberId>,
    /// What is to be seen of it.
    pub state: PostState,
    /// A reply is marked as the answer.
    pub solved: bool,
    /// What it is found by.
    pub tags: Vec<TagId>,
}

/// Puts a post into the index, in place of what stood there of it.
///
/// # Errors
/// A fault where the database fails.
pub fn put_post(tx: &mut Tx<'_>, post: &PostEntry<'_>) -> Result<()> {
    let row = (
        search_posts::post_id.eq(post.id),
        search_posts::thread_id.eq(post.thread),
        search_posts::number.eq(post.number),
        search_posts::author_id.eq(post.author),
        search_posts::state.eq(post.state),
        search_posts::at.eq(post.at),
    );
    each_backend!(&mut *tx.conn, conn => {
        diesel::insert_into(search_posts::table)
            .values(row)
            .on_conflict(search_posts::post_id)
            .do_update()
            .set((
                search_posts::thread_id.eq(post.thread),
                search_posts::number.eq(post.number),
                search_posts::author_id.eq(post.author),
                search_posts::state.eq(post.state),
                search_posts::at.eq(post.at),
            ))
            .execute(conn)?
    });
    match &mut *tx.conn {
        Conn::Sqlite(conn) => {
            diesel::sql_query("DELETE FROM search_words WHERE rowid = ?")
                .bind::<BigInt, _>(post.id.0)
                .execute(conn)?;
            diesel::sql_query("INSERT INTO search_words (rowid, title, body) VALUES (?, ?, ?)")
                .bind::<BigInt, _>(post.id.0)
                .bind::<Text, _>(spaced(post.title))
                .bind::<Text, _>(spaced(post.text))
                .execute(conn)?;
        }
        Conn::Postgres(conn) => {
            diesel::sql_query(
                "INSERT INTO search_words (post_id, words) VALUES ($1, $2::tsvector) \
                 ON CONFLICT (post_id) DO UPDATE SET words = excluded.words",
            )
            .bind::<BigInt, _>(post.id.0)
            .bind::<Text, _>(vector(post.title, post.text))
            .execute(conn)?;
        }
    }
    Ok(())
}

/// A post was taken from sight or came back.
///
/// # Errors
/// A fault where the database fails.
pub fn set_post_state(tx: &mut Tx<'_>, post: PostId, state: PostState) -> Result<()> {
    diesel::update(search_posts::table.find(post))
        .set(search_posts::state.eq(state))
        .execute(tx.conn)?;
    Ok(())
}

/// Puts a thread into the index, in place of what stood there of it.
///
/// # Errors
/// A fault where the database fails.
pub fn put_thread(tx: &mut Tx<'_>, thread: &ThreadEntry) -> Result<()> {
    let row = (
        search_threads::thread_id.eq(thread.id),
        search_threads::category_id.eq(thread.category),
        search_threads::author_id.eq(thread.author),
        search_threads::state.eq(thread.state),
        search_threads::solved.eq(thread.solved),
    );
    each_backend!(&mut *tx.conn, conn => {
        diesel::insert_into(search_threads::table)
            .values(row)
            .on_conflict(search_threads::thread_id)
            .do_update()
            .set((
                search_threads::category_id.eq(thread.category),
                search_threads::author_id.eq(thread.author),
                search_threads::state.eq(thread.state),
                search_threads::solved.eq(thread.solved),
            ))
            .execute(conn)?
    });
    diesel::delete(search_tags::table.filter(search_tags::thread_id.eq(thread.id)))
        .execute(tx.conn)?;
    for tag in &thread.tags {
        diesel::insert_into(search_tags::table)
            .values((
                search_tags::thread_id.eq(thread.id),
                search_tags::tag_id.eq(*tag),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// How far the filling has come: the last post that was put in, or nothing where all of them were.
///
/// # Errors
/// A fault where the database fails.
pub fn progress(tx: &mut Tx<'_>) -> Result<Option<PostId>> {
    let row: Option<(i64, bool, i64)> = search_progress::table
        .select((
            search_progress::version,
            search_progress::done,
            search_progress::last_post_id,
        ))
        .first(tx.conn)
        .optional()?;
    Ok(match row {
        Some((VERSION, true, _)) => None,
        Some((VERSION, false, last)) => Some(PostId(last)),
        Some(_) | None => Some(PostId(0)),
    })
}

/// Notes how far the filling has come; `done` where there is no more.
///
/// # Errors
/// A fault where the database fails.
pub fn reached(tx: &mut Tx<'_>, last: PostId, done: bool) -> Result<()> {
    diesel::delete(search_progress::table).execute(tx.conn)?;
    diesel::insert_into(search_progress::table)
        .values((
            search_progress::id.eq(1_i64),
            search_progress::version.eq(VERSION),
            search_progress::done.eq(done),
            search_progress::last_post_id.eq(last.0),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Everything is to be put in again, from the first post on. What stands there is found meanwhile.
///
/// # Errors
/// A fault where the database fails.
pub fn begin_again(tx: &mut Tx<'_>) -> Result<()> {
    reached(tx, PostId(0), false)
}

/// The words of a text as FTS5 takes them.
fn spaced(text: &str) -> String {
    let mut all = String::with_capacity(text.len() + text.len() / 4);
    let symbols = symbols(text, false);
    for word in words(text).iter().map(|word| &word.folded).chain(&symbols) {
        all.push_str(word);
        all.push(' ');
    }
    all
}

/// The words of a title and a text as `tsvector` takes them: quoted, with their places, titles weighing more.
fn vector(title: &str, text: &str) -> String {
    let mut places: std::collections::BTreeMap<String, Vec<String>> =
        std::collections::BTreeMap::new();
    let mut at = 0_usize;
    for (part, weight) in [(title, "A"), (text, "")] {
        let symbols = symbols(part, false);
        for word in words(part)
            .into_iter()
            .map(|word| word.folded)
            .chain(symbols)
        {
            at = (at + 1).min(MOST_POSITION);
            let known = places.entry(word).or_default();
            if known.len() < MOST_PLACES {
                known.push(format!("{at}{weight}"));
            }
        }
        // A phrase does not go from the title into the text.
        at = (at + 2).min(MOST_POSITION);
    }
    let mut all = String::new();
    for (word, at) in places {
        all.push('\'');
        all.push_str(&word);
        all.push_str("':");
        all.push_str(&at.join(","));
        all.push(' ');
    }
    all
}
