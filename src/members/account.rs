//! Making the rows of a new member. How somebody comes to an account stands in the verbs that call this.

use diesel::prelude::*;
use serde_json::json;

use crate::audit;
use crate::db::schema::{member_names, members, standings};
use crate::db::{Tx, violated};
use crate::kit::ids::MemberId;
use crate::kit::names::name_key;
use crate::kit::{At, Result, Stop};
use crate::policy::{Actor, Roles, Trust};

/// A member to be made.
pub(super) struct Fresh<'a> {
    pub name: &'a str,
    pub display: &'a str,
    pub email: Option<&'a str>,
    /// The key under which the address is this member's own, once it is confirmed.
    pub email_key: Option<&'a str>,
    pub password_hash: Option<&'a str>,
    pub lang: &'a str,
    pub joined_via: Option<&'a str>,
    pub joined_at: At,
    pub roles: Roles,
    pub trust: Trust,
}

/// Is this name free for `member` (or for somebody new)? Names that somebody carried before stay reserved for them.
pub(super) fn name_is_free(tx: &mut Tx<'_>, key: &str, member: Option<MemberId>) -> Result<bool> {
    let carried: Option<MemberId> = members::table
        .filter(members::name_key.eq(key))
        .select(members::id)
        .first(tx.conn)
        .optional()?;
    let reserved: Option<Option<MemberId>> = member_names::table
        .find(key)
        .select(member_names::member_id)
        .first(tx.conn)
        .optional()?;
    let own = |of: Option<MemberId>| member.is_some() && of == member;
    Ok(carried.is_none_or(|of| own(Some(of))) && reserved.is_none_or(own))
}

/// The member who has confirmed this address, if there is one.
pub(super) fn owner_of_email(tx: &mut Tx<'_>, email_key: &str) -> Result<Option<MemberId>> {
    Ok(members::table
        .filter(members::email_key.eq(email_key))
        .select(members::id)
        .first(tx.conn)
        .optional()?)
}

/// Makes the rows of a member.
///
/// # Errors
/// A problem with `name` where it is taken.
pub(super) fn make(tx: &mut Tx<'_>, actor: &Actor, fresh: &Fresh<'_>) -> Result<MemberId> {
    let key = name_key(fresh.name);
    if !name_is_free(tx, &key, None)? {
        return Err(Stop::invalid("name", "name-taken"));
    }
    let now = tx.now();
    let made = diesel::insert_into(members::table)
        .values((
            members::name.eq(fresh.name),
            members::name_key.eq(&key),
            members::display_name.eq(fresh.display),
            members::email.eq(fresh.email),
            members::email_key.eq(fresh.email_key),
            members::email_confirmed_at.eq(fresh.email_key.map(|_| now)),
            members::password_hash.eq(fresh.password_hash),
            members::avatar_hue.eq(hue_of(&key)),
            members::lang.eq(fresh.lang),
            members::joined_at.eq(fresh.joined_at),
            members::joined_via.eq(fresh.joined_via),
        ))
        .returning(members::id)
        .get_result::<MemberId>(tx.conn);
    let id = made.map_err(|error| match violated(&error).as_deref() {
        Some("members.name_key") => Stop::invalid("name", "name-taken"),
        Some("members.email_key") => Stop::invalid("email", "email-taken"),
        _ => error.into(),
    })?;
    diesel::insert_into(standings::table)
        .values((
            standings::member_id.eq(id),
            standings::roles.eq(fresh.roles.0),
            standings::trust.eq(fresh.trust),
            standings::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    audit::record(
        tx,
        actor,
        "member.joined",
        audit::subject("member", id.0),
        json!({ "roles": fresh.roles.list() }),
        None,
    )?;
    Ok(id)
}

/// A colour for a new avatar, the same for the same name.
pub(super) fn hue_of(name_key: &str) -> i64 {
    let mixed = name_key.bytes().fold(2_166_136_261_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    });
    i64::from(mixed % 360)
}
