//! The one switch that holds everything outward. It has a row of its own, so that saving the settings form never
//! turns it, and so that moderators and publishers can throw it as well as admins.

use diesel::prelude::*;
use serde_json::json;

use crate::audit::{self, Subject};
use crate::db::Tx;
use crate::db::schema::settings as table;
use crate::each_backend;
use crate::kit::Result;
use crate::policy::{Action, Actor};

/// The row it stands in.
const KEY: &str = "outward_stopped";

/// Is everything outward held? Withdrawals go out all the same.
///
/// # Errors
/// A fault where the database fails.
pub fn outward_stopped(tx: &mut Tx<'_>) -> Result<bool> {
    let value: Option<String> = table::table
        .find(KEY)
        .select(table::value)
        .first(tx.conn)
        .optional()?;
    Ok(value.as_deref() == Some("true"))
}

/// Holds everything outward, or lets it go on.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins; never gated by acknowledgements.
pub fn stop_outward(tx: &mut Tx<'_>, actor: &Actor, stopped: bool) -> Result<()> {
    let before = outward_stopped(tx)?;
    actor.may(&Action::PauseChannels)?;
    if before == stopped {
        return Ok(());
    }
    let (value, now) = (if stopped { "true" } else { "false" }, tx.now().0);
    let row = (
        table::key.eq(KEY),
        table::value.eq(value),
        table::updated_at.eq(now),
    );
    each_backend!(tx.conn, c => diesel::insert_into(table::table).values(row)
        .on_conflict(table::key).do_update()
        .set((table::value.eq(value), table::updated_at.eq(now)))
        .execute(c))?;
    let kind = if stopped {
        "outward.stopped"
    } else {
        "outward.resumed"
    };
    audit::record(
        tx,
        actor,
        kind,
        Subject {
            kind: "site",
            id: None,
        },
        json!({}),
        None,
    )
}
