//! Following: how much of a thread, a category or a tag a member wants to hear.
//!
//! A thread's level stands in its own row for the member. One that was chosen there stays; any other is what the
//! thread's category or tags say, and becomes *tracking* with the member's first reply.

use diesel::prelude::*;

use super::facts::find_thread;
use super::list::{find_tag, seen_tag};
use super::places;
use crate::db::Tx;
use crate::db::schema::{category_follows, posts, tag_follows, thread_reads, thread_tags, threads};
use crate::each_backend;
use crate::kit::ids::{CategoryId, MemberId, TagId, ThreadId};
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor};

crate::text_enum! {
    /// How much a member wants to hear of something.
    pub enum Level {
        /// A notice for every new post.
        Watching = "watching",
        /// In the list of what is unread.
        Tracking = "tracking",
        /// Where somebody answers or mentions the member.
        Normal = "normal",
        /// Nothing; it stands in none of the lists of what is new.
        Muted = "muted",
    }
}

impl Level {
    /// The level of the threads in what is followed like this. Muting goes by the category or the tag itself.
    const fn below(self) -> Self {
        match self {
            Self::Muted => Self::Normal,
            other => other,
        }
    }
}

/// A member's threads whose level nobody chose.
#[diesel::dsl::auto_type(no_type_alias)]
fn unchosen(me: MemberId) -> _ {
    thread_reads::table
        .filter(thread_reads::member_id.eq(me))
        .filter(thread_reads::chosen.eq(false))
}

/// The level that a member's first look at a thread begins with: that of its category, else the highest of its tags.
pub(super) fn first_level(
    tx: &mut Tx<'_>,
    me: MemberId,
    thread: ThreadId,
    category: CategoryId,
) -> Result<Level> {
    let by_category: Option<Level> = category_follows::table
        .find((me, category))
        .select(category_follows::level)
        .first(tx.conn)
        .optional()?;
    if let Some(level) = by_category.filter(|level| *level != Level::Normal) {
        return Ok(level.below());
    }
    let by_tag: Vec<Level> = tag_follows::table
        .inner_join(thread_tags::table.on(thread_tags::tag_id.eq(tag_follows::tag_id)))
        .filter(tag_follows::member_id.eq(me))
        .filter(thread_tags::thread_id.eq(thread))
        .select(tag_follows::level)
        .load(tx.conn)?;
    // Declared from the loudest to the quietest.
    Ok(by_tag.into_iter().min().unwrap_or(Level::Normal).below())
}

/// A thread that somebody wrote in is tracked whatever its category or tags say, until a level is chosen for it.
fn track_own(tx: &mut Tx<'_>, me: MemberId) -> Result<()> {
    let written = posts::table
        .filter(posts::author_id.eq(me))
        .filter(posts::thread_id.eq(thread_reads::thread_id));
    diesel::update(unchosen(me).filter(thread_reads::level.eq(Level::Normal)))
        .filter(diesel::dsl::exists(written))
        .set(thread_reads::level.eq(Level::Tracking))
        .execute(tx.conn)?;
    Ok(())
}

fn own(actor: &Actor) -> Result<MemberId> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    Ok(me)
}

/// Follows a thread at this level.
///
/// # Errors
/// Not found where the thread is not the actor's to see; refused to guests.
pub fn follow_thread(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId, level: Level) -> Result<()> {
    let me = own(actor)?;
    let (_, law) = find_thread(tx, thread)?;
    actor.may(&Action::SeeThread(&law))?;
    let row = (
        thread_reads::member_id.eq(me),
        thread_reads::thread_id.eq(thread),
        thread_reads::level.eq(level),
        thread_reads::chosen.eq(true),
    );
    each_backend!(tx.conn, c => diesel::insert_into(thread_reads::table)
        .values(row)
        .on_conflict((thread_reads::member_id, thread_reads::thread_id))
        .do_update()
        .set((thread_reads::level.eq(level), thread_reads::chosen.eq(true)))
        .execute(c))?;
    Ok(())
}

/// Follows a category at this level, and the threads in it whose level was not chosen.
///
/// # Errors
/// Not found where the category is not the actor's to see; refused to guests.
pub fn follow_category(
    tx: &mut Tx<'_>,
    actor: &Actor,
    category: CategoryId,
    level: Level,
) -> Result<()> {
    let me = own(actor)?;
    let law = places::category_facts(tx, category)?;
    actor.may(&Action::SeeCategory(&law))?;
    let row = (
        category_follows::member_id.eq(me),
        category_follows::category_id.eq(category),
        category_follows::level.eq(level),
    );
    each_backend!(tx.conn, c => diesel::insert_into(category_follows::table)
        .values(row)
        .on_conflict((category_follows::member_id, category_follows::category_id))
        .do_update()
        .set(category_follows::level.eq(level))
        .execute(c))?;
    let there = threads::table
        .filter(threads::category_id.eq(category))
        .select(threads::id);
    diesel::update(unchosen(me).filter(thread_reads::thread_id.eq_any(there)))
        .set(thread_reads::level.eq(level.below()))
        .execute(tx.conn)?;
    track_own(tx, me)
}

/// Follows a tag at this level, and the threads that have it and whose level was not chosen.
///
/// # Errors
/// Not found where there is no such tag, or none with a thread for this member; refused to guests.
pub fn follow_tag(tx: &mut Tx<'_>, actor: &Actor, name: &str, level: Level) -> Result<()> {
    let me = own(actor)?;
    let (tag, _) = find_tag(tx, name)?;
    let before: Option<Level> = tag_follows::table
        .find((me, tag))
        .select(tag_follows::level)
        .first(tx.conn)
        .optional()?;
    // What was chosen can be taken back even where nothing of the tag is left to see.
    if before.is_none() {
        let places = places::places(tx)?;
        seen_tag(tx, actor, &places, name)?;
    }
    let row = (
        tag_follows::member_id.eq(me),
        tag_follows::tag_id.eq(tag),
        tag_follows::level.eq(level),
    );
    each_backend!(tx.conn, c => diesel::insert_into(tag_follows::table)
        .values(row)
        .on_conflict((tag_follows::member_id, tag_follows::tag_id))
        .do_update()
        .set(tag_follows::level.eq(level))
        .execute(c))?;
    let there = thread_tags::table
        .filter(thread_tags::tag_id.eq(tag))
        .select(thread_tags::thread_id);
    diesel::update(unchosen(me).filter(thread_reads::thread_id.eq_any(there)))
        .set(thread_reads::level.eq(level.below()))
        .execute(tx.conn)?;
    track_own(tx, me)
}

/// What a member chose for a category.
///
/// # Errors
/// A fault where the database fails.
pub fn category_level(
    tx: &mut Tx<'_>,
    member: Option<MemberId>,
    category: CategoryId,
) -> Result<Option<Level>> {
    let Some(me) = member else { return Ok(None) };
    let found = category_follows::table
        .find((me, category))
        .select(category_follows::level)
        .first(tx.conn)
        .optional()?;
    Ok(Some(found.unwrap_or(Level::Normal)))
}

/// What a member chose for a tag.
///
/// # Errors
/// A fault where the database fails.
pub fn tag_level(tx: &mut Tx<'_>, member: Option<MemberId>, tag: TagId) -> Result<Option<Level>> {
    let Some(me) = member else { return Ok(None) };
    let found = tag_follows::table
        .find((me, tag))
        .select(tag_follows::level)
        .first(tx.conn)
        .optional()?;
    Ok(Some(found.unwrap_or(Level::Normal)))
}
