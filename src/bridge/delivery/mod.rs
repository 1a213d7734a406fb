//! Deliveries: one operation of somebody's at a channel, with every try it took.

mod attempt;
mod cancel;
mod differ;
mod down;
mod forget;
mod listing;
mod open;
mod plan;
mod recall;
mod replan;
mod requeue;
mod resolve;
mod standing;
mod write;

use diesel::prelude::*;

use super::adapter::Remote;
use super::machine::Standing;
use super::state::{Operation, State};
use crate::db::schema::deliveries;
use crate::db::{Lock, Tx};
use crate::kit::event::Origin;
use crate::kit::ids::{ChannelId, DeliveryId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};

pub use attempt::AttemptLine;
pub use cancel::cancel;
pub use differ::{differences, note_difference};
pub use forget::forget;
pub use listing::{
    Counts, DeliveryDetail, DeliveryLine, Wanted, counts, deliveries as list, deliveries_of,
    delivery,
};
pub use plan::{notify, plan};
pub use recall::recall;
pub use replan::replan;
pub use requeue::requeue;
pub use resolve::{Resolution, resolve};
pub use standing::standing;

pub(super) use attempt::{History, begin_attempt, finish_attempt, history, note_late};
pub(super) use down::mark_down;
pub(super) use write::write;

/// A delivery's row.
#[derive(Debug, Clone, Queryable)]
pub struct Row {
    /// Its id.
    pub id: DeliveryId,
    /// Where to.
    pub channel_id: ChannelId,
    /// Who asked: the kind of thing.
    pub origin_kind: String,
    /// Who asked: its id.
    pub origin_id: i64,
    /// What is done.
    pub operation: Operation,
    /// The revision of what is said.
    pub revision: i64,
    /// Where it stands.
    pub state: State,
    /// A word that says why.
    pub state_reason: String,
    /// Is it no longer wanted?
    pub recalled: bool,
    /// The frozen bytes.
    pub payload: String,
    /// Their SHA-256.
    pub payload_hash: Vec<u8>,
    /// The same for every try.
    pub idempotency_key: String,
    /// The link code.
    pub code: String,
    /// When it was to go out.
    pub planned_at: At,
    /// Nothing happens before then.
    pub next_at: At,
    /// Too late from then on.
    pub expires_at: At,
    /// Tries so far.
    pub tries: i64,
    /// Times found absent since the last try.
    pub checks: i64,
    /// The number of its lease.
    pub lease_token: i64,
    /// A worker has it until then.
    pub leased_until: Option<At>,
    /// When its first try began.
    pub first_sent_at: Option<At>,
    /// The channel's id for it.
    pub remote_id: Option<String>,
    /// Where people find it.
    pub remote_url: Option<String>,
    /// When it was planned.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
    /// When it was over.
    pub settled_at: Option<At>,
    /// When the channel was last asked whether it still stands.
    pub looked_at: Option<At>,
    /// What was found then: empty, `there`, `changed` or `gone`.
    pub looks: String,
    /// The words as they were frozen, for people; empty for what has none, and once erased.
    pub words: String,
    /// When the channel last answered a look.
    pub seen_at: Option<At>,
    /// When a person took note of what was found.
    pub looks_noted_at: Option<At>,
}

impl Row {
    /// Who asked for it.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin {
            kind: self.origin_kind.clone(),
            id: self.origin_id,
        }
    }

    /// What the machine has to know, with its history.
    pub(super) fn standing(&self, history: History) -> Standing {
        Standing {
            operation: self.operation,
            state: self.state,
            recalled: self.recalled,
            uncertain: history.uncertain,
            unlinked: self.state_reason == "unlinked",
            tries: self.tries,
            checks: self.checks,
            blind_reads: history.blind_reads,
            first_sent_at: self.first_sent_at,
            expires_at: self.expires_at,
        }
    }
}

/// A delivery that must be there.
pub(super) fn find(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Row> {
    let found: Option<Row> = deliveries::table.find(id).first(tx.conn).optional()?;
    found.or_not_found()
}

/// Takes the locks of the room that asked, then the delivery's own, and reads it again.
pub(super) fn lock(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Row> {
    let origin = find(tx, id)?.origin();
    lock_origin(tx, &origin)?;
    tx.lock(Lock::Delivery(id))?;
    find(tx, id)
}

/// Lets the room that asked take its locks, which stand before ours in the order.
pub(super) fn lock_origin(tx: &mut Tx<'_>, origin: &Origin) -> Result<()> {
    let house = tx.house().clone();
    for joint in &house.joints.lock_origin {
        joint(tx, origin)?;
    }
    Ok(())
}

/// Where it stands now: a correction that had to be a new post moved it.
pub(super) fn standing_at(tx: &mut Tx<'_>, row: &Row) -> Result<Option<Remote>> {
    let found: Option<(Option<String>, Option<String>)> = deliveries::table
        .filter(deliveries::origin_kind.eq(&row.origin_kind))
        .filter(deliveries::origin_id.eq(row.origin_id))
        .filter(deliveries::operation.eq_any([Operation::Announce, Operation::Correct]))
        .filter(
            deliveries::remote_id
                .is_not_null()
                .or(deliveries::remote_url.is_not_null()),
        )
        .order((deliveries::revision.desc(), deliveries::id.desc()))
        .select((deliveries::remote_id, deliveries::remote_url))
        .first(tx.conn)
        .optional()?;
    Ok(found.map(|(id, url)| Remote { id, url }))
}
