//! Taking one announcement back: by staff, never gated; by somebody quoted in it, at any time.

use serde_json::json;

use super::announcement;
use super::consent;
use super::highlight;
use super::state::AnnouncementState;
use super::unwind;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::kit::ids::AnnouncementId;
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor, ConsentFacts};

/// Takes an announcement back: what has not left stays here, what is out is called back from its channel.
///
/// # Errors
/// Refused to whoever neither works outward nor is quoted in it; refused where nothing is left to take back.
pub fn withdraw_announcement(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
    reason: &str,
) -> Result<()> {
    let highlight_id = announcement::find(tx, id)?.highlight;
    let highlight = highlight::hold(tx, highlight_id)?;
    let one = announcement::find(tx, id)?;
    let quoted = match actor.id() {
        Some(me) => consent::seek(tx, highlight.id, me)?.is_some(),
        None => false,
    };
    match actor.id().filter(|_| quoted) {
        Some(member) => actor.may(&Action::TakeWordsBack(ConsentFacts { member }))?,
        None => actor.may(&Action::WithdrawAnnouncement)?,
    }
    if !one.state.is_unfinished() && one.state != AnnouncementState::Sent {
        return Err(Refusal::WrongState(one.state.as_str()).into());
    }
    let why = if quoted { "taken-down" } else { "withdrawn" };
    unwind::recall(tx, &one, why, actor.id())?;
    let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
    audit::record(
        tx,
        actor,
        "announcement.withdrawn",
        subject("announcement", id.0),
        json!({ "highlight": highlight.id.0 }),
        reason,
    )
}
