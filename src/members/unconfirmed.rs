//! Accounts whose address nobody ever confirmed: after a week they are forgotten, and their names are free again.

use diesel::prelude::*;
use serde_json::json;

use crate::audit;
use crate::db::Tx;
use crate::db::schema::{api_tokens, mail_links, members, sessions, standings};
use crate::kit::clock::DAY;
use crate::kit::ids::MemberId;
use crate::kit::{Event, Result};
use crate::policy::Actor;

/// How long somebody has to confirm, in microseconds.
const WAIT: i64 = 7 * DAY;
/// Most accounts that one round forgets, so that it stays a short write.
const A_ROUND: i64 = 50;

/// Forgets accounts that were made a week ago and never confirmed; answers how many. Whoever wrote anything, was given
/// a role or was added by hand stays.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn sweep(tx: &mut Tx<'_>) -> Result<usize> {
    let over: Vec<MemberId> = members::table
        .inner_join(standings::table)
        .filter(members::joined_at.lt(tx.now().plus(-WAIT)))
        .filter(members::email.is_not_null())
        .filter(members::email_confirmed_at.is_null())
        .filter(members::email_key.is_null())
        .filter(members::erased_at.is_null())
        .filter(members::post_count.eq(0))
        .filter(members::last_post_at.is_null())
        .filter(standings::roles.eq(0))
        .order((members::joined_at, members::id))
        .limit(A_ROUND)
        .select(members::id)
        .load(tx.conn)?;
    for member in &over {
        forget(tx, *member)?;
    }
    Ok(over.len())
}

/// The row stays, for the log names its id; nothing of the person does.
fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let now = tx.now();
    diesel::update(members::table.find(member))
        .set((
            members::name.eq(""),
            members::name_key.eq(format!("-{}", member.0)),
            members::display_name.eq(""),
            members::email.eq(None::<String>),
            members::password_hash.eq(None::<String>),
            members::bio_source.eq(""),
            members::bio_html.eq(""),
            members::joined_via.eq(None::<String>),
            members::erased_at.eq(now),
        ))
        .execute(tx.conn)?;
    diesel::delete(sessions::table.filter(sessions::member_id.eq(member))).execute(tx.conn)?;
    diesel::delete(mail_links::table.filter(mail_links::member_id.eq(member))).execute(tx.conn)?;
    diesel::delete(api_tokens::table.filter(api_tokens::member_id.eq(member))).execute(tx.conn)?;
    audit::record(
        tx,
        &Actor::System("members"),
        "member.never-confirmed",
        audit::subject("member", member.0),
        json!({}),
        None,
    )?;
    tx.tell(&Event::MemberErased { member })
}
