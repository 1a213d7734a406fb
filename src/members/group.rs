//! Groups: named sets of members, made by admins, for grants of categories.

use diesel::prelude::*;
use serde_json::json;

use super::card::{self, Card};
use crate::audit;
use crate::db::schema::{group_members, groups, members, standings};
use crate::db::{Lock, Tx, violated};
use crate::each_backend;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{GroupId, MemberId};
use crate::kit::names::name_key;
use crate::kit::stop::OrRefuse;
use crate::kit::{Problems, Result, Stop};
use crate::policy::{Action, Actor};

/// Most characters of a group's name.
pub const NAME_MAX: usize = 60;
/// Most characters of its description.
pub const DESCRIPTION_MAX: usize = 500;
/// Most groups of a community; a select lists them all.
const MOST: i64 = 500;
/// Members of a group on one page.
const PAGE: i64 = 50;

/// A group.
#[derive(Debug, Clone, Queryable)]
pub struct Group {
    /// Which one.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
}

/// All groups, by name.
///
/// # Errors
/// A fault where the database fails.
pub fn groups(tx: &mut Tx<'_>) -> Result<Vec<Group>> {
    Ok(groups::table
        .order((groups::name_key, groups::id))
        .limit(MOST)
        .select((groups::id, groups::name, groups::description))
        .load(tx.conn)?)
}

/// One group.
///
/// # Errors
/// Not found where there is none.
pub fn find_group(tx: &mut Tx<'_>, id: GroupId) -> Result<Group> {
    let row: Option<Group> = groups::table
        .find(id)
        .select((groups::id, groups::name, groups::description))
        .first(tx.conn)
        .optional()?;
    row.or_not_found()
}

/// Makes a group.
///
/// # Errors
/// Refused for everybody but admins; problems with `name` or `description`.
pub fn create_group(
    tx: &mut Tx<'_>,
    actor: &Actor,
    name: &str,
    description: &str,
) -> Result<GroupId> {
    actor.may(&Action::ManageGroups)?;
    let (name, description) = checked(name, description)?;
    let count: i64 = groups::table.count().get_result(tx.conn)?;
    if count >= MOST {
        return Err(Stop::invalid("", "groups-too-many"));
    }
    let now = tx.now();
    let id: GroupId = diesel::insert_into(groups::table)
        .values((
            groups::name.eq(&name),
            groups::name_key.eq(name_key(&name)),
            groups::description.eq(&description),
            groups::created_at.eq(now),
        ))
        .returning(groups::id)
        .get_result(tx.conn)
        .map_err(taken)?;
    audit::record(
        tx,
        actor,
        "group.created",
        audit::subject("group", id.0),
        json!({}),
        None,
    )?;
    Ok(id)
}

/// Changes a group's name and description.
///
/// # Errors
/// Refused for everybody but admins; not found; problems with `name` or `description`.
pub fn change_group(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: GroupId,
    name: &str,
    description: &str,
) -> Result<()> {
    actor.may(&Action::ManageGroups)?;
    let (name, description) = checked(name, description)?;
    let changed = diesel::update(groups::table.filter(groups::id.eq(id)))
        .set((
            groups::name.eq(&name),
            groups::name_key.eq(name_key(&name)),
            groups::description.eq(&description),
        ))
        .execute(tx.conn)
        .map_err(taken)?;
    (changed == 1).then_some(()).or_not_found()?;
    audit::record(
        tx,
        actor,
        "group.changed",
        audit::subject("group", id.0),
        json!({}),
        None,
    )
}

fn taken(error: diesel::result::Error) -> Stop {
    match violated(&error) {
        Some(_) => Stop::invalid("name", "group-name-taken"),
        None => error.into(),
    }
}

fn checked(name: &str, description: &str) -> Result<(String, String)> {
    let mut problems = Problems::default();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        problems.add("name", "group-name-missing", &[]);
    } else if name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        problems.add(
            "name",
            "group-name-too-long",
            &[("most", NAME_MAX.to_string())],
        );
    }
    let description = description.trim().to_owned();
    if description.chars().count() > DESCRIPTION_MAX {
        problems.add(
            "description",
            "description-too-long",
            &[("most", DESCRIPTION_MAX.to_string())],
        );
    }
    problems.check()?;
    Ok((name, description))
}

/// Puts a member into a group; doing it again changes nothing.
///
/// # Errors
/// Refused for everybody but admins; not found.
pub fn join_group(tx: &mut Tx<'_>, actor: &Actor, group: GroupId, member: MemberId) -> Result<()> {
    actor.may(&Action::ManageGroups)?;
    tx.lock(Lock::Member(member))?;
    find_group(tx, group)?;
    card::card(tx, member)?;
    let now = tx.now();
    let row = (
        group_members::group_id.eq(group),
        group_members::member_id.eq(member),
        group_members::added_at.eq(now),
    );
    each_backend!(tx.conn, c => diesel::insert_into(group_members::table).values(row).on_conflict_do_nothing().execute(c))?;
    rewrite(tx, member)?;
    audit::record(
        tx,
        actor,
        "group.joined",
        audit::subject("group", group.0),
        json!({ "member": member.0 }),
        None,
    )
}

/// Takes a member out of a group.
///
/// # Errors
/// Refused for everybody but admins.
pub fn leave_group(tx: &mut Tx<'_>, actor: &Actor, group: GroupId, member: MemberId) -> Result<()> {
    actor.may(&Action::ManageGroups)?;
    tx.lock(Lock::Member(member))?;
    let of = group_members::table
        .filter(group_members::group_id.eq(group))
        .filter(group_members::member_id.eq(member));
    if diesel::delete(of).execute(tx.conn)? == 0 {
        return Ok(());
    }
    rewrite(tx, member)?;
    audit::record(
        tx,
        actor,
        "group.left",
        audit::subject("group", group.0),
        json!({ "member": member.0 }),
        None,
    )
}

/// Writes a member's groups into the standing, from which every request reads them.
fn rewrite(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let ids: Vec<GroupId> = group_members::table
        .filter(group_members::member_id.eq(member))
        .order(group_members::group_id)
        .select(group_members::group_id)
        .load(tx.conn)?;
    let now = tx.now();
    diesel::update(standings::table.filter(standings::member_id.eq(member)))
        .set((
            standings::group_ids.eq(serde_json::to_string(&ids)?),
            standings::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// A page of a group's members, by id, and where the next page begins.
///
/// # Errors
/// Refused for everybody but admins.
pub fn members_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    group: GroupId,
    after: Option<Cursor>,
) -> Result<(Vec<Card>, Option<Cursor>)> {
    actor.may(&Action::ManageGroups)?;
    let from = after.and_then(|cursor| cursor.as_one()).unwrap_or(0);
    let rows: Vec<card::Row> = group_members::table
        .inner_join(members::table.inner_join(standings::table))
        .filter(group_members::group_id.eq(group))
        .filter(group_members::member_id.gt(from))
        .order(group_members::member_id)
        .limit(PAGE + 1)
        .select(card::columns())
        .load(tx.conn)?;
    let mut cards: Vec<Card> = rows.into_iter().map(card::Row::card).collect();
    let next = Cursor::turn(&mut cards, PAGE, |card| Cursor::one(card.id.0));
    Ok((cards, next))
}

/// How many members each group has.
///
/// # Errors
/// A fault where the database fails.
pub fn group_sizes(tx: &mut Tx<'_>) -> Result<Vec<(GroupId, i64)>> {
    use diesel::dsl::count_star;
    Ok(group_members::table
        .group_by(group_members::group_id)
        .select((group_members::group_id, count_star()))
        .load(tx.conn)?)
}
