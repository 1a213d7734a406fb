//! The card for the organisation's own website: a publisher releases it, everybody can see it, a recall empties it.

use diesel::prelude::*;
use serde_json::json;

use super::highlight;
use super::pull::{How, origin};
use super::taken::{self, Row, Taken, columns};
use crate::audit::{self, subject};
use crate::bridge;
use crate::db::Tx;
use crate::db::schema::pulls;
use crate::kit::ids::{HighlightId, PullId};
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor};

/// The card of a highlight as everybody sees it.
///
/// # Errors
/// Not found where none was ever released; gone where it was, and does not pass the gate any more.
pub fn card(tx: &mut Tx<'_>, id: HighlightId) -> Result<Taken> {
    let rows: Vec<Row> = pulls::table
        .filter(pulls::highlight_id.eq(id))
        .filter(pulls::how.eq(How::Embed))
        .order(pulls::id.desc())
        .limit(1)
        .select(columns())
        .load(tx.conn)?;
    let row = rows.into_iter().next().ok_or(Refusal::NotFound)?;
    taken::several(tx, vec![row])?
        .pop()
        .ok_or_else(|| Refusal::Gone.into())
}

/// Is a card of this highlight out there?
///
/// # Errors
/// A fault where the database fails.
pub fn card_released(tx: &mut Tx<'_>, id: HighlightId) -> Result<bool> {
    let open: Vec<PullId> = pulls::table
        .filter(pulls::highlight_id.eq(id))
        .filter(pulls::how.eq(How::Embed))
        .filter(pulls::recalled_at.is_null())
        .limit(1)
        .select(pulls::id)
        .load(tx.conn)?;
    Ok(!open.is_empty())
}

/// Empties the card of a highlight. Never gated by acknowledgements: it is a way back.
///
/// # Errors
/// Refused to whoever does not work outward; not found where there is none.
pub fn close_card(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId) -> Result<()> {
    highlight::hold(tx, id)?;
    actor.may(&Action::WithdrawAnnouncement)?;
    let open: Vec<PullId> = pulls::table
        .filter(pulls::highlight_id.eq(id))
        .filter(pulls::how.eq(How::Embed))
        .filter(pulls::recalled_at.is_null())
        .select(pulls::id)
        .load(tx.conn)?;
    if open.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    let now = tx.now();
    for pull in open {
        diesel::update(pulls::table.find(pull))
            .set((
                pulls::recalled_at.eq(now),
                pulls::recall_reason.eq("closed"),
                pulls::done_at.eq(now),
                pulls::done_by.eq(actor.id()),
            ))
            .execute(tx.conn)?;
        bridge::recall(tx, &origin(pull), "closed")?;
    }
    audit::record(
        tx,
        actor,
        "highlight.card-closed",
        subject("highlight", id.0),
        json!({}),
        None,
    )
}
