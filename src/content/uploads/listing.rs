//! Uploads as their owners, their posts and rooms above see them. Reads only.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::path;
use crate::db::Tx;
use crate::db::schema::uploads;
use crate::kit::ids::{MediaId, MemberId, PostId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Refusal, Result};
use crate::policy::{Action, Actor};

/// Most pictures of one post that are shown.
const MOST: i64 = 50;

/// A picture as its row says it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Upload {
    /// Which one.
    pub id: MediaId,
    /// Whose; `None` once erased.
    pub member: Option<MemberId>,
    /// The post it stands in.
    pub post: Option<PostId>,
    /// Its random name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Pixels across.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
    /// Bytes of all its files.
    pub bytes: i64,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// When it was sent.
    pub created_at: At,
    /// Since when it stands in its post.
    pub claimed_at: Option<At>,
}

#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn columns() -> _ {
    (
        uploads::id,
        uploads::member_id,
        uploads::post_id,
        uploads::name,
        uploads::media_type,
        uploads::width,
        uploads::height,
        uploads::bytes,
        uploads::alt,
        uploads::created_at,
        uploads::claimed_at,
    )
}

impl Upload {
    /// Its address.
    #[must_use]
    pub fn path(&self) -> String {
        path(self.id, &self.name)
    }

    /// The line that puts it into a post.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut alt = String::with_capacity(self.alt.len());
        for c in self.alt.chars() {
            if matches!(c, '[' | ']' | '\\' | '*' | '_' | '`' | '<' | '!') {
                alt.push('\\');
            }
            alt.push(if c.is_control() { ' ' } else { c });
        }
        format!("![{alt}]({})", self.path())
    }
}

/// Those of these pictures that stand in a post and were not taken out of sight.
///
/// # Errors
/// A fault where the database fails.
pub fn standing(tx: &mut Tx<'_>, ids: &[MediaId]) -> Result<HashSet<MediaId>> {
    let found: Vec<MediaId> = uploads::table
        .filter(uploads::id.eq_any(ids))
        .filter(uploads::post_id.is_not_null())
        .filter(uploads::removed_at.is_null())
        .filter(uploads::doomed_at.is_null())
        .select(uploads::id)
        .load(tx.conn)?;
    Ok(found.into_iter().collect())
}

/// A picture, whoever asks; callers ask who may see the post it stands in.
///
/// # Errors
/// Not found where there is none.
pub fn find(tx: &mut Tx<'_>, id: MediaId) -> Result<Upload> {
    uploads::table
        .find(id)
        .select(columns())
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

/// What the actor sent, the latest first, and where the next page begins.
///
/// # Errors
/// Refused to guests.
pub fn uploads_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: Option<i64>,
    most: i64,
) -> Result<(Vec<Upload>, Option<i64>)> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    let most = most.clamp(1, 100);
    let mut rows: Vec<Upload> = uploads::table
        .filter(uploads::member_id.eq(me))
        .filter(uploads::id.lt(MediaId(before.unwrap_or(i64::MAX))))
        .order(uploads::id.desc())
        .limit(most + 1)
        .select(columns())
        .load(tx.conn)?;
    let more = rows.len() as i64 > most;
    rows.truncate(usize::try_from(most).unwrap_or(0));
    let next = rows.last().filter(|_| more).map(|row| row.id.0);
    Ok((rows, next))
}

/// The pictures of a post, in the order in which they were sent. For rooms above, which answer for who may see the post
/// and, where they go outside, for the consent.
///
/// # Errors
/// A fault where the database fails.
pub fn media_of(tx: &mut Tx<'_>, post: PostId) -> Result<Vec<Upload>> {
    Ok(uploads::table
        .filter(uploads::post_id.eq(post))
        .filter(uploads::doomed_at.is_null())
        .filter(uploads::removed_at.is_null())
        .order(uploads::id)
        .limit(MOST)
        .select(columns())
        .load(tx.conn)?)
}

/// The pictures of several posts, by post.
///
/// # Errors
/// A fault where the database fails.
pub fn pictures_of(tx: &mut Tx<'_>, posts: &[PostId]) -> Result<HashMap<PostId, Vec<Upload>>> {
    let rows: Vec<Upload> = uploads::table
        .filter(uploads::post_id.eq_any(posts))
        .filter(uploads::doomed_at.is_null())
        .filter(uploads::removed_at.is_null())
        .order((uploads::post_id, uploads::id))
        .limit(MOST * 10)
        .select(columns())
        .load(tx.conn)?;
    let mut by: HashMap<PostId, Vec<Upload>> = HashMap::new();
    for row in rows {
        if let Some(post) = row.post {
            by.entry(post).or_default().push(row);
        }
    }
    Ok(by)
}
