//! Which decisions about the same thing still stand: taking one back takes back those before it, and never what a
//! colleague decided since.
//!
//! Reads only; callers ask the law.

use diesel::prelude::*;

use super::decisions::{Backend, Query, Taken, Told, decisions_on};
use super::pictures::PICTURE;
use crate::db::Tx;
use crate::db::schema::decisions;
use crate::kit::ids::{DecisionId, MediaId, MemberId, ThreadId};
use crate::kit::{At, Result};
use crate::policy::Actor;

/// What granting an appeal would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granting {
    /// Something was decided since about the same thing, and goes on standing: nothing comes back.
    pub overtaken: bool,
    /// Whose decisions are taken back.
    pub by: Vec<MemberId>,
    member: MemberId,
}

impl Granting {
    /// Everybody who leaves the answer to others.
    pub(super) fn parties(mut self) -> Vec<MemberId> {
        self.by.push(self.member);
        self.by
    }

    /// Is this somebody who leaves the answer to others: whom it concerns, or whose decision would be taken back?
    #[must_use]
    pub fn is_party(&self, actor: &Actor) -> bool {
        actor.id().is_some_and(|me| self.concerns(me))
    }

    /// The same of anybody.
    #[must_use]
    pub fn concerns(&self, member: MemberId) -> bool {
        member == self.member || self.by.contains(&member)
    }
}

/// What granting an appeal against this decision would do.
///
/// # Errors
/// A fault where the database fails.
pub fn granting(tx: &mut Tx<'_>, told: &Told) -> Result<Granting> {
    let standing: Vec<(DecisionId, Option<MemberId>)> = if told.sanction.is_some() {
        Vec::new()
    } else {
        same(told, super::pictures::picture_of(tx, told.id)?)
            .order(decisions::id)
            .select((decisions::id, decisions::by_id))
            .load(tx.conn)?
    };
    let overtaken = standing.last().is_some_and(|(last, _)| *last > told.id);
    let mut by: Vec<MemberId> = if overtaken {
        Vec::new()
    } else {
        standing.into_iter().filter_map(|(_, by)| by).collect()
    };
    by.extend(told.by);
    Ok(Granting {
        overtaken,
        by,
        member: told.member,
    })
}

fn same<'q>(told: &Told, picture: Option<MediaId>) -> Query<'q> {
    match (told.post, told.thread) {
        (Some(post), _) if told.what == PICTURE => match picture {
            Some(picture) => about(Taken::Picture(picture, post)),
            None => decisions::table
                .filter(decisions::undone_at.is_null())
                .filter(decisions::post_id.eq(Some(post)))
                .filter(decisions::what.eq(PICTURE))
                .into_boxed::<Backend>(),
        },
        (Some(post), _) => about(Taken::Post(post)),
        (None, Some(thread)) => about(Taken::Thread(thread)),
        (None, None) => decisions::table
            .filter(decisions::undone_at.is_null())
            .filter(decisions::member_id.eq(told.member))
            .filter(decisions::what.eq(told.what.clone()))
            .into_boxed::<Backend>(),
    }
}

/// The decisions about something that stand.
fn about<'q>(what: Taken) -> Query<'q> {
    decisions_on(what).filter(decisions::undone_at.is_null())
}

/// Was something decided about it after this moment that still stands?
///
/// # Errors
/// A fault where the database fails.
pub fn decided_since(tx: &mut Tx<'_>, what: Taken, moment: At) -> Result<bool> {
    let later: Option<DecisionId> = about(what)
        .filter(decisions::at.gt(moment))
        .select(decisions::id)
        .first(tx.conn)
        .optional()?;
    Ok(later.is_some())
}

/// Does a decision about the whole thread stand?
pub(super) fn thread_stands(tx: &mut Tx<'_>, thread: ThreadId) -> Result<bool> {
    let standing: Option<DecisionId> = about(Taken::Thread(thread))
        .select(decisions::id)
        .first(tx.conn)
        .optional()?;
    Ok(standing.is_some())
}
