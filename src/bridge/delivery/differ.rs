//! What a look found at a channel that is not as it was sent: something for a person to look at, until somebody did.

use diesel::prelude::*;
use serde_json::json;

use super::listing::{DeliveryLine, line};
use super::{Row, find, lock};
use crate::audit::{self, subject};
use crate::bridge::state::State;
use crate::db::Tx;
use crate::db::schema::{channels, deliveries as table};
use crate::kit::Result;
use crate::kit::ids::DeliveryId;
use crate::kit::stop::Refusal;
use crate::policy::{Action, Actor};

/// The most that are shown at once.
const MOST: i64 = 50;

/// Announcements that were changed or removed outside and that nobody has taken note of, newest first.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins.
pub fn differences(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<DeliveryLine>> {
    actor.may(&Action::SeeOutreach)?;
    let rows: Vec<(Row, String, String)> = table::table
        .inner_join(channels::table)
        .filter(table::looks.eq_any(["changed", "gone"]))
        .filter(table::looks_noted_at.is_null())
        .filter(table::state.eq(State::Sent))
        .filter(table::recalled.eq(false))
        .order(table::id.desc())
        .limit(MOST)
        .select((table::all_columns, channels::name, channels::kind))
        .load(tx.conn)?;
    Ok(rows.into_iter().map(line).collect())
}

/// A person has seen what was found; it is no longer shown as something to look at, unless something else is found.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins; wrong state where there is nothing to take note of.
pub fn note_difference(tx: &mut Tx<'_>, actor: &Actor, id: DeliveryId) -> Result<()> {
    find(tx, id)?;
    actor.may(&Action::WithdrawAnnouncement)?;
    let row = lock(tx, id)?;
    if !row.differs() {
        return Err(Refusal::WrongState("as-it-was").into());
    }
    diesel::update(table::table.find(id))
        .set(table::looks_noted_at.eq(tx.now()))
        .execute(tx.conn)?;
    let facts = json!({ "found": row.looks });
    audit::record(
        tx,
        actor,
        "delivery.difference-noted",
        subject("delivery", id.0),
        facts,
        None,
    )
}

impl Row {
    /// Is there something outside that nobody has taken note of?
    fn differs(&self) -> bool {
        matches!(self.looks.as_str(), "changed" | "gone")
            && self.looks_noted_at.is_none()
            && self.state == State::Sent
            && !self.recalled
    }
}
