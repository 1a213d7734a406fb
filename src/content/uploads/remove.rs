//! Taking a picture out of sight wherever it stands, and bringing it back while its files are kept.
//!
//! Asks nobody because the room above knows who moderates where it stands.

use diesel::prelude::*;

use super::sweep::doom;
use crate::db::Tx;
use crate::db::schema::uploads;
use crate::kit::clock::DAY;
use crate::kit::ids::{MediaId, PostId};
use crate::kit::{At, Result};

/// Days for which a removed picture can be brought back.
const KEPT_DAYS: i64 = 30;
/// Pictures dropped in one go.
const SOME: i64 = 200;

/// Takes these pictures out of sight, at one moment.
///
/// # Errors
/// A fault where the database fails.
pub fn remove(tx: &mut Tx<'_>, ids: &[MediaId]) -> Result<()> {
    let now = tx.now();
    for some in ids.chunks(500) {
        diesel::update(uploads::table.filter(uploads::id.eq_any(some)))
            .set(uploads::removed_at.eq(Some(now)))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Every upload of the same bytes, the picture itself among them, with the post it stands in.
///
/// # Errors
/// A fault where the database fails.
pub fn copies_of(tx: &mut Tx<'_>, id: MediaId) -> Result<Vec<(MediaId, Option<PostId>)>> {
    let hash: Vec<u8> = uploads::table
        .find(id)
        .select(uploads::sha256)
        .first(tx.conn)?;
    Ok(uploads::table
        .filter(uploads::sha256.eq(hash))
        .order(uploads::id)
        .select((uploads::id, uploads::post_id))
        .load(tx.conn)?)
}

/// Was a picture of these bytes taken out of sight, and is it still kept?
pub(super) fn is_barred(tx: &mut Tx<'_>, sha256: &[u8]) -> Result<bool> {
    let found: Option<MediaId> = uploads::table
        .filter(uploads::sha256.eq(sha256))
        .filter(uploads::removed_at.is_not_null())
        .select(uploads::id)
        .first(tx.conn)
        .optional()?;
    Ok(found.is_some())
}

/// Brings a picture back, and those of these that were taken away in the same moment; answers which those are.
///
/// # Errors
/// A fault where the database fails.
pub fn bring_back(tx: &mut Tx<'_>, id: MediaId, among: &[MediaId]) -> Result<Vec<MediaId>> {
    let at: Option<At> = uploads::table
        .find(id)
        .select(uploads::removed_at)
        .first(tx.conn)?;
    let mut all = Vec::new();
    for some in among.chunks(500) {
        let back: Vec<MediaId> = uploads::table
            .filter(uploads::id.eq_any(some))
            .filter(uploads::removed_at.eq(at))
            .select(uploads::id)
            .load(tx.conn)?;
        diesel::update(uploads::table.filter(uploads::id.eq_any(&back)))
            .set(uploads::removed_at.eq(None::<At>))
            .execute(tx.conn)?;
        all.extend(back);
    }
    Ok(all)
}

/// The pictures of a post that were taken out of sight and are still kept.
///
/// # Errors
/// A fault where the database fails.
pub fn removed_of(tx: &mut Tx<'_>, post: PostId) -> Result<Vec<MediaId>> {
    Ok(uploads::table
        .filter(uploads::post_id.eq(post))
        .filter(uploads::removed_at.is_not_null())
        .filter(uploads::doomed_at.is_null())
        .order(uploads::id)
        .limit(SOME)
        .select(uploads::id)
        .load(tx.conn)?)
}

/// Was it taken out of sight?
///
/// # Errors
/// A fault where the database fails.
pub fn is_removed(tx: &mut Tx<'_>, id: MediaId) -> Result<bool> {
    let at: Option<Option<At>> = uploads::table
        .find(id)
        .select(uploads::removed_at)
        .first(tx.conn)
        .optional()?;
    Ok(at.flatten().is_some())
}

/// After a month what was removed is dropped for good.
///
/// # Errors
/// A fault where the database fails.
pub fn sweep_removed(tx: &mut Tx<'_>) -> Result<()> {
    let before = tx.now().plus(-KEPT_DAYS * DAY);
    let gone = uploads::table
        .filter(uploads::removed_at.lt(Some(before)))
        .limit(SOME)
        .select(super::listing::columns())
        .load(tx.conn)?;
    doom(tx, &gone)
}
