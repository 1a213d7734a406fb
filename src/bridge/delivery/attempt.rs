//! Every try, written before it begins and finished when its outcome is known. Rows are added and finished, never
//! removed: what a delivery went through stays to be read.

use diesel::prelude::*;

use super::Row;
use crate::bridge::channel::short;
use crate::bridge::state::{AttemptKind, Ending};
use crate::db::Tx;
use crate::db::schema::attempts;
use crate::kit::ids::{AttemptId, DeliveryId, MemberId};
use crate::kit::{At, Result};

/// A try, as people read it.
#[derive(Debug, Clone, Queryable, serde::Serialize)]
pub struct AttemptLine {
    /// Its number within the delivery, from 1.
    pub number: i64,
    /// What kind of try.
    pub kind: AttemptKind,
    /// The lease it ran under.
    pub fence: i64,
    /// When it began.
    pub started_at: At,
    /// When its outcome was known.
    pub finished_at: Option<At>,
    /// How it ended; empty while nobody knows.
    pub outcome: String,
    /// The HTTP status, where there was one.
    pub status: Option<i64>,
    /// A few words, without secrets.
    pub detail: String,
    /// The person, where it was one.
    pub by_member: Option<MemberId>,
}

/// What the tries of a delivery say about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::bridge) struct History {
    /// A try ended without a known outcome, and nobody has found out since.
    pub uncertain: bool,
    /// How often the channel gave no answer since the last try.
    pub blind_reads: i64,
}

/// Reads the history. The try that runs under `without` right now does not count.
pub(in crate::bridge) fn history(
    tx: &mut Tx<'_>,
    id: DeliveryId,
    without: Option<AttemptId>,
) -> Result<History> {
    let rows: Vec<(AttemptId, AttemptKind, String)> = attempts::table
        .filter(attempts::delivery_id.eq(id))
        .order((attempts::number, attempts::id))
        .select((attempts::id, attempts::kind, attempts::outcome))
        .load(tx.conn)?;
    let mut history = History::default();
    for (row, kind, outcome) in rows {
        if Some(row) == without {
            continue;
        }
        let ending = Ending::parse(&outcome);
        match (kind, ending) {
            // Not finished: whoever ran it died, and anything may have happened.
            (AttemptKind::Send, None | Some(Ending::Unknown)) => history.uncertain = true,
            (_, Some(Ending::ConfirmedAbsent)) => history.uncertain = false,
            _ => {}
        }
        match ending {
            Some(Ending::CannotTell) => history.blind_reads += 1,
            _ if kind == AttemptKind::Send => history.blind_reads = 0,
            _ => {}
        }
    }
    Ok(history)
}

/// Writes that a try begins. The delivery is locked.
pub(in crate::bridge) fn begin_attempt(
    tx: &mut Tx<'_>,
    row: &Row,
    kind: AttemptKind,
    fence: i64,
    by: Option<MemberId>,
) -> Result<AttemptId> {
    let last: Option<i64> = attempts::table
        .filter(attempts::delivery_id.eq(row.id))
        .select(diesel::dsl::max(attempts::number))
        .first(tx.conn)?;
    let values = (
        attempts::delivery_id.eq(row.id),
        attempts::number.eq(last.unwrap_or(0) + 1),
        attempts::kind.eq(kind),
        attempts::fence.eq(fence),
        attempts::payload_hash.eq(&row.payload_hash),
        attempts::started_at.eq(tx.now()),
        attempts::by_member.eq(by),
    );
    Ok(diesel::insert_into(attempts::table)
        .values(values)
        .returning(attempts::id)
        .get_result(tx.conn)?)
}

/// Writes how a try ended.
pub(in crate::bridge) fn finish_attempt(
    tx: &mut Tx<'_>,
    id: AttemptId,
    ending: Ending,
    status: Option<u16>,
    detail: &str,
) -> Result<()> {
    diesel::update(attempts::table.find(id))
        .set((
            attempts::finished_at.eq(tx.now()),
            attempts::outcome.eq(ending.as_str()),
            attempts::status.eq(status.map(i64::from)),
            attempts::detail.eq(short(detail)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Keeps what a worker brought after its lease was over. It changes nothing of the delivery, and the try stays one
/// whose outcome was not known in time.
pub(in crate::bridge) fn note_late(
    tx: &mut Tx<'_>,
    id: AttemptId,
    status: Option<u16>,
    detail: &str,
) -> Result<()> {
    diesel::update(attempts::table.find(id))
        .set((
            attempts::status.eq(status.map(i64::from)),
            attempts::detail.eq(short(&format!("late: {detail}"))),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The tries of a delivery, first one first.
pub(super) fn lines(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Vec<AttemptLine>> {
    Ok(attempts::table
        .filter(attempts::delivery_id.eq(id))
        .order((attempts::number, attempts::id))
        .select((
            attempts::number,
            attempts::kind,
            attempts::fence,
            attempts::started_at,
            attempts::finished_at,
            attempts::outcome,
            attempts::status,
            attempts::detail,
            attempts::by_member,
        ))
        .limit(500)
        .load(tx.conn)?)
}
