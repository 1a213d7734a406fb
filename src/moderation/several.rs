//! Several entries of the queue decided alike.

use super::choices::Decision;
use super::pending::decide_with;
use crate::db::Tx;
use crate::kit::ids::ReviewItemId;
use crate::kit::token::random_token;
use crate::kit::{Refusal, Result, Stop};
use crate::policy::{Action, Actor};

/// The most entries that are decided at once.
pub const MOST_AT_ONCE: usize = 50;

/// Decides each of several entries so, with effect in twelve seconds, on the version that was seen of it. One that a
/// colleague decided meanwhile, or that is not this moderator's to decide, is left where it is and told of. One mark in the
/// log says what was decided in one go.
///
/// # Errors
/// Refused to everybody but moderators; invalid as a whole where the decision cannot be made of any entry.
pub fn decide_each_soon(
    tx: &mut Tx<'_>,
    actor: &Actor,
    picks: &[(ReviewItemId, i64)],
    wanted: &Decision,
) -> Result<Vec<(ReviewItemId, Option<Refusal>)>> {
    actor.may(&Action::Review)?;
    let together = (picks.len() > 1).then(|| random_token().0);
    let mut outcomes = Vec::with_capacity(picks.len());
    for (id, version) in picks.iter().take(MOST_AT_ONCE) {
        let wanted = Decision {
            version: *version,
            ..wanted.clone()
        };
        match decide_with(tx, actor, *id, &wanted, together.as_deref()) {
            Ok(()) => outcomes.push((*id, None)),
            Err(Stop::Refused(
                why @ (Refusal::Stale
                | Refusal::FourEyes
                | Refusal::NotFound
                | Refusal::RoleNeeded(_)
                | Refusal::WrongState(_)),
            )) => outcomes.push((*id, Some(why))),
            Err(stop) => return Err(stop),
        }
    }
    Ok(outcomes)
}
