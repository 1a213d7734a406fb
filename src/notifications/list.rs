//! A member's notices, newest first.

use diesel::prelude::*;
use serde_json::Value;

use super::tell::may_be_told;
use crate::db::Tx;
use crate::db::schema::notices;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{MemberId, NoticeId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::policy::{Action, Actor};

/// Notices on one page.
const PAGE: i64 = 30;
/// More than so many unread notices are not counted on.
const COUNTED: i64 = 100;

/// One notice as it is shown.
#[derive(Debug, Clone)]
pub struct Line {
    /// Which one.
    pub id: NoticeId,
    /// What it is: the sentence is `notice-{kind}`.
    pub kind: String,
    /// What it is about, such as `post`.
    pub subject_kind: String,
    /// Its id.
    pub subject_id: i64,
    /// Whose doing it was.
    pub actor: Option<Card>,
    /// Plain values for the sentence.
    pub data: Value,
    /// When.
    pub at: At,
    /// Was it read?
    pub read: bool,
}

type Row = (
    NoticeId,
    String,
    String,
    i64,
    Option<MemberId>,
    String,
    At,
    Option<At>,
);

/// A page of the actor's own notices, newest first, and where the next page begins.
///
/// # Errors
/// Refused for guests; a fault where the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    actor: &Actor,
    after: Option<Cursor>,
) -> Result<(Vec<Line>, Option<Cursor>)> {
    let me = own(actor)?;
    let before = after.and_then(|cursor| cursor.as_one()).unwrap_or(i64::MAX);
    let mut rows: Vec<Row> = notices::table
        .filter(notices::member_id.eq(me))
        .filter(notices::id.lt(before))
        .order(notices::id.desc())
        .limit(PAGE + 1)
        .select((
            notices::id,
            notices::kind,
            notices::subject_kind,
            notices::subject_id,
            notices::actor_id,
            notices::data,
            notices::created_at,
            notices::read_at,
        ))
        .load(tx.conn)?;
    let next = Cursor::turn(&mut rows, PAGE, |row| Cursor::one(row.0.0));
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        // What was hidden or moved since is not told of any more.
        if may_be_told(tx, me, &row.2, row.3)? {
            shown.push(row);
        }
    }
    let rows = shown;
    let actors: Vec<MemberId> = rows.iter().filter_map(|row| row.4).collect();
    let cards = members::cards(tx, &actors)?;
    let lines = rows
        .into_iter()
        .map(|(id, kind, subject_kind, subject_id, by, data, at, read)| {
            Ok(Line {
                id,
                kind,
                subject_kind,
                subject_id,
                actor: by.and_then(|id| cards.get(&id).cloned()),
                data: serde_json::from_str(&data)?,
                at,
                read: read.is_some(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok((lines, next))
}

/// How many of a member's notices are unread; counted up to 100.
///
/// # Errors
/// A fault where the database fails.
pub fn unread(tx: &mut Tx<'_>, member: MemberId) -> Result<i64> {
    let ids: Vec<NoticeId> = notices::table
        .filter(notices::member_id.eq(member))
        .filter(notices::read_at.is_null())
        .limit(COUNTED)
        .select(notices::id)
        .load(tx.conn)?;
    Ok(ids.len() as i64)
}

/// Marks one of the actor's notices as read; marking it again changes nothing.
///
/// # Errors
/// Refused for guests; a fault where the database fails.
pub fn mark_read(tx: &mut Tx<'_>, actor: &Actor, notice: NoticeId) -> Result<()> {
    let me = own(actor)?;
    let now = tx.now();
    diesel::update(
        notices::table
            .filter(notices::id.eq(notice))
            .filter(notices::member_id.eq(me))
            .filter(notices::read_at.is_null()),
    )
    .set(notices::read_at.eq(now))
    .execute(tx.conn)?;
    Ok(())
}

/// Marks one of the actor's notices as read and answers where it leads, if anywhere.
///
/// # Errors
/// Not found where it is none of the actor's; a fault where the database fails.
pub fn open(tx: &mut Tx<'_>, actor: &Actor, notice: NoticeId) -> Result<Option<String>> {
    let me = own(actor)?;
    let data: Option<String> = notices::table
        .filter(notices::id.eq(notice))
        .filter(notices::member_id.eq(me))
        .select(notices::data)
        .first(tx.conn)
        .optional()?;
    mark_read(tx, actor, notice)?;
    let data: Value = serde_json::from_str(&data.or_not_found()?)?;
    Ok(data.get("path").and_then(Value::as_str).map(str::to_owned))
}

/// Marks all of the actor's notices up to `newest` as read: what came in while the page was open stays unread.
///
/// # Errors
/// Refused for guests; a fault where the database fails.
pub fn mark_all_read(tx: &mut Tx<'_>, actor: &Actor, newest: NoticeId) -> Result<usize> {
    let me = own(actor)?;
    let now = tx.now();
    Ok(diesel::update(
        notices::table
            .filter(notices::member_id.eq(me))
            .filter(notices::id.le(newest))
            .filter(notices::read_at.is_null()),
    )
    .set(notices::read_at.eq(now))
    .execute(tx.conn)?)
}

/// Notices are everybody's own.
fn own(actor: &Actor) -> Result<MemberId> {
    let me = actor.id().ok_or(crate::kit::Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    Ok(me)
}
