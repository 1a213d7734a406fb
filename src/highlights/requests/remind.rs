//! Asks nobody because time passes by itself: a reminder a day before a request is due, and what erasure leaves.

use diesel::prelude::*;

use super::{RequestState, Row, tell};
use crate::db::Tx;
use crate::db::schema::{compositions, voice_answers, voice_offers, voice_requests};
use crate::kit::Result;
use crate::kit::clock::DAY;
use crate::kit::ids::MemberId;

/// Requests dealt with in one run; the next run goes on.
const SOME: i64 = 50;

/// Reminds the community managers, once, of what is due within a day.
///
/// # Errors
/// A fault where the database fails.
pub fn remind_of_requests(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    let due: Vec<Row> = voice_requests::table
        .filter(voice_requests::state.eq_any([RequestState::Open, RequestState::Accepted]))
        .filter(voice_requests::due_at.le(now.plus(DAY)))
        .filter(voice_requests::reminded_at.is_null())
        .order((voice_requests::due_at, voice_requests::id))
        .limit(SOME)
        .load(tx.conn)?;
    for row in due {
        diesel::update(voice_requests::table.find(row.id))
            .set(voice_requests::reminded_at.eq(now))
            .execute(tx.conn)?;
        tell::due(tx, &row)?;
    }
    Ok(())
}

/// Takes a member's hand off everything here, and the words written by it.
pub(in crate::highlights) fn erase(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let nobody = None::<MemberId>;
    diesel::update(voice_requests::table.filter(voice_requests::asked_by.eq(member)))
        .set((
            voice_requests::asked_by.eq(nobody),
            voice_requests::wish.eq(""),
        ))
        .execute(tx.conn)?;
    diesel::update(voice_requests::table.filter(voice_requests::taken_by.eq(member)))
        .set(voice_requests::taken_by.eq(nobody))
        .execute(tx.conn)?;
    diesel::update(voice_answers::table.filter(voice_answers::by_id.eq(member)))
        .set((voice_answers::by_id.eq(nobody), voice_answers::note.eq("")))
        .execute(tx.conn)?;
    diesel::update(voice_offers::table.filter(voice_offers::by_id.eq(member)))
        .set(voice_offers::by_id.eq(nobody))
        .execute(tx.conn)?;
    diesel::update(compositions::table.filter(compositions::saved_by.eq(member)))
        .set(compositions::saved_by.eq(nobody))
        .execute(tx.conn)?;
    Ok(())
}
