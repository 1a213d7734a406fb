//! Editing a post: every revision is kept, and nobody overwrites what they have not read.

use diesel::prelude::*;

use super::facts::{PostRow, find_post};
use super::limits::{GRACE, NOTE_CHARS};
use super::start::SUMMARY_CHARS;
use super::told;
use super::words::Words;
use super::{index, pace, write_post};
use crate::audit;
use crate::content::{self, RENDER_VERSION, links, uploads};
use crate::db::schema::{post_revisions, posts, threads};
use crate::db::{Lock, Tx};
use crate::kit::ids::PostId;
use crate::kit::{At, Event, Refusal, Result};
use crate::policy::{Action, Actor, PostState};

/// Replaces a post's words. `revision` is the one the editor had read; the answer is the new one, or the same where
/// the words are. An author's edit in the first five minutes leaves no mark, and before anybody has answered the words
/// it replaces are no part of the history that readers are shown; they are kept for consents that were given to them.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal where it is not theirs to edit, or [`Refusal::Stale`]
/// where somebody edited it meanwhile; problems with `body` of a newcomer.
pub fn edit_post(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    words: &Words,
    revision: i64,
    note: &str,
) -> Result<i64> {
    // Words that have to wait again are hidden in the same transaction, which touches their author and their thread.
    let (seen, ..) = find_post(tx, post)?;
    if let Some(author) = seen.author {
        tx.lock(Lock::Member(author))?;
    }
    tx.lock(Lock::Thread(seen.thread))?;
    tx.lock(Lock::Post(post))?;
    let (row, thread, law) = find_post(tx, post)?;

    actor.may(&Action::EditPost(&law))?;
    pace::links(pace::newcomer(actor), words)?;
    if row.revision != revision {
        return Err(Refusal::Stale.into());
    }
    let before: String = posts::table
        .find(post)
        .select(posts::body_source)
        .first(tx.conn)?;
    if before == words.source() {
        return Ok(revision);
    }

    let next = revision + 1;
    let own = actor.id().is_some() && actor.id() == row.author;
    let now = tx.now();
    diesel::update(posts::table.find(post))
        .set((
            posts::body_source.eq(words.source()),
            posts::body_html.eq(words.html()),
            posts::body_text.eq(words.text()),
            posts::render_version.eq(i64::from(RENDER_VERSION)),
            posts::revision.eq(next),
            posts::edited_at.eq(mark(&row, own, now)),
        ))
        .execute(tx.conn)?;
    let note: String = note.trim().chars().take(NOTE_CHARS).collect();
    if own && is_fresh(&row, now) && thread.post_counter == row.number {
        // Nobody has answered yet, and the author was still at it: what stood there a moment ago is no history.
        diesel::update(
            post_revisions::table
                .filter(post_revisions::post_id.eq(post))
                .filter(post_revisions::revision.eq(revision)),
        )
        .set(post_revisions::passed.eq(true))
        .execute(tx.conn)?;
    }
    write_post::revision(tx, post, next, actor.id(), words, &note)?;
    uploads::claim(tx, row.author, post, &words.media)?;
    links::want(tx, words.html())?;
    index::post(tx, post)?;
    if thread.first_post == Some(post) && row.state == PostState::Visible {
        diesel::update(threads::table.find(thread.id))
            .set(threads::summary.eq(content::summary(&words.open_text(), SUMMARY_CHARS)))
            .execute(tx.conn)?;
    }

    if !own {
        let details = serde_json::json!({ "revision": next });
        audit::record(
            tx,
            actor,
            "post.edited",
            audit::subject("post", post.0),
            details,
            Some(&note),
        )?;
    }
    told::again(tx, post, words, actor.id())?;
    tx.tell(&Event::PostEdited {
        post,
        thread: thread.id,
        author: row.author,
        by: actor.id(),
        revision: next,
    })?;
    Ok(next)
}

fn is_fresh(row: &PostRow, now: At) -> bool {
    now.since(row.created_at) <= GRACE
}

/// The moment that is shown as *edited*; none within the grace of an author's own edit.
fn mark(row: &PostRow, own: bool, now: At) -> Option<At> {
    if own && is_fresh(row, now) {
        row.edited_at
    } else {
        Some(now)
    }
}
