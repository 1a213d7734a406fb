//! Names that are not for everybody, for those who have to keep them inside. Reads only.

use diesel::prelude::*;

use super::places::places;
use crate::db::Tx;
use crate::db::schema::threads;
use crate::kit::Result;
use crate::kit::ids::CategoryId;
use crate::policy::PostState;

/// The newest so many titles are kept in mind.
const TITLES: i64 = 2_000;

/// Names of categories that not everybody may see, and titles of threads that stand there or were hidden.
///
/// # Errors
/// A fault where the database fails.
pub fn restricted_names(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let places = places(tx)?;
    let closed = || places.iter().filter(|c| !c.facts.is_public());
    let ids: Vec<CategoryId> = closed().map(|c| c.id).collect();
    let mut names: Vec<String> = closed().map(|c| c.name.clone()).collect();
    let titles: Vec<String> = threads::table
        .filter(
            threads::category_id
                .eq_any(ids)
                .or(threads::state.ne(PostState::Visible)),
        )
        .order(threads::id.desc())
        .limit(TITLES)
        .select(threads::title)
        .load(tx.conn)?;
    names.extend(titles);
    Ok(names)
}
