//! Collections: named sets of highlights that publishers put together, such as "Winter opening".

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::json;

use super::highlight;
use crate::audit::{self, subject};
use crate::content::excerpt;
use crate::db::Tx;
use crate::db::schema::{collection_items, collections, pull_feeds};
use crate::each_backend;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CollectionId, HighlightId, MemberId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Problems, Result};
use crate::policy::{Action, Actor};

/// Collections on one page.
const PAGE: i64 = 30;
/// Most collections there can be.
const MOST: i64 = 500;
/// Most highlights in one.
const MOST_ITEMS: i64 = 500;
/// Longest name, in characters.
const LONGEST_NAME: usize = 80;
/// Longest note, in characters.
const LONGEST_NOTE: usize = 500;

/// A collection in a list.
#[derive(Debug, Clone)]
pub struct Collection {
    /// Which one.
    pub id: CollectionId,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub note: String,
    /// Who made it; `None` once erased.
    pub created_by: Option<MemberId>,
    /// When it was made.
    pub created_at: At,
    /// How many highlights stand in it, whatever their state.
    pub items: i64,
}

type Columns = (CollectionId, String, String, Option<MemberId>, At);

fn line((id, name, note, created_by, created_at): Columns, items: i64) -> Collection {
    Collection {
        id,
        name,
        note,
        created_by,
        created_at,
        items,
    }
}

fn checked(name: &str, note: &str) -> Result<(String, String)> {
    let (name, note) = (excerpt::normalise(name), excerpt::normalise(note));
    let mut problems = Problems::default();
    if name.is_empty() {
        problems.add("name", "needed", &[]);
    }
    for (field, text, most) in [("name", &name, LONGEST_NAME), ("note", &note, LONGEST_NOTE)] {
        if text.chars().count() > most {
            problems.add(field, "too-long", &[("most", most.to_string())]);
        }
    }
    problems.check()?;
    Ok((name, note))
}

/// Makes a collection.
///
/// # Errors
/// Refused to whoever may not see the library; invalid with what can be mended.
pub fn make_collection(
    tx: &mut Tx<'_>,
    actor: &Actor,
    name: &str,
    note: &str,
) -> Result<CollectionId> {
    actor.may(&Action::SeeLibrary)?;
    let (name, note) = checked(name, note)?;
    let there: i64 = collections::table.count().get_result(tx.conn)?;
    if there >= MOST {
        let mut problems = Problems::default();
        problems.add("name", "too-many", &[("most", MOST.to_string())]);
        return Err(problems.into());
    }
    let id: CollectionId = diesel::insert_into(collections::table)
        .values((
            collections::name.eq(name),
            collections::note.eq(note),
            collections::created_by.eq(actor.id()),
            collections::created_at.eq(tx.now()),
        ))
        .returning(collections::id)
        .get_result(tx.conn)?;
    record(tx, actor, "collection.made", id)?;
    Ok(id)
}

/// Calls a collection otherwise.
///
/// # Errors
/// Refused to whoever may not see the library; not found; invalid with what can be mended.
pub fn change_collection(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: CollectionId,
    name: &str,
    note: &str,
) -> Result<()> {
    actor.may(&Action::SeeLibrary)?;
    let (name, note) = checked(name, note)?;
    let changed = diesel::update(collections::table.find(id))
        .set((collections::name.eq(name), collections::note.eq(note)))
        .execute(tx.conn)?;
    (changed == 1).then_some(()).or_not_found()?;
    record(tx, actor, "collection.changed", id)
}

/// Takes a collection away; its highlights stay in the library, and feeds of it carry nothing any more.
///
/// # Errors
/// Refused to whoever may not see the library; not found.
pub fn remove_collection(tx: &mut Tx<'_>, actor: &Actor, id: CollectionId) -> Result<()> {
    actor.may(&Action::SeeLibrary)?;
    let now = tx.now();
    diesel::update(pull_feeds::table.filter(pull_feeds::collection_id.eq(id)))
        .set((
            pull_feeds::collection_id.eq(None::<CollectionId>),
            pull_feeds::revoked_at.eq(now),
        ))
        .execute(tx.conn)?;
    diesel::delete(collection_items::table.filter(collection_items::collection_id.eq(id)))
        .execute(tx.conn)?;
    let gone = diesel::delete(collections::table.find(id)).execute(tx.conn)?;
    (gone == 1).then_some(()).or_not_found()?;
    record(tx, actor, "collection.removed", id)
}

/// Puts a highlight into a collection; twice changes nothing.
///
/// # Errors
/// Refused to whoever may not see the library; not found; invalid where the collection is full.
pub fn collect(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: CollectionId,
    highlight: HighlightId,
) -> Result<()> {
    actor.may(&Action::SeeLibrary)?;
    find(tx, id)?;
    highlight::find(tx, highlight)?;
    let there: i64 = collection_items::table
        .filter(collection_items::collection_id.eq(id))
        .count()
        .get_result(tx.conn)?;
    if there >= MOST_ITEMS {
        let mut problems = Problems::default();
        problems.add(
            "collection",
            "too-many",
            &[("most", MOST_ITEMS.to_string())],
        );
        return Err(problems.into());
    }
    let row = (
        collection_items::collection_id.eq(id),
        collection_items::highlight_id.eq(highlight),
        collection_items::added_by.eq(actor.id()),
        collection_items::added_at.eq(tx.now()),
    );
    each_backend!(tx.conn, c => diesel::insert_into(collection_items::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    record(tx, actor, "collection.added", id)
}

/// Takes a highlight out of a collection.
///
/// # Errors
/// Refused to whoever may not see the library; not found.
pub fn uncollect(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: CollectionId,
    highlight: HighlightId,
) -> Result<()> {
    actor.may(&Action::SeeLibrary)?;
    diesel::delete(collection_items::table.find((id, highlight))).execute(tx.conn)?;
    record(tx, actor, "collection.taken-out", id)
}

fn record(tx: &mut Tx<'_>, actor: &Actor, what: &'static str, id: CollectionId) -> Result<()> {
    audit::record(
        tx,
        actor,
        what,
        subject("collection", id.0),
        json!({}),
        None,
    )
}

fn find(tx: &mut Tx<'_>, id: CollectionId) -> Result<Columns> {
    collections::table
        .find(id)
        .select(columns())
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        collections::id,
        collections::name,
        collections::note,
        collections::created_by,
        collections::created_at,
    )
}

/// One collection.
///
/// # Errors
/// Refused to whoever may not see the library; not found.
pub fn collection(tx: &mut Tx<'_>, actor: &Actor, id: CollectionId) -> Result<Collection> {
    actor.may(&Action::SeeLibrary)?;
    let row = find(tx, id)?;
    let items = collection_items::table
        .filter(collection_items::collection_id.eq(id))
        .count()
        .get_result(tx.conn)?;
    Ok(line(row, items))
}

/// A page of collections, newest first, and where the next begins.
///
/// # Errors
/// Refused to whoever may not see the library; a fault where the database fails.
pub fn collections(
    tx: &mut Tx<'_>,
    actor: &Actor,
    after: Option<Cursor>,
) -> Result<(Vec<Collection>, Option<Cursor>)> {
    actor.may(&Action::SeeLibrary)?;
    let before = after.and_then(|c| c.as_one()).unwrap_or(i64::MAX);
    let mut rows: Vec<Columns> = collections::table
        .filter(collections::id.lt(CollectionId(before)))
        .order(collections::id.desc())
        .limit(PAGE + 1)
        .select(columns())
        .load(tx.conn)?;
    let next = Cursor::turn(&mut rows, PAGE, |c| Cursor::one(c.0.0));
    let ids: Vec<CollectionId> = rows.iter().map(|row| row.0).collect();
    let counts: Vec<(CollectionId, i64)> = collection_items::table
        .filter(collection_items::collection_id.eq_any(&ids))
        .group_by(collection_items::collection_id)
        .select((collection_items::collection_id, diesel::dsl::count_star()))
        .load(tx.conn)?;
    let counts: HashMap<CollectionId, i64> = counts.into_iter().collect();
    let lines = rows
        .into_iter()
        .map(|row| {
            let items = counts.get(&row.0).copied().unwrap_or_default();
            line(row, items)
        })
        .collect();
    Ok((lines, next))
}

/// The newest collections, for choices.
pub(super) fn newest(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Collection>> {
    let rows: Vec<Columns> = collections::table
        .order(collections::id.desc())
        .limit(most)
        .select(columns())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| line(row, 0)).collect())
}

/// In which collections these highlights stand.
pub(super) fn of_many(
    tx: &mut Tx<'_>,
    ids: &[HighlightId],
) -> Result<HashMap<HighlightId, Vec<(CollectionId, String)>>> {
    let rows: Vec<(HighlightId, CollectionId, String)> = collection_items::table
        .inner_join(collections::table)
        .filter(collection_items::highlight_id.eq_any(ids))
        .order((collections::name, collections::id))
        .select((
            collection_items::highlight_id,
            collections::id,
            collections::name,
        ))
        .load(tx.conn)?;
    let mut by: HashMap<HighlightId, Vec<(CollectionId, String)>> = HashMap::new();
    for (highlight, id, name) in rows {
        by.entry(highlight).or_default().push((id, name));
    }
    Ok(by)
}
