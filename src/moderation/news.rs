//! Who hears that something came to the desk: the moderators who may see it, and the admins where none of these can decide
//! about it.
//!
//! Asks nobody because the house itself tells.

use serde_json::json;

use super::joint::may_be_told;
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::{MemberId, ReviewItemId};
use crate::members::{self, Card};
use crate::notifications::{self, Notice};
use crate::policy::Role;

/// Those to be told of an entry; `apart` are those who cannot decide about it, whatever they may see.
pub(super) fn who_hears(
    tx: &mut Tx<'_>,
    item: ReviewItemId,
    apart: &[MemberId],
) -> Result<Vec<Card>> {
    let mut able = seeing(tx, Role::Moderator, item)?;
    if able.iter().any(|card| !apart.contains(&card.id)) {
        return Ok(able);
    }
    let admins = seeing(tx, Role::Admin, item)?;
    let known: Vec<MemberId> = able.iter().map(|card| card.id).collect();
    able.extend(admins.into_iter().filter(|card| !known.contains(&card.id)));
    Ok(able)
}

fn seeing(tx: &mut Tx<'_>, role: Role, item: ReviewItemId) -> Result<Vec<Card>> {
    let mut able = Vec::new();
    for card in members::with_role(tx, role)? {
        if may_be_told(tx, card.id, "review_item", item.0)? {
            able.push(card);
        }
    }
    Ok(able)
}

/// An entry of this kind waits: one unread line for each who hears, however many came.
pub(super) fn waits(
    tx: &mut Tx<'_>,
    item: ReviewItemId,
    (kind, path): (&'static str, &str),
    apart: &[MemberId],
) -> Result<()> {
    for card in who_hears(tx, item, apart)? {
        if apart.contains(&card.id) {
            continue;
        }
        let notice = Notice {
            member: card.id,
            kind,
            subject_kind: "member",
            subject_id: card.id.0,
            actor: None,
            data: json!({ "path": path }),
            mail: false,
        };
        notifications::tell_again(tx, &notice)?;
    }
    Ok(())
}
