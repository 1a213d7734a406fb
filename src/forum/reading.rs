//! What a member has read, and the lists that follow from it. Reads only.
//!
//! *New* are threads that the member never opened, started since the member joined or within two weeks. *Unread* are
//! threads that the member follows and in which somebody spoke after the last number read. What is muted is in neither.
//!
//! The conditions are SQL with numbers written into them, because they look from a list's rows at the one row that the
//! member has for each thread.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::list::ThreadItem;
use super::path::post_anchor_path;
use super::places::Places;
use crate::db::schema::reading_marks;
use crate::db::{Conn, Tx};
use crate::kit::clock::{DAY, HOUR};
use crate::kit::ids::MemberId;
use crate::kit::{At, Result};
use crate::policy::{Actor, Sight};

/// Older threads are not called new, in microseconds.
const NEW_FOR: i64 = 14 * DAY;
/// How long "mark all as read" can be undone, in microseconds.
const UNDO_FOR: i64 = HOUR;
/// More than so many are not counted.
pub const COUNTED: i64 = 100;

/// How a member stands to all threads together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Threads that were started since then can be new.
    pub since: At,
    /// New threads, counted up to [`COUNTED`].
    pub fresh: i64,
    /// Followed threads with unread posts, counted up to [`COUNTED`].
    pub unread: i64,
    /// The marking of all new ones can be undone.
    pub undo_fresh: bool,
    /// The marking of all unread ones can be undone.
    pub undo_unread: bool,
}

/// Where the row of this member for a thread of the list stands: the last number read.
pub(super) fn last_read(me: Option<MemberId>) -> String {
    match me {
        None => "CAST(NULL AS BIGINT)".to_owned(),
        Some(me) => format!(
            "(SELECT r.last_read FROM thread_reads r WHERE r.thread_id = threads.id AND r.member_id = {me})"
        ),
    }
}

/// How many visible posts stand behind the last number that this member read, counted up to [`COUNTED`]; nothing where
/// all was read or nothing.
pub(super) fn posts_behind(me: Option<MemberId>) -> String {
    let Some(me) = me else {
        return "CAST(NULL AS BIGINT)".to_owned();
    };
    format!(
        "(SELECT COUNT(*) FROM (SELECT 1 FROM posts p JOIN thread_reads r ON r.thread_id = p.thread_id AND r.member_id = {me} \
         WHERE p.thread_id = threads.id AND r.last_read > 0 AND p.number > r.last_read AND p.state = 'visible' LIMIT {COUNTED}) b)"
    )
}

/// Threads that this member did not mute: by themselves, or by category or tag without following them.
pub(super) fn not_muted(me: MemberId) -> String {
    let row = "SELECT 1 FROM thread_reads r WHERE r.thread_id = threads.id AND r.member_id =";
    format!(
        "(NOT EXISTS ({row} {me} AND r.level = 'muted') AND (EXISTS ({row} {me} AND r.level IN ('watching', 'tracking')) \
         OR NOT (COALESCE(threads.category_id, 0) IN (SELECT f.category_id FROM category_follows f WHERE f.member_id = {me} AND f.level = 'muted') \
         OR EXISTS (SELECT 1 FROM thread_tags x JOIN tag_follows g ON g.tag_id = x.tag_id \
         WHERE x.thread_id = threads.id AND g.member_id = {me} AND g.level = 'muted'))))"
    )
}

/// Threads that this member never opened, started by others since then.
pub(super) fn unopened(me: MemberId, since: At) -> String {
    format!(
        "(threads.created_at > {} AND COALESCE(threads.author_id, 0) <> {me} AND NOT EXISTS (SELECT 1 FROM thread_reads r \
         WHERE r.thread_id = threads.id AND r.member_id = {me} AND r.last_read > 0) AND {})",
        since.0,
        not_muted(me)
    )
}

/// Followed threads in which somebody spoke after what this member read. Found from the member's own rows.
pub(super) fn unread(me: MemberId) -> String {
    format!(
        "(threads.id IN (SELECT r.thread_id FROM thread_reads r JOIN threads u ON u.id = r.thread_id WHERE r.member_id = {me} \
         AND r.level IN ('watching', 'tracking') AND r.last_read < u.last_post_number))"
    )
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    marked: i64,
    #[diesel(sql_type = BigInt)]
    fresh: i64,
    #[diesel(sql_type = BigInt)]
    unread: i64,
    #[diesel(sql_type = BigInt)]
    undo_fresh: i64,
    #[diesel(sql_type = BigInt)]
    undo_unread: i64,
}

/// How a member who joined at this moment stands to all threads, in one query; nothing for guests.
///
/// # Errors
/// A fault where the database fails.
pub fn standing(
    tx: &mut Tx<'_>,
    actor: &Actor,
    places: &Places,
    joined: At,
) -> Result<Option<Standing>> {
    let Some(me) = actor.id() else {
        return Ok(None);
    };
    let now = tx.now();
    let floor = now.plus(-NEW_FOR).max(joined);
    let seen = seen(&places.sight(actor));
    let marks = format!("FROM reading_marks m WHERE m.member_id = {me}");
    let since = format!("COALESCE((SELECT m.new_since {marks}), 0)");
    let undo = now.plus(-UNDO_FOR).0;
    let sql = format!(
        "SELECT {since} AS marked, \
         (SELECT COUNT(*) FROM (SELECT 1 FROM threads WHERE {seen} AND threads.created_at > {since} AND {} LIMIT {COUNTED}) n) AS fresh, \
         (SELECT COUNT(*) FROM (SELECT 1 FROM threads WHERE {seen} AND {} LIMIT {COUNTED}) o) AS unread, \
         (SELECT COUNT(*) {marks} AND m.undo_since IS NOT NULL AND m.new_since > {undo}) AS undo_fresh, \
         (SELECT COUNT(*) {marks} AND m.unread_marked_at > {undo}) AS undo_unread",
        unopened(me, floor),
        unread(me),
    );
    let row: Row = match &mut *tx.conn {
        Conn::Sqlite(conn) => diesel::sql_query(sql).get_result(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(sql).get_result(conn)?,
    };
    Ok(Some(Standing {
        since: floor.max(At(row.marked)),
        fresh: row.fresh,
        unread: row.unread,
        undo_fresh: row.undo_fresh > 0,
        undo_unread: row.undo_unread > 0,
    }))
}

/// Says of each thread of a list whether it is new to this member; asks only where one can be.
///
/// # Errors
/// A fault where the database fails.
pub fn mark_new(
    tx: &mut Tx<'_>,
    actor: &Actor,
    joined: At,
    items: &mut [ThreadItem],
) -> Result<()> {
    let Some(me) = actor.id() else { return Ok(()) };
    let floor = tx.now().plus(-NEW_FOR).max(joined);
    let can_be = |item: &ThreadItem| item.last_read == 0 && item.created_at > floor;
    if !items.iter().any(can_be) {
        return Ok(());
    }
    let marked: Option<i64> = reading_marks::table
        .find(me)
        .select(reading_marks::new_since)
        .first(tx.conn)
        .optional()?;
    mark_since(actor, floor.max(At(marked.unwrap_or(0))), items);
    Ok(())
}

fn mark_since(actor: &Actor, since: At, items: &mut [ThreadItem]) {
    for item in items {
        let mine = actor.id() == Some(item.author.id);
        item.fresh = item.last_read == 0 && item.created_at > since && !mine;
    }
}

/// Visible threads in readable categories, as lists show them.
pub(super) fn seen(sight: &Sight) -> String {
    let mut ids: Vec<String> = sight.categories.iter().map(ToString::to_string).collect();
    ids.push("0".to_owned());
    format!(
        "threads.state = 'visible' AND NOT threads.unlisted AND threads.category_id IN ({})",
        ids.join(",")
    )
}

impl Standing {
    /// Says of each thread of a list whether it is new to this member.
    pub fn mark(&self, actor: &Actor, items: &mut [ThreadItem]) {
        mark_since(actor, self.since, items);
    }
}

/// Where a thread's title leads: to the first post that was not read, and to the last one where all were. Who never
/// opened it, and who has no account, begins at the beginning.
pub(super) fn entrance(item: &ThreadItem, last: i64) -> String {
    match item.last_read {
        ..=0 => item.path.clone(),
        read => post_anchor_path(&item.slug, item.id, (read + 1).min(last.max(1))),
    }
}
