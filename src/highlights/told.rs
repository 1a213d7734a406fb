//! May a member be told about a highlight right now? Asked when a notice is written and again when its mail is sent.

use super::highlight;
use super::requests;
use super::tell::SUBJECT;
use crate::db::Tx;
use crate::kit::ids::{HighlightId, MemberId};
use crate::kit::{Refusal, Result, Stop};
use crate::members;
use crate::policy::{Action, Role};

/// The joint: only those whom a highlight concerns are told of it.
///
/// # Errors
/// A fault where the database fails.
pub fn may_be_told(tx: &mut Tx<'_>, member: MemberId, kind: &str, id: i64) -> Result<bool> {
    if kind == requests::SUBJECT {
        return Ok(members::actor(tx, member)?.can(&Action::SeeVoices));
    }
    if kind != SUBJECT {
        return Ok(true);
    }
    let highlight = match highlight::find(tx, HighlightId(id)) {
        Ok(highlight) => highlight,
        Err(Stop::Refused(Refusal::NotFound)) => return Ok(false),
        Err(stop) => return Err(stop),
    };
    let facts = highlight::facts(tx, &highlight)?;
    let actor = members::actor(tx, member)?;
    // The author of a thread that was nominated as a whole is told once, and concerned no further.
    let told = highlight.thread.is_some() && facts.authors.is_empty();
    // Whoever worked with it in the library has to learn that it is recalled from there.
    let worked_with = highlight.approved_at.is_some() && actor.has(Role::Publisher);
    Ok(told || worked_with || actor.can(&Action::SeeHighlight(&facts)))
}
