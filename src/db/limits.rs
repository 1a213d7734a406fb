//! Counted attempts in the database, so that all nodes count together: sign-in and mail.

use diesel::prelude::*;

use super::schema::rate_limits;
use super::tx::Tx;
use crate::each_backend;
use crate::kit::clock::SECOND;
use crate::kit::{At, Refusal, Result};

/// So many in so many seconds.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// How many are let through in a window.
    pub most: i64,
    /// The window's length in seconds.
    pub seconds: i64,
}

/// Counts one attempt in `bucket` (such as `sign-in:member:7`) and refuses it when the window is full.
///
/// # Errors
/// [`Refusal::TooMany`] with the seconds until the window ends.
pub fn count(tx: &mut Tx<'_>, bucket: &str, limit: Limit) -> Result<()> {
    let window = limit.seconds * SECOND;
    let start = tx.now().0.div_euclid(window) * window;
    let row = (
        rate_limits::bucket.eq(bucket),
        rate_limits::window_start.eq(start),
        rate_limits::count.eq(1_i64),
    );
    let counted: i64 = each_backend!(tx.conn, c => diesel::insert_into(rate_limits::table)
        .values(row)
        .on_conflict((rate_limits::bucket, rate_limits::window_start))
        .do_update()
        .set(rate_limits::count.eq(rate_limits::count + 1))
        .returning(rate_limits::count)
        .get_result(c))?;
    if counted > limit.most {
        let left = At(start + window).since(tx.now());
        return Err(Refusal::TooMany {
            retry_after: (left / SECOND).max(1),
        }
        .into());
    }
    Ok(())
}

/// Takes one counted attempt back: it turned out to be none that the limit is for.
///
/// # Errors
/// A fault where the database fails.
pub fn give_back(tx: &mut Tx<'_>, bucket: &str, limit: Limit) -> Result<()> {
    let window = limit.seconds * SECOND;
    let start = tx.now().0.div_euclid(window) * window;
    diesel::update(
        rate_limits::table
            .filter(rate_limits::bucket.eq(bucket))
            .filter(rate_limits::window_start.eq(start))
            .filter(rate_limits::count.gt(0_i64)),
    )
    .set(rate_limits::count.eq(rate_limits::count - 1))
    .execute(tx.conn)?;
    Ok(())
}

/// True when the window of `bucket` is full already; counts nothing.
///
/// # Errors
/// A fault where the database fails.
pub fn is_full(tx: &mut Tx<'_>, bucket: &str, limit: Limit) -> Result<bool> {
    let window = limit.seconds * SECOND;
    let start = tx.now().0.div_euclid(window) * window;
    let counted: Option<i64> = rate_limits::table
        .find((bucket, start))
        .select(rate_limits::count)
        .first(tx.conn)
        .optional()?;
    Ok(counted.unwrap_or(0) >= limit.most)
}

/// Forgets windows that began before `before`.
///
/// # Errors
/// A fault where the database fails.
pub fn sweep(tx: &mut Tx<'_>, before: At) -> Result<usize> {
    Ok(
        diesel::delete(rate_limits::table.filter(rate_limits::window_start.lt(before.0)))
            .execute(tx.conn)?,
    )
}
