//! Whether somebody has seen a letter of this house arrive.

use diesel::prelude::*;
use serde_json::json;

use crate::audit::{self, Subject};
use crate::db::Tx;
use crate::db::schema::settings as table;
use crate::each_backend;
use crate::kit::Result;
use crate::policy::{Action, Actor};

const KEY: &str = "mail-arrived";

/// An admin saw a letter arrive. Only people can know that: a server that takes a letter may still lose it.
///
/// # Errors
/// Refused to everybody but admins.
pub fn mail_arrived(tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
    actor.may(&Action::ManageSite)?;
    let now = tx.now();
    let row = (
        table::key.eq(KEY),
        table::value.eq("true"),
        table::updated_at.eq(now),
    );
    each_backend!(tx.conn, c => diesel::insert_into(table::table).values(row)
        .on_conflict(table::key).do_update().set(table::updated_at.eq(now)).execute(c))?;
    let about = Subject {
        kind: "site",
        id: None,
    };
    audit::record(tx, actor, "site.mail_arrived", about, json!({}), None)
}

/// Has anybody seen a letter arrive?
///
/// # Errors
/// A fault where the database fails.
pub fn has_mail_arrived(tx: &mut Tx<'_>) -> Result<bool> {
    let row: Option<String> = table::table
        .find(KEY)
        .select(table::value)
        .first(tx.conn)
        .optional()?;
    Ok(row.is_some())
}
