//! The nightly round: does what was sent still stand as it was sent? Only where asking costs nothing; nothing is changed
//! there, and nothing that is found decides anything here: people read it.

use diesel::prelude::*;

use super::begin::standing_at;
use super::{Engine, LEASE, REQUEST};
use crate::bridge::adapter::{Job, Look};
use crate::bridge::channel;
use crate::bridge::delivery::{self, Row};
use crate::bridge::state::{ChannelState, Operation, State};
use crate::db::Tx;
use crate::db::schema::{channels, deliveries};
use crate::kit::Result;
use crate::kit::clock::DAY;
use crate::kit::ids::DeliveryId;

/// How long a look is good for, in microseconds.
const GOOD_FOR: i64 = DAY;
/// What is older than this is not looked at any more, in microseconds.
const OLDEST: i64 = 90 * DAY;

impl Engine {
    /// Looks at one announcement that was sent, and writes down what was found.
    ///
    /// # Errors
    /// Not found where there is none; a fault where the database fails.
    pub async fn look(&self, id: DeliveryId) -> Result<Look> {
        let (kind, job) = self.db().read(move |tx| question(tx, id)).await?;
        let look = match self.adapter(&kind) {
            Some(adapter) => adapter.look(&job).await,
            None => Look::CannotTell,
        };
        self.db()
            .write(move |tx| {
                let mut word = match look {
                    Look::There => Some("there"),
                    Look::Changed => Some("changed"),
                    Look::Gone => Some("gone"),
                    Look::CannotTell => None,
                };
                // Taken back while we were looking: that it is gone is what was wanted.
                let row = delivery::find(tx, id)?;
                if row.recalled {
                    word = None;
                }
                let target = deliveries::table.find(id);
                diesel::update(target)
                    .set(deliveries::looked_at.eq(tx.now()))
                    .execute(tx.conn)?;
                if let Some(word) = word {
                    diesel::update(target)
                        .set(deliveries::looks.eq(word))
                        .execute(tx.conn)?;
                }
                Ok(())
            })
            .await?;
        Ok(look)
    }

    /// Looks at up to `most` announcements that nobody looked at for a day; answers how many there were.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub async fn look_around(&self, most: i64) -> Result<usize> {
        let ids = self.db().read(move |tx| waiting(tx, most)).await?;
        for id in &ids {
            self.look(*id).await?;
        }
        Ok(ids.len())
    }
}

/// What a look has to know: the words that stand there, and where.
fn question(tx: &mut Tx<'_>, id: DeliveryId) -> Result<(String, Job)> {
    let row = delivery::find(tx, id)?;
    let channel = channel::find(tx, row.channel_id)?;
    let last: Row = deliveries::table
        .filter(deliveries::origin_kind.eq(&row.origin_kind))
        .filter(deliveries::origin_id.eq(row.origin_id))
        .filter(deliveries::operation.eq_any([Operation::Announce, Operation::Correct]))
        .filter(deliveries::state.eq(State::Sent))
        .order(deliveries::revision.desc())
        .first(tx.conn)
        .optional()?
        .unwrap_or(row);
    let now = tx.now();
    let job = Job {
        delivery: id,
        fence: last.lease_token,
        operation: last.operation,
        origin: last.origin(),
        revision: last.revision,
        key: last.idempotency_key.clone(),
        code: last.code.clone(),
        payload: last.payload.clone(),
        to: channel.destination(tx)?,
        announced: standing_at(tx, &last)?,
        started_at: now,
        first_sent_at: last.first_sent_at.unwrap_or(now),
        deadline: now.plus(LEASE - REQUEST),
    };
    Ok((channel.kind, job))
}

fn waiting(tx: &mut Tx<'_>, most: i64) -> Result<Vec<DeliveryId>> {
    let now = tx.now();
    Ok(deliveries::table
        .inner_join(channels::table)
        .filter(channels::state.eq(ChannelState::Open))
        .filter(deliveries::operation.eq(Operation::Announce))
        .filter(deliveries::state.eq(State::Sent))
        .filter(deliveries::recalled.eq(false))
        .filter(deliveries::settled_at.gt(now.plus(-OLDEST)))
        .filter(deliveries::settled_at.lt(now.plus(-GOOD_FOR)))
        .filter(
            deliveries::looked_at
                .is_null()
                .or(deliveries::looked_at.lt(now.plus(-GOOD_FOR))),
        )
        .order((deliveries::looked_at, deliveries::id))
        .limit(most)
        .select(deliveries::id)
        .load(tx.conn)?)
}
