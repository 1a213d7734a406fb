//! Asks nobody because time alone decides: what is no longer needed goes.

use diesel::prelude::*;

use super::state::{LetterState, SubscriberState};
use super::subscribe::forget_unconfirmed;
use crate::db::Tx;
use crate::db::schema::{bulletin_letters, bulletin_subscribers};
use crate::kit::Result;
use crate::kit::clock::DAY;
use crate::kit::ids::LetterId;

/// The hash of somebody who left stays so long: late bounces and second clicks still find it.
const LEFT: i64 = 90 * DAY;
/// The hash of a dead mailbox stays so long.
const SUPPRESSED: i64 = 400 * DAY;
/// A settled letter stays so long.
const SETTLED: i64 = 180 * DAY;
/// Letters taken away at a time.
const PIECE: i64 = 1000;

/// The periodic job: unconfirmed addresses after a day, hashes and letters after their time.
///
/// # Errors
/// A fault where the database fails.
pub fn sweep(tx: &mut Tx<'_>) -> Result<()> {
    forget_unconfirmed(tx)?;
    let now = tx.now();
    for (state, kept) in [
        (SubscriberState::Left, LEFT),
        (SubscriberState::Suppressed, SUPPRESSED),
    ] {
        let old = bulletin_subscribers::table
            .filter(bulletin_subscribers::state.eq(state))
            .filter(bulletin_subscribers::token_hash.is_null())
            .filter(bulletin_subscribers::ended_at.lt(now.plus(-kept)));
        diesel::delete(old).execute(tx.conn)?;
    }
    let old: Vec<LetterId> = bulletin_letters::table
        .filter(bulletin_letters::settled_at.lt(now.plus(-SETTLED)))
        .filter(bulletin_letters::state.ne_all(LetterState::WAITING))
        .order((bulletin_letters::settled_at, bulletin_letters::id))
        .limit(PIECE)
        .select(bulletin_letters::id)
        .load(tx.conn)?;
    diesel::delete(bulletin_letters::table.filter(bulletin_letters::id.eq_any(old)))
        .execute(tx.conn)?;
    Ok(())
}
