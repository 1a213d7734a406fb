//! What stands at a channel: said there, and not taken back.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::bridge::state::{Operation, State};
use crate::db::Tx;
use crate::db::schema::deliveries;
use crate::kit::Result;
use crate::kit::ids::ChannelId;

diesel::alias!(deliveries as withdrawn: Withdrawn);

/// How many announcements stand at a channel, as far as we know.
///
/// # Errors
/// A fault where the database fails.
pub fn standing(tx: &mut Tx<'_>, channel: ChannelId) -> Result<i64> {
    let gone = withdrawn
        .filter(
            withdrawn
                .field(deliveries::origin_kind)
                .eq(deliveries::origin_kind),
        )
        .filter(
            withdrawn
                .field(deliveries::origin_id)
                .eq(deliveries::origin_id),
        )
        .filter(
            withdrawn
                .field(deliveries::operation)
                .eq(Operation::Withdraw),
        )
        .filter(withdrawn.field(deliveries::state).eq(State::Sent));
    Ok(deliveries::table
        .filter(deliveries::channel_id.eq(channel))
        .filter(deliveries::operation.eq(Operation::Announce))
        .filter(deliveries::state.eq(State::Sent))
        // What has no words (word of an approval) has no link code either, and does not stand anywhere.
        .filter(deliveries::code.ne(""))
        .filter(not(exists(gone)))
        .count()
        .get_result(tx.conn)?)
}
