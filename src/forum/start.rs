//! Starting a thread.

use diesel::prelude::*;

use super::tags::{self, Tags};
use super::title::Title;
use super::words::Words;
use super::write_post::{self, Place};
use super::{counters, draft, index, pace, path, places, read_marks};
use crate::content;
use crate::db::Tx;
use crate::db::schema::threads;
use crate::kit::Result;
use crate::kit::ids::{CategoryId, PostId, ThreadId};
use crate::members;
use crate::policy::{Action, Actor};

/// Characters of a thread's first words that are kept beside its title.
pub(super) const SUMMARY_CHARS: usize = 240;

/// A thread that somebody is about to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewThread {
    /// Where it is to stand.
    pub category: CategoryId,
    /// Its title.
    pub title: Title,
    /// The first post's words.
    pub words: Words,
    /// Its tags.
    pub tags: Tags,
}

/// A thread that was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The thread.
    pub thread: ThreadId,
    /// Its first post.
    pub post: PostId,
    /// The decorative part of its address.
    pub slug: String,
}

impl Started {
    /// Its address.
    #[must_use]
    pub fn path(&self) -> String {
        path::thread_path(&self.slug, self.thread)
    }
}

/// Starts a thread with its first post.
///
/// # Errors
/// Not found where the category is not the actor's to see; a refusal where the actor may not start threads there or
/// has started too many today; problems with `body` or `tags` of a newcomer.
pub fn start(tx: &mut Tx<'_>, actor: &Actor, new: &NewThread) -> Result<Started> {
    let category = places::category_facts(tx, new.category)?;

    actor.may(&Action::Start(&category))?;
    let newcomer = pace::newcomer(actor);
    pace::links(newcomer, &new.words)?;
    pace::thread(tx, newcomer)?;

    let now = tx.now();
    let author = actor.id();
    let first = write_post::is_first(tx, author)?;
    let slug = new.title.slug();
    let thread: ThreadId = diesel::insert_into(threads::table)
        .values((
            threads::category_id.eq(category.id),
            threads::author_id.eq(author),
            threads::title.eq(new.title.as_str()),
            threads::slug.eq(&slug),
            threads::summary.eq(content::summary(&new.words.open_text(), SUMMARY_CHARS)),
            threads::post_counter.eq(1_i64),
            threads::post_count.eq(1_i64),
            threads::last_post_number.eq(1_i64),
            threads::last_author_id.eq(author),
            threads::created_at.eq(now),
            threads::last_post_at.eq(now),
            threads::updated_at.eq(now),
        ))
        .returning(threads::id)
        .get_result(tx.conn)?;
    let place = Place {
        thread,
        number: 1,
        reply_to: None,
    };
    let post = write_post::insert(tx, author, &place, &new.words)?;
    diesel::update(threads::table.find(thread))
        .set((
            threads::first_post_id.eq(post),
            threads::last_post_id.eq(post),
        ))
        .execute(tx.conn)?;
    tags::put(tx, actor, category.id, thread, &new.tags)?;
    index::thread(tx, thread)?;
    index::post(tx, post)?;
    counters::category_grew(tx, category.id, 1, 1)?;
    if let Some(author) = author {
        members::counted(tx, author, 1, 1)?;
    }
    draft::posted(tx, author, None)?;
    read_marks::wrote(tx, author, thread, category.id, 1, 0)?;

    write_post::tell(tx, actor, post, &place, &new.words, first)?;
    Ok(Started { thread, post, slug })
}
