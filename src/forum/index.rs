//! What the search index holds of a thread or a post: always what their rows say, written in the same transaction.

use std::borrow::Cow;
use std::collections::HashMap;

use diesel::prelude::*;

use super::poll::poll_lines;
use crate::db::schema::{posts, thread_tags, threads};
use crate::db::{Tx, jobs};
use crate::kit::ids::{CategoryId, MemberId, PostId, TagId, ThreadId};
use crate::kit::{At, Result};
use crate::policy::PostState;
use crate::search::{self, PostEntry, ThreadEntry};

/// Posts that are put in one go: within the 50 ms that a write may take.
const HANDFUL: i64 = 50;

type PostRow = (
    PostId,
    ThreadId,
    i64,
    Option<MemberId>,
    PostState,
    At,
    String,
    String,
);

/// Puts a post in as it is now.
pub(super) fn post(tx: &mut Tx<'_>, id: PostId) -> Result<()> {
    let row: PostRow = posts::table
        .inner_join(threads::table)
        .filter(posts::id.eq(id))
        .select(columns())
        .first(tx.conn)?;
    put_all(tx, std::slice::from_ref(&row))
}

/// Puts a thread in as it is now.
pub(super) fn thread(tx: &mut Tx<'_>, id: ThreadId) -> Result<()> {
    let (category, author, state, answer, unlisted): (
        Option<CategoryId>,
        Option<MemberId>,
        PostState,
        Option<PostId>,
        bool,
    ) = threads::table
        .find(id)
        .select((
            threads::category_id,
            threads::author_id,
            threads::state,
            threads::answer_post_id,
            threads::unlisted,
        ))
        .first(tx.conn)?;
    let tags: Vec<TagId> = thread_tags::table
        .filter(thread_tags::thread_id.eq(id))
        .select(thread_tags::tag_id)
        .load(tx.conn)?;
    let entry = ThreadEntry {
        id,
        // What is off the lists is found by nobody.
        category: category.filter(|_| !unlisted),
        author,
        state,
        solved: answer.is_some(),
        tags,
    };
    search::put_thread(tx, &entry)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        posts::id,
        posts::thread_id,
        posts::number,
        posts::author_id,
        posts::state,
        posts::created_at,
        threads::title,
        posts::body_text,
    )
}

/// What a poll asks and offers is found with the post it stands under.
fn put_all(tx: &mut Tx<'_>, rows: &[PostRow]) -> Result<()> {
    let first: Vec<PostId> = rows
        .iter()
        .filter(|row| row.2 == 1)
        .map(|row| row.0)
        .collect();
    let polls = if first.is_empty() {
        HashMap::new()
    } else {
        poll_lines(tx, &first)?
    };
    for row in rows {
        let poll = polls.get(&row.0).map_or("", String::as_str);
        put(tx, row, poll)?;
    }
    Ok(())
}

fn put(tx: &mut Tx<'_>, row: &PostRow, poll: &str) -> Result<()> {
    let (id, thread, number, author, state, at, title, text) = row;
    let asked = match poll {
        "" => Cow::Borrowed(text),
        poll => Cow::Owned(format!("{text}\n{poll}")),
    };
    let entry = PostEntry {
        id: *id,
        thread: *thread,
        number: *number,
        author: *author,
        state: *state,
        at: *at,
        title: if *number == 1 { title } else { "" },
        text: &asked,
    };
    search::put_post(tx, &entry)
}

/// Enqueues the job that fills the index, where something is missing in it.
///
/// # Errors
/// A fault where the database fails.
pub fn fill_index_if_needed(tx: &mut Tx<'_>) -> Result<()> {
    if search::progress(tx)?.is_none() {
        return Ok(());
    }
    let now = tx.now();
    jobs::enqueue_at(tx, search::REINDEX, &(), now, Some(search::REINDEX))
}

/// Puts the next handful of posts in, with their threads; how many they were, nought where all are in.
///
/// # Errors
/// A fault where the database fails.
pub fn index_some(tx: &mut Tx<'_>) -> Result<usize> {
    let Some(after) = search::progress(tx)? else {
        return Ok(0);
    };
    let rows: Vec<PostRow> = posts::table
        .inner_join(threads::table)
        .filter(posts::id.gt(after))
        .order(posts::id)
        .limit(HANDFUL)
        .select(columns())
        .load(tx.conn)?;
    let mut of_threads: Vec<ThreadId> = rows.iter().map(|row| row.1).collect();
    of_threads.sort_unstable();
    of_threads.dedup();
    for id in of_threads {
        thread(tx, id)?;
    }
    put_all(tx, &rows)?;
    let last = rows.last().map_or(after, |row| row.0);
    search::reached(tx, last, rows.is_empty())?;
    Ok(rows.len())
}
