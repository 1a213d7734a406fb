//! A person says what is there, where nobody else can.

use serde_json::json;

use super::{Row, begin_attempt, find, finish_attempt, history, lock, write};
use crate::audit::{self, subject};
use crate::bridge::adapter::Remote;
use crate::bridge::channel;
use crate::bridge::machine::Answer;
use crate::bridge::state::{AttemptKind, ChannelState, Ending, State};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::DeliveryId;
use crate::kit::stop::{Refusal, Stop};
use crate::policy::{Action, Actor};

/// The most bytes of an address that a person enters.
const LONGEST_URL: usize = 2000;

/// What a person found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// It is there, perhaps with its address.
    Present {
        /// Where people find it.
        url: Option<String>,
    },
    /// It is not there.
    Absent,
}

/// Writes what a person found. "There" settles it (and opens the withdrawal of what was recalled meanwhile); "not
/// there" queues it again, or cancels what was recalled.
///
/// # Errors
/// Refused to everybody but publishers; wrong state where its outcome is known; invalid where the address is none.
pub fn resolve(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: DeliveryId,
    resolution: &Resolution,
) -> Result<Row> {
    find(tx, id)?;
    actor.may(&Action::ResolveDelivery)?;
    let row = lock(tx, id)?;
    let (answer, ending, url) = match resolution {
        Resolution::Present { url } => (Answer::Present, Ending::Present, url.as_deref()),
        Resolution::Absent => (Answer::Absent, Ending::ConfirmedAbsent, None),
    };
    let url = url.map(str::trim).filter(|url| !url.is_empty());
    if let Some(url) = url {
        check(url)?;
    }
    let standing = row.standing(history(tx, id, None)?);
    let Some(mut next) = standing.answered(answer, tx.now()) else {
        return Err(Refusal::WrongState(row.state.as_str()).into());
    };
    if matches!(resolution, Resolution::Present { .. }) {
        next.why.clear();
    }
    if next.state == State::Queued && is_removed(tx, &row)? {
        next = standing.by_hand(tx.now());
    }
    let attempt = begin_attempt(tx, &row, AttemptKind::Person, row.lease_token, actor.id())?;
    finish_attempt(tx, attempt, ending, None, "")?;
    extend(tx, &row, next.state)?;
    let remote = Remote {
        id: None,
        url: url.map(str::to_owned),
    };
    write(tx, &row, &next, Some(&remote))?;
    let facts = json!({ "finding": ending.as_str(), "state": next.state.as_str() });
    audit::record(
        tx,
        actor,
        "delivery.resolved",
        subject("delivery", id.0),
        facts,
        None,
    )?;
    find(tx, id)
}

/// No worker goes to a removed channel.
pub(super) fn is_removed(tx: &mut Tx<'_>, row: &Row) -> Result<bool> {
    Ok(channel::find(tx, row.channel_id)?.state == ChannelState::Removed)
}

/// What a person puts back gets another hour, however late it is.
pub(super) fn extend(tx: &mut Tx<'_>, row: &Row, state: State) -> Result<()> {
    use crate::db::schema::deliveries;
    use diesel::prelude::*;
    let least = tx.now().plus(crate::kit::clock::HOUR);
    if state == State::Queued && row.expires_at < least {
        diesel::update(deliveries::table.find(row.id))
            .set(deliveries::expires_at.eq(least))
            .execute(tx.conn)?;
    }
    Ok(())
}

fn check(url: &str) -> Result<()> {
    let good = url.len() <= LONGEST_URL
        && url::Url::parse(url)
            .is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.host().is_some());
    if good {
        Ok(())
    } else {
        Err(Stop::invalid("url", "no-address"))
    }
}
