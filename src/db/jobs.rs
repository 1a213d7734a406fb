//! The durable queue: work that must happen after a transaction is a row of that transaction.
//!
//! A job is claimed with a lease and a fence: the number grows with every claim, and only the newest claim can
//! finish it. Jobs run at least once, so their handlers must bear repetition. After too many tries a job is parked.

use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde::Serialize;

use super::conn::Conn;
use super::schema::jobs;
use super::tx::Tx;
use crate::each_backend;
use crate::kit::clock::SECOND;
use crate::kit::ids::JobId;
use crate::kit::{At, Result};

/// Seconds a claimed job is left alone before another node may take it.
const LEASE_SECONDS: i64 = 120;
/// Base of the growing pause between tries, in seconds.
const PAUSE_SECONDS: i64 = 5;
/// The longest pause between tries, in seconds.
const LONGEST_PAUSE_SECONDS: i64 = 3600;

/// A job that this node may do now.
#[derive(Debug, Clone, Queryable)]
pub struct Claimed {
    /// Its row.
    pub id: JobId,
    /// Which handler.
    pub kind: String,
    /// JSON for the handler.
    pub payload: String,
    /// This claim's number.
    pub fence: i64,
    /// Tries so far, this one included.
    pub attempts: i64,
}

/// Enqueues a job to be done as soon as this transaction has committed.
///
/// # Errors
/// A fault where the payload cannot be written or the database fails.
pub fn enqueue(tx: &mut Tx<'_>, kind: &str, payload: &impl Serialize) -> Result<()> {
    let now = tx.now();
    enqueue_at(tx, kind, payload, now, None)
}

/// Enqueues a job for a time. With a `unique_key` a job of that key that still waits stays the only one.
///
/// # Errors
/// A fault where the payload cannot be written or the database fails.
pub fn enqueue_at(
    tx: &mut Tx<'_>,
    kind: &str,
    payload: &impl Serialize,
    run_at: At,
    unique_key: Option<&str>,
) -> Result<()> {
    let row = (
        jobs::kind.eq(kind),
        jobs::payload.eq(serde_json::to_string(payload)?),
        jobs::unique_key.eq(unique_key),
        jobs::run_at.eq(run_at.0),
        jobs::created_at.eq(tx.now().0),
    );
    each_backend!(tx.conn, c => diesel::insert_into(jobs::table).values(row).on_conflict_do_nothing().execute(c))?;
    tx.wake_jobs();
    Ok(())
}

/// Which jobs a worker takes: some kinds must not wait behind the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Jobs of every kind.
    Every,
    /// Jobs of this kind.
    Only(&'static str),
    /// Jobs of every kind but this one.
    Besides(&'static str),
}

/// Claims up to `most` jobs that are due, oldest first; jobs whose lease ran out are taken over. One whose worker ended
/// at its last try without a word is parked, or it would end the next worker too.
///
/// # Errors
/// A fault where the database fails.
pub fn claim(tx: &mut Tx<'_>, most: i64, lane: Lane) -> Result<Vec<Claimed>> {
    let now = tx.now();
    let due = jobs::state.eq("ready").and(jobs::run_at.le(now.0));
    let lost = jobs::state.eq("leased").and(jobs::leased_until.lt(now.0));
    let (only, besides) = match lane {
        Lane::Every => (None, None),
        Lane::Only(kind) => (Some(kind), None),
        Lane::Besides(kind) => (None, Some(kind)),
    };
    let kinds = |kind: Option<&'static str>, other: Option<&'static str>| {
        let all = kind.is_none() && other.is_none();
        all.into_sql::<Bool>()
            .or(kind
                .is_some()
                .into_sql::<Bool>()
                .and(jobs::kind.eq(kind.unwrap_or_default())))
            .or(other
                .is_some()
                .into_sql::<Bool>()
                .and(jobs::kind.ne(other.unwrap_or_default())))
    };
    let found: Vec<(JobId, bool)> = match &mut *tx.conn {
        Conn::Sqlite(c) => jobs::table
            .filter(due.or(lost))
            .filter(kinds(only, besides))
            .order((jobs::run_at, jobs::id))
            .limit(most)
            .select((jobs::id, jobs::attempts.ge(jobs::max_attempts)))
            .load(c)?,
        Conn::Postgres(c) => jobs::table
            .filter(due.or(lost))
            .filter(kinds(only, besides))
            .order((jobs::run_at, jobs::id))
            .limit(most)
            .select((jobs::id, jobs::attempts.ge(jobs::max_attempts)))
            .for_update()
            .skip_locked()
            .load(c)?,
    };
    if found.is_empty() {
        tx.note_idle();
    }
    let mut claimed = Vec::with_capacity(found.len());
    for (id, tried_enough) in found {
        if tried_enough {
            park(tx, id, "its worker ended in the middle of it, every time")?;
            continue;
        }
        let row = diesel::update(jobs::table.find(id))
            .set((
                jobs::state.eq("leased"),
                jobs::fence.eq(jobs::fence + 1),
                jobs::attempts.eq(jobs::attempts + 1),
                jobs::leased_until.eq(now.plus(LEASE_SECONDS * SECOND).0),
            ))
            .returning((
                jobs::id,
                jobs::kind,
                jobs::payload,
                jobs::fence,
                jobs::attempts,
            ))
            .get_result(tx.conn)?;
        claimed.push(row);
    }
    Ok(claimed)
}

/// Lays a job aside until a person looks at it. Its key is free again: what it was for can be asked for anew.
fn park(tx: &mut Tx<'_>, id: JobId, why: &str) -> Result<()> {
    diesel::update(jobs::table.find(id))
        .set((
            jobs::state.eq("parked"),
            jobs::unique_key.eq(None::<String>),
            jobs::leased_until.eq(None::<i64>),
            jobs::last_error.eq(why),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Holds a claimed job for longer, while it is being worked on; `false` when the claim was overtaken.
///
/// # Errors
/// A fault where the database fails.
pub fn renew(tx: &mut Tx<'_>, job: &Claimed) -> Result<bool> {
    let until = tx.now().plus(LEASE_SECONDS * SECOND).0;
    let changed = diesel::update(
        jobs::table
            .filter(jobs::id.eq(job.id))
            .filter(jobs::fence.eq(job.fence)),
    )
    .set(jobs::leased_until.eq(until))
    .execute(tx.conn)?;
    Ok(changed == 1)
}

/// Removes a finished job; `false` when the claim was overtaken meanwhile.
///
/// # Errors
/// A fault where the database fails.
pub fn finish(tx: &mut Tx<'_>, job: &Claimed) -> Result<bool> {
    let gone = diesel::delete(
        jobs::table
            .filter(jobs::id.eq(job.id))
            .filter(jobs::fence.eq(job.fence)),
    )
    .execute(tx.conn)?;
    Ok(gone == 1)
}

/// Puts a failed job back with a growing pause, or parks it after too many tries; `false` when the claim was overtaken.
///
/// # Errors
/// A fault where the database fails.
pub fn fail(tx: &mut Tx<'_>, job: &Claimed, why: &str) -> Result<bool> {
    let pause = PAUSE_SECONDS
        .saturating_mul(1 << job.attempts.clamp(0, 20))
        .min(LONGEST_PAUSE_SECONDS);
    let mine = jobs::table
        .filter(jobs::id.eq(job.id))
        .filter(jobs::fence.eq(job.fence));
    let most: Option<i64> = mine.select(jobs::max_attempts).first(tx.conn).optional()?;
    let Some(most) = most else { return Ok(false) };
    let why: String = why.chars().take(500).collect();
    if job.attempts >= most {
        let held = mine.select(jobs::id).first::<JobId>(tx.conn).optional()?;
        return match held {
            Some(id) => park(tx, id, &why).map(|()| true),
            None => Ok(false),
        };
    }
    let changed = diesel::update(
        jobs::table
            .filter(jobs::id.eq(job.id))
            .filter(jobs::fence.eq(job.fence)),
    )
    .set((
        jobs::state.eq("ready"),
        jobs::run_at.eq(tx.now().plus(pause * SECOND).0),
        jobs::leased_until.eq(None::<i64>),
        jobs::last_error.eq(why),
    ))
    .execute(tx.conn)?;
    Ok(changed == 1)
}

/// How many jobs wait (due or later), run, and are parked.
///
/// # Errors
/// A fault where the database fails.
pub fn counts(tx: &mut Tx<'_>) -> Result<(i64, i64, i64)> {
    let of = |tx: &mut Tx<'_>, state: &str| {
        jobs::table
            .filter(jobs::state.eq(state.to_owned()))
            .count()
            .get_result::<i64>(tx.conn)
    };
    Ok((of(tx, "ready")?, of(tx, "leased")?, of(tx, "parked")?))
}

/// A job that was given up.
#[derive(Debug, Clone, Queryable)]
pub struct Parked {
    /// Its row.
    pub id: JobId,
    /// Which handler it was for.
    pub kind: String,
    /// What went wrong the last time.
    pub why: Option<String>,
    /// When it was asked for.
    pub asked_at: i64,
    /// When it was to be done the last time.
    pub last_at: i64,
}

/// The latest jobs that were given up, `most` of them.
///
/// # Errors
/// A fault where the database fails.
pub fn parked(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Parked>> {
    Ok(jobs::table
        .filter(jobs::state.eq("parked"))
        .order((jobs::run_at.desc(), jobs::id.desc()))
        .limit(most)
        .select((
            jobs::id,
            jobs::kind,
            jobs::last_error,
            jobs::created_at,
            jobs::run_at,
        ))
        .load(tx.conn)?)
}

/// Gives a parked job all its tries again, from now on; `false` where none is parked under this number.
///
/// # Errors
/// A fault where the database fails.
pub fn retry(tx: &mut Tx<'_>, id: JobId) -> Result<bool> {
    let now = tx.now().0;
    let changed = diesel::update(
        jobs::table
            .filter(jobs::id.eq(id))
            .filter(jobs::state.eq("parked")),
    )
    .set((
        jobs::state.eq("ready"),
        jobs::attempts.eq(0),
        jobs::run_at.eq(now),
    ))
    .execute(tx.conn)?;
    tx.wake_jobs();
    Ok(changed == 1)
}

/// Drops a parked job for good; `false` where none is parked under this number.
///
/// # Errors
/// A fault where the database fails.
pub fn give_up(tx: &mut Tx<'_>, id: JobId) -> Result<bool> {
    let gone = diesel::delete(
        jobs::table
            .filter(jobs::id.eq(id))
            .filter(jobs::state.eq("parked")),
    )
    .execute(tx.conn)?;
    Ok(gone == 1)
}

/// When the next waiting job is due, if any waits.
///
/// # Errors
/// A fault where the database fails.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<At>> {
    let next: Option<i64> = jobs::table
        .filter(jobs::state.eq("ready"))
        .order(jobs::run_at)
        .select(jobs::run_at)
        .first(tx.conn)
        .optional()?;
    Ok(next.map(At))
}

/// Writes the payloads of one kind anew, for what is sealed in them: jobs after this one, at most so many, each as `rewrite`
/// says (`None` leaves it). Answers the last one that was looked at; `None` where there are no more.
///
/// # Errors
/// What `rewrite` answers, or a fault where the database fails.
pub fn rewrite(
    tx: &mut Tx<'_>,
    kind: &str,
    after: JobId,
    most: i64,
    rewrite: impl Fn(&Tx<'_>, &str) -> Result<Option<String>>,
) -> Result<Option<JobId>> {
    let some: Vec<(JobId, String)> = jobs::table
        .filter(jobs::kind.eq(kind))
        .filter(jobs::id.gt(after))
        .order(jobs::id)
        .limit(most)
        .select((jobs::id, jobs::payload))
        .load(tx.conn)?;
    for (id, payload) in &some {
        if let Some(payload) = rewrite(&*tx, payload)? {
            diesel::update(jobs::table.filter(jobs::id.eq(*id)))
                .set(jobs::payload.eq(payload))
                .execute(tx.conn)?;
        }
    }
    Ok(some.last().map(|(id, _)| *id))
}
