//! Asks nobody because it acts for whoever wrote: a new post is told of by a job, so that a reply costs the same in a
//! thread that thousands watch.
//!
//! Whoever is called by name, whose post is answered, and who watches the thread, its category or one of its tags is told
//! once of a post, and only while they may see it. What is muted is silent.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::facts::{PostRow, ThreadRow, find_post};
use super::path::post_path;
use super::places::places;
use super::reading::not_muted;
use super::seen::{posts_seen, threads_seen};
use super::words::Words;
use crate::db::schema::{posts, threads};
use crate::db::{Conn, Tx, jobs};
use crate::kit::clock::DAY;
use crate::kit::ids::{MemberId, PostId, ThreadId};
use crate::kit::{Refusal, Result, Stop};
use crate::members;
use crate::notifications::{self, Notice};
use crate::policy::{Action, PostFacts, PostState};

/// The kind of the job that tells of a post.
pub const TELL: &str = "forum.tell";
/// Most members who are told because a post calls their names.
const CALLED: usize = 10;
/// Posts of a thread that are told of when it can be read again, the newest.
const LET_THROUGH: usize = 50;
/// How old they may be.
const YOUNG: i64 = 14 * DAY;
/// Watchers who are told in one go.
const AT_ONCE: i64 = 100;

/// What is told of, and which watchers were told already: those up to this id.
#[derive(Debug, Serialize, Deserialize)]
struct Task {
    post: PostId,
    after: i64,
    /// Who called the names, where it was not the author: anybody may edit a wiki post.
    #[serde(default)]
    by: Option<MemberId>,
}

/// Does anybody watch this thread, its category or one of its tags?
pub(super) fn is_watched(tx: &mut Tx<'_>, thread: ThreadId) -> Result<bool> {
    let sql = format!(
        "SELECT CAST(1 AS BIGINT) AS member_id WHERE EXISTS (SELECT 1 FROM thread_reads WHERE thread_id = {thread} AND level = 'watching') \
         OR EXISTS (SELECT 1 FROM threads t JOIN category_follows f ON f.category_id = t.category_id WHERE t.id = {thread} AND f.level = 'watching') \
         OR EXISTS (SELECT 1 FROM thread_tags t JOIN tag_follows f ON f.tag_id = t.tag_id WHERE t.thread_id = {thread} AND f.level = 'watching')"
    );
    Ok(!ask(tx, sql)?.is_empty())
}

fn ask(tx: &mut Tx<'_>, sql: String) -> Result<Vec<Watcher>> {
    Ok(match &mut *tx.conn {
        Conn::Sqlite(conn) => diesel::sql_query(sql).load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(sql).load(conn)?,
    })
}

/// Tells of a post as soon as it stands.
pub(super) fn soon(tx: &mut Tx<'_>, post: PostId) -> Result<()> {
    let (after, by) = (0, None);
    jobs::enqueue(tx, TELL, &Task { post, after, by })
}

/// Tells of posts that were held, or hidden by mistake, once they can be read; who was told before hears nothing more,
/// and of what is old nobody does.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn let_through(tx: &mut Tx<'_>, posts: &[PostId]) -> Result<()> {
    let young: Vec<PostId> = posts::table
        .filter(posts::id.eq_any(posts.iter().rev().take(LET_THROUGH)))
        .filter(posts::created_at.gt(tx.now().plus(-YOUNG)))
        .order(posts::id)
        .select(posts::id)
        .load(tx.conn)?;
    young.into_iter().try_for_each(|post| soon(tx, post))
}

/// Tells those whose names an edit called; who was told of the post hears nothing more.
pub(super) fn again(
    tx: &mut Tx<'_>,
    post: PostId,
    words: &Words,
    by: Option<MemberId>,
) -> Result<()> {
    if !words.source().contains('@') {
        return Ok(());
    }
    let after = i64::MAX;
    jobs::enqueue(tx, TELL, &Task { post, after, by })
}

/// The job: those who are concerned by name first, then the watchers, a hundred at a time.
///
/// # Errors
/// A fault where the database fails.
pub fn tell_of(tx: &mut Tx<'_>, payload: &str) -> Result<()> {
    let task: Task = serde_json::from_str(payload)?;
    let (row, thread, law) = match find_post(tx, task.post) {
        Ok(found) => found,
        // Gone since: there is nothing to be told.
        Err(Stop::Refused(Refusal::NotFound)) => return Ok(()),
        Err(stop) => return Err(stop),
    };
    if row.state != PostState::Visible || thread.state != PostState::Visible {
        return Ok(());
    }
    let concerned = concerned(tx, &row)?;
    let by = task.by.or(row.author);
    let news = News {
        row,
        thread,
        law,
        by,
    };
    if matches!(task.after, 0 | i64::MAX) {
        for (member, kind) in &concerned {
            news.tell(tx, *member, kind)?;
        }
    }
    let watching = watchers(tx, &news, task.after)?;
    for member in &watching {
        if !concerned.iter().any(|(other, _)| other == member) {
            news.tell(tx, *member, "watching")?;
        }
    }
    match watching.last() {
        Some(last) if watching.len() as i64 == AT_ONCE => {
            let (post, after, by) = (task.post, last.0, task.by);
            jobs::enqueue(tx, TELL, &Task { post, after, by })
        }
        _ => Ok(()),
    }
}

struct News {
    row: PostRow,
    thread: ThreadRow,
    law: PostFacts,
    /// Whose doing it is.
    by: Option<MemberId>,
}

impl News {
    fn tell(&self, tx: &mut Tx<'_>, member: MemberId, kind: &'static str) -> Result<()> {
        if Some(member) == self.by || notifications::was_told(tx, member, "post", self.row.id.0)? {
            return Ok(());
        }
        let heard: Option<ThreadId> = threads::table
            .find(self.thread.id)
            .filter(sql::<Bool>(&not_muted(member)))
            .select(threads::id)
            .first(tx.conn)
            .optional()?;
        if heard.is_none() {
            return Ok(());
        }
        // Who may see it is asked by the joint below, when the notice is written.
        let notice = Notice {
            member,
            kind,
            subject_kind: "post",
            subject_id: self.row.id.0,
            actor: self.by,
            data: json!({
                "title": self.thread.title,
                "path": post_path(&self.thread.slug, self.thread.id, self.row.number),
                "thread": self.thread.id,
                // A letter tells of one; the list says how many stand together.
                "count": 1,
            }),
            mail: true,
        };
        notifications::tell(tx, &notice)
    }
}

/// Whose names the post calls, ten at most, and whose post it answers.
fn concerned(tx: &mut Tx<'_>, row: &PostRow) -> Result<Vec<(MemberId, &'static str)>> {
    let (source, answers): (String, Option<PostId>) = posts::table
        .find(row.id)
        .select((posts::body_source, posts::reply_to_id))
        .first(tx.conn)?;
    let called = members::named(tx, &Words::called(&source))?;
    let mut all: Vec<(MemberId, &'static str)> = called
        .into_iter()
        .take(CALLED)
        .map(|(id, _)| (id, "mention"))
        .collect();
    let Some(answers) = answers else {
        return Ok(all);
    };
    let author: Option<Option<MemberId>> = posts::table
        .find(answers)
        .select(posts::author_id)
        .first(tx.conn)
        .optional()?;
    if let Some(author) = author.flatten()
        && !all.iter().any(|(id, _)| *id == author)
    {
        all.push((author, "reply"));
    }
    Ok(all)
}

#[derive(QueryableByName)]
struct Watcher {
    #[diesel(sql_type = BigInt)]
    member_id: i64,
}

/// The next members after this one who watch the thread: by itself, or by its category or a tag where they never opened
/// it. Who opened it has a row of their own, and that decides.
fn watchers(tx: &mut Tx<'_>, news: &News, after: i64) -> Result<Vec<MemberId>> {
    let (thread, category) = (news.thread.id, news.law.thread.category.id);
    let unopened = format!(
        "NOT EXISTS (SELECT 1 FROM thread_reads r WHERE r.thread_id = {thread} AND r.member_id = f.member_id)"
    );
    let sql = format!(
        "SELECT member_id FROM thread_reads WHERE thread_id = {thread} AND level = 'watching' AND member_id > {after} \
         UNION SELECT f.member_id FROM category_follows f WHERE f.category_id = {category} AND f.level = 'watching' \
         AND f.member_id > {after} AND {unopened} \
         UNION SELECT f.member_id FROM tag_follows f JOIN thread_tags t ON t.tag_id = f.tag_id \
         WHERE t.thread_id = {thread} AND f.level = 'watching' AND f.member_id > {after} AND {unopened} \
         ORDER BY member_id LIMIT {AT_ONCE}"
    );
    Ok(ask(tx, sql)?
        .into_iter()
        .map(|row| MemberId(row.member_id))
        .collect())
}

/// The joint for notices: nobody is told of a post or thread that is not theirs to see.
///
/// # Errors
/// A fault where the database fails.
pub fn may_be_told(tx: &mut Tx<'_>, member: MemberId, kind: &str, id: i64) -> Result<bool> {
    let seen = match kind {
        "post" => super::post_facts(tx, PostId(id))
            .and_then(|law| members::actor(tx, member)?.may(&Action::SeePost(&law))),
        "thread" => super::thread_facts(tx, ThreadId(id))
            .and_then(|law| members::actor(tx, member)?.may(&Action::SeeThread(&law))),
        _ => return Ok(true),
    };
    match seen {
        Ok(()) => Ok(true),
        Err(Stop::Refused(_)) => Ok(false),
        Err(stop) => Err(stop),
    }
}

/// The joint for a page of notices: the posts or threads among these that the member may see now, in one query.
///
/// # Errors
/// A fault where the database fails.
pub fn may_be_told_of(
    tx: &mut Tx<'_>,
    member: MemberId,
    kind: &str,
    ids: &[i64],
) -> Result<Option<Vec<i64>>> {
    if !matches!(kind, "post" | "thread") {
        return Ok(None);
    }
    let actor = members::actor(tx, member)?;
    let sight = places(tx)?.sight(&actor);
    Ok(Some(match kind {
        "post" => posts::table
            .inner_join(threads::table)
            .filter(posts::id.eq_any(ids.iter().map(|id| PostId(*id))))
            .filter(threads_seen(&sight))
            .filter(posts_seen(&sight))
            .select(posts::id)
            .load::<PostId>(tx.conn)?
            .into_iter()
            .map(|id| id.0)
            .collect(),
        _ => threads::table
            .filter(threads::id.eq_any(ids.iter().map(|id| ThreadId(*id))))
            .filter(threads_seen(&sight))
            .select(threads::id)
            .load::<ThreadId>(tx.conn)?
            .into_iter()
            .map(|id| id.0)
            .collect(),
    }))
}
