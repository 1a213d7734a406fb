//! Replying in a thread.

use diesel::prelude::*;

use super::facts::find_thread;
use super::words::Words;
use super::write_post::{self, Place};
use super::{counters, draft, facts, index, keep_thread, pace, path, read_marks};
use crate::db::Tx;
use crate::db::schema::{posts, threads};
use crate::kit::ids::{CategoryId, PostId, ThreadId};
use crate::kit::{Result, Stop};
use crate::members;
use crate::policy::{Action, Actor, PostState};

/// A reply that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replied {
    /// The post.
    pub post: PostId,
    /// Its thread.
    pub thread: ThreadId,
    /// Its number there.
    pub number: i64,
    /// The decorative part of the thread's address.
    pub slug: String,
}

impl Replied {
    /// Where it stands on its page.
    #[must_use]
    pub fn path(&self) -> String {
        path::post_anchor_path(&self.slug, self.thread, self.number)
    }
}

/// Replies in a thread, perhaps to one of its posts.
///
/// # Errors
/// Not found where the thread is not the actor's to see; a refusal where the actor may not reply there or has replied
/// too often today; problems with `body` or `reply_to`.
pub fn reply(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    words: &Words,
    reply_to: Option<PostId>,
) -> Result<Replied> {
    let (row, law) = find_thread(tx, thread)?;

    actor.may(&Action::Reply(&law))?;
    let moderates = actor.can(&Action::ModerateThread(&law));
    keep_thread::keep_pause(tx, actor, &row, moderates)?;
    let newcomer = pace::newcomer(actor);
    pace::links(newcomer, words)?;
    if let Some(post) = reply_to {
        stands_here(tx, actor, thread, post)?;
    }
    pace::reply(tx, newcomer)?;

    let now = tx.now();
    let author = actor.id();
    let first = write_post::is_first(tx, author)?;
    // The counter gives the number and holds the row, so that two replies never get the same; the category is read
    // from the same row, because the thread may have moved since it was looked at.
    let (number, before, category, state): (i64, i64, Option<CategoryId>, PostState) =
        diesel::update(threads::table.find(thread))
            .set((
                threads::post_counter.eq(threads::post_counter + 1),
                threads::post_count.eq(threads::post_count + 1),
                threads::last_author_id.eq(author),
                threads::last_post_at.eq(now),
                threads::updated_at.eq(now),
            ))
            .returning((
                threads::post_counter,
                threads::last_post_number,
                threads::category_id,
                threads::state,
            ))
            .get_result(tx.conn)?;
    let place = Place {
        thread,
        number,
        reply_to,
    };
    let post = write_post::insert(tx, author, &place, words)?;
    index::post(tx, post)?;
    diesel::update(threads::table.find(thread))
        .set((
            threads::last_post_id.eq(post),
            threads::last_post_number.eq(number),
        ))
        .execute(tx.conn)?;
    if let Some(category) = category.filter(|_| state == PostState::Visible) {
        counters::category_grew(tx, category, 0, 1)?;
    }
    if let Some(author) = author {
        members::counted(tx, author, 0, 1)?;
    }
    draft::posted(tx, author, Some(thread))?;
    if let Some(category) = category {
        read_marks::wrote(tx, author, thread, category, number, before)?;
    }

    write_post::tell(tx, actor, post, &place, words, first)?;
    Ok(Replied {
        post,
        thread,
        number,
        slug: row.slug,
    })
}

/// Has anybody else replied here since that number? Asked when a reply is sent, for whoever was writing meanwhile.
///
/// # Errors
/// Not found where the thread is not the actor's to see.
pub fn answered_since(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    number: i64,
) -> Result<bool> {
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::SeeThread(&law))?;
    if row.post_counter <= number {
        return Ok(false);
    }
    let mut newer = posts::table
        .filter(posts::thread_id.eq(thread))
        .filter(posts::number.gt(number))
        .filter(posts::state.eq(PostState::Visible))
        .select(posts::id)
        .into_boxed();
    if let Some(me) = actor.id() {
        // Whoever is ignored does not hold up a reply either.
        let mut silent = members::ignored_ids(tx, me)?;
        silent.push(me);
        newer = newer.filter(
            posts::author_id
                .is_null()
                .or(posts::author_id.ne_all(silent)),
        );
    }
    let one: Option<PostId> = newer.first(tx.conn).optional()?;
    Ok(one.is_some())
}

/// A reply answers a post of its own thread that the actor can see.
fn stands_here(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId, post: PostId) -> Result<()> {
    let unknown = || Stop::invalid("reply_to", "reply-to-unknown");
    let law = match facts::post_facts(tx, post) {
        Ok(law) => law,
        Err(Stop::Refused(_)) => return Err(unknown()),
        Err(stop) => return Err(stop),
    };
    let here = law.thread.id == thread && actor.can(&Action::SeePost(&law));
    if here { Ok(()) } else { Err(unknown()) }
}
