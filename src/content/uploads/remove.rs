//! Taking a picture out of sight wherever it stands, and bringing it back while its files are kept.
//!
//! Asks nobody because the room above knows who moderates where it stands.

use diesel::prelude::*;

use super::sweep::doom;
use crate::db::Tx;
use crate::db::schema::uploads;
use crate::kit::clock::DAY;
use crate::kit::ids::MediaId;
use crate::kit::{At, Result};

/// Days for which a removed picture can be brought back.
const KEPT_DAYS: i64 = 30;
/// Pictures dropped in one go.
const SOME: i64 = 200;

/// Takes a picture and every other upload of the same bytes out of sight; answers how many those were.
///
/// # Errors
/// A fault where the database fails.
pub fn remove_everywhere(tx: &mut Tx<'_>, id: MediaId) -> Result<usize> {
    set(tx, id, true)
}

/// Brings them back.
///
/// # Errors
/// A fault where the database fails.
pub fn bring_back(tx: &mut Tx<'_>, id: MediaId) -> Result<usize> {
    set(tx, id, false)
}

fn set(tx: &mut Tx<'_>, id: MediaId, gone: bool) -> Result<usize> {
    let hash: Vec<u8> = uploads::table
        .find(id)
        .select(uploads::sha256)
        .first(tx.conn)?;
    let now = tx.now();
    let same = uploads::table.filter(uploads::sha256.eq(hash));
    let at: Option<At> = gone.then_some(now);
    Ok(diesel::update(same)
        .set(uploads::removed_at.eq(at))
        .execute(tx.conn)?)
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
