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

/// Takes a picture and every other upload of the same bytes out of sight; answers which those are.
///
/// # Errors
/// A fault where the database fails.
pub fn remove_everywhere(tx: &mut Tx<'_>, id: MediaId) -> Result<Vec<MediaId>> {
    set(tx, id, true)
}

/// Every upload of the same bytes, the picture itself among them.
///
/// # Errors
/// A fault where the database fails.
pub fn copies_of(tx: &mut Tx<'_>, id: MediaId) -> Result<Vec<MediaId>> {
    let hash: Vec<u8> = uploads::table
        .find(id)
        .select(uploads::sha256)
        .first(tx.conn)?;
    Ok(uploads::table
        .filter(uploads::sha256.eq(hash))
        .order(uploads::id)
        .select(uploads::id)
        .load(tx.conn)?)
}

/// Brings them back.
///
/// # Errors
/// A fault where the database fails.
pub fn bring_back(tx: &mut Tx<'_>, id: MediaId) -> Result<Vec<MediaId>> {
    set(tx, id, false)
}

fn set(tx: &mut Tx<'_>, id: MediaId, gone: bool) -> Result<Vec<MediaId>> {
    let copies = copies_of(tx, id)?;
    let at: Option<At> = gone.then_some(tx.now());
    for some in copies.chunks(500) {
        diesel::update(uploads::table.filter(uploads::id.eq_any(some)))
            .set(uploads::removed_at.eq(at))
            .execute(tx.conn)?;
    }
    Ok(copies)
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
