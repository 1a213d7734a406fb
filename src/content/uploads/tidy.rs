//! Store and rows held against each other, once a day: files that no row names are dropped, rows whose file is gone are
//! named to the person who runs the server.

use std::collections::HashSet;

use diesel::prelude::*;

use super::store::Store;
use super::whole_name;
use crate::db::schema::uploads;
use crate::db::{Db, Tx, jobs};
use crate::kit::ids::MediaId;
use crate::kit::{At, Result};

/// The kind of the job that does it.
pub const TIDY: &str = "uploads.tidy";
/// Names or rows looked at in one go.
const SOME: usize = 500;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Files that no row names, which were dropped.
    pub dropped: Vec<String>,
    /// Pictures whose file is gone.
    pub missing: Vec<MediaId>,
}

/// The round: asks for the job.
///
/// # Errors
/// A fault where the database fails.
pub fn ask_to_tidy(tx: &mut Tx<'_>) -> Result<()> {
    jobs::enqueue(tx, TIDY, &()).map(drop)
}

/// Drops files without a row that were written before this moment, and answers which rows have no file. A file is
/// written before its row, so what is young may only be waiting for it.
///
/// # Errors
/// A fault where the store or the database fails.
pub async fn tidy(db: &Db, store: &Store, before: At) -> Result<Tidied> {
    let mut found = Tidied::default();
    let mut old = store.names(before).await?;
    // Pictures of cards under links have rows of their own.
    old.retain(|name| !name.starts_with(crate::content::links::KEPT_NAME));
    for some in old.chunks(SOME) {
        let names: Vec<String> = some.iter().map(|name| whole_name(name)).collect();
        let known = db.read(move |tx| known(tx, &names)).await?;
        for name in some
            .iter()
            .filter(|name| !known.contains(&whole_name(name)))
        {
            store.drop_file(name).await?;
            found.dropped.push(name.clone());
        }
    }
    found.missing = missing(db, store).await?;
    Ok(found)
}

/// The pictures whose file is gone.
///
/// # Errors
/// A fault where the store or the database fails.
pub async fn missing(db: &Db, store: &Store) -> Result<Vec<MediaId>> {
    let mut missing = Vec::new();
    let mut after = MediaId(0);
    loop {
        let rows = db.read(move |tx| next(tx, after)).await?;
        let Some((last, _)) = rows.last() else {
            return Ok(missing);
        };
        after = *last;
        for (id, name) in rows {
            if !store.has(&name).await? {
                missing.push(id);
            }
        }
    }
}

/// Which of these names a row has.
fn known(tx: &mut Tx<'_>, names: &[String]) -> Result<HashSet<String>> {
    let rows: Vec<String> = uploads::table
        .filter(uploads::name.eq_any(names))
        .select(uploads::name)
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

fn next(tx: &mut Tx<'_>, after: MediaId) -> Result<Vec<(MediaId, String)>> {
    Ok(uploads::table
        .filter(uploads::id.gt(after))
        .order(uploads::id)
        .limit(SOME.try_into().unwrap_or(i64::MAX))
        .select((uploads::id, uploads::name))
        .load(tx.conn)?)
}
