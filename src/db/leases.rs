//! Leases: one node at a time does a leader's task, and a frozen one that comes back finds its number stale.

use diesel::prelude::*;

use super::schema::leases;
use super::tx::Tx;
use crate::each_backend;
use crate::kit::Result;
use crate::kit::clock::SECOND;
use crate::kit::token::random_token;

/// A lease that was granted: writes made under it carry its epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Grows with every change of holder.
    pub epoch: i64,
}

/// Takes or renews the lease `name` for `holder` for so many seconds; `None` while somebody else holds it.
///
/// # Errors
/// A fault where the database fails.
pub fn hold(tx: &mut Tx<'_>, name: &str, holder: &str, seconds: i64) -> Result<Option<Lease>> {
    let (now, until) = (tx.now(), tx.now().plus(seconds * SECOND));
    let fresh = (
        leases::name.eq(name),
        leases::holder.eq(holder),
        leases::epoch.eq(1_i64),
        leases::until.eq(until.0),
    );
    let made = each_backend!(tx.conn, c => diesel::insert_into(leases::table)
        .values(fresh).on_conflict_do_nothing().execute(c))?;
    if made == 1 {
        return Ok(Some(Lease { epoch: 1 }));
    }
    let renewed: Option<i64> = diesel::update(
        leases::table
            .filter(leases::name.eq(name))
            .filter(leases::holder.eq(holder)),
    )
    .set(leases::until.eq(until.0))
    .returning(leases::epoch)
    .get_result(tx.conn)
    .optional()?;
    if let Some(epoch) = renewed {
        return Ok(Some(Lease { epoch }));
    }
    let taken: Option<i64> = diesel::update(
        leases::table
            .filter(leases::name.eq(name))
            .filter(leases::until.lt(now.0)),
    )
    .set((
        leases::holder.eq(holder),
        leases::epoch.eq(leases::epoch + 1),
        leases::until.eq(until.0),
    ))
    .returning(leases::epoch)
    .get_result(tx.conn)
    .optional()?;
    Ok(taken.map(|epoch| Lease { epoch }))
}

/// Is it time for what is done once in so many seconds, whoever asks? `true` once, and for nobody again before they are
/// over, a hundredth of them at most left out: whoever asks at that pace is never a moment too early.
///
/// # Errors
/// A fault where the database fails.
pub fn turn(tx: &mut Tx<'_>, name: &str, seconds: i64) -> Result<bool> {
    // A holder renews its lease, and so would do daily what it asks for hourly: every turn is a holder of its own.
    let (holder, _) = random_token();
    let slack = (seconds / 100).clamp(1, 60);
    Ok(hold(tx, name, &holder, seconds - slack)?.is_some())
}
