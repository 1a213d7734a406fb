//! Marking one reply as the answer: whoever started the thread may, and whoever moderates there.

use diesel::prelude::*;
use serde_json::json;

use super::facts::{find_post, find_thread};
use super::index;
use super::path::post_path;
use crate::audit;
use crate::db::schema::threads;
use crate::db::{Lock, Tx};
use crate::kit::ids::{PostId, ThreadId};
use crate::kit::{At, Refusal, Result, Stop};
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor, PostState};

/// Marks a reply as the answer of its thread; another one that was marked before gives way.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal where the thread is not theirs to answer for; a
/// problem with `post` where it is no reply or cannot be seen by everybody who sees the thread.
pub fn mark_answer(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<()> {
    let thread = find_post(tx, post)?.1.id;
    tx.lock(Lock::Thread(thread))?;
    let (row, thread, law) = find_post(tx, post)?;

    actor.may(&Action::SeePost(&law))?;
    actor.may(&Action::MarkAnswer(&law.thread))?;
    if row.number <= 1 || law.state != PostState::Visible {
        return Err(Stop::invalid("post", "answer-no-reply"));
    }
    if thread.answer == Some(post) {
        return Ok(());
    }

    let now = tx.now();
    diesel::update(threads::table.find(thread.id))
        .set((
            threads::answer_post_id.eq(Some(post)),
            threads::answered_at.eq(Some(now)),
        ))
        .execute(tx.conn)?;
    index::thread(tx, thread.id)?;
    record(tx, actor, "thread.answered", thread.id, Some(post))?;
    if let Some(author) = row.author {
        let notice = Notice {
            member: author,
            kind: "answer-marked",
            subject_kind: "post",
            subject_id: post.0,
            actor: actor.id(),
            data: json!({
                "title": thread.title,
                "path": post_path(&thread.slug, thread.id, row.number),
            }),
            mail: false,
        };
        notifications::tell(tx, &notice)?;
    }
    Ok(())
}

/// Takes the mark away again.
///
/// # Errors
/// Not found where the thread is not the actor's to see; a refusal where it is not theirs to answer for, or no reply is
/// marked.
pub fn unmark_answer(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId) -> Result<()> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;

    actor.may(&Action::SeeThread(&law))?;
    actor.may(&Action::MarkAnswer(&law))?;
    let Some(post) = row.answer else {
        return Err(Refusal::WrongState("unanswered").into());
    };

    forget(tx, thread)?;
    record(tx, actor, "thread.unanswered", thread, Some(post))
}

/// A post that has come home is the answer again, where nothing else is by now and everybody sees it. Nobody is told: it
/// is as it was.
pub(super) fn again(tx: &mut Tx<'_>, thread: ThreadId, post: PostId) -> Result<()> {
    let (row, home, law) = find_post(tx, post)?;
    let good = home.id == thread && row.number > 1 && law.state == PostState::Visible;
    if !good || home.answer.is_some() {
        return Ok(());
    }
    let now = tx.now();
    diesel::update(threads::table.find(thread))
        .set((
            threads::answer_post_id.eq(Some(post)),
            threads::answered_at.eq(Some(now)),
        ))
        .execute(tx.conn)?;
    index::thread(tx, thread)
}

/// The thread has no answer any more.
pub(super) fn forget(tx: &mut Tx<'_>, thread: ThreadId) -> Result<()> {
    diesel::update(threads::table.find(thread))
        .set((
            threads::answer_post_id.eq(None::<PostId>),
            threads::answered_at.eq(None::<At>),
        ))
        .execute(tx.conn)?;
    index::thread(tx, thread)
}

fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: &'static str,
    thread: ThreadId,
    post: Option<PostId>,
) -> Result<()> {
    let about = audit::subject("thread", thread.0);
    let details = json!({ "post": post.map(|p| p.0) });
    audit::record(tx, actor, kind, about, details, None)
}
