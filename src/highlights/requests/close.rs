//! The publisher has what was asked for, or does not need it any more.

use serde_json::json;

use super::{RequestState, SUBJECT, find, set_state, tell};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::kit::ids::VoiceRequestId;
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor};

/// Closes a request: done, or withdrawn. Whoever looked for voices is told.
///
/// # Errors
/// Refused to everybody but publishers, where it is over, or changed meanwhile.
pub fn close_request(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: VoiceRequestId,
    revision: i64,
    done: bool,
) -> Result<()> {
    let row = find(tx, id)?;
    actor.may(&Action::AskForVoices)?;
    if !row.state.waits() {
        return Err(Refusal::WrongState(row.state.as_str()).into());
    }
    if row.revision != revision {
        return Err(Refusal::Stale.into());
    }
    let state = if done {
        RequestState::Done
    } else {
        RequestState::Withdrawn
    };
    if !set_state(tx, &row, state, row.taken_by)? {
        return Err(Refusal::Stale.into());
    }
    let details = json!({ "done": done });
    audit::record(
        tx,
        actor,
        "voices.closed",
        subject(SUBJECT, id.0),
        details,
        None,
    )?;
    tell::closed(tx, actor, &row, done)
}
