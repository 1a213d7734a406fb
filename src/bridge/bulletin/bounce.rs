//! Asks nobody because only the command line calls it: the mail server of this house hands over what came back.
//!
//! Reads a report on a letter that could not be delivered (RFC 3464). Which letter it was is read from the name that
//! only we can have given it, so nobody can condemn a mailbox by writing to us.

use serde_json::json;

use super::letter::{named, seek};
use super::settle::{blame, close, suppress};
use super::state::LetterState;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::LetterId;
use crate::mail::read_report;
use crate::policy::Actor;

/// What a message that came back meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bounced {
    /// This letter did not arrive, and the mailbox is dead.
    Hard(LetterId),
    /// This letter did not arrive; the mailbox may be fine another time.
    Soft(LetterId),
    /// A letter is late, or arrived after all: nothing is changed.
    Nothing,
    /// It is no report, or on no letter of ours.
    NotOurs,
}

/// Reads what came back and writes down what it means.
///
/// # Errors
/// A fault where the database fails.
pub fn bounced(tx: &mut Tx<'_>, message: &[u8]) -> Result<Bounced> {
    let Some(report) = read_report(message) else {
        return Ok(Bounced::NotOurs);
    };
    // The letter is named in the address that it came back to, or in the part that quotes it.
    let Some(id) = named(tx.house(), &report.whole).first().copied() else {
        return Ok(Bounced::NotOurs);
    };
    let Some(row) = seek(tx, id)? else {
        return Ok(Bounced::NotOurs);
    };
    if !report.failed {
        return Ok(Bounced::Nothing);
    }
    if row.state == LetterState::Bounced {
        // The same report again.
        return Ok(Bounced::Nothing);
    }
    let said = report.said();
    close(tx, &row, LetterState::Bounced, None, &said)?;
    let hard = report.is_hard();
    if hard {
        suppress(tx, row.subscriber, "bounced")?;
    } else {
        blame(tx, row.subscriber)?;
    }
    let facts = json!({ "status": said, "hard": hard });
    audit::record(
        tx,
        &Actor::System("bounce"),
        "bulletin.bounced",
        subject("letter", id.0),
        facts,
        None,
    )?;
    Ok(if hard {
        Bounced::Hard(id)
    } else {
        Bounced::Soft(id)
    })
}
