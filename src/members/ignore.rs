//! Ignoring a member: their posts are folded for whoever ignores them, and nothing they do is told of. Nobody is shown
//! who ignores whom. What staff say is always shown.

use diesel::prelude::*;

use super::card::{self, Card};
use super::session::own;
use crate::db::Tx;
use crate::db::schema::{ignores, member_badges, members, standings};
use crate::each_backend;
use crate::kit::ids::MemberId;
use crate::kit::{Event, Refusal, Result, Stop};
use crate::policy::{Actor, Role, Roles};

/// Most members that one ignores.
const MOST: i64 = 500;

fn is_staff(roles: i64) -> bool {
    let roles = Roles(roles);
    [Role::Moderator, Role::Publisher, Role::Admin]
        .iter()
        .any(|role| roles.has(*role))
}

/// Ignores a member. Twice is once.
///
/// # Errors
/// Refused to guests; a problem with `member` where it is the actor, one of the staff, or one too many; not found.
pub fn ignore(tx: &mut Tx<'_>, actor: &Actor, member: MemberId) -> Result<()> {
    let me = own(actor)?;
    let them = card::card(tx, member)?;
    if member == me || them.staff {
        return Err(Stop::invalid("member", "ignore-not-this"));
    }
    let many: i64 = ignores::table
        .filter(ignores::member_id.eq(me))
        .count()
        .get_result(tx.conn)?;
    if many >= MOST {
        return Err(Stop::invalid("member", "ignore-full"));
    }
    let now = tx.now();
    each_backend!(tx.conn, c => diesel::insert_into(ignores::table)
        .values((
            ignores::member_id.eq(me),
            ignores::ignored_id.eq(member),
            ignores::created_at.eq(now),
        ))
        .on_conflict((ignores::member_id, ignores::ignored_id))
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// Hears a member again.
///
/// # Errors
/// Refused to guests.
pub fn unignore(tx: &mut Tx<'_>, actor: &Actor, member: MemberId) -> Result<()> {
    let me = own(actor)?;
    diesel::delete(
        ignores::table
            .filter(ignores::member_id.eq(me))
            .filter(ignores::ignored_id.eq(member)),
    )
    .execute(tx.conn)?;
    Ok(())
}

/// Whom the actor ignores, the latest first.
///
/// # Errors
/// Refused to guests.
pub fn ignored_by(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Card>> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    own(actor)?;
    let ids: Vec<MemberId> = ignores::table
        .filter(ignores::member_id.eq(me))
        .order(ignores::created_at.desc())
        .limit(MOST)
        .select(ignores::ignored_id)
        .load(tx.conn)?;
    let mut cards = card::cards(tx, &ids)?;
    Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
}

/// A condition for the lists of other rooms, in SQL: whoever stands in the column `member` has not turned away from
/// whoever stands in the column `by`.
#[must_use]
pub fn heard(member: &str, by: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM ignores i WHERE i.member_id = {member} AND i.ignored_id = {by})"
    )
}

/// Does this member not want to hear of that one? Never true of staff.
///
/// # Errors
/// A fault where the database fails.
pub fn is_ignored(tx: &mut Tx<'_>, member: MemberId, by: MemberId) -> Result<bool> {
    let roles: Option<i64> = ignores::table
        .inner_join(standings::table.on(standings::member_id.eq(ignores::ignored_id)))
        .filter(ignores::member_id.eq(by))
        .filter(ignores::ignored_id.eq(member))
        .select(standings::roles)
        .first(tx.conn)
        .optional()?;
    Ok(roles.is_some_and(|roles| !is_staff(roles)))
}

/// Whom this member does not want to hear of. Never staff.
///
/// # Errors
/// A fault where the database fails.
pub fn ignored_ids(tx: &mut Tx<'_>, by: MemberId) -> Result<Vec<MemberId>> {
    let all: Vec<(MemberId, i64)> = ignores::table
        .inner_join(standings::table.on(standings::member_id.eq(ignores::ignored_id)))
        .filter(ignores::member_id.eq(by))
        .limit(MOST)
        .select((ignores::ignored_id, standings::roles))
        .load(tx.conn)?;
    let heard = all.into_iter().filter(|(_, roles)| !is_staff(*roles));
    Ok(heard.map(|(id, _)| id).collect())
}

/// The joint for events: whom an erased member ignored, who ignored them, and the badges they wore go with them.
///
/// # Errors
/// A fault where the database fails.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let Event::MemberErased { member } = event else {
        return Ok(());
    };
    let either = ignores::member_id
        .eq(*member)
        .or(ignores::ignored_id.eq(*member));
    diesel::delete(ignores::table.filter(either)).execute(tx.conn)?;
    diesel::delete(member_badges::table.filter(member_badges::member_id.eq(*member)))
        .execute(tx.conn)?;
    diesel::update(members::table.find(*member))
        .set((
            members::pronouns.eq(""),
            members::place.eq(""),
            members::links.eq(""),
        ))
        .execute(tx.conn)?;
    Ok(())
}
