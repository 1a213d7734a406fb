//! The rows that every new post is made of: itself, its address for ever, and its first revision.

use diesel::prelude::*;

use super::words::Words;
use super::{pace, told};
use crate::content::{RENDER_VERSION, links, uploads};
use crate::db::Tx;
use crate::db::schema::{post_addresses, post_revisions, posts};
use crate::kit::ids::{MemberId, PostId, ThreadId};
use crate::kit::{Event, Result};
use crate::members;
use crate::policy::Actor;

/// Where a new post stands.
pub(super) struct Place {
    pub thread: ThreadId,
    pub number: i64,
    pub reply_to: Option<PostId>,
}

/// Writes a post's rows.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    author: Option<MemberId>,
    place: &Place,
    words: &Words,
) -> Result<PostId> {
    let now = tx.now();
    let id: PostId = diesel::insert_into(posts::table)
        .values((
            posts::thread_id.eq(place.thread),
            posts::number.eq(place.number),
            posts::author_id.eq(author),
            posts::reply_to_id.eq(place.reply_to),
            posts::body_source.eq(words.source()),
            posts::body_html.eq(words.html()),
            posts::body_text.eq(words.text()),
            posts::render_version.eq(i64::from(RENDER_VERSION)),
            posts::created_at.eq(now),
        ))
        .returning(posts::id)
        .get_result(tx.conn)?;
    diesel::insert_into(post_addresses::table)
        .values((
            post_addresses::thread_id.eq(place.thread),
            post_addresses::number.eq(place.number),
            post_addresses::post_id.eq(id),
        ))
        .execute(tx.conn)?;
    revision(tx, id, 1, author, words, "")?;
    uploads::claim(tx, author, id, &words.media)?;
    links::want(tx, words.html())?;
    Ok(id)
}

/// Keeps one revision of a post, the first included.
pub(super) fn revision(
    tx: &mut Tx<'_>,
    post: PostId,
    number: i64,
    by: Option<MemberId>,
    words: &Words,
    note: &str,
) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(post_revisions::table)
        .values((
            post_revisions::post_id.eq(post),
            post_revisions::revision.eq(number),
            post_revisions::body_source.eq(words.source()),
            post_revisions::body_text.eq(words.text()),
            post_revisions::edited_by.eq(by),
            post_revisions::note.eq(note),
            post_revisions::at.eq(now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// True where this member has written nothing yet.
pub(super) fn is_first(tx: &mut Tx<'_>, author: Option<MemberId>) -> Result<bool> {
    let Some(me) = author else {
        return Ok(false);
    };
    let one: Option<PostId> = posts::table
        .filter(posts::author_id.eq(me))
        .select(posts::id)
        .first(tx.conn)
        .optional()?;
    Ok(one.is_none())
}

/// Tells upper rooms of a new post, and of a member's first one with the code by which the member came.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    place: &Place,
    words: &Words,
    first: bool,
) -> Result<()> {
    if place.reply_to.is_some()
        || words.source().contains('@')
        || told::is_watched(tx, place.thread)?
    {
        told::soon(tx, post)?;
    }
    let Some(author) = actor.id() else {
        return Ok(());
    };
    tx.tell(&Event::PostWritten {
        post,
        thread: place.thread,
        author,
        number: place.number,
        newcomer: pace::newcomer(actor).is_some(),
    })?;
    if first {
        let code = members::first_post_code(tx, author)?;
        tx.tell(&Event::FirstPost {
            member: author,
            code,
        })?;
    }
    Ok(())
}
