//! What holds newcomers back: a few threads and replies a day, and few links. Staff and those with a role are no newcomers.

use super::words::Words;
use crate::db::Tx;
use crate::db::limits::{self, Limit};
use crate::kit::{Problems, Result};
use crate::policy::{Actor, Person, Roles, Trust};

/// Seconds in a day.
const DAY: i64 = 86_400;
/// Threads a newcomer may start in a day.
const THREADS: Limit = Limit {
    most: 3,
    seconds: DAY,
};
/// Replies a newcomer may write in a day.
const REPLIES: Limit = Limit {
    most: 10,
    seconds: DAY,
};
/// Links to other sites in one post of a newcomer.
const LINKS: usize = 2;

/// The actor, where it is a newcomer.
pub(super) fn newcomer(actor: &Actor) -> Option<&Person> {
    actor
        .person()
        .filter(|p| p.trust == Trust::New && p.roles == Roles::default())
}

/// Counts a thread that a newcomer starts.
pub(super) fn thread(tx: &mut Tx<'_>, newcomer: Option<&Person>) -> Result<()> {
    match newcomer {
        Some(person) => limits::count(tx, &format!("forum:start:{}", person.id), THREADS),
        None => Ok(()),
    }
}

/// Counts a reply that a newcomer writes.
pub(super) fn reply(tx: &mut Tx<'_>, newcomer: Option<&Person>) -> Result<()> {
    match newcomer {
        Some(person) => limits::count(tx, &format!("forum:reply:{}", person.id), REPLIES),
        None => Ok(()),
    }
}

/// A newcomer's post leads to few other places.
pub(super) fn links(newcomer: Option<&Person>, words: &Words) -> Result<()> {
    if newcomer.is_none() || words.links <= LINKS {
        return Ok(());
    }
    let mut problems = Problems::default();
    problems.add("body", "body-links", &[("max", LINKS.to_string())]);
    Err(problems.into())
}
