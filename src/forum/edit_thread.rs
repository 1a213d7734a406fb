//! Changing a thread's title and tags.

use diesel::prelude::*;

use super::facts::find_thread;
use super::index;
use super::tags::{self, Tags};
use super::title::Title;
use crate::audit;
use crate::db::schema::threads;
use crate::db::{Lock, Tx};
use crate::kit::ids::ThreadId;
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor};

/// What a thread is called and found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its title.
    pub title: Title,
    /// Its tags.
    pub tags: Tags,
    /// The revision that the editor had read.
    pub revision: i64,
}

/// Changes a thread's title and tags; the answer is the decorative part of its address, which follows the title.
///
/// # Errors
/// Not found where the thread is not the actor's to see; a refusal where it is not theirs to edit, or
/// [`Refusal::Stale`] where somebody changed it meanwhile; problems with `tags` of a newcomer.
pub fn edit_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    heading: &Heading,
) -> Result<String> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;

    actor.may(&Action::EditThread(&law))?;
    if row.revision != heading.revision {
        return Err(Refusal::Stale.into());
    }

    let now = tx.now();
    let slug = heading.title.slug();
    diesel::update(threads::table.find(thread))
        .set((
            threads::title.eq(heading.title.as_str()),
            threads::slug.eq(&slug),
            threads::revision.eq(row.revision + 1),
            threads::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    tags::put(tx, actor, law.category.id, thread, &heading.tags)?;
    index::thread(tx, thread)?;
    if let Some(first) = row.first_post {
        index::post(tx, first)?;
    }

    if actor.id().is_none() || actor.id() != row.author {
        let about = audit::subject("thread", thread.0);
        let details = serde_json::json!({ "revision": row.revision + 1 });
        audit::record(tx, actor, "thread.edited", about, details, None)?;
    }
    Ok(slug)
}
