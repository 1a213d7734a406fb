//! What is shown of a member wherever a name stands.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::Serialize;

use crate::db::Tx;
use crate::db::schema::{ignores, member_names, members, standings};
use crate::kit::ids::MemberId;
use crate::kit::names::name_key;
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::policy::{Role, Roles, Trust};

/// Most cards that are fetched at once; lists are bounded, so this is never reached by a page.
const MOST: usize = 1_000;
/// Most holders of a role that are named.
const MOST_HOLDERS: i64 = 2_000;

/// What is shown of a member wherever a name stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Who it is.
    pub id: MemberId,
    /// The handle in addresses; empty once erased.
    pub name: String,
    /// What others read; empty once erased, where templates say it in the reader's language.
    pub display: String,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Trust reached.
    pub trust: Trust,
    /// The avatar's colour, 0 to 359.
    pub hue: i64,
    /// The account is gone.
    pub erased: bool,
    /// Wears the badge *Staff*: moderators, publishers, admins.
    pub staff: bool,
    /// Wears the badge *Champion*.
    pub champion: bool,
    /// The reader would rather not hear them; never true of staff, and only where the reader was asked about.
    pub ignored: bool,
}

impl Card {
    /// The card that stands for a member who is gone, where not even the id is known any more.
    #[must_use]
    pub fn nobody() -> Self {
        Row {
            id: MemberId(0),
            name: String::new(),
            display: String::new(),
            hue: 0,
            erased: Some(At(0)),
            roles: 0,
            trust: Trust::New,
        }
        .card()
    }
}

#[derive(Queryable)]
pub(super) struct Row {
    id: MemberId,
    name: String,
    display: String,
    hue: i64,
    erased: Option<At>,
    roles: i64,
    trust: Trust,
}

/// The columns of a [`Row`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn columns() -> _ {
    (
        members::id,
        members::name,
        members::display_name,
        members::avatar_hue,
        members::erased_at,
        standings::roles,
        standings::trust,
    )
}

impl Row {
    pub(super) fn card(self) -> Card {
        let roles = Roles(self.roles);
        let erased = self.erased.is_some();
        let shown = |text: String| if erased { String::new() } else { text };
        Card {
            id: self.id,
            name: shown(self.name),
            display: shown(self.display),
            roles: if erased { Vec::new() } else { roles.list() },
            trust: self.trust,
            hue: self.hue,
            erased,
            staff: !erased
                && [Role::Moderator, Role::Publisher, Role::Admin]
                    .iter()
                    .any(|role| roles.has(*role)),
            champion: !erased && roles.has(Role::Champion),
            ignored: false,
        }
    }
}

/// What one query asks for: nobody twice, and no more than [`MOST`].
fn each_once(ids: &[MemberId]) -> Vec<MemberId> {
    let mut wanted = ids.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.truncate(MOST);
    wanted
}

/// The cards of these members, erased ones too; ids that never were are left out.
///
/// # Errors
/// A fault where the database fails.
pub fn cards(tx: &mut Tx<'_>, ids: &[MemberId]) -> Result<HashMap<MemberId, Card>> {
    let wanted = each_once(ids);
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = members::table
        .inner_join(standings::table)
        .filter(members::id.eq_any(wanted))
        .select(columns())
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(Row::card)
        .map(|card| (card.id, card))
        .collect())
}

/// As [`cards`], with what the reader thinks of them: in the same query.
///
/// # Errors
/// A fault where the database fails.
pub fn cards_for(
    tx: &mut Tx<'_>,
    reader: Option<MemberId>,
    ids: &[MemberId],
) -> Result<HashMap<MemberId, Card>> {
    let Some(me) = reader else {
        return cards(tx, ids);
    };
    let wanted = each_once(ids);
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Row, Option<MemberId>)> = members::table
        .inner_join(standings::table)
        .left_join(
            ignores::table.on(ignores::ignored_id
                .eq(members::id)
                .and(ignores::member_id.eq(me))),
        )
        .filter(members::id.eq_any(wanted))
        .select((columns(), ignores::ignored_id.nullable()))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(row, ignored)| {
            let mut card = row.card();
            card.ignored = ignored.is_some() && !card.staff;
            (card.id, card)
        })
        .collect())
}

/// One member's card.
///
/// # Errors
/// Not found where there never was such a member.
pub fn card(tx: &mut Tx<'_>, id: MemberId) -> Result<Card> {
    cards(tx, &[id])?.remove(&id).or_not_found()
}

/// The member who carries this name or carried it before; compare `card.name` to see whether to redirect.
///
/// # Errors
/// A fault where the database fails.
pub fn seek_by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<Card>> {
    let key = name_key(name);
    let now_called: Option<Row> = members::table
        .inner_join(standings::table)
        .filter(members::name_key.eq(&key))
        .filter(members::erased_at.is_null())
        .select(columns())
        .first(tx.conn)
        .optional()?;
    if let Some(row) = now_called {
        return Ok(Some(row.card()));
    }
    let once_called: Option<Row> = member_names::table
        .inner_join(members::table.inner_join(standings::table))
        .filter(member_names::name_key.eq(&key))
        .filter(members::erased_at.is_null())
        .select(columns())
        .first(tx.conn)
        .optional()?;
    Ok(once_called.map(Row::card))
}

/// The member who carries this name or carried it before; compare `card.name` to see whether to redirect.
///
/// # Errors
/// Not found where nobody does or the account is gone.
pub fn find_by_name(tx: &mut Tx<'_>, name: &str) -> Result<Card> {
    seek_by_name(tx, name)?.or_not_found()
}

/// Those of these names that somebody goes by now, in the order in which they were asked for.
///
/// # Errors
/// A fault where the database fails.
pub fn named(tx: &mut Tx<'_>, names: &[String]) -> Result<Vec<(MemberId, String)>> {
    let keys: Vec<String> = names.iter().take(MOST).map(|name| name_key(name)).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<(MemberId, String, String)> = members::table
        .filter(members::name_key.eq_any(&keys))
        .filter(members::erased_at.is_null())
        .select((members::id, members::name, members::name_key))
        .load(tx.conn)?;
    found.sort_by_key(|(_, _, key)| keys.iter().position(|asked| asked == key));
    Ok(found.into_iter().map(|(id, name, _)| (id, name)).collect())
}

/// Those whose shown name is one of these, letter by letter, by id. Nobody who is gone.
///
/// # Errors
/// A fault where the database fails.
pub fn shown_as(tx: &mut Tx<'_>, names: &[String]) -> Result<Vec<Card>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = members::table
        .inner_join(standings::table)
        .filter(members::display_name.eq_any(names))
        .filter(members::erased_at.is_null())
        .order(members::id)
        .limit(100)
        .select(columns())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Row::card).collect())
}

/// Everybody who holds a role (a lead publisher is a publisher too), by id.
///
/// # Errors
/// A fault where the database fails.
pub fn with_role(tx: &mut Tx<'_>, role: Role) -> Result<Vec<Card>> {
    let rows: Vec<Row> = members::table
        .inner_join(standings::table)
        .filter(standings::roles.gt(0_i64))
        .filter(members::erased_at.is_null())
        .order(members::id)
        .limit(MOST_HOLDERS)
        .select(columns())
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter(|row| Roles(row.roles).has(role))
        .map(Row::card)
        .collect())
}
