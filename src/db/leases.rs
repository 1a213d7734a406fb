//! Leases: one node at a time does a leader's task, and a frozen one that comes back finds its number stale.

use diesel::prelude::*;

use super::schema::leases;
use super::tx::Tx;
use crate::each_backend;
use crate::kit::Result;
use crate::kit::clock::SECOND;

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
