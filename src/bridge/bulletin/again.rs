//! Somebody decides that a letter whose outcome nobody knows is written once more.

use diesel::prelude::*;
use serde_json::json;

use super::letter::seek;
use super::state::LetterState;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::bulletin_letters as table;
use crate::kit::ids::{DeliveryId, LetterId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Refusal, Result};
use crate::policy::{Action, Actor};

/// Puts a letter back that is unknown, or failed too often. It may arrive a second time: that is why a person decides.
/// Answers the delivery that it belongs to.
///
/// # Errors
/// Refused to everybody but publishers; wrong state where its outcome is known.
pub fn send_again(tx: &mut Tx<'_>, actor: &Actor, id: LetterId) -> Result<DeliveryId> {
    let row = seek(tx, id)?.or_not_found()?;
    actor.may(&Action::ResolveDelivery)?;
    let open = table::table
        .filter(table::id.eq(id))
        .filter(table::state.eq_any([LetterState::Unknown, LetterState::Failed]));
    let changed = diesel::update(open)
        .set((
            table::state.eq(LetterState::Queued),
            table::tries.eq(0),
            table::fence.eq(table::fence + 1),
            table::next_at.eq(tx.now()),
            table::settled_at.eq(None::<At>),
        ))
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(Refusal::WrongState(row.state.as_str()).into());
    }
    let facts = json!({ "delivery": row.delivery.0 });
    audit::record(
        tx,
        actor,
        "bulletin.again",
        subject("letter", id.0),
        facts,
        None,
    )?;
    Ok(row.delivery)
}
