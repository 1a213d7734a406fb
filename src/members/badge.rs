//! Badges: visible marks on a profile. Admins make them and give them by hand; some are given by a rule, once a day.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;

use crate::audit;
use crate::db::Tx;
use crate::db::schema::{badges, member_badges, members};
use crate::each_backend;
use crate::kit::clock::DAY;
use crate::kit::ids::{BadgeId, MemberId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Problems, Result};
use crate::policy::{Action, Actor};

/// Most badges there are.
const MOST: i64 = 50;
/// Members who are given a badge in one round; the next round goes on.
const ROUND: i64 = 500;
/// Longest name and description, in characters.
const NAME: usize = 40;
const WORDS: usize = 200;

crate::text_enum! {
    /// By what a badge is earned.
    pub enum BadgeRule {
        /// Nothing: it is given by hand.
        Hand = "hand",
        /// The first post.
        FirstPost = "first-post",
        /// A hundred posts.
        HundredPosts = "hundred-posts",
        /// Ten threads.
        TenThreads = "ten-threads",
        /// A year here, with something said.
        Year = "year",
    }
}

/// A badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable)]
pub struct Badge {
    /// Which one.
    pub id: BadgeId,
    /// What it is called; empty for those that came with the house, which are named in the reader's language.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// By what it is earned.
    pub rule: BadgeRule,
}

/// Every badge, by name.
///
/// # Errors
/// A fault where the database fails.
pub fn badges(tx: &mut Tx<'_>) -> Result<Vec<Badge>> {
    Ok(badges::table
        .order((badges::name, badges::id))
        .limit(MOST)
        .select((badges::id, badges::name, badges::description, badges::rule))
        .load(tx.conn)?)
}

/// The badges of a member, in the order in which they were given.
///
/// # Errors
/// A fault where the database fails.
pub fn badges_of(tx: &mut Tx<'_>, member: MemberId) -> Result<Vec<Badge>> {
    Ok(member_badges::table
        .inner_join(badges::table)
        .filter(member_badges::member_id.eq(member))
        .order((member_badges::given_at, badges::id))
        .limit(MOST)
        .select((badges::id, badges::name, badges::description, badges::rule))
        .load(tx.conn)?)
}

/// Makes a badge.
///
/// # Errors
/// Refused to everybody but admins; problems with `name`, `description` or `rule`.
pub fn make_badge(
    tx: &mut Tx<'_>,
    actor: &Actor,
    name: &str,
    description: &str,
    rule: &str,
) -> Result<BadgeId> {
    actor.may(&Action::ManageMembers)?;
    let mut problems = Problems::default();
    let (name, description) = (name.trim(), description.trim());
    if name.is_empty() {
        problems.add("name", "needed", &[]);
    }
    for (field, text, most) in [("name", name, NAME), ("description", description, WORDS)] {
        if text.chars().count() > most || text.contains('\0') {
            problems.add(field, "too-long", &[("most", most.to_string())]);
        }
    }
    let rule = BadgeRule::parse(rule);
    if rule.is_none() {
        problems.add("rule", "choose", &[]);
    }
    let many: i64 = badges::table.count().get_result(tx.conn)?;
    if many >= MOST {
        problems.add("name", "badges-full", &[("most", MOST.to_string())]);
    }
    problems.check()?;
    let id: BadgeId = diesel::insert_into(badges::table)
        .values((
            badges::name.eq(name),
            badges::description.eq(description),
            badges::rule.eq(rule.unwrap_or(BadgeRule::Hand)),
            badges::created_at.eq(tx.now()),
        ))
        .returning(badges::id)
        .get_result(tx.conn)?;
    record(tx, actor, "badge.made", "badge", id.0, id)?;
    Ok(id)
}

/// Removes a badge, from everybody who wears it too.
///
/// # Errors
/// Refused to everybody but admins.
pub fn remove_badge(tx: &mut Tx<'_>, actor: &Actor, id: BadgeId) -> Result<()> {
    actor.may(&Action::ManageMembers)?;
    diesel::delete(member_badges::table.filter(member_badges::badge_id.eq(id))).execute(tx.conn)?;
    diesel::delete(badges::table.find(id)).execute(tx.conn)?;
    record(tx, actor, "badge.removed", "badge", id.0, id)
}

/// Gives a badge to a member. Twice is once.
///
/// # Errors
/// Refused to everybody but admins; not found where there is no such badge or member.
pub fn give_badge(tx: &mut Tx<'_>, actor: &Actor, member: MemberId, id: BadgeId) -> Result<()> {
    actor.may(&Action::ManageMembers)?;
    let known: Option<BadgeId> = badges::table
        .find(id)
        .select(badges::id)
        .first(tx.conn)
        .optional()?;
    known.or_not_found()?;
    super::card::card(tx, member)?;
    put(tx, member, id)?;
    record(tx, actor, "badge.given", "member", member.0, id)
}

/// Takes a badge from a member.
///
/// # Errors
/// Refused to everybody but admins.
pub fn take_badge(tx: &mut Tx<'_>, actor: &Actor, member: MemberId, id: BadgeId) -> Result<()> {
    actor.may(&Action::ManageMembers)?;
    diesel::delete(
        member_badges::table
            .filter(member_badges::member_id.eq(member))
            .filter(member_badges::badge_id.eq(id)),
    )
    .execute(tx.conn)?;
    record(tx, actor, "badge.taken", "member", member.0, id)
}

fn put(tx: &mut Tx<'_>, member: MemberId, id: BadgeId) -> Result<()> {
    let now = tx.now();
    each_backend!(tx.conn, c => diesel::insert_into(member_badges::table)
        .values((
            member_badges::member_id.eq(member),
            member_badges::badge_id.eq(id),
            member_badges::given_at.eq(now),
        ))
        .on_conflict((member_badges::member_id, member_badges::badge_id))
        .do_nothing()
        .execute(c))?;
    Ok(())
}

fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: &'static str,
    subject: &'static str,
    id: i64,
    badge: BadgeId,
) -> Result<()> {
    let about = audit::subject(subject, id);
    audit::record(tx, actor, kind, about, json!({ "badge": badge.0 }), None)
}

/// The round: gives what was earned since.
///
/// # Errors
/// A fault where the database fails.
pub fn give_earned(tx: &mut Tx<'_>) -> Result<()> {
    let year_ago: At = tx.now().plus(-365 * DAY);
    for badge in badges(tx)? {
        let worn = member_badges::table
            .filter(member_badges::badge_id.eq(badge.id))
            .select(member_badges::member_id);
        let mut earned = members::table
            .filter(members::erased_at.is_null())
            .filter(members::post_count.gt(0_i64))
            .filter(members::id.ne_all(worn))
            .order(members::id)
            .limit(ROUND)
            .select(members::id)
            .into_boxed();
        earned = match badge.rule {
            BadgeRule::Hand => continue,
            BadgeRule::FirstPost => earned,
            BadgeRule::HundredPosts => earned.filter(members::post_count.ge(100_i64)),
            BadgeRule::TenThreads => earned.filter(members::thread_count.ge(10_i64)),
            BadgeRule::Year => earned.filter(members::joined_at.le(year_ago)),
        };
        let people: Vec<MemberId> = earned.load(tx.conn)?;
        for member in people {
            put(tx, member, badge.id)?;
        }
    }
    Ok(())
}
