//! Erasing words: what was said goes, its hash and what became of it stay.

use diesel::prelude::*;

use crate::bridge::state::State;
use crate::db::Tx;
use crate::db::schema::{deliveries, page_entries};
use crate::kit::Result;
use crate::kit::event::Origin;

/// Erases the words of everything that this origin asked for and that is over. Call it after
/// [`recall`](super::recall()); what is still to be withdrawn keeps its bytes, which hold no words.
///
/// # Errors
/// A fault where the database fails.
pub fn forget(tx: &mut Tx<'_>, origin: &Origin) -> Result<()> {
    let settled: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| state.is_settled())
        .collect();
    let over = deliveries::table
        .filter(deliveries::origin_kind.eq(&origin.kind))
        .filter(deliveries::origin_id.eq(origin.id))
        .filter(deliveries::state.eq_any(settled));
    diesel::update(over)
        .set((deliveries::payload.eq(""), deliveries::words.eq("")))
        .execute(tx.conn)?;
    let gone = page_entries::table
        .filter(page_entries::origin_kind.eq(&origin.kind))
        .filter(page_entries::origin_id.eq(origin.id))
        .filter(page_entries::withdrawn_at.is_not_null());
    diesel::update(gone)
        .set((
            page_entries::title.eq(""),
            page_entries::text.eq(""),
            page_entries::said.eq("[]"),
        ))
        .execute(tx.conn)?;
    Ok(())
}
