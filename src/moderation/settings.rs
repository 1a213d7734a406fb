//! What the desk is set to: what is held back, what is hidden by reports, what is public.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::{self, Subject};
use crate::db::Tx;
use crate::db::schema::desk_settings as table;
use crate::each_backend;
use crate::kit::ids::CategoryId;
use crate::kit::{Problems, Result};
use crate::policy::{Action, Actor};

/// The row all of it stands in.
const KEY: &str = "desk";
/// The row that remembers who was told of what waits too long.
const LATE_TOLD: &str = "late-told";

/// Everything the desk is set to. A missing value is the default, so that new ones need no migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeskSettings {
    /// So many first posts of a new member wait for a moderator; 0: none.
    pub first_posts: i64,
    /// Links to other sites by new members wait.
    pub links: bool,
    /// Pictures by new members wait.
    pub media: bool,
    /// A first post that was typed in fewer seconds waits; 0: none.
    pub fast_seconds: i64,
    /// Words that were held and let through wait again when they are changed, however long their author has been here.
    pub edits: bool,
    /// So many established members who report a post hide it until a moderator has looked; 0: never.
    pub auto_hide: i64,
    /// After so many hours without a decision moderators get a letter a day; 0: never.
    pub late_hours: i64,
    /// Everybody may read what was done, with roles instead of names.
    pub public_log: bool,
    /// Categories in which everything waits.
    pub categories: Vec<CategoryId>,
    /// Counts changes of the watched words, so that compiled ones are known to be of today.
    pub words_version: i64,
}

impl Default for DeskSettings {
    fn default() -> Self {
        Self {
            first_posts: 0,
            links: false,
            media: false,
            fast_seconds: 0,
            edits: false,
            auto_hide: 3,
            late_hours: 24,
            public_log: false,
            categories: Vec::new(),
            words_version: 0,
        }
    }
}

/// What the desk is set to.
///
/// # Errors
/// A fault where the database fails or the row cannot be read.
pub fn desk_settings(tx: &mut Tx<'_>) -> Result<DeskSettings> {
    let row: Option<String> = table::table
        .find(KEY)
        .select(table::value)
        .first(tx.conn)
        .optional()?;
    match row {
        Some(text) => Ok(serde_json::from_str(&text)?),
        None => Ok(DeskSettings::default()),
    }
}

/// Sets the desk; the public log is an admin's to open and close.
///
/// # Errors
/// Refused to everybody but moderators; invalid where a number is out of its range.
pub fn set_desk(tx: &mut Tx<'_>, actor: &Actor, wanted: &DeskSettings) -> Result<()> {
    actor.may(&Action::Review)?;
    let before = desk_settings(tx)?;
    if before.public_log != wanted.public_log {
        actor.may(&Action::ManageSite)?;
    }
    let mut problems = Problems::default();
    for (field, number, most) in [
        ("first_posts", wanted.first_posts, 50),
        ("fast_seconds", wanted.fast_seconds, 60),
        ("auto_hide", wanted.auto_hide, 20),
        ("late_hours", wanted.late_hours, 720),
    ] {
        if !(0..=most).contains(&number) {
            problems.add(field, "number", &[("most", most.to_string())]);
        }
    }
    problems.check()?;
    let kept = DeskSettings {
        words_version: before.words_version,
        ..wanted.clone()
    };
    put(tx, &kept)?;
    audit::record(
        tx,
        actor,
        "desk.changed",
        Subject {
            kind: "site",
            id: None,
        },
        json!({
            "first_posts": kept.first_posts, "links": kept.links, "media": kept.media, "fast_seconds": kept.fast_seconds,
            "edits": kept.edits, "auto_hide": kept.auto_hide, "late_hours": kept.late_hours,
            "public_log": kept.public_log, "categories": kept.categories,
        }),
        None,
    )
}

pub(super) fn put(tx: &mut Tx<'_>, wanted: &DeskSettings) -> Result<()> {
    write(tx, KEY, serde_json::to_string(wanted)?)
}

/// When each moderator was last told that something waits too long.
pub(super) fn late_told(tx: &mut Tx<'_>) -> Result<BTreeMap<i64, i64>> {
    let row: Option<String> = table::table
        .find(LATE_TOLD)
        .select(table::value)
        .first(tx.conn)
        .optional()?;
    Ok(match row {
        Some(text) => serde_json::from_str(&text)?,
        None => BTreeMap::new(),
    })
}

pub(super) fn set_late_told(tx: &mut Tx<'_>, told: &BTreeMap<i64, i64>) -> Result<()> {
    write(tx, LATE_TOLD, serde_json::to_string(told)?)
}

fn write(tx: &mut Tx<'_>, name: &str, value: String) -> Result<()> {
    each_backend!(tx.conn, c => diesel::insert_into(table::table)
        .values((table::name.eq(name), table::value.eq(&value)))
        .on_conflict(table::name)
        .do_update()
        .set(table::value.eq(&value))
        .execute(c))?;
    Ok(())
}
