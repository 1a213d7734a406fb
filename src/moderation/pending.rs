//! Twelve seconds in which a decision can be taken back.
//!
//! The effects wait, instead of being undone afterwards: a letter that was sent, a notice that was read and words that
//! were taken back outside cannot be undone by anybody. So nothing is told and nothing is touched until the time is
//! over; undoing only lets a row go. The decision stands in the entry's own row, so it survives a restart.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::choices::{AuthorChoice, ContentChoice, Decision};
use super::decide::{apply, check};
use super::history;
use super::item::{Item, ItemState, Kept, Pending, seek};
use super::listing::item;
use crate::audit;
use crate::db::schema::review_items as items;
use crate::db::{Tx, jobs};
use crate::forum;
use crate::kit::clock::SECOND;
use crate::kit::ids::{MemberId, PostId, ReviewItemId, ThreadId};
use crate::kit::stop::Refusal;
use crate::kit::{At, Result, Stop};
use crate::members;
use crate::policy::{Action, Actor};

/// The kind of the job that applies a decision when its time has come.
pub const APPLY: &str = "moderation.apply";
/// How long a decision can be undone.
pub const UNDO_SECONDS: i64 = 12;

/// Seconds after which a decision that has not taken effect never will by itself.
const STUCK: i64 = 120;

#[derive(Serialize, Deserialize)]
struct Due {
    item: i64,
}

/// Decides an item so that it takes effect in twelve seconds, unless it is undone.
///
/// # Errors
/// As [`super::decide`]: what could not be applied is refused now.
pub fn decide_soon(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ReviewItemId,
    wanted: &Decision,
) -> Result<()> {
    decide_with(tx, actor, id, wanted, None)
}

/// As [`decide_soon`], with one mark for all that is decided in one go.
pub(super) fn decide_with(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ReviewItemId,
    wanted: &Decision,
    together: Option<&str>,
) -> Result<()> {
    actor.may(&Action::Review)?;
    let found = item(tx, actor, id)?;
    if !found.waits {
        return Err(Refusal::Stale.into());
    }
    check(tx, actor, &found, wanted)?;
    let now = tx.now();
    let until = now.plus(UNDO_SECONDS * SECOND);
    let kept = Kept {
        decision: Decision {
            version: found.version + 1,
            ..wanted.clone()
        },
        together: together.map(str::to_owned),
    };
    let same = items::table
        .filter(items::id.eq(id))
        .filter(items::version.eq(found.version))
        .filter(items::waits.eq(true));
    let changed = diesel::update(same)
        .set((
            items::waits.eq(false),
            items::version.eq(found.version + 1),
            items::pending.eq(Some(serde_json::to_string(&kept)?)),
            items::pending_by.eq(actor.id()),
            items::pending_until.eq(Some(until)),
            items::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    if changed != 1 {
        return Err(Stop::Refused(Refusal::Stale));
    }
    jobs::enqueue_at(tx, APPLY, &Due { item: id.0 }, until, None)
}

/// Takes a decision back before it took effect; the entry waits again where it stood. A colleague may do it, too.
///
/// # Errors
/// Refused to everybody but moderators; stale where it has taken effect.
pub fn undo(tx: &mut Tx<'_>, actor: &Actor, id: ReviewItemId) -> Result<()> {
    actor.may(&Action::Review)?;
    let found = item(tx, actor, id)?;
    if found.author.is_some() && found.author == actor.id() {
        return Err(Refusal::FourEyes.into());
    }
    if found.pending.is_none() {
        return Err(Refusal::Stale.into());
    }
    back(tx, &found)?;
    history::add(tx, id, actor.id(), "undone", None)?;
    audit::record(
        tx,
        actor,
        "review.undone",
        audit::subject("review_item", id.0),
        json!({ "by": found.pending.and_then(|pending| pending.by).map(|by| by.0) }),
        None,
    )
}

fn back(tx: &mut Tx<'_>, found: &Item) -> Result<()> {
    let now = tx.now();
    let state = if found.state.waits() {
        found.state
    } else {
        ItemState::Open
    };
    let same = items::table
        .filter(items::id.eq(found.id))
        .filter(items::version.eq(found.version));
    let changed = diesel::update(same)
        .set((
            items::waits.eq(true),
            items::state.eq(state),
            items::version.eq(found.version + 1),
            items::pending.eq(None::<String>),
            items::pending_by.eq(None::<MemberId>),
            items::pending_until.eq(None::<At>),
            items::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    (changed == 1)
        .then_some(())
        .ok_or(Stop::Refused(Refusal::Stale))
}

/// The job: does what was decided, as whoever decided it may do now. What is refused by then waits for a hand again.
///
/// # Errors
/// A fault where the database fails.
pub fn apply_due(tx: &mut Tx<'_>, payload: &str) -> Result<()> {
    let due: Due = serde_json::from_str(payload)?;
    let Some(found) = seek(tx, ReviewItemId(due.item))? else {
        return Ok(());
    };
    let now = tx.now();
    let Some(Pending {
        decision,
        by,
        until,
        together,
    }) = found.pending.clone()
    else {
        return Ok(());
    };
    // Undone and decided again: the later job of this entry is the one that counts.
    if until > now {
        return Ok(());
    }
    let tried = match by {
        Some(by) => members::actor(tx, by).and_then(|actor| {
            check(tx, &actor, &found, &decision)?;
            Ok(actor)
        }),
        None => Err(Refusal::Stale.into()),
    };
    match tried {
        // All three parts or none: words that were deleted with their thread meanwhile, an author who became staff.
        Ok(actor) => {
            match tx.attempt(|tx| apply(tx, &actor, &found, &decision, together.as_deref())) {
                Err(Stop::Refused(_) | Stop::Invalid(_)) => failed(tx, &found),
                other => other.map(drop),
            }
        }
        Err(Stop::Refused(_) | Stop::Invalid(_)) => failed(tx, &found),
        Err(fault) => Err(fault),
    }
}

fn failed(tx: &mut Tx<'_>, found: &Item) -> Result<()> {
    let Some(now) = seek(tx, found.id)? else {
        return Ok(());
    };
    back(tx, &now)?;
    history::add(tx, found.id, None, "not_applied", None)?;
    audit::record(
        tx,
        &Actor::System("desk"),
        "review.not_applied",
        audit::subject("review_item", found.id.0),
        json!({}),
        None,
    )
}

/// The round: a decision whose moment is long past could not be applied, whatever stood in its way. It waits for a hand
/// again, where everybody sees it, and does not lie between the lists.
///
/// # Errors
/// A fault where the database fails.
pub fn look_for_stuck(tx: &mut Tx<'_>) -> Result<()> {
    let before = tx.now().plus(-STUCK * SECOND);
    let stuck: Vec<ReviewItemId> = items::table
        .filter(items::pending_until.lt(Some(before)))
        .order(items::pending_until)
        .limit(100)
        .select(items::id)
        .load(tx.conn)?;
    for id in stuck {
        let due = serde_json::to_string(&Due { item: id.0 })?;
        // The house may only have been closed for a while.
        if let Err(stop) = tx.attempt(|tx| apply_due(tx, &due)) {
            tracing::error!(%stop, item = id.0, "a decision could not be applied");
            if let Some(found) = seek(tx, id)? {
                failed(tx, &found)?;
            }
        }
    }
    Ok(())
}

/// Until when a decision that has not taken effect may take words from sight that one of these is about, if there is one:
/// what quotes them waits so long before it leaves. `posts`, `thread` and `members` are what is quoted, where it stands,
/// and who speaks.
///
/// # Errors
/// A fault where the database fails.
pub fn may_fall_until(
    tx: &mut Tx<'_>,
    posts: &[PostId],
    thread: Option<ThreadId>,
    members: &[MemberId],
) -> Result<Option<At>> {
    let now = tx.now();
    let pending: Vec<(String, i64, Option<MemberId>, Option<String>, Option<At>)> = items::table
        .filter(items::pending_until.gt(Some(now.plus(-STUCK * SECOND))))
        .select((
            items::subject_kind,
            items::subject_id,
            items::subject_author_id,
            items::pending,
            items::pending_until,
        ))
        .load(tx.conn)?;
    let mut until = None;
    for (kind, id, author, pending, at) in pending {
        let Some(decision) = pending.as_deref() else {
            continue;
        };
        let decision: Decision = serde_json::from_str(decision)?;
        let words = decision.content != ContentChoice::Keep
            && match kind.as_str() {
                super::item::POST => {
                    let first = forum::said(tx, PostId(id))?;
                    posts.contains(&PostId(id))
                        || (first.number == 1 && thread == Some(first.thread))
                }
                "thread" => thread == Some(ThreadId(id)),
                _ => false,
            };
        let speaker = decision.author != AuthorChoice::None
            && author.is_some_and(|author| members.contains(&author));
        if words || speaker {
            until = until.max(at);
        }
    }
    Ok(until)
}
