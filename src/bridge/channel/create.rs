//! Making a channel.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::address::{check_secret, check_settings};
use super::find;
use super::grant::await_grant;
use super::secret::{Made, store};
use crate::audit::{self, subject};
use crate::bridge::kinds::{Kind, PAGE, SecretRule, kind, new_secret};
use crate::bridge::state::ChannelState;
use crate::db::Tx;
use crate::db::leases;
use crate::db::schema::channels;
use crate::kit::Result;
use crate::kit::ids::ChannelId;
use crate::kit::stop::Problems;
use crate::policy::{Action, Actor};

/// The most characters of a channel's name.
const LONGEST_NAME: usize = 80;
/// The most channels that are in use.
const MOST_CHANNELS: i64 = 100;

/// What an admin enters for a new channel.
#[derive(Debug, Clone, Default)]
pub struct NewChannel {
    /// The word of its kind.
    pub kind: String,
    /// What people call it.
    pub name: String,
    /// Its settings.
    pub config: Value,
    /// Its secret, where the channel gave us one.
    pub secret: Option<String>,
}

/// Makes a channel. A webhook's secret is made here and can be read from the answer, once.
///
/// # Errors
/// Refused to everybody but admins; invalid where the name is missing, the kind unknown or its settings wrong.
pub fn create_channel(tx: &mut Tx<'_>, actor: &Actor, wanted: &NewChannel) -> Result<Made> {
    let in_use: i64 = channels::table
        .filter(channels::state.ne(ChannelState::Removed))
        .count()
        .get_result(tx.conn)?;
    actor.may(&Action::ManageChannels)?;
    let mut problems = Problems::default();
    check_name(&wanted.name, &mut problems);
    if in_use >= MOST_CHANNELS {
        problems.add("name", "too-many", &[("most", MOST_CHANNELS.to_string())]);
    }
    let Some(kind) = kind(&wanted.kind) else {
        problems.add("kind", "unknown-kind", &[]);
        return Err(problems.into());
    };
    let config = match kind.check_config(&wanted.config) {
        Ok(config) => config,
        Err(more) => {
            problems.0.extend(more.0);
            json!({})
        }
    };
    let mut given = wanted
        .secret
        .as_deref()
        .map(str::trim)
        .filter(|secret| !secret.is_empty())
        .map(str::to_owned);
    if matches!(kind.secret(), SecretRule::Theirs | SecretRule::Granted) {
        match given.as_deref().map(|secret| kind.check_secret(secret)) {
            // An admin signs in there afterwards.
            None if kind.secret() == SecretRule::Granted => {}
            None => problems.add("secret", "needed", &[]),
            Some(Ok(secret)) => given = Some(secret),
            Some(Err(more)) => problems.0.extend(more.0),
        }
    }
    check_settings(tx, kind, &config, &mut problems);
    if let Some(secret) = &given {
        check_secret(tx, secret, &mut problems);
    }
    problems.check()?;
    let id = insert(tx, kind, wanted.name.trim(), &config)?;
    let secret = match kind.secret() {
        SecretRule::None => None,
        SecretRule::Ours => Some(new_secret()),
        SecretRule::Theirs | SecretRule::Granted => given,
    };
    if let Some(secret) = &secret {
        store(tx, id, secret, None)?;
    } else if kind.secret() == SecretRule::Granted {
        await_grant(tx, id)?;
    }
    let facts = json!({ "kind": kind.word() });
    audit::record(
        tx,
        actor,
        "channel.created",
        subject("channel", id.0),
        facts,
        None,
    )?;
    let shown = secret.filter(|_| kind.secret() == SecretRule::Ours);
    Ok(Made {
        channel: find(tx, id)?,
        secret: shown,
    })
}

/// Makes sure that there is an announcements page: the first start calls this, every further one finds it there.
///
/// # Errors
/// A fault where the database fails.
pub fn ensure_page(tx: &mut Tx<'_>, name: &str) -> Result<ChannelId> {
    // Two nodes that start together take turns here.
    leases::hold(tx, "bridge.first-page", "start", 0)?;
    let found: Option<ChannelId> = channels::table
        .filter(channels::kind.eq(PAGE.word()))
        .order((channels::position, channels::id))
        .select(channels::id)
        .first(tx.conn)
        .optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    let id = insert(tx, &PAGE, name, &json!({}))?;
    diesel::update(channels::table.find(id))
        .set(channels::verified_at.eq(tx.now()))
        .execute(tx.conn)?;
    let facts = json!({ "kind": PAGE.word() });
    let house = Actor::System("first start");
    audit::record(
        tx,
        &house,
        "channel.created",
        subject("channel", id.0),
        facts,
        None,
    )?;
    Ok(id)
}

pub(super) fn check_name(name: &str, problems: &mut Problems) {
    if name.trim().is_empty() {
        problems.add("name", "needed", &[]);
    }
    if name.trim().chars().count() > LONGEST_NAME {
        problems.add("name", "too-long", &[("most", LONGEST_NAME.to_string())]);
    }
}

fn insert(tx: &mut Tx<'_>, kind: &dyn Kind, name: &str, config: &Value) -> Result<ChannelId> {
    let last: Option<i64> = channels::table
        .select(diesel::dsl::max(channels::position))
        .first(tx.conn)?;
    let row = (
        channels::kind.eq(kind.word()),
        channels::name.eq(name),
        channels::config.eq(serde_json::to_string(config)?),
        channels::state.eq(ChannelState::Open),
        channels::max_lateness_seconds.eq(kind.lateness_hours() * 3600),
        channels::position.eq(last.unwrap_or(0) + 1),
        channels::created_at.eq(tx.now()),
    );
    Ok(diesel::insert_into(channels::table)
        .values(row)
        .returning(channels::id)
        .get_result(tx.conn)?)
}
