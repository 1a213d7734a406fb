//! Sanctions in force. Who decides and why stands in the moderation room.

use diesel::prelude::*;

use super::link::{self, Purpose};
use crate::db::schema::{sessions, standings};
use crate::db::{Lock, Tx};
use crate::kit::ids::MemberId;
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};

/// Sets until when a member may not write and may not take part; `None` lifts, [`At`] of `i64::MAX` is without end.
/// A sanction ends by itself when its time is over. A suspension ends all sessions.
///
/// # Errors
/// Not found where there is no such member.
pub fn set_sanction(
    tx: &mut Tx<'_>,
    member: MemberId,
    silenced_until: Option<At>,
    suspended_until: Option<At>,
) -> Result<()> {
    let now = tx.now();
    tx.lock(Lock::Member(member))?;
    let changed = diesel::update(standings::table.filter(standings::member_id.eq(member)))
        .set((
            standings::silenced_until.eq(silenced_until),
            standings::suspended_until.eq(suspended_until),
            standings::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    (changed == 1).then_some(()).or_not_found()?;
    if suspended_until.is_some_and(|until| until > now) {
        diesel::delete(sessions::table.filter(sessions::member_id.eq(member))).execute(tx.conn)?;
        link::forget(tx, Purpose::ChangeEmail, Some(member))?;
    }
    Ok(())
}
