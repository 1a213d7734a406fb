//! The letter that goes out when something waits too long on the desk: once a day to each moderator, and only about what
//! that moderator may see.
//!
//! Asks nobody because the house itself reminds.

use std::collections::BTreeMap;

use diesel::dsl::min;
use diesel::prelude::*;
use serde_json::json;

use super::settings::{desk_settings, late_told, set_late_told};
use crate::db::Tx;
use crate::db::schema::review_items as items;
use crate::forum;
use crate::kit::clock::{HOUR, MINUTE};
use crate::kit::ids::MemberId;
use crate::kit::{At, Result};
use crate::members;
use crate::notifications::{self, Notice};
use crate::policy::Role;

/// A day, less what one round may come earlier than the one of the day before.
const PAUSE: i64 = 24 * HOUR - 30 * MINUTE;
/// Entries are counted no further.
const MOST: i64 = 100;

/// Where something waits longer than it should, moderators get a letter that says how much, each counted by what they may
/// see. Whoever had one is left alone for a day, however often this is asked.
///
/// # Errors
/// A fault where the database fails.
pub fn remind_of_late(tx: &mut Tx<'_>) -> Result<()> {
    let hours = desk_settings(tx)?.late_hours;
    let now = tx.now();
    let before = now.plus(-hours * HOUR);
    let late: Option<i64> = items::table
        .filter(items::waits.eq(true))
        .select(min(items::since))
        .first(tx.conn)?;
    if hours == 0 || late.is_none_or(|since| since > before.0) {
        return Ok(());
    }
    let told = late_told(tx)?;
    let mut still: BTreeMap<i64, i64> = BTreeMap::new();
    for card in members::with_role(tx, Role::Moderator)? {
        let last = told.get(&card.id.0).copied();
        if let Some(last) = last.filter(|last| *last > now.plus(-PAUSE).0) {
            still.insert(card.id.0, last);
            continue;
        }
        let count = late_for(tx, card.id, before)?;
        if count > 0 {
            still.insert(card.id.0, now.0);
            tell(tx, card.id, (count, hours))?;
        }
    }
    // Whoever is no moderator any more is forgotten here.
    if still == told {
        return Ok(());
    }
    set_late_told(tx, &still)
}

/// How many entries that this moderator may see have waited since `before` or longer.
fn late_for(tx: &mut Tx<'_>, moderator: MemberId, before: At) -> Result<usize> {
    let actor = members::actor(tx, moderator)?;
    let seen: Vec<Option<i64>> = forum::sight(tx, &actor)?
        .moderated
        .iter()
        .map(|id| Some(id.0))
        .collect();
    let ids: Vec<i64> = items::table
        .filter(items::waits.eq(true))
        .filter(items::since.le(before))
        .filter(
            items::category_id
                .is_null()
                .or(items::category_id.eq_any(seen)),
        )
        .select(items::id)
        .limit(MOST)
        .load(tx.conn)?;
    Ok(ids.len())
}

fn tell(tx: &mut Tx<'_>, moderator: MemberId, (count, hours): (usize, i64)) -> Result<()> {
    let notice = Notice {
        member: moderator,
        kind: "desk-late",
        subject_kind: "member",
        subject_id: moderator.0,
        actor: None,
        data: json!({ "count": count, "hours": hours, "path": "/desk/review" }),
        mail: true,
    };
    notifications::tell(tx, &notice)
}
