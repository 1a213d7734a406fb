//! What a correction took down without anything in its place.

use diesel::prelude::*;

use super::Row;
use crate::bridge::state::{Operation, State};
use crate::db::Tx;
use crate::db::schema::deliveries;
use crate::kit::Result;

/// Writes down that nothing of this origin stands at its channel any more: the correction took it down, and its own words were
/// refused. Its row says so to people, so nobody has to take note of it a second time.
pub(in crate::bridge) fn mark_down(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    let now = tx.now();
    let stood = deliveries::table
        .filter(deliveries::origin_kind.eq(&row.origin_kind))
        .filter(deliveries::origin_id.eq(row.origin_id))
        .filter(deliveries::channel_id.eq(row.channel_id))
        .filter(deliveries::operation.ne(Operation::Withdraw))
        .filter(deliveries::state.eq(State::Sent));
    diesel::update(stood)
        .set((
            deliveries::looks.eq("gone"),
            deliveries::looked_at.eq(now),
            deliveries::seen_at.eq(now),
            deliveries::looks_noted_at.eq(now),
        ))
        .execute(tx.conn)?;
    Ok(())
}
