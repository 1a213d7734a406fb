//! Changing a channel's name, settings and pace.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::address::check_settings;
use super::create::check_name;
use super::{Channel, find, find_in_use, reopen};
use crate::audit::{self, subject};
use crate::bridge::delivery::standing;
use crate::bridge::kinds::Kind;
use crate::bridge::state::ChannelState;
use crate::db::schema::channels;
use crate::db::{Lock, Tx};
use crate::kit::ids::ChannelId;
use crate::kit::stop::{Problems, Refusal};
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// A day in seconds: the longest gap that makes sense.
const LONGEST_GAP: i64 = 86_400;
/// The largest daily cap.
const LARGEST_CAP: i64 = 1000;
/// Thirty days in seconds: the latest that an announcement may come.
const LONGEST_LATENESS: i64 = 30 * 86_400;

/// What an admin enters.
#[derive(Debug, Clone)]
pub struct Changes {
    /// The revision that the form was made from.
    pub revision: i64,
    /// What people call it.
    pub name: String,
    /// Its settings; `None` leaves them.
    pub config: Option<Value>,
    /// Seconds between two announcements.
    pub min_gap_seconds: i64,
    /// Announcements in 24 hours; 0 is no limit.
    pub daily_cap: i64,
    /// Seconds after its time that an announcement may still go out.
    pub max_lateness_seconds: i64,
}

/// What is wrong with a name or a number.
fn check_values(changes: &Changes) -> Problems {
    let mut problems = Problems::default();
    check_name(&changes.name, &mut problems);
    for (field, value, most) in [
        ("min_gap_seconds", changes.min_gap_seconds, LONGEST_GAP),
        ("daily_cap", changes.daily_cap, LARGEST_CAP),
        (
            "max_lateness_seconds",
            changes.max_lateness_seconds,
            LONGEST_LATENESS,
        ),
    ] {
        if !(0..=most).contains(&value) {
            problems.add(
                field,
                "out-of-range",
                &[("least", "0".to_owned()), ("most", most.to_string())],
            );
        }
    }
    problems
}

/// Puts changed settings in force. What is frozen already goes out as it is, to the new address.
///
/// # Errors
/// Refused to everybody but admins, or where somebody changed it meanwhile; invalid where a value is none.
pub fn change_channel(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ChannelId,
    changes: &Changes,
) -> Result<Channel> {
    find_in_use(tx, id)?;
    actor.may(&Action::ManageChannels)?;
    tx.lock(Lock::Channel(id))?;
    let before = find_in_use(tx, id)?;
    if before.revision != changes.revision {
        return Err(Refusal::Stale.into());
    }
    let mut problems = check_values(changes);
    let mut config = before.config.clone();
    if let Some(wanted) = &changes.config {
        match before.kind()?.check_config(wanted) {
            Ok(checked) => {
                check_settings(tx, before.kind()?, &checked, &mut problems);
                config = serde_json::to_string(&checked)?;
            }
            Err(more) => problems.0.extend(more.0),
        }
    }
    let kind = before.kind()?;
    let moved = moved(kind, &before.config, &config)?;
    if let Some(field) = moved
        && !kind.may_move()
    {
        let standing = standing(tx, id)?;
        if standing > 0 {
            // By their numbers something else would be found at another place.
            problems.add(field, "stands-there", &[("count", standing.to_string())]);
        }
    }
    problems.check()?;
    let changed = config != before.config;
    diesel::update(channels::table.find(id))
        .set((
            channels::name.eq(changes.name.trim()),
            channels::config.eq(config),
            channels::min_gap_seconds.eq(changes.min_gap_seconds),
            channels::daily_cap.eq(changes.daily_cap),
            channels::max_lateness_seconds.eq(changes.max_lateness_seconds),
            channels::revision.eq(channels::revision + 1),
        ))
        .execute(tx.conn)?;
    if changed {
        // With other settings it may answer again.
        if before.state == ChannelState::Disabled {
            reopen(tx, &before)?;
        }
        diesel::update(channels::table.find(id))
            .set((
                channels::failures.eq(0),
                channels::breaker_until.eq(None::<At>),
            ))
            .execute(tx.conn)?;
    }
    if moved.is_some() {
        // What the old place told us of itself says nothing of the new one.
        diesel::update(channels::table.find(id))
            .set((
                channels::verified_at.eq(None::<At>),
                channels::facts.eq("{}"),
            ))
            .execute(tx.conn)?;
    }
    let facts = json!({ "moved": moved.is_some() });
    audit::record(
        tx,
        actor,
        "channel.changed",
        subject("channel", id.0),
        facts,
        None,
    )?;
    find(tx, id)
}

/// The field by which it leads to another place than before, if it does.
fn moved(kind: &dyn Kind, before: &str, now: &str) -> Result<Option<&'static str>> {
    let (before, now): (Value, Value) = (serde_json::from_str(before)?, serde_json::from_str(now)?);
    let other = |field: &&&str| before[**field] != now[**field];
    Ok(kind.place_fields().iter().find(other).copied())
}
