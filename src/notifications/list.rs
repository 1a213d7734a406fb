//! A member's notices, newest first.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde_json::Value;

use super::tell::may_be_told_of;
use crate::db::Tx;
use crate::db::schema::notices;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{MemberId, NoticeId, PostId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::policy::{Action, Actor};

/// Notices on one page.
const PAGE: i64 = 30;
/// More than so many unread notices are not counted on.
const COUNTED: i64 = 100;
/// Posts whose notices are looked for in one statement.
const AT_ONCE: usize = 500;

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
    /// How many notices this line stands for: those of one kind in one thread stand together.
    pub count: i64,
}

/// A page of a member's notices.
#[derive(Debug, Clone)]
pub struct Notices {
    /// Its lines, newest first.
    pub lines: Vec<Line>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// The newest notice that was looked at, shown or not: up to this one all can be marked as read.
    pub newest: Option<NoticeId>,
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

/// A page of the actor's own notices, newest first: of what they may see now, and of whom they hear.
///
/// # Errors
/// Refused for guests; a fault where the database fails.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, after: Option<Cursor>) -> Result<Notices> {
    let me = own(actor)?;
    let before = after.and_then(|cursor| cursor.as_one()).unwrap_or(i64::MAX);
    let mut rows: Vec<Row> = notices::table
        .filter(notices::member_id.eq(me))
        .filter(notices::by_mail.eq(false))
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
    let newest = rows.first().map(|row| row.0);
    let actors: Vec<MemberId> = rows.iter().filter_map(|row| row.4).collect();
    let cards = members::cards_for(tx, Some(me), &actors)?;
    let mut asked: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for row in &rows {
        asked.entry(row.2.clone()).or_default().push(row.3);
    }
    let mut seen: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for (kind, ids) in asked {
        let told = may_be_told_of(tx, me, &kind, &ids)?;
        seen.insert(kind, told);
    }
    // What was hidden or moved since is not told of any more, nor who is ignored since.
    rows.retain(|row| {
        let by = row.4.and_then(|by| cards.get(&by));
        let told = seen.get(&row.2).is_some_and(|ids| ids.contains(&row.3));
        told && by.is_none_or(|card| !card.ignored)
    });
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
                count: 1,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Notices {
        lines: grouped(lines),
        next,
        newest,
    })
}

/// Puts notices of one kind in one thread together, unread and read ones apart: the newest stands for all, and leads to
/// the oldest.
fn grouped(lines: Vec<Line>) -> Vec<Line> {
    let mut shown: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let thread = line.data.get("thread").and_then(Value::as_i64);
        let first = shown.iter_mut().find(|other| {
            thread.is_some()
                && line.read == other.read
                && other.kind == line.kind
                && other.data.get("thread").and_then(Value::as_i64) == thread
        });
        match first {
            Some(first) => {
                first.count += 1;
                first.data = line.data;
            }
            None => shown.push(line),
        }
    }
    shown
}

/// How many of a member's notices are unread; counted up to 100.
///
/// # Errors
/// A fault where the database fails.
pub fn unread(tx: &mut Tx<'_>, member: MemberId) -> Result<i64> {
    Ok(unread_of(tx, member)?.0)
}

/// How many of a member's notices are unread, counted up to 100, and of which posts they tell.
///
/// # Errors
/// A fault where the database fails.
pub fn unread_of(tx: &mut Tx<'_>, member: MemberId) -> Result<(i64, Vec<PostId>)> {
    let found: Vec<(String, i64)> = notices::table
        .filter(notices::member_id.eq(member))
        .filter(notices::read_at.is_null())
        // The list does not show them either.
        .filter(sql::<Bool>(&members::heard(
            "notices.member_id",
            "notices.actor_id",
        )))
        .limit(COUNTED)
        .select((notices::subject_kind, notices::subject_id))
        .load(tx.conn)?;
    let posts = found.iter().filter(|(kind, _)| kind == "post");
    let posts = posts.map(|(_, id)| PostId(*id)).collect();
    Ok((found.len() as i64, posts))
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
    let mut first = data.get("path").cloned();
    if let Some(thread) = data.get("thread").and_then(Value::as_i64) {
        first = together(tx, me, notice, thread)?.or(first);
    }
    let data = serde_json::json!({ "path": first });
    Ok(data.get("path").and_then(Value::as_str).map(str::to_owned))
}

/// Marks the unread notices that stood together with this one as read, and answers where the oldest leads.
fn together(tx: &mut Tx<'_>, me: MemberId, notice: NoticeId, thread: i64) -> Result<Option<Value>> {
    let kind: String = notices::table
        .find(notice)
        .select(notices::kind)
        .first(tx.conn)?;
    let rows: Vec<(NoticeId, String)> = notices::table
        .filter(notices::member_id.eq(me))
        .filter(notices::read_at.is_null())
        .filter(notices::kind.eq(kind))
        .filter(notices::id.lt(notice))
        .order(notices::id.desc())
        .limit(COUNTED)
        .select((notices::id, notices::data))
        .load(tx.conn)?;
    let (mut ids, mut first) = (Vec::new(), None);
    for (id, data) in rows {
        let data: Value = serde_json::from_str(&data)?;
        if data.get("thread").and_then(Value::as_i64) == Some(thread) {
            ids.push(id);
            first = data.get("path").cloned();
        }
    }
    let now = tx.now();
    diesel::update(notices::table.filter(notices::id.eq_any(ids)))
        .set(notices::read_at.eq(now))
        .execute(tx.conn)?;
    Ok(first)
}

/// Notices of posts that nobody is shown any more do not wait to be read.
pub(super) fn gone(tx: &mut Tx<'_>, posts: &[PostId]) -> Result<()> {
    let now = tx.now();
    for some in posts.chunks(AT_ONCE) {
        let ids: Vec<i64> = some.iter().map(|post| post.0).collect();
        diesel::update(
            notices::table
                .filter(notices::subject_kind.eq("post"))
                .filter(notices::subject_id.eq_any(ids))
                .filter(notices::kind.eq_any(["mention", "reply", "watching"]))
                .filter(notices::read_at.is_null()),
        )
        .set(notices::read_at.eq(now))
        .execute(tx.conn)?;
    }
    Ok(())
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
pub(super) fn own(actor: &Actor) -> Result<MemberId> {
    let me = actor.id().ok_or(crate::kit::Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    Ok(me)
}
