//! The list of members that admins work with.

use diesel::prelude::*;

use super::card::{self, Card};
use crate::db::Tx;
use crate::db::schema::{members, standings};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{GroupId, MemberId};
use crate::kit::names::{email_key, name_key};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::policy::{Action, Actor, Role, Roles};

/// Members on one page.
const PAGE: i64 = 50;
/// Members that completion offers.
const OFFERED: i64 = 8;

/// A member as admins see one.
#[derive(Debug, Clone)]
pub struct MemberLine {
    /// Name, roles, badges.
    pub card: Card,
    /// The address given.
    pub email: Option<String>,
    /// Is it confirmed?
    pub confirmed: bool,
    /// When the member joined.
    pub joined_at: At,
    /// Posts written.
    pub post_count: i64,
    /// Groups the member is in.
    pub groups: Vec<GroupId>,
    /// A silence in force.
    pub silenced_until: Option<At>,
    /// A suspension in force.
    pub suspended_until: Option<At>,
}

/// Which members are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The beginning of a name, or a whole address.
    pub search: String,
    /// Only holders of this role.
    pub role: Option<Role>,
}

type Facts = (
    Option<String>,
    Option<At>,
    At,
    i64,
    String,
    Option<At>,
    Option<At>,
);

/// The columns of [`Facts`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
fn facts() -> _ {
    (
        members::email,
        members::email_confirmed_at,
        members::joined_at,
        members::post_count,
        standings::group_ids,
        standings::silenced_until,
        standings::suspended_until,
    )
}

fn line(card: card::Row, facts: Facts, now: At) -> Result<MemberLine> {
    let (email, confirmed, joined_at, post_count, groups, silenced, suspended) = facts;
    let in_force = |until: Option<At>| until.filter(|at| *at > now);
    Ok(MemberLine {
        card: card.card(),
        email,
        confirmed: confirmed.is_some(),
        joined_at,
        post_count,
        groups: serde_json::from_str(&groups)?,
        silenced_until: in_force(silenced),
        suspended_until: in_force(suspended),
    })
}

/// Members, who joined last first, and where the next page begins.
///
/// # Errors
/// Refused for everybody but admins.
pub fn directory(
    tx: &mut Tx<'_>,
    actor: &Actor,
    wanted: &Wanted,
    after: Option<Cursor>,
) -> Result<(Vec<MemberLine>, Option<Cursor>)> {
    actor.may(&Action::ManageMembers)?;
    let now = tx.now();
    let before = after.and_then(|cursor| cursor.as_one()).unwrap_or(i64::MAX);
    let mut query = members::table
        .inner_join(standings::table)
        .filter(members::erased_at.is_null())
        .filter(members::id.lt(before))
        .order(members::id.desc())
        .limit(PAGE + 1)
        .select((card::columns(), facts()))
        .into_boxed();
    let search = wanted.search.trim();
    if search.contains('@') {
        query = query.filter(
            members::email_key
                .eq(email_key(search))
                .or(members::email.eq(search.to_owned())),
        );
    } else if !search.is_empty() {
        let (from, to) = range_of(search);
        query = query
            .filter(members::name_key.ge(from))
            .filter(members::name_key.lt(to));
    }
    if let Some(role) = wanted.role {
        // Roles are bits; the sets that hold one are few enough to be named.
        let holding: Vec<i64> = (0..32_i64).filter(|bits| Roles(*bits).has(role)).collect();
        query = query.filter(standings::roles.eq_any(holding));
    }
    let rows: Vec<(card::Row, Facts)> = query.load(tx.conn)?;
    let mut lines = rows
        .into_iter()
        .map(|(card, facts)| line(card, facts, now))
        .collect::<Result<Vec<_>>>()?;
    let next = Cursor::turn(&mut lines, PAGE, |line| Cursor::one(line.card.id.0));
    Ok((lines, next))
}

/// One member as admins see one.
///
/// # Errors
/// Refused for everybody but admins; not found.
pub fn find_member(tx: &mut Tx<'_>, actor: &Actor, member: MemberId) -> Result<MemberLine> {
    actor.may(&Action::ManageMembers)?;
    let now = tx.now();
    let row: Option<(card::Row, Facts)> = members::table
        .inner_join(standings::table)
        .filter(members::id.eq(member))
        .filter(members::erased_at.is_null())
        .select((card::columns(), facts()))
        .first(tx.conn)
        .optional()?;
    let (card, facts) = row.or_not_found()?;
    line(card, facts, now)
}

/// A few members whose names begin like this, by name.
///
/// # Errors
/// A fault where the database fails.
pub fn named_like(tx: &mut Tx<'_>, beginning: &str) -> Result<Vec<Card>> {
    let (from, to) = range_of(beginning);
    let rows: Vec<card::Row> = members::table
        .inner_join(standings::table)
        .filter(members::name_key.ge(from))
        .filter(members::name_key.lt(to))
        .filter(members::erased_at.is_null())
        .order(members::name_key)
        .limit(OFFERED)
        .select(card::columns())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(card::Row::card).collect())
}

/// Members who take part, the latest to come first, and where the next page begins.
///
/// # Errors
/// A fault where the database fails.
pub fn newest(tx: &mut Tx<'_>, after: Option<Cursor>) -> Result<(Vec<Card>, Option<Cursor>)> {
    let before = after.and_then(|cursor| cursor.as_one()).unwrap_or(i64::MAX);
    let rows: Vec<card::Row> = members::table
        .inner_join(standings::table)
        .filter(members::id.lt(MemberId(before)))
        .filter(members::erased_at.is_null())
        .order(members::id.desc())
        .limit(PAGE + 1)
        .select(card::columns())
        .load(tx.conn)?;
    let mut cards: Vec<Card> = rows.into_iter().map(card::Row::card).collect();
    let next = Cursor::turn(&mut cards, PAGE, |card| Cursor::one(card.id.0));
    Ok((cards, next))
}

/// The name keys that begin like this text.
fn range_of(text: &str) -> (String, String) {
    let from = name_key(text);
    let to = format!("{from}\u{10ffff}");
    (from, to)
}

/// How many posts of these members stand visible.
///
/// # Errors
/// A fault where the database fails.
pub fn post_counts(tx: &mut Tx<'_>, ids: &[MemberId]) -> Result<Vec<(MemberId, i64)>> {
    Ok(members::table
        .filter(members::id.eq_any(ids))
        .filter(members::erased_at.is_null())
        .select((members::id, members::post_count))
        .load(tx.conn)?)
}

/// How many members there are.
///
/// # Errors
/// A fault where the database fails.
pub fn total(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(members::table
        .filter(members::erased_at.is_null())
        .count()
        .get_result(tx.conn)?)
}
