//! Tokens that end: whoever can renew one is told in time, once per step.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::Channel;
use crate::bridge::state::ChannelState;
use crate::db::schema::channels;
use crate::db::{Lock, Tx};
use crate::kit::clock::DAY;
use crate::kit::ids::{ChannelId, MemberId};
use crate::kit::{At, Result};
use crate::members;
use crate::notifications::{self, Notice};
use crate::policy::Role;

/// How many days before its end a token is spoken of; 0 is when it has ended.
const STEPS: [i64; 4] = [14, 7, 1, 0];

/// The step that a token has come to; `None` while it holds for long.
fn step(ends: At, now: At) -> Option<i64> {
    let reached = |days: &&i64| now >= ends.plus(-**days * DAY);
    STEPS.iter().filter(reached).min().copied()
}

/// Tells admins and publishers of tokens that end in 14, 7 or 1 days, or have ended: each step once per token.
///
/// # Errors
/// A fault where the database fails.
pub fn remind_of_tokens(tx: &mut Tx<'_>) -> Result<()> {
    let soon = tx.now().plus(STEPS[0] * DAY);
    let ending: Vec<ChannelId> = channels::table
        .filter(channels::state.ne(ChannelState::Removed))
        .filter(channels::token_expires_at.le(soon))
        .order(channels::id)
        .select(channels::id)
        .load(tx.conn)?;
    for id in ending {
        tx.lock(Lock::Channel(id))?;
        let channel = super::find(tx, id)?;
        remind(tx, &channel)?;
    }
    Ok(())
}

fn remind(tx: &mut Tx<'_>, channel: &Channel) -> Result<()> {
    let Some(ends) = channel.token_expires_at else {
        return Ok(());
    };
    let Some(days) = step(ends, tx.now()) else {
        return Ok(());
    };
    // A renewed token begins anew.
    if channel.token_told_for == Some(ends) && channel.token_told_days <= days {
        return Ok(());
    }
    diesel::update(channels::table.find(channel.id))
        .set((
            channels::token_told_for.eq(ends),
            channels::token_told_days.eq(days),
        ))
        .execute(tx.conn)?;
    let kind = if days == 0 {
        "channel-token-ended"
    } else {
        "channel-token-ends"
    };
    tell_keepers(tx, channel, kind, days)
}

/// Tells everybody who keeps channels: admins, who can renew a token, and publishers, who wait for it.
pub(in crate::bridge) fn tell_keepers(
    tx: &mut Tx<'_>,
    channel: &Channel,
    kind: &'static str,
    days: i64,
) -> Result<()> {
    let mut keepers: BTreeMap<MemberId, String> = BTreeMap::new();
    for card in members::with_role(tx, Role::Publisher)? {
        keepers.insert(card.id, format!("/outreach/channels/{}", channel.id));
    }
    // Where both are the same person, the page that can mend it is the better one.
    for card in members::with_role(tx, Role::Admin)? {
        keepers.insert(card.id, format!("/admin/channels/{}", channel.id));
    }
    for (member, path) in keepers {
        let notice = Notice {
            member,
            kind,
            subject_kind: "channel",
            subject_id: channel.id.0,
            actor: None,
            data: json!({ "channel": channel.name, "days": days, "path": path }),
            mail: true,
        };
        notifications::tell(tx, &notice)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_spoken_of_in_four_steps() {
        let ends = At(1_000 * DAY);
        let told: Vec<Option<i64>> = [15_i64, 14, 8, 7, 2, 1, 0, -3]
            .iter()
            .map(|days| step(ends, ends.plus(-days * DAY)))
            .collect();
        let expected = [
            None,
            Some(14),
            Some(14),
            Some(7),
            Some(7),
            Some(1),
            Some(0),
            Some(0),
        ];
        assert_eq!(told, expected);
    }
}
