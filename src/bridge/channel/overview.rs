//! All channels at a glance. Reads only.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::listing::{ChannelLine, channels};
use crate::bridge::state::{Operation, State};
use crate::db::Tx;
use crate::db::schema::deliveries;
use crate::kit::Result;
use crate::kit::clock::DAY;
use crate::kit::ids::ChannelId;
use crate::policy::{Action, Actor};

/// What is going on at a channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Watch {
    /// Waits for its time or a worker, or is on its way.
    pub queue: i64,
    /// The outcome is open and a person has to look.
    pub needs_human: i64,
    /// Given up or too late: a person may try again.
    pub given_up: i64,
    /// Sent in the last 24 hours, as the daily cap counts.
    pub sent_today: i64,
    /// Changed or removed outside, and nobody has taken note.
    pub differences: i64,
}

/// Every channel in use, and what is going on there.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins.
pub fn overview(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<(ChannelLine, Watch)>> {
    actor.may(&Action::SeeOutreach)?;
    let mut watches: HashMap<ChannelId, Watch> = HashMap::new();
    // What has arrived or was cancelled is most of the table, and nothing that anybody waits for.
    let open: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| !matches!(state, State::Sent | State::Cancelled))
        .collect();
    let counted: Vec<(ChannelId, State, i64)> = deliveries::table
        .filter(deliveries::state.eq_any(open))
        .group_by((deliveries::channel_id, deliveries::state))
        .select((deliveries::channel_id, deliveries::state, count_star()))
        .load(tx.conn)?;
    for (channel, state, count) in counted {
        let watch = watches.entry(channel).or_default();
        match state {
            State::NeedsHuman => watch.needs_human += count,
            State::Dead | State::Expired => watch.given_up += count,
            _ => watch.queue += count,
        }
    }
    let differing: Vec<(ChannelId, i64)> = deliveries::table
        .filter(deliveries::looks.eq_any(["changed", "gone"]))
        .filter(deliveries::looks_noted_at.is_null())
        .filter(deliveries::state.eq(State::Sent))
        .filter(deliveries::recalled.eq(false))
        .group_by(deliveries::channel_id)
        .select((deliveries::channel_id, count_star()))
        .load(tx.conn)?;
    for (channel, count) in differing {
        watches.entry(channel).or_default().differences = count;
    }
    let mut all = Vec::new();
    for line in channels(tx)? {
        let mut watch = watches.remove(&line.id).unwrap_or_default();
        watch.sent_today = sent_today(tx, line.id)?;
        all.push((line, watch));
    }
    Ok(all)
}

/// As the engine counts before it sends.
fn sent_today(tx: &mut Tx<'_>, id: ChannelId) -> Result<i64> {
    let day = tx.now().plus(-DAY);
    Ok(deliveries::table
        .filter(deliveries::channel_id.eq(id))
        .filter(deliveries::first_sent_at.gt(day))
        .filter(deliveries::operation.ne(Operation::Withdraw))
        .count()
        .get_result(tx.conn)?)
}

/// What is going on at one channel, also at one that was removed.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins.
pub fn watch(tx: &mut Tx<'_>, actor: &Actor, id: ChannelId) -> Result<Watch> {
    let found = overview(tx, actor)?
        .into_iter()
        .find(|(line, _)| line.id == id);
    Ok(found.map(|(_, watch)| watch).unwrap_or_default())
}
