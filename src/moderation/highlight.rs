//! Highlights that wait for a moderator stand in the same queue as reports. The room above says when one waits and when
//! it does not any more; what is decided about it is decided there.
//!
//! Asks nobody because the room above has asked already: nobody opens or closes such an entry by hand.

use diesel::prelude::*;

use super::choices::Finding;
use super::entry::USUAL;
use super::item::{ItemState, Kind};
use crate::db::Tx;
use crate::db::schema::review_items as items;
use crate::each_backend;
use crate::kit::ids::{HighlightId, MemberId};
use crate::kit::{At, Result};

/// A highlight waits for a moderator: a new entry of the queue, or the old one open again.
///
/// # Errors
/// A fault where the database fails.
pub fn highlight_waits(tx: &mut Tx<'_>, id: HighlightId) -> Result<()> {
    let now = tx.now();
    let waits = (
        items::state.eq(ItemState::Open),
        items::assignee_id.eq(None::<MemberId>),
        items::decided_at.eq(None::<At>),
        items::decided_by.eq(None::<MemberId>),
        items::updated_at.eq(now),
        items::waits.eq(true),
        items::priority.eq(USUAL),
        items::since.eq(now),
    );
    each_backend!(tx.conn, c => diesel::insert_into(items::table)
        .values((
            items::kind.eq(Kind::Highlight),
            items::subject_kind.eq(Kind::Highlight.as_str()),
            items::subject_id.eq(id.0),
            items::created_at.eq(now),
            waits,
        ))
        .on_conflict((items::kind, items::subject_kind, items::subject_id))
        .do_update()
        .set((waits, items::version.eq(items::version + 1)))
        .execute(c))?;
    Ok(())
}

/// It does not wait any more: approved is *upheld*, returned or refused is *declined*, anything else *ignored*.
///
/// # Errors
/// A fault where the database fails.
pub fn highlight_settled(tx: &mut Tx<'_>, id: HighlightId, finding: Finding) -> Result<()> {
    let now = tx.now();
    diesel::update(
        items::table
            .filter(items::kind.eq(Kind::Highlight))
            .filter(items::subject_kind.eq(Kind::Highlight.as_str()))
            .filter(items::subject_id.eq(id.0))
            .filter(items::state.eq_any([ItemState::Open, ItemState::InProgress])),
    )
    .set((
        items::state.eq(finding.state()),
        items::waits.eq(false),
        items::version.eq(items::version + 1),
        items::decided_at.eq(Some(now)),
        items::updated_at.eq(now),
    ))
    .execute(tx.conn)?;
    // One that its author or nominator took back was decided by nobody.
    if finding == Finding::Ignored {
        return Ok(());
    }
    diesel::update(
        items::table
            .filter(items::kind.eq(Kind::Highlight))
            .filter(items::subject_kind.eq(Kind::Highlight.as_str()))
            .filter(items::subject_id.eq(id.0))
            .filter(items::first_decided_at.is_null()),
    )
    .set(items::first_decided_at.eq(Some(now)))
    .execute(tx.conn)?;
    Ok(())
}

/// Who decided about a highlight that does not wait any more.
///
/// # Errors
/// A fault where the database fails.
pub fn highlight_decided_by(tx: &mut Tx<'_>, id: HighlightId, by: Option<MemberId>) -> Result<()> {
    diesel::update(
        items::table
            .filter(items::kind.eq(Kind::Highlight))
            .filter(items::subject_kind.eq(Kind::Highlight.as_str()))
            .filter(items::subject_id.eq(id.0)),
    )
    .set(items::decided_by.eq(by))
    .execute(tx.conn)?;
    Ok(())
}
