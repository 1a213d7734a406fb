//! Law 7: what is taken back inside is taken back outside, in the same transaction.

use diesel::prelude::*;

use super::announcement::{self, Announcement};
use super::highlight::{self, Highlight};
use super::recalled;
use super::state::{AnnouncementState as S, Step};
use super::tell;
use crate::bridge;
use crate::db::Tx;
use crate::db::schema::announcements;
use crate::kit::Result;
use crate::kit::ids::{HighlightId, MemberId};

/// Ends a highlight: the step is taken, whatever has not left stays here, whatever is out is called back.
///
/// # Errors
/// Refused where the step is not possible; a fault where the database fails.
pub(super) fn take_back(
    tx: &mut Tx<'_>,
    highlight: &mut Highlight,
    step: Step,
    reason: &str,
    by: Option<MemberId>,
) -> Result<()> {
    highlight::step(tx, highlight, step, reason)?;
    highlight::await_until(tx, highlight, None)?;
    recall_all(tx, highlight.id, reason, by)
}

/// Calls everything of a highlight back, what was taken out of the library as well.
pub(super) fn recall_all(
    tx: &mut Tx<'_>,
    id: HighlightId,
    reason: &str,
    by: Option<MemberId>,
) -> Result<()> {
    for one in announcement::of_highlight(tx, id)? {
        if one.state.is_unfinished() || one.state == S::Sent {
            recall(tx, &one, reason, by)?;
        }
    }
    recalled::recall(tx, id, reason, recalled::EVERY_WAY)
}

/// Stops what has not left yet; what is out stays. Answers whether anything is out.
pub(super) fn recall_unfinished(tx: &mut Tx<'_>, id: HighlightId, reason: &str) -> Result<bool> {
    let mut out = false;
    for one in announcement::of_highlight(tx, id)? {
        if one.state.is_unfinished() {
            recall(tx, &one, reason, None)?;
        }
        out |= one.state.is_out();
    }
    Ok(out)
}

/// Calls one announcement back. The bridge decides what that means for each of its deliveries and tells the outcome,
/// at once for what had not left; what may be out stays `withdrawing` until the bridge knows.
pub(super) fn recall(
    tx: &mut Tx<'_>,
    one: &Announcement,
    reason: &str,
    by: Option<MemberId>,
) -> Result<()> {
    if one.state == S::Waiting {
        announcement::set_state(tx, one.id, &[S::Waiting], S::Cancelled)?;
        return Ok(());
    }
    diesel::update(announcements::table.find(one.id))
        .set(announcements::withdrawn_by.eq(by))
        .execute(tx.conn)?;
    announcement::set_state(
        tx,
        one.id,
        &[S::Scheduled, S::NeedsHuman, S::Sent],
        S::Withdrawing,
    )?;
    bridge::recall(tx, &one.origin(), reason)?;
    let highlight = highlight::find(tx, one.highlight)?;
    tell::writer(tx, &highlight, one, "announcement-recalled")
}
