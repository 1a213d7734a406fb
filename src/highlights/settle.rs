//! What became of an announcement, as the bridge tells it.

use diesel::prelude::*;

use super::announcement::{self, Announcement};
use super::highlight;
use super::state::AnnouncementState as S;
use super::tell;
use crate::bridge::Operation;
use crate::db::Tx;
use crate::db::schema::announcements;
use crate::kit::Result;
use crate::kit::ids::AnnouncementId;

/// Writes down what became of an operation and tells those whom it concerns.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn settled(
    tx: &mut Tx<'_>,
    id: AnnouncementId,
    operation: &str,
    state: &str,
    url: Option<&str>,
) -> Result<()> {
    let Some(one) = announcement::seek(tx, id)? else {
        return Ok(());
    };
    let withdrawal = operation == Operation::Withdraw.as_str();
    match (operation, state) {
        (_, "withdrawn") => gone(tx, &one),
        (_, "sent") if withdrawal => gone(tx, &one),
        (_, "sent") => arrived(tx, &one, url),
        // A withdrawal that did not work leaves the words out there: somebody has to act.
        (_, "needs_human" | "dead" | "expired") if withdrawal => {
            on_its_own(tx, &one, "announcement-stuck")
        }
        ("announce", "needs_human") => {
            announcement::set_state(tx, id, &[S::Scheduled], S::NeedsHuman)?;
            on_its_own(tx, &one, "announcement-stuck")
        }
        ("announce", "dead" | "expired") => {
            announcement::set_state(tx, id, &[S::Scheduled, S::NeedsHuman], S::Failed)?;
            announcement::set_state(tx, id, &[S::Withdrawing], S::Cancelled)?;
            on_its_own(tx, &one, "announcement-failed")
        }
        ("announce", "cancelled") => {
            announcement::set_state(tx, id, &[S::NeedsHuman, S::Withdrawing], S::Cancelled)?;
            // Nobody took it back: the last look found that something does not stand any more.
            if announcement::set_state(tx, id, &[S::Scheduled], S::Cancelled)? {
                return on_its_own(tx, &one, "announcement-stopped");
            }
            Ok(())
        }
        // What was taken back needs no correction any more.
        ("correct", "cancelled") if matches!(one.state, S::Withdrawing | S::Withdrawn) => Ok(()),
        // A correction that did not arrive: what was said before still stands there.
        _ => on_its_own(tx, &one, "announcement-stuck"),
    }
}

fn arrived(tx: &mut Tx<'_>, one: &Announcement, url: Option<&str>) -> Result<()> {
    let now = tx.now();
    diesel::update(announcements::table.find(one.id))
        .set((
            announcements::sent_at.eq(one.sent_at.or(Some(now))),
            announcements::remote_url.eq(url.or(one.remote_url.as_deref())),
        ))
        .execute(tx.conn)?;
    announcement::set_state(
        tx,
        one.id,
        &[S::Scheduled, S::NeedsHuman, S::Failed],
        S::Sent,
    )?;
    if one.state == S::Withdrawing {
        // It turned out to be there after it was called back: the bridge takes it down, and then they are told.
        return Ok(());
    }
    let highlight = highlight::find(tx, one.highlight)?;
    let now_known = announcement::find(tx, one.id)?;
    tell::authors(tx, &highlight, &now_known, "announcement-sent", None)
}

fn gone(tx: &mut Tx<'_>, one: &Announcement) -> Result<()> {
    let now = tx.now();
    diesel::update(announcements::table.find(one.id))
        .set(announcements::withdrawn_at.eq(now))
        .execute(tx.conn)?;
    announcement::set_state(
        tx,
        one.id,
        &[S::Sent, S::Withdrawing, S::NeedsHuman, S::Scheduled],
        S::Withdrawn,
    )?;
    let highlight = highlight::find(tx, one.highlight)?;
    tell::authors(tx, &highlight, one, "announcement-withdrawn", None)
}

fn on_its_own(tx: &mut Tx<'_>, one: &Announcement, kind: &'static str) -> Result<()> {
    let highlight = highlight::find(tx, one.highlight)?;
    tell::writer(tx, &highlight, one, kind)
}
