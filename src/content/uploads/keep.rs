//! Keeping a picture that a member sent, and letting it go again. The files are written before the row and dropped after
//! it, so that no row ever points to nothing.

use diesel::prelude::*;

use super::ALT_CHARS;
use super::listing::{Upload, columns, find};
use super::picture::Picture;
use super::remove;
use super::sweep::doom;
use crate::db::Tx;
use crate::db::limits::{Limit, count};
use crate::db::schema::uploads;
use crate::kit::ids::{MediaId, MemberId, PostId};
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::policy::{Action, Actor, Trust};

/// Bytes that one member may keep here.
const QUOTA: i64 = 200 * 1024 * 1024;
/// Pictures that one member may send in a day.
const A_DAY: Limit = Limit {
    most: 60,
    seconds: 86_400,
};
/// Pictures that somebody who has just arrived may send in a day.
const A_DAY_NEW: Limit = Limit {
    most: 6,
    seconds: 86_400,
};

/// A picture that was kept: a new one, or the same one sent before and not used yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The row.
    pub upload: Upload,
    /// The files that were written for it are its own; otherwise they can be dropped.
    pub new: bool,
}

/// Keeps a picture whose files are in the store already.
///
/// # Errors
/// Refused to whoever does not take part, and beyond the day's number; problems with `alt` or `file`.
pub fn keep(tx: &mut Tx<'_>, actor: &Actor, picture: &Picture, alt: &str) -> Result<Kept> {
    actor.may(&Action::Upload)?;
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    let alt: String = alt.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut problems = Problems::default();
    if alt.is_empty() {
        problems.add("alt", "upload-alt-needed", &[]);
    } else if alt.chars().count() > ALT_CHARS {
        problems.add("alt", "too-long", &[("most", ALT_CHARS.to_string())]);
    }
    // What moderators took away does not come back by another name, as long as it can be brought back.
    if remove::is_barred(tx, &picture.sha256)? {
        problems.add("file", "upload-removed", &[]);
    }
    problems.check()?;
    // A double click, or the way back and again: the same picture that stands nowhere yet is the same picture.
    let again: Option<Upload> = uploads::table
        .filter(uploads::member_id.eq(me))
        .filter(uploads::sha256.eq(picture.sha256.to_vec()))
        .filter(uploads::post_id.is_null())
        .select(columns())
        .first(tx.conn)
        .optional()?;
    if let Some(again) = again {
        diesel::update(uploads::table.find(again.id))
            .set(uploads::alt.eq(&alt))
            .execute(tx.conn)?;
        if again.post.is_none() {
            // Whoever sends it once more means to use it.
            set_post(tx, again.id, None)?;
        }
        let upload = Upload { alt, ..again };
        return Ok(Kept { upload, new: false });
    }
    let newcomer = actor.person().is_some_and(|p| p.trust == Trust::New);
    let limit = if newcomer { A_DAY_NEW } else { A_DAY };
    count(tx, &format!("upload:member:{}", me.0), limit)?;
    if used(tx, me)? + picture.bytes() > QUOTA {
        let most = [("most", (QUOTA / 1024 / 1024).to_string())];
        let mut problems = Problems::default();
        problems.add("file", "upload-quota", &most);
        return Err(problems.into());
    }
    let upload = uploads::table;
    let made = diesel::insert_into(upload)
        .values((
            uploads::member_id.eq(me),
            uploads::name.eq(&picture.name),
            uploads::media_type.eq(picture.media_type),
            uploads::width.eq(i64::from(picture.width)),
            uploads::height.eq(i64::from(picture.height)),
            uploads::bytes.eq(picture.bytes()),
            uploads::alt.eq(&alt),
            uploads::sha256.eq(picture.sha256.to_vec()),
            uploads::created_at.eq(tx.now()),
            uploads::loose_since.eq(tx.now()),
        ))
        .returning(columns())
        .get_result(tx.conn)?;
    Ok(Kept {
        upload: made,
        new: true,
    })
}

/// Bytes that a member keeps here; at most a few hundred rows, held in by the quota.
fn used(tx: &mut Tx<'_>, member: MemberId) -> Result<i64> {
    let sizes: Vec<i64> = uploads::table
        .filter(uploads::member_id.eq(member))
        .select(uploads::bytes)
        .load(tx.conn)?;
    Ok(sizes.iter().sum())
}

/// Lets one of the actor's own pictures go that stands in no post.
///
/// # Errors
/// Not found where it is not theirs; refused where it stands in a post: there it goes with the post's words.
pub fn let_go(tx: &mut Tx<'_>, actor: &Actor, id: MediaId) -> Result<()> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    let found = find(tx, id)?;
    if found.member != Some(me) {
        return Err(Refusal::NotFound.into());
    }
    if found.post.is_some() {
        return Err(Stop::Refused(Refusal::WrongState("in-use")));
    }
    doom(tx, &[found])
}

/// The post that a picture stands in, for the sweep.
pub(super) fn set_post(tx: &mut Tx<'_>, id: MediaId, post: Option<PostId>) -> Result<()> {
    let now = tx.now();
    let (claimed, loose) = match post {
        Some(_) => (Some(now), None),
        None => (None, Some(now)),
    };
    diesel::update(uploads::table.find(id))
        .set((
            uploads::post_id.eq(post),
            uploads::claimed_at.eq(claimed),
            uploads::loose_since.eq(loose),
        ))
        .execute(tx.conn)?;
    Ok(())
}
