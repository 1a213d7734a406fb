//! Giving and taking roles.

use diesel::prelude::*;
use serde_json::json;

use crate::audit;
use crate::db::schema::{members, standings};
use crate::db::{Lock, Tx};
use crate::kit::event::Event;
use crate::kit::ids::MemberId;
use crate::kit::stop::OrRefuse;
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor, Role, Roles};

/// Gives a member a role. Who gives it to themselves is named to all staff.
///
/// # Errors
/// Refused for everybody but admins; not found where there is no such member.
pub fn give_role(tx: &mut Tx<'_>, actor: &Actor, member: MemberId, role: Role) -> Result<()> {
    actor.may(&Action::ManageMembers)?;
    let before = lock_roles(tx, &[member], member)?;
    change(
        tx,
        actor,
        member,
        before,
        before.with(role),
        "member.role_given",
        role,
    )
}

/// Takes a role from a member. The last admin stays one.
///
/// # Errors
/// Refused for everybody but admins; [`Refusal::LastOne`]; not found where there is no such member.
pub fn take_role(tx: &mut Tx<'_>, actor: &Actor, member: MemberId, role: Role) -> Result<()> {
    actor.may(&Action::ManageMembers)?;
    // All admins are locked, so that two of them cannot take the role from each other in the same moment.
    let admins = admins(tx)?;
    let mut locked = admins.clone();
    locked.push(member);
    locked.sort_unstable();
    locked.dedup();
    let before = lock_roles(tx, &locked, member)?;
    if role == Role::Admin && before.has(Role::Admin) && !someone_else_is_admin(tx, member)? {
        return Err(Refusal::LastOne.into());
    }
    change(
        tx,
        actor,
        member,
        before,
        before.without(role),
        "member.role_taken",
        role,
    )
}

/// Locks standings in the order of ids and reads the roles of one.
fn lock_roles(tx: &mut Tx<'_>, sorted: &[MemberId], member: MemberId) -> Result<Roles> {
    for id in sorted {
        tx.lock(Lock::Member(*id))?;
    }
    let roles: Option<i64> = members::table
        .inner_join(standings::table)
        .filter(members::id.eq(member))
        .filter(members::erased_at.is_null())
        .select(standings::roles)
        .first(tx.conn)
        .optional()?;
    roles.map(Roles).or_not_found()
}

fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    member: MemberId,
    before: Roles,
    after: Roles,
    kind: &'static str,
    role: Role,
) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let now = tx.now();
    diesel::update(standings::table.filter(standings::member_id.eq(member)))
        .set((standings::roles.eq(after.0), standings::updated_at.eq(now)))
        .execute(tx.conn)?;
    audit::record(
        tx,
        actor,
        kind,
        audit::subject("member", member.0),
        json!({ "role": role.as_str() }),
        None,
    )?;
    let given = after.0 & role.bit() != 0;
    tx.tell(&Event::RoleChanged {
        member,
        role: role.as_str(),
        given,
        by: actor.id(),
    })
}

/// Everybody who is an admin and can act as one, by id.
fn admins(tx: &mut Tx<'_>) -> Result<Vec<MemberId>> {
    Ok(super::with_role(tx, Role::Admin)?
        .into_iter()
        .map(|card| card.id)
        .collect())
}

/// Is there an admin besides this one who is not suspended?
pub(super) fn someone_else_is_admin(tx: &mut Tx<'_>, member: MemberId) -> Result<bool> {
    let now = tx.now();
    let rows: Vec<i64> = standings::table
        .inner_join(members::table)
        .filter(standings::roles.ge(Role::Admin.bit()))
        .filter(standings::member_id.ne(member))
        .filter(members::erased_at.is_null())
        .filter(
            standings::suspended_until
                .is_null()
                .or(standings::suspended_until.le(now)),
        )
        .select(standings::roles)
        .load(tx.conn)?;
    Ok(rows.into_iter().any(|roles| Roles(roles).has(Role::Admin)))
}

/// Is there any admin at all?
///
/// # Errors
/// A fault where the database fails.
pub fn has_admin(tx: &mut Tx<'_>) -> Result<bool> {
    someone_else_is_admin(tx, MemberId(0))
}
