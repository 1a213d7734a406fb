//! Changing a channel's name, settings and pace.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::create::check_name;
use super::{Channel, find, find_in_use};
use crate::audit::{self, subject};
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
    let mut config = before.config.clone();
    if let Some(wanted) = &changes.config {
        match before.kind()?.check_config(wanted) {
            Ok(checked) => config = serde_json::to_string(&checked)?,
            Err(more) => problems.0.extend(more.0),
        }
    }
    problems.check()?;
    let moved = config != before.config;
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
    if moved {
        // Another address is another channel as far as its health goes.
        let state = match before.state {
            ChannelState::Disabled => ChannelState::Open,
            state => state,
        };
        diesel::update(channels::table.find(id))
            .set((
                channels::state.eq(state),
                channels::verified_at.eq(None::<At>),
                channels::facts.eq("{}"),
                channels::failures.eq(0),
                channels::breaker_until.eq(None::<At>),
            ))
            .execute(tx.conn)?;
    }
    let facts = json!({ "moved": moved });
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
