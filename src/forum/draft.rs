//! Drafts: what a member has written and not yet sent, kept so that another device can go on with it.
//!
//! There is one draft for a new thread and one for a reply in each thread. Each saving has the number of the one that
//! the writer had read, so that a device that lay in a drawer does not overwrite what was written since.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::Serialize;

use super::limits::BODY_BYTES;
use super::path::thread_path;
use super::places::places;
use super::seen::threads_seen;
use crate::db::Tx;
use crate::db::schema::{drafts, threads};
use crate::kit::ids::{DraftId, MemberId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::policy::{Action, Actor};

/// Most drafts of one member.
const MOST: i64 = 100;
/// Longest title, tags and category that are kept, in bytes; whether they are right is asked when it is sent.
const LINE: usize = 4_096;

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftWords {
    /// The thread that it replies in; `None` for a new thread.
    pub thread: Option<ThreadId>,
    /// The title of a new thread.
    pub title: String,
    /// Its category, as the form has it.
    pub category: String,
    /// Its tags.
    pub tags: String,
    /// The words.
    pub body: String,
    /// The post that a reply answers, as the form has it.
    pub reply_to: String,
    /// The poll of a new thread, as the form has it; empty for none.
    pub poll: String,
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// Which one.
    pub id: DraftId,
    /// The thread that it replies in; `None` for a new thread.
    pub thread: Option<ThreadId>,
    /// What that is called; empty for a new thread, and where the thread is not the writer's to see any more.
    pub thread_title: String,
    /// Where to go on with it; empty where that is not possible.
    pub path: String,
    /// The title of a new thread.
    pub title: String,
    /// Its category, as the form has it.
    pub category: String,
    /// Its tags.
    pub tags: String,
    /// The words.
    pub body: String,
    /// The post that a reply answers, as the form has it.
    pub reply_to: String,
    /// The poll of a new thread, as the form has it; empty for none.
    pub poll: String,
    /// Counts savings.
    pub revision: i64,
    /// When it was last saved.
    pub saved_at: At,
}

type Row = (
    DraftId,
    i64,
    String,
    String,
    String,
    String,
    String,
    String,
    i64,
    At,
);

/// The columns of a [`Row`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        drafts::id,
        drafts::thread_id,
        drafts::title,
        drafts::category,
        drafts::tags,
        drafts::body,
        drafts::reply_to,
        drafts::poll,
        drafts::revision,
        drafts::saved_at,
    )
}

fn own(actor: &Actor) -> Result<MemberId> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    Ok(me)
}

/// The thread's id as it stands in the row: 0 for a new thread.
fn place(thread: Option<ThreadId>) -> i64 {
    thread.map_or(0, |thread| thread.0)
}

/// Saves a draft and answers its number. `revision` is the one that the writer had read, 0 for none. Without any words
/// the draft goes.
///
/// # Errors
/// Refused to guests; [`Refusal::Stale`] where another device saved it meanwhile; a problem with `body` where it is too
/// long to be ever sent, or there are too many drafts.
pub fn save_draft(
    tx: &mut Tx<'_>,
    actor: &Actor,
    words: &DraftWords,
    revision: i64,
) -> Result<i64> {
    let me = own(actor)?;
    check(words)?;
    let before: Option<(DraftId, i64)> = drafts::table
        .filter(drafts::member_id.eq(me))
        .filter(drafts::thread_id.eq(place(words.thread)))
        .select((drafts::id, drafts::revision))
        .first(tx.conn)
        .optional()?;
    let nothing = [&words.body, &words.title, &words.poll];
    if nothing.iter().all(|text| text.trim().is_empty()) {
        if before.is_some_and(|(_, now)| now == revision) {
            posted(tx, Some(me), words.thread)?;
        }
        return Ok(0);
    }
    let kept = (
        drafts::title.eq(&words.title),
        drafts::category.eq(&words.category),
        drafts::tags.eq(&words.tags),
        drafts::body.eq(&words.body),
        drafts::reply_to.eq(&words.reply_to),
        drafts::poll.eq(&words.poll),
        drafts::saved_at.eq(tx.now()),
    );
    match before {
        Some((id, now)) => {
            let changed = diesel::update(
                drafts::table
                    .filter(drafts::id.eq(id))
                    .filter(drafts::revision.eq(revision)),
            )
            .set((kept, drafts::revision.eq(now + 1)))
            .execute(tx.conn)?;
            if changed == 0 {
                return Err(Refusal::Stale.into());
            }
            Ok(now + 1)
        }
        None => {
            let many: i64 = drafts::table
                .filter(drafts::member_id.eq(me))
                .count()
                .get_result(tx.conn)?;
            if many >= MOST {
                let mut problems = Problems::default();
                problems.add("body", "drafts-full", &[("most", MOST.to_string())]);
                return Err(problems.into());
            }
            diesel::insert_into(drafts::table)
                .values((
                    drafts::member_id.eq(me),
                    drafts::thread_id.eq(place(words.thread)),
                    kept,
                    drafts::revision.eq(revision + 1),
                ))
                .execute(tx.conn)?;
            Ok(revision + 1)
        }
    }
}

fn check(words: &DraftWords) -> Result<()> {
    let lines = [&words.title, &words.category, &words.tags, &words.reply_to];
    let texts = [&words.body, &words.poll];
    let long = texts.iter().any(|text| text.len() > 2 * BODY_BYTES)
        || lines.iter().any(|line| line.len() > LINE);
    if long {
        let mut problems = Problems::default();
        problems.add("body", "body-too-long", &[("max", BODY_BYTES.to_string())]);
        return Err(problems.into());
    }
    if texts.iter().any(|text| text.contains('\0')) || lines.iter().any(|line| line.contains('\0'))
    {
        return Err(Stop::invalid("body", "body-nul"));
    }
    Ok(())
}

/// A draft of the actor, for a reply in this thread or for a new one.
///
/// # Errors
/// Refused to guests; not found where there is none.
pub fn draft_for(tx: &mut Tx<'_>, actor: &Actor, thread: Option<ThreadId>) -> Result<Draft> {
    let me = own(actor)?;
    let row: Row = drafts::table
        .filter(drafts::member_id.eq(me))
        .filter(drafts::thread_id.eq(place(thread)))
        .select(columns())
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    let found = named(tx, actor, vec![row])?;
    found.into_iter().next().or_not_found()
}

/// The actor's drafts, the latest first. There are never more than a page holds.
///
/// # Errors
/// Refused to guests.
pub fn drafts_of(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Draft>> {
    let me = own(actor)?;
    let rows: Vec<Row> = drafts::table
        .filter(drafts::member_id.eq(me))
        .order((drafts::saved_at.desc(), drafts::id.desc()))
        .limit(MOST)
        .select(columns())
        .load(tx.conn)?;
    named(tx, actor, rows)
}

/// Lets a draft go. What is not there has gone already.
///
/// # Errors
/// Refused to guests.
pub fn discard_draft(tx: &mut Tx<'_>, actor: &Actor, id: DraftId) -> Result<()> {
    let me = own(actor)?;
    diesel::delete(
        drafts::table
            .filter(drafts::id.eq(id))
            .filter(drafts::member_id.eq(me)),
    )
    .execute(tx.conn)?;
    Ok(())
}

/// What was sent is no draft any more.
pub(super) fn posted(
    tx: &mut Tx<'_>,
    author: Option<MemberId>,
    thread: Option<ThreadId>,
) -> Result<()> {
    if let Some(me) = author {
        diesel::delete(
            drafts::table
                .filter(drafts::member_id.eq(me))
                .filter(drafts::thread_id.eq(place(thread))),
        )
        .execute(tx.conn)?;
    }
    Ok(())
}

/// An erased member's drafts go with them.
pub(super) fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::delete(drafts::table.filter(drafts::member_id.eq(member))).execute(tx.conn)?;
    Ok(())
}

/// Rows with the titles of the threads that the writer may see: one query for all of them.
fn named(tx: &mut Tx<'_>, actor: &Actor, rows: Vec<Row>) -> Result<Vec<Draft>> {
    let ids: Vec<ThreadId> = rows
        .iter()
        .filter(|row| row.1 != 0)
        .map(|row| ThreadId(row.1))
        .collect();
    let mut titles: HashMap<ThreadId, (String, String)> = HashMap::new();
    if !ids.is_empty() {
        let places = places(tx)?;
        let sight = places.sight(actor);
        let found: Vec<(ThreadId, String, String)> = threads::table
            .filter(threads::id.eq_any(ids))
            .filter(threads_seen(&sight))
            .select((threads::id, threads::title, threads::slug))
            .load(tx.conn)?;
        titles.extend(
            found
                .into_iter()
                .map(|(id, title, slug)| (id, (title, slug))),
        );
    }
    let draft = |row: Row| {
        let (id, thread, title, category, tags, body, reply_to, poll, revision, saved_at) = row;
        let thread = (thread != 0).then_some(ThreadId(thread));
        let known = thread.and_then(|id| titles.get(&id).cloned());
        let path = match (thread, &known) {
            (None, _) => "/new-thread?draft=1".to_owned(),
            (Some(id), Some((_, slug))) => format!("{}?draft=1#reply", thread_path(slug, id)),
            (Some(_), None) => String::new(),
        };
        Draft {
            id,
            thread,
            thread_title: known.map(|(title, _)| title).unwrap_or_default(),
            path,
            title,
            category,
            tags,
            body,
            reply_to,
            poll,
            revision,
            saved_at,
        }
    };
    Ok(rows.into_iter().map(draft).collect())
}
