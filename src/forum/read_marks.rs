//! Noting what was read. The last number read never falls, but where a member says so: *unread from here*, and the
//! undoing of *mark all as read*.
//!
//! A thread's page is noted as read once it has been shown, by the request that showed it: this is exact to a page of
//! twenty posts, needs no script, and costs one small write per page and member, none when a page is read again.

use diesel::prelude::*;
use diesel::sql_query;

use super::facts::{find_post, find_thread};
use super::follow::{Level, first_level};
use crate::db::schema::{reading_marks, thread_reads};
use crate::db::{Conn, Tx};
use crate::each_backend;
use crate::kit::ids::{CategoryId, MemberId, PostId, ThreadId};
use crate::kit::{At, Event, Refusal, Result};
use crate::policy::{Action, Actor};

/// Which of the two lists is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pile {
    /// Threads never opened.
    Fresh,
    /// Followed threads with unread posts.
    Unread,
}

fn own(actor: &Actor) -> Result<MemberId> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    Ok(me)
}

/// Notes that the actor read a thread up to this number, and answers the last number read.
///
/// # Errors
/// Not found where the thread is not the actor's to see; refused to guests.
pub fn read_to(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId, number: i64) -> Result<i64> {
    let me = own(actor)?;
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::SeeThread(&law))?;
    let number = number.clamp(0, row.post_counter);
    note(tx, me, thread, law.category.id, number)?;
    // Nobody else sees what somebody read, so no kept page has to be made anew.
    tx.note_idle();
    Ok(thread_reads::table
        .find((me, thread))
        .select(thread_reads::last_read)
        .first(tx.conn)?)
}

fn note(
    tx: &mut Tx<'_>,
    me: MemberId,
    thread: ThreadId,
    category: CategoryId,
    number: i64,
) -> Result<()> {
    let now = tx.now();
    let further = diesel::update(thread_reads::table.find((me, thread)))
        .filter(thread_reads::last_read.lt(number))
        .set((
            thread_reads::last_read.eq(number),
            thread_reads::undo_read.eq(None::<i64>),
            thread_reads::read_at.eq(now),
        ))
        .execute(tx.conn)?;
    if further > 0 {
        return Ok(());
    }
    // What was marked with all others and is opened now stays read when the marking is undone.
    let opened = diesel::update(thread_reads::table.find((me, thread)))
        .filter(thread_reads::undo_read.is_not_null())
        .filter(thread_reads::undo_read.lt(number))
        .set(thread_reads::undo_read.eq(None::<i64>))
        .execute(tx.conn)?;
    if opened > 0 {
        return Ok(());
    }
    let level = first_level(tx, me, thread, category)?;
    let row = (
        thread_reads::member_id.eq(me),
        thread_reads::thread_id.eq(thread),
        thread_reads::last_read.eq(number),
        thread_reads::level.eq(level),
        thread_reads::read_at.eq(now),
    );
    each_backend!(tx.conn, c => diesel::insert_into(thread_reads::table)
        .values(row)
        .on_conflict((thread_reads::member_id, thread_reads::thread_id))
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// Whoever writes in a thread tracks it from then on, and has read their own post if they had read what came before.
pub(super) fn wrote(
    tx: &mut Tx<'_>,
    author: Option<MemberId>,
    thread: ThreadId,
    category: CategoryId,
    number: i64,
    before: i64,
) -> Result<()> {
    let Some(me) = author else { return Ok(()) };
    let read: Option<i64> = thread_reads::table
        .find((me, thread))
        .select(thread_reads::last_read)
        .first(tx.conn)
        .optional()?;
    if read.is_none_or(|read| read == 0 || read >= before) {
        note(tx, me, thread, category, number)?;
    }
    diesel::update(thread_reads::table.find((me, thread)))
        .filter(thread_reads::chosen.eq(false))
        .filter(thread_reads::level.eq(Level::Normal))
        .set(thread_reads::level.eq(Level::Tracking))
        .execute(tx.conn)?;
    Ok(())
}

/// Calls a thread unread again from this post on, and tracks it, so that it stands among the unread ones.
///
/// # Errors
/// Not found where the post is not the actor's to see; refused to guests.
pub fn unread_from(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<()> {
    let me = own(actor)?;
    let (row, thread, law) = find_post(tx, post)?;
    actor.may(&Action::SeePost(&law))?;
    note(tx, me, thread.id, law.thread.category.id, row.number)?;
    diesel::update(thread_reads::table.find((me, thread.id)))
        .set(thread_reads::last_read.eq(row.number - 1))
        .execute(tx.conn)?;
    diesel::update(thread_reads::table.find((me, thread.id)))
        .filter(thread_reads::level.eq_any([Level::Normal, Level::Muted]))
        .set(thread_reads::level.eq(Level::Tracking))
        .execute(tx.conn)?;
    Ok(())
}

/// Marks a whole list as read. What comes later stands in it again.
///
/// # Errors
/// Refused to guests; a fault where the database fails.
pub fn mark_all_read(tx: &mut Tx<'_>, actor: &Actor, pile: Pile) -> Result<()> {
    let me = own(actor)?;
    let now = tx.now();
    match pile {
        Pile::Fresh => {
            let before: Option<i64> = reading_marks::table
                .find(me)
                .select(reading_marks::new_since)
                .first(tx.conn)
                .optional()?;
            put(tx, me, now.0, Some(before.unwrap_or(0)))
        }
        Pile::Unread => {
            forget_undo(tx, me)?;
            let last =
                "(SELECT t.last_post_number FROM threads t WHERE t.id = thread_reads.thread_id)";
            run(
                tx,
                format!(
                    "UPDATE thread_reads SET undo_read = last_read, last_read = {last} WHERE member_id = {me} \
                     AND level IN ('watching', 'tracking') AND last_read < {last}"
                ),
            )?;
            marked(tx, me, Some(now))
        }
    }
}

/// Takes the last marking of a whole list back. Threads that were read since stay read.
///
/// # Errors
/// Refused to guests; in the wrong state where there is nothing to be undone.
pub fn undo_all_read(tx: &mut Tx<'_>, actor: &Actor, pile: Pile) -> Result<()> {
    let me = own(actor)?;
    let marks: Option<(Option<i64>, Option<At>)> = reading_marks::table
        .find(me)
        .select((reading_marks::undo_since, reading_marks::unread_marked_at))
        .first(tx.conn)
        .optional()?;
    match (pile, marks) {
        (Pile::Fresh, Some((Some(before), _))) => put(tx, me, before, None),
        (Pile::Unread, Some((_, Some(_)))) => {
            run(
                tx,
                format!(
                    "UPDATE thread_reads SET last_read = undo_read, undo_read = NULL WHERE member_id = {me} AND undo_read IS NOT NULL"
                ),
            )?;
            marked(tx, me, None)
        }
        _ => Err(Refusal::WrongState("undone").into()),
    }
}

fn put(tx: &mut Tx<'_>, me: MemberId, since: i64, undo: Option<i64>) -> Result<()> {
    let row = (
        reading_marks::member_id.eq(me),
        reading_marks::new_since.eq(since),
        reading_marks::undo_since.eq(undo),
    );
    each_backend!(tx.conn, c => diesel::insert_into(reading_marks::table)
        .values(row)
        .on_conflict(reading_marks::member_id)
        .do_update()
        .set((reading_marks::new_since.eq(since), reading_marks::undo_since.eq(undo)))
        .execute(c))?;
    Ok(())
}

fn marked(tx: &mut Tx<'_>, me: MemberId, at: Option<At>) -> Result<()> {
    let row = (
        reading_marks::member_id.eq(me),
        reading_marks::unread_marked_at.eq(at),
    );
    each_backend!(tx.conn, c => diesel::insert_into(reading_marks::table)
        .values(row)
        .on_conflict(reading_marks::member_id)
        .do_update()
        .set(reading_marks::unread_marked_at.eq(at))
        .execute(c))?;
    Ok(())
}

fn forget_undo(tx: &mut Tx<'_>, me: MemberId) -> Result<()> {
    diesel::update(
        thread_reads::table
            .filter(thread_reads::member_id.eq(me))
            .filter(thread_reads::undo_read.is_not_null()),
    )
    .set(thread_reads::undo_read.eq(None::<i64>))
    .execute(tx.conn)?;
    Ok(())
}

fn run(tx: &mut Tx<'_>, sql: String) -> Result<()> {
    match &mut *tx.conn {
        Conn::Sqlite(conn) => sql_query(sql).execute(conn)?,
        Conn::Postgres(conn) => sql_query(sql).execute(conn)?,
    };
    Ok(())
}

/// Whoever followed a thread that was merged into another one follows that one, unless they chose otherwise for it.
pub(super) fn carry(tx: &mut Tx<'_>, from: ThreadId, into: ThreadId) -> Result<()> {
    let followed = format!("r.thread_id = {from} AND r.level IN ('watching', 'tracking')");
    run(
        tx,
        format!(
            "UPDATE thread_reads SET level = (SELECT r.level FROM thread_reads r WHERE {followed} AND r.member_id = thread_reads.member_id) \
             WHERE thread_id = {into} AND level = 'normal' AND chosen = FALSE \
             AND EXISTS (SELECT 1 FROM thread_reads r WHERE {followed} AND r.member_id = thread_reads.member_id)"
        ),
    )?;
    run(
        tx,
        format!(
            "INSERT INTO thread_reads (member_id, thread_id, level, chosen) \
             SELECT r.member_id, {into}, r.level, r.chosen FROM thread_reads r WHERE {followed} \
             AND NOT EXISTS (SELECT 1 FROM thread_reads o WHERE o.thread_id = {into} AND o.member_id = r.member_id)"
        ),
    )
}

/// The joint for events: what an erased member read and followed goes with them.
///
/// # Errors
/// A fault where the database fails.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let Event::MemberErased { member } = event else {
        return Ok(());
    };
    for table in [
        "thread_reads",
        "category_follows",
        "tag_follows",
        "reading_marks",
    ] {
        run(
            tx,
            format!("DELETE FROM {table} WHERE member_id = {member}"),
        )?;
    }
    Ok(())
}
