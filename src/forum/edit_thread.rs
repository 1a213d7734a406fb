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
use crate::kit::stop::OrRefuse;
use crate::kit::{Event, Refusal, Result};
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
    // Who hears of it may hold the words back, which touches their author: members are locked before threads.
    let (seen, _) = find_thread(tx, thread)?;
    if let Some(author) = seen.author {
        tx.lock(Lock::Member(author))?;
    }
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;

    actor.may(&Action::EditThread(&law))?;
    if row.revision != heading.revision {
        return Err(Refusal::Stale.into());
    }

    let (now, before) = (tx.now(), tags::ids_of(tx, thread)?);
    let called: String = threads::table
        .find(thread)
        .select(threads::title)
        .first(tx.conn)?;
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
        // The words that stood there can be erased; everything else about them is a number.
        let old = Some(called).filter(|old| old.as_str() != heading.title.as_str());
        let details = serde_json::json!({ "revision": row.revision + 1, "retitled": old.is_some(), "tags": before });
        audit::record(tx, actor, "thread.edited", about, details, old.as_deref())?;
    }
    if let Some(first) = row.first_post {
        tx.tell(&Event::ThreadEdited {
            first,
            author: row.author,
            by: actor.id(),
        })?;
    }
    Ok(slug)
}

/// What a thread was called and found by before a change, as the log kept it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadingBefore {
    /// The revision that the change made.
    pub revision: i64,
    /// The title before; `None` where it did not change.
    pub title: Option<String>,
    /// The tags before; `None` where the log does not know them.
    pub tags: Option<Vec<i64>>,
}

/// Gives a thread the title and tags back that it had before a change, while nobody changed them since.
///
/// # Errors
/// As [`edit_thread`]; stale where they were changed since, not found where the log does not know them any more.
pub fn put_heading_back(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    before: &HeadingBefore,
) -> Result<()> {
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::EditThread(&law))?;
    if row.revision != before.revision {
        return Err(Refusal::Stale.into());
    }
    let ids = before.tags.clone().or_not_found()?;
    let now: String = threads::table
        .find(thread)
        .select(threads::title)
        .first(tx.conn)?;
    let heading = Heading {
        title: Title::parse(before.title.as_deref().unwrap_or(&now))?,
        tags: Tags::of(&tags::names_of(tx, &ids)?)?,
        revision: row.revision,
    };
    edit_thread(tx, actor, thread, &heading).map(drop)
}
