//! Editing a post: every revision is kept, and nobody overwrites what they have not read.

use diesel::prelude::*;

use super::facts::{PostRow, find_post};
use super::limits::{GRACE, NOTE_CHARS};
use super::start::SUMMARY_CHARS;
use super::told;
use super::words::Words;
use super::{index, pace, write_post};
use crate::audit;
use crate::content::{self, RENDER_VERSION, uploads};
use crate::db::schema::{posts, threads};
use crate::db::{Lock, Tx};
use crate::kit::ids::PostId;
use crate::kit::{At, Event, Refusal, Result};
use crate::policy::{Action, Actor, PostState};

/// Replaces a post's words. `revision` is the one the editor had read; the answer is the new one, or the same where
/// the words are. An author's edit in the first five minutes leaves no mark, but its revision is kept like any other.
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
    diesel::update(posts::table.find(post))
        .set((
            posts::body_source.eq(words.source()),
            posts::body_html.eq(words.html()),
            posts::body_text.eq(words.text()),
            posts::render_version.eq(i64::from(RENDER_VERSION)),
            posts::revision.eq(next),
            posts::edited_at.eq(mark(&row, own, tx.now())),
        ))
        .execute(tx.conn)?;
    let note: String = note.trim().chars().take(NOTE_CHARS).collect();
    write_post::revision(tx, post, next, actor.id(), words, &note)?;
    uploads::claim(tx, row.author, post, &words.media)?;
    index::post(tx, post)?;
    if thread.first_post == Some(post) && row.state == PostState::Visible {
        diesel::update(threads::table.find(thread.id))
            .set(threads::summary.eq(content::summary(words.text(), SUMMARY_CHARS)))
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
    told::again(tx, post, words)?;
    tx.tell(&Event::PostEdited {
        post,
        thread: thread.id,
        author: row.author,
        by: actor.id(),
        revision: next,
    })?;
    Ok(next)
}

/// The moment that is shown as *edited*; none within the grace of an author's own edit.
fn mark(row: &PostRow, own: bool, now: At) -> Option<At> {
    let fresh = now.since(row.created_at) <= GRACE;
    if own && fresh {
        row.edited_at
    } else {
        Some(now)
    }
}
