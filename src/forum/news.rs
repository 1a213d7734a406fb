//! What was said in a thread after a number, counted. Reads only.

use diesel::prelude::*;

use super::facts::find_thread;
use super::path::post_anchor_path;
use crate::db::Tx;
use crate::db::schema::{posts, threads};
use crate::kit::Result;
use crate::kit::ids::ThreadId;
use crate::members;
use crate::policy::{Action, Actor, PostState};

/// More new posts are not counted.
const COUNTED: i64 = 100;

/// What was said after a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Visible posts after it, neither the reader's own nor by whom the reader ignores, counted up to a hundred.
    pub count: i64,
    /// The number of the last of them; the number itself where there is none.
    pub last: i64,
    /// Where the first of them stands.
    pub path: String,
}

/// What others said in a thread after this number.
///
/// # Errors
/// Not found where the thread is not the actor's to see.
pub fn news_of(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId, after: i64) -> Result<News> {
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::SeeThread(&law))?;
    let mut query = posts::table
        .filter(posts::thread_id.eq(thread))
        .filter(posts::number.gt(after))
        .filter(posts::state.eq(PostState::Visible))
        .order(posts::number)
        .limit(COUNTED)
        .select(posts::number)
        .into_boxed::<<crate::db::Conn as diesel::Connection>::Backend>();
    if let Some(me) = actor.id() {
        let mut silent = members::ignored_ids(tx, me)?;
        silent.push(me);
        query = query.filter(
            posts::author_id
                .is_null()
                .or(posts::author_id.ne_all(silent)),
        );
    }
    let numbers: Vec<i64> = query.load(tx.conn)?;
    let first = numbers.first().copied().unwrap_or(after);
    Ok(News {
        count: numbers.len() as i64,
        last: numbers.last().copied().unwrap_or(after),
        path: post_anchor_path(&row.slug, thread, first),
    })
}

/// The last visible numbers of these threads, for whoever asks the law before telling them.
///
/// # Errors
/// A fault where the database fails.
pub fn last_numbers(tx: &mut Tx<'_>, ids: &[ThreadId]) -> Result<Vec<(ThreadId, i64)>> {
    Ok(threads::table
        .filter(threads::id.eq_any(ids))
        .select((threads::id, threads::last_post_number))
        .load(tx.conn)?)
}
