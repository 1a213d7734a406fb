//! Champions who agreed to be named.

use diesel::prelude::*;
use serde_json::json;

use super::card::{Card, Row, columns};
use crate::audit;
use crate::db::Tx;
use crate::db::schema::{members, standings};
use crate::kit::Result;
use crate::kit::ids::MemberId;
use crate::kit::stop::{Refusal, Stop};
use crate::policy::{Action, Actor, Role, Roles};

/// The most champions that are named on one page; a role that everybody holds is none.
const MOST: i64 = 500;

/// A champion says whether the champions' page may name them. Nobody is named before.
///
/// # Errors
/// Refused to everybody but champions.
pub fn name_me(tx: &mut Tx<'_>, actor: &Actor, yes: bool) -> Result<()> {
    let me = actor.id().ok_or(Stop::Refused(Refusal::SignInFirst))?;
    actor.may(&Action::ManageSelf(me))?;
    if !actor.has(Role::Champion) {
        return Err(Refusal::RoleNeeded("champion").into());
    }
    diesel::update(members::table.filter(members::id.eq(me)))
        .set(members::named_champion.eq(yes))
        .execute(tx.conn)?;
    audit::record(
        tx,
        actor,
        "member.named_champion",
        audit::subject("member", me.0),
        json!({ "named": yes }),
        None,
    )
}

/// Did this champion agree to be named?
///
/// # Errors
/// A fault where the database fails.
pub fn is_named(tx: &mut Tx<'_>, member: MemberId) -> Result<bool> {
    let named: Option<bool> = members::table
        .filter(members::id.eq(member))
        .select(members::named_champion)
        .first(tx.conn)
        .optional()?;
    Ok(named.unwrap_or(false))
}

/// The champions who agreed to be named, by name, each with what they say of themselves. Who lost the role is not named
/// any more.
///
/// # Errors
/// A fault where the database fails.
pub fn champions(tx: &mut Tx<'_>) -> Result<Vec<(Card, String)>> {
    let now = tx.now();
    let rows: Vec<(i64, String, Row)> = members::table
        .inner_join(standings::table)
        .filter(members::named_champion.eq(true))
        .filter(members::erased_at.is_null())
        .filter(standings::roles.gt(0_i64))
        .filter(
            standings::suspended_until
                .is_null()
                .or(standings::suspended_until.le(now)),
        )
        .order(members::name_key)
        .limit(MOST)
        .select((standings::roles, members::bio_html, columns()))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter(|(roles, ..)| Roles(*roles).has(Role::Champion))
        .map(|(_, bio, row)| (row.card(), bio))
        .collect())
}
