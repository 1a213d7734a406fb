//! The letter that goes out when something waits too long on the desk: once a day to each moderator, and only about what
//! that moderator may see.
//!
//! Asks nobody because the house itself reminds.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::min;
use diesel::prelude::*;
use serde_json::json;

use super::decisions::find_decision;
use super::item::Kind;
use super::listing::in_rows;
use super::settings::{desk_settings, late_told, set_late_told};
use super::standing::granting;
use crate::db::schema::review_items as items;
use crate::db::{Conn, Tx};
use crate::forum;
use crate::kit::clock::{HOUR, MINUTE};
use crate::kit::ids::{CategoryId, DecisionId, MemberId};
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor, Role};

type Backend = <Conn as Connection>::Backend;

/// A day, less what one round may come earlier than the one of the day before.
const PAUSE: i64 = 24 * HOUR - 30 * MINUTE;
/// Entries are counted no further.
const MOST: i64 = 100;

/// Where something waits longer than it should, moderators (and admins, for what no moderator sees) get a letter that says how much, each counted by what they may
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
    let moderators = members::with_role(tx, Role::Moderator)?;
    let mut covered: BTreeSet<CategoryId> = BTreeSet::new();
    let orphans = orphans(tx, &moderators, before)?;
    let mut all: Vec<(MemberId, Actor)> = Vec::new();
    for card in &moderators {
        let actor = members::actor(tx, card.id)?;
        covered.extend(forum::sight(tx, &actor)?.moderated);
        all.push((card.id, actor));
    }
    // What no moderator sees is an admin's to look after.
    for card in members::with_role(tx, Role::Admin)? {
        if !moderators.iter().any(|moderator| moderator.id == card.id) {
            all.push((card.id, members::actor(tx, card.id)?));
        }
    }
    for (index, (id, actor)) in all.iter().enumerate() {
        let last = told.get(&id.0).copied();
        if let Some(last) = last.filter(|last| *last > now.plus(-PAUSE).0) {
            still.insert(id.0, last);
            continue;
        }
        let without = (index >= moderators.len()).then_some((&covered, moderators.is_empty()));
        let mut count = late_for(tx, actor, before, without)?;
        if without.is_some() {
            count += orphans;
        }
        if count > 0 {
            still.insert(id.0, now.0);
            tell(tx, *id, (count, hours))?;
        }
    }
    // Whoever is no moderator any more is forgotten here.
    if still == told {
        return Ok(());
    }
    set_late_told(tx, &still)
}

/// How many entries that this actor may see have waited since `before` or longer. `without` are the places that others
/// look after, and whether nobody looks after what stands in no place.
fn late_for(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: At,
    without: Option<(&BTreeSet<CategoryId>, bool)>,
) -> Result<usize> {
    let mut seen = forum::sight(tx, actor)?.moderated;
    let mut placeless = true;
    if let Some((covered, of_nobody)) = without {
        seen.retain(|category| !covered.contains(category));
        placeless = of_nobody;
    }
    let mut kinds = Kind::ALL.to_vec();
    kinds.retain(|kind| *kind != Kind::Highlight || actor.can(&Action::SeeApprovals));
    let here = items::category_id.eq_any(in_rows(&seen));
    let query = items::table
        .filter(items::waits.eq(true))
        .filter(items::since.le(before))
        .filter(items::kind.eq_any(kinds))
        .into_boxed::<Backend>();
    let query = if placeless {
        query.filter(items::category_id.is_null().or(here))
    } else {
        query.filter(items::category_id.is_not_null()).filter(here)
    };
    // One's own words are for others to decide on.
    let query = match actor.id() {
        Some(me) => query.filter(
            items::subject_author_id
                .is_null()
                .or(items::subject_author_id.ne(me))
                .or(items::kind.eq(Kind::Highlight)),
        ),
        None => query,
    };
    let found: Vec<(Kind, i64)> = query
        .select((items::kind, items::subject_id))
        .limit(MOST)
        .load(tx.conn)?;
    let mut count = 0;
    for (kind, subject) in found {
        // Nor is an appeal against what one decided oneself.
        let mine = kind == Kind::Appeal && {
            let told = find_decision(tx, DecisionId(subject))?;
            granting(tx, &told)?.is_party(actor)
        };
        count += usize::from(!mine);
    }
    Ok(count)
}

/// How many appeals have waited since `before` or longer that no moderator can answer: whoever sees the place decided
/// about it, or is the member. Somebody has to become a moderator for them, which is an admin's to do.
fn orphans(tx: &mut Tx<'_>, moderators: &[Card], before: At) -> Result<usize> {
    let late: Vec<(i64, Option<CategoryId>)> = items::table
        .filter(items::waits.eq(true))
        .filter(items::since.le(before))
        .filter(items::kind.eq(Kind::Appeal))
        .order((items::priority, items::since, items::id))
        .select((items::subject_id, items::category_id))
        .limit(MOST)
        .load(tx.conn)?;
    let mut orphans = 0;
    for (decision, category) in late {
        let told = find_decision(tx, DecisionId(decision))?;
        let granting = granting(tx, &told)?;
        let (mut seen, mut able) = (false, false);
        for card in moderators {
            let actor = members::actor(tx, card.id)?;
            let sees = match category {
                Some(category) => forum::sight(tx, &actor)?.moderated.contains(&category),
                None => true,
            };
            seen |= sees;
            able |= sees && !granting.concerns(card.id);
        }
        // What no moderator sees is counted for admins already.
        orphans += usize::from(seen && !able);
    }
    Ok(orphans)
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
