//! Saved posts that somebody wants to be reminded of on a day.

use diesel::prelude::*;
use serde_json::json;

use super::path::post_path;
use crate::db::Tx;
use crate::db::schema::{bookmarks, posts, threads};
use crate::kit::ids::{MemberId, PostId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Refusal, Result, Stop};
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor};

/// Reminders sent in one round.
const MOST: i64 = 200;
/// The longest time that somebody can be reminded after, in microseconds: five years.
const FAR: i64 = 5 * 366 * crate::kit::clock::DAY;

/// Reminds the actor of a saved post at a moment, or no more.
///
/// # Errors
/// Refused to guests; not found where the post was not saved; a problem with `remind` where the moment is past or too
/// far away.
pub fn remind(tx: &mut Tx<'_>, actor: &Actor, post: PostId, at: Option<At>) -> Result<()> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    let now = tx.now();
    if at.is_some_and(|at| at <= now || at > now.plus(FAR)) {
        return Err(Stop::invalid("remind", "remind-day"));
    }
    let found = diesel::update(
        bookmarks::table
            .filter(bookmarks::member_id.eq(me))
            .filter(bookmarks::post_id.eq(post)),
    )
    .set(bookmarks::remind_at.eq(at))
    .execute(tx.conn)?;
    (found > 0).then_some(()).or_not_found()
}

/// The round: sends what is due. A post that its saver does not see any more is passed over by the notice's own law.
///
/// # Errors
/// A fault where the database fails.
pub fn send_reminders(tx: &mut Tx<'_>) -> Result<()> {
    type Row = (i64, MemberId, PostId, i64, ThreadId, String, String);
    let now = tx.now();
    let due: Vec<Row> = bookmarks::table
        .inner_join(posts::table.inner_join(threads::table))
        .filter(bookmarks::remind_at.le(now))
        .order(bookmarks::remind_at)
        .limit(MOST)
        .select((
            bookmarks::id,
            bookmarks::member_id,
            posts::id,
            posts::number,
            threads::id,
            threads::title,
            threads::slug,
        ))
        .load(tx.conn)?;
    for (id, member, post, number, thread, title, slug) in due {
        diesel::update(bookmarks::table.find(id))
            .set(bookmarks::remind_at.eq(None::<At>))
            .execute(tx.conn)?;
        notifications::tell(
            tx,
            &Notice {
                member,
                kind: "bookmark-due",
                subject_kind: "post",
                subject_id: post.0,
                actor: None,
                data: json!({ "title": title, "path": post_path(&slug, thread, number) }),
                mail: true,
            },
        )?;
    }
    Ok(())
}
