//! Deliveries as people see them.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::attempt::{AttemptLine, lines};
use super::{Row, find, standing_at};
use crate::bridge::state::{Operation, State};
use crate::db::Tx;
use crate::db::schema::{channels, deliveries as table};
use crate::kit::event::Origin;
use crate::kit::ids::{ChannelId, DeliveryId};
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// One delivery for lists and the API; neither words nor keys in it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct DeliveryLine {
    /// Its id.
    pub id: DeliveryId,
    /// Where to.
    pub channel: ChannelId,
    /// What people call the channel.
    pub channel_name: String,
    /// The word of its kind.
    pub channel_kind: String,
    /// Who asked: the kind of thing.
    pub origin_kind: String,
    /// Who asked: its id.
    pub origin_id: i64,
    /// What is done.
    pub operation: Operation,
    /// The revision of what is said.
    pub revision: i64,
    /// Where it stands.
    pub state: State,
    /// A word that says why.
    pub state_reason: String,
    /// Is it no longer wanted?
    pub recalled: bool,
    /// The link code.
    pub code: String,
    /// Tries so far.
    pub tries: i64,
    /// When it was to go out.
    pub planned_at: At,
    /// When something happens next.
    pub next_at: At,
    /// Where people find it.
    pub remote_url: Option<String>,
    /// When it last changed.
    pub updated_at: At,
    /// When it was over.
    pub settled_at: Option<At>,
    /// When the channel was last asked whether it still stands.
    pub looked_at: Option<At>,
    /// What was found: empty, `there`, `changed` or `gone`.
    pub looks: String,
    /// When the channel last answered a look.
    pub seen_at: Option<At>,
    /// When a person took note of a difference.
    pub looks_noted_at: Option<At>,
    /// When the first try began.
    pub first_sent_at: Option<At>,
}

/// A delivery with everything that is known about it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct DeliveryDetail {
    /// The line.
    pub line: DeliveryLine,
    /// The words as they were frozen, for a withdrawal those that are taken back; empty once erased.
    pub words: String,
    /// Where the announcement stands that this corrects or takes back, or where this stands itself.
    pub stands_at: Option<String>,
    /// The frozen bytes; empty once erased.
    pub payload: String,
    /// Their SHA-256, in hexadecimal digits.
    pub payload_hash: String,
    /// The key that is the same for every try.
    pub key: String,
    /// Too late from then on; `None` for what is never too late.
    pub expires_at: Option<At>,
    /// Every try, first one first.
    pub attempts: Vec<AttemptLine>,
}

/// Which deliveries are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// In this state.
    pub state: Option<State>,
    /// To this channel.
    pub channel: Option<ChannelId>,
    /// Asked for by this: the kind of thing, and its id.
    pub origin: Option<(&'static str, i64)>,
    /// Older than this one.
    pub before: Option<DeliveryId>,
    /// At most so many; never more than 200.
    pub most: i64,
}

/// How many deliveries stand in each state.
pub type Counts = Vec<(State, i64)>;

pub(super) fn line((row, channel_name, channel_kind): (Row, String, String)) -> DeliveryLine {
    DeliveryLine {
        id: row.id,
        channel: row.channel_id,
        channel_name,
        channel_kind,
        origin_kind: row.origin_kind,
        origin_id: row.origin_id,
        operation: row.operation,
        revision: row.revision,
        state: row.state,
        state_reason: row.state_reason,
        recalled: row.recalled,
        code: row.code,
        tries: row.tries,
        planned_at: row.planned_at,
        next_at: row.next_at,
        remote_url: row.remote_url,
        updated_at: row.updated_at,
        settled_at: row.settled_at,
        looked_at: row.looked_at,
        looks: row.looks,
        seen_at: row.seen_at,
        looks_noted_at: row.looks_noted_at,
        first_sent_at: row.first_sent_at,
    }
}

/// Deliveries, newest first.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins.
pub fn deliveries(tx: &mut Tx<'_>, actor: &Actor, wanted: &Wanted) -> Result<Vec<DeliveryLine>> {
    actor.may(&Action::SeeOutreach)?;
    let mut query = table::table
        .inner_join(channels::table)
        .select((table::all_columns, channels::name, channels::kind))
        .order(table::id.desc())
        .limit(wanted.most.clamp(1, 200))
        .into_boxed();
    if let Some(state) = wanted.state {
        query = query.filter(table::state.eq(state));
    }
    if let Some(channel) = wanted.channel {
        query = query.filter(table::channel_id.eq(channel));
    }
    if let Some((kind, id)) = wanted.origin {
        query = query
            .filter(table::origin_kind.eq(kind))
            .filter(table::origin_id.eq(id));
    }
    if let Some(before) = wanted.before {
        query = query.filter(table::id.lt(before));
    }
    let rows: Vec<(Row, String, String)> = query.load(tx.conn)?;
    Ok(rows.into_iter().map(line).collect())
}

/// One delivery with its tries.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins; not found where there is none.
pub fn delivery(tx: &mut Tx<'_>, actor: &Actor, id: DeliveryId) -> Result<DeliveryDetail> {
    let row = find(tx, id)?;
    actor.may(&Action::SeeOutreach)?;
    let (name, kind) = channels::table
        .find(row.channel_id)
        .select((channels::name, channels::kind))
        .first(tx.conn)?;
    let attempts = lines(tx, id)?;
    let stands_at = match &row.remote_url {
        Some(url) => Some(url.clone()),
        None if row.operation == Operation::Announce => None,
        None => standing_at(tx, &row)?.and_then(|remote| remote.url),
    };
    let words = match row.operation {
        Operation::Withdraw => said(tx, &row)?,
        Operation::Announce | Operation::Correct => row.words.clone(),
    };
    Ok(DeliveryDetail {
        words,
        stands_at,
        payload: row.payload.clone(),
        payload_hash: crate::kit::hex(&row.payload_hash),
        key: row.idempotency_key.clone(),
        expires_at: Some(row.expires_at).filter(|at| *at != At(i64::MAX)),
        attempts,
        line: line((row, name, kind)),
    })
}

/// The words that stand there, or stood: the newest that were or may have been said.
fn said(tx: &mut Tx<'_>, row: &Row) -> Result<String> {
    let newest: Option<String> = table::table
        .filter(table::origin_kind.eq(&row.origin_kind))
        .filter(table::origin_id.eq(row.origin_id))
        .filter(table::operation.ne(Operation::Withdraw))
        .filter(table::first_sent_at.is_not_null())
        .order((table::revision.desc(), table::id.desc()))
        .select(table::words)
        .first(tx.conn)
        .optional()?;
    Ok(newest.unwrap_or_default())
}

/// Everything that an origin asked for, in the order it was asked.
///
/// # Errors
/// A fault where the database fails.
pub fn deliveries_of(tx: &mut Tx<'_>, origin: &Origin) -> Result<Vec<DeliveryLine>> {
    let rows: Vec<(Row, String, String)> = table::table
        .inner_join(channels::table)
        .filter(table::origin_kind.eq(&origin.kind))
        .filter(table::origin_id.eq(origin.id))
        .select((table::all_columns, channels::name, channels::kind))
        .order(table::id)
        .limit(500)
        .load(tx.conn)?;
    Ok(rows.into_iter().map(line).collect())
}

/// How many deliveries stand in each state that somebody waits for. What has arrived or was cancelled is not counted:
/// that is nearly everything, and counting it would read nearly everything.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins.
pub fn counts(tx: &mut Tx<'_>, actor: &Actor) -> Result<Counts> {
    actor.may(&Action::SeeOutreach)?;
    let open: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| !matches!(state, State::Sent | State::Cancelled))
        .collect();
    Ok(table::table
        .filter(table::state.eq_any(open))
        .group_by(table::state)
        .select((table::state, count_star()))
        .load(tx.conn)?)
}
