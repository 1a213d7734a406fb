//! Channels as people see them.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{Channel, find};
use crate::bridge::kinds::{Carriage, Field, Interface, Kind, Sort};
use crate::bridge::state::{ChannelState, State};
use crate::db::Tx;
use crate::db::schema::{channels as table, deliveries};
use crate::kit::ids::ChannelId;
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// One channel for lists, forms and the API; no secret in it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ChannelLine {
    /// Its id.
    pub id: ChannelId,
    /// The word of its kind, as consents name it.
    pub kind: String,
    /// What people call it.
    pub name: String,
    /// Is it open?
    pub state: ChannelState,
    /// Why it is not.
    pub state_note: String,
    /// The most characters of a text, counted as the kind counts.
    pub limit: Option<usize>,
    /// The same for a text with a picture beside it.
    pub limit_beside_picture: Option<usize>,
    /// Does a picture go along?
    pub carriage: Carriage,
    /// The version of the vendor's interface that it speaks, where versions end.
    pub interface: Option<Interface>,
    /// Where it leads, in a few words.
    pub destination: String,
    /// The last four characters of its secret.
    pub secret_hint: String,
    /// When its secret was set.
    pub secret_set_at: Option<At>,
    /// When it last answered a question.
    pub verified_at: Option<At>,
    /// Failures in a row.
    pub failures: i64,
    /// It is left alone until then.
    pub breaker_until: Option<At>,
    /// When something last arrived.
    pub last_success_at: Option<At>,
    /// Seconds between two announcements.
    pub min_gap_seconds: i64,
    /// Announcements in 24 hours; 0 is no limit.
    pub daily_cap: i64,
    /// Seconds after its time that an announcement may still go out.
    pub max_lateness_seconds: i64,
    /// Counts its changes.
    pub revision: i64,
    /// When it was made.
    pub created_at: At,
    /// What the account is called there, once the channel was asked.
    pub account: Option<String>,
    /// Where people see the account.
    pub account_url: Option<String>,
    /// When its token ends, where it does.
    pub token_expires_at: Option<At>,
    /// When a look at what was sent was last answered.
    pub looked_at: Option<At>,
    /// Its settings, without what is hidden and what the channel told us.
    pub settings: serde_json::Map<String, serde_json::Value>,
}

impl ChannelLine {
    /// The line of a row.
    ///
    /// # Errors
    /// A fault where the row holds a kind or settings that cannot be read.
    pub fn of(tx: &Tx<'_>, row: Channel) -> Result<Self> {
        let (kind, config) = (row.kind()?, row.settings()?);
        Ok(Self {
            id: row.id,
            limit: kind.limit(&config),
            limit_beside_picture: kind.limit_beside_picture(&config),
            interface: kind.interface(&config),
            carriage: kind.carriage(&config, &tx.link("/")),
            account: config["facts"]["account"].as_str().map(str::to_owned),
            account_url: kind.account_url(&config).or_else(|| {
                // All that a removed channel keeps.
                config["facts"]["account_url"].as_str().map(str::to_owned)
            }),
            token_expires_at: row.token_expires_at,
            looked_at: row.looked_at,
            settings: shown(kind, &config),
            destination: kind.destination(&config),
            kind: row.kind,
            name: row.name,
            state: row.state,
            state_note: row.state_note,
            secret_hint: row.secret_hint,
            secret_set_at: row.secret_set_at,
            verified_at: row.verified_at,
            failures: row.failures,
            breaker_until: row.breaker_until,
            last_success_at: row.last_success_at,
            min_gap_seconds: row.min_gap_seconds,
            daily_cap: row.daily_cap,
            max_lateness_seconds: row.max_lateness_seconds,
            revision: row.revision,
            created_at: row.created_at,
        })
    }
}

/// What an admin may read again.
fn shown(
    kind: &dyn Kind,
    config: &serde_json::Value,
) -> serde_json::Map<String, serde_json::Value> {
    let open = |field: &&Field| !matches!(field.sort, Sort::Hidden | Sort::Secret);
    kind.fields()
        .iter()
        .filter(open)
        .filter_map(|field| Some((field.name.to_owned(), config.get(field.name)?.clone())))
        .collect()
}

/// Every channel in use, in the order of lists. There are at most a hundred.
///
/// # Errors
/// A fault where the database fails.
pub fn channels(tx: &mut Tx<'_>) -> Result<Vec<ChannelLine>> {
    let rows: Vec<Channel> = table::table
        .filter(table::state.ne(ChannelState::Removed))
        .order((table::position, table::id))
        .limit(200)
        .load(tx.conn)?;
    rows.into_iter()
        .map(|row| ChannelLine::of(tx, row))
        .collect()
}

/// One channel, also one that was removed.
///
/// # Errors
/// Not found where there is none.
pub fn channel(tx: &mut Tx<'_>, id: ChannelId) -> Result<ChannelLine> {
    let row = find(tx, id)?;
    ChannelLine::of(tx, row)
}

/// Says in the log which channels speak a version of an interface that is taken down soon, for whoever runs the server.
///
/// # Errors
/// A fault where the database fails.
pub fn warn_of_versions(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    for line in channels(tx)? {
        let Some(interface) = line.interface.filter(|known| known.ends_soon(now)) else {
            continue;
        };
        let ends = interface.ends_at.map(At::rfc3339).unwrap_or_default();
        tracing::warn!(
            channel = line.id.0,
            kind = line.kind,
            version = interface.version,
            ends,
            "this version of the vendor's interface is taken down: enter a newer one in the channel's settings"
        );
    }
    Ok(())
}

/// How many deliveries of a channel stand in each state, for its page.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins.
pub fn health(tx: &mut Tx<'_>, actor: &Actor, id: ChannelId) -> Result<Vec<(State, i64)>> {
    find(tx, id)?;
    actor.may(&Action::SeeOutreach)?;
    Ok(deliveries::table
        .filter(deliveries::channel_id.eq(id))
        .group_by(deliveries::state)
        .select((deliveries::state, count_star()))
        .load(tx.conn)?)
}
