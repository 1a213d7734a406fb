//! Pictures go with their owner and their post: at once with an erased member, after a month with a deleted post that
//! nobody brought back, after a week where they stand in no post.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::listing::{Upload, columns};
use super::sizes;
use super::store::Store;
use crate::db::schema::uploads;
use crate::db::{Tx, jobs};
use crate::kit::clock::DAY;
use crate::kit::ids::{MediaId, MemberId, PostId};
use crate::kit::{At, Event, Result};

/// The kind of the job that drops files.
pub const DROP: &str = "uploads.drop";
/// Days after which the pictures of a deleted post are dropped.
const DELETED_DAYS: i64 = 30;
/// Days for which a picture may stand in no post.
const LOOSE_DAYS: i64 = 7;
/// Pictures dropped in one go.
const SOME: i64 = 200;

#[derive(Serialize, Deserialize)]
struct Dropped {
    names: Vec<String>,
}

/// Takes the rows away and asks for their files to be dropped once that has committed.
pub(super) fn doom(tx: &mut Tx<'_>, gone: &[Upload]) -> Result<()> {
    for some in gone.chunks(100) {
        let ids: Vec<MediaId> = some.iter().map(|upload| upload.id).collect();
        diesel::delete(uploads::table.filter(uploads::id.eq_any(&ids))).execute(tx.conn)?;
        let names = some
            .iter()
            .flat_map(|upload| {
                let smaller = sizes(&upload.name).map(|s| s.smaller).unwrap_or_default();
                let smaller = smaller.into_iter().map(|(_, name)| name);
                [upload.name.clone()].into_iter().chain(smaller)
            })
            .collect();
        jobs::enqueue(tx, DROP, &Dropped { names })?;
    }
    Ok(())
}

/// The job: drops files. Bears repetition.
///
/// # Errors
/// A fault where a file cannot be dropped.
pub async fn drop_files(store: &Store, payload: &str) -> Result<()> {
    let dropped: Dropped = serde_json::from_str(payload)?;
    for name in dropped.names {
        store.drop_file(&name).await?;
    }
    Ok(())
}

/// The round: what nobody wants any more goes.
///
/// # Errors
/// A fault where the database fails.
pub fn sweep(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    let over: Vec<Upload> = uploads::table
        .filter(uploads::doomed_at.le(now))
        .order((uploads::doomed_at, uploads::id))
        .limit(SOME)
        .select(columns())
        .load(tx.conn)?;
    doom(tx, &over)?;
    let loose: Vec<Upload> = uploads::table
        .filter(uploads::loose_since.le(now.plus(-LOOSE_DAYS * DAY)))
        .order((uploads::loose_since, uploads::id))
        .limit(SOME)
        .select(columns())
        .load(tx.conn)?;
    doom(tx, &loose)
}

/// The joint for events.
///
/// # Errors
/// A fault where the database fails.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::PostsHidden {
            posts,
            deleted: true,
            ..
        } => {
            let until = tx.now().plus(DELETED_DAYS * DAY);
            set_doom(tx, posts, Some(until))
        }
        Event::PostsRestored { posts } => set_doom(tx, posts, None),
        Event::MemberErased { member } => forget(tx, *member),
        _ => Ok(()),
    }
}

fn set_doom(tx: &mut Tx<'_>, posts: &[PostId], at: Option<At>) -> Result<()> {
    for some in posts.chunks(500) {
        diesel::update(uploads::table.filter(uploads::post_id.eq_any(some)))
            .set(uploads::doomed_at.eq(at))
            .execute(tx.conn)?;
    }
    Ok(())
}

fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let all: Vec<Upload> = uploads::table
        .filter(uploads::member_id.eq(member))
        .select(columns())
        .load(tx.conn)?;
    doom(tx, &all)
}
