//! The nightly round: does what was sent still stand as it was sent? Only where asking costs nothing; nothing is changed
//! there, and nothing that is found decides anything here: people read it.

use std::collections::BTreeMap;
use std::time::Duration;

use diesel::prelude::*;
use futures_util::future::join_all;
use serde_json::json;

use super::{Engine, LEASE, REQUEST};
use crate::bridge::adapter::{Job, Look};
use crate::bridge::channel;
use crate::bridge::delivery::{self, Row, standing_at};
use crate::bridge::state::{ChannelState, Operation, State};
use crate::db::schema::{channels, deliveries};
use crate::db::{Tx, jobs};
use crate::kit::clock::{DAY, HOUR, SECOND};
use crate::kit::ids::{ChannelId, DeliveryId};
use crate::kit::stop::Refusal;
use crate::kit::{At, Result};
use crate::site;

/// The job that looks around.
pub const LOOK: &str = "bridge-look";

/// How long a look is good for, in microseconds. Less than a day, so that the next night finds it over.
const GOOD_FOR: i64 = 20 * HOUR;
/// What has just arrived is left alone: channels need a moment until everybody can read it.
const FRESH: i64 = HOUR;
/// What is older than this is not looked at any more, in microseconds.
const OLDEST: i64 = 90 * DAY;
/// The hour of the night at which the round begins, in the community's zone.
const AT_NIGHT: i8 = 3;
/// The longest that one look may take.
const PATIENCE: i64 = 10 * SECOND;
/// The same, for the timer.
const LONGEST_LOOK: Duration = Duration::from_micros(PATIENCE.unsigned_abs());
/// How long one part of the round goes on asking: other jobs wait meanwhile.
const ONE_PART: i64 = 15 * SECOND;
/// The most that one part asks of one channel.
const OF_ONE_CHANNEL: usize = 8;
/// The most that one part asks.
const AT_ONCE: i64 = 64;

/// Makes sure that the round of the coming night is planned, once however many nodes ask.
///
/// # Errors
/// A fault where the database fails.
pub fn look_tonight(tx: &mut Tx<'_>) -> Result<()> {
    let night = next_night(tx.now(), &site::settings(tx)?.zone);
    let key = format!("{LOOK} {}", night.0);
    jobs::enqueue_at(tx, LOOK, &json!({}), night, Some(&key))
}

/// The next time that it is three o'clock at night where the community is. An hour that clocks skip is the one after.
fn next_night(now: At, zone: &str) -> At {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let today = now.timestamp().to_zoned(zone.clone()).date();
    // Whatever the calendar does, one of these lies ahead.
    [Some(today), today.tomorrow().ok()]
        .into_iter()
        .flatten()
        .filter_map(|day| day.at(AT_NIGHT, 0, 0, 0).to_zoned(zone.clone()).ok())
        .map(|night| At(night.timestamp().as_microsecond()))
        .find(|night| *night > now)
        .unwrap_or(now.plus(DAY))
}

impl Engine {
    /// Looks at one announcement that was sent, and writes down what was found.
    ///
    /// # Errors
    /// Not found where there is none; wrong state where it is no announcement that arrived; a fault where the database fails.
    pub async fn look(&self, id: DeliveryId) -> Result<Look> {
        let (kind, job) = self.db().read(move |tx| question(tx, id)).await?;
        let look = match self.adapter(&kind) {
            Some(adapter) => tokio::time::timeout(LONGEST_LOOK, adapter.look(&job))
                .await
                .unwrap_or(Look::CannotTell),
            None => Look::CannotTell,
        };
        self.db()
            .write(move |tx| write_down(tx, id, &job, look))
            .await?;
        Ok(look)
    }

    /// One part of the round: looks at announcements that nobody looked at since the night before, channels side by
    /// side; answers how many there were. A channel that tells nothing is left alone until the next night.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub async fn look_around(&self) -> Result<usize> {
        let waiting = self.db().read(|tx| waiting(tx, AT_ONCE)).await?;
        let mut by_channel: BTreeMap<ChannelId, Vec<DeliveryId>> = BTreeMap::new();
        for (channel, id) in waiting {
            let mine = by_channel.entry(channel).or_default();
            if mine.len() < OF_ONE_CHANNEL {
                mine.push(id);
            }
        }
        let began = self.now();
        let asked = by_channel
            .into_iter()
            .map(|(channel, ids)| self.look_at(channel, ids, began));
        let mut done = 0;
        for looked in join_all(asked).await {
            done += looked?;
        }
        Ok(done)
    }

    fn now(&self) -> At {
        self.db().house().clock.now()
    }

    async fn look_at(&self, channel: ChannelId, ids: Vec<DeliveryId>, began: At) -> Result<usize> {
        let (mut done, mut told) = (0, false);
        for id in ids {
            let asked = self.now();
            told |= self.look(id).await? != Look::CannotTell;
            done += 1;
            if self.now().since(asked) >= PATIENCE {
                told = false;
                break;
            }
            if self.now().since(began) >= ONE_PART {
                break;
            }
        }
        if !told {
            self.db().write(move |tx| leave_alone(tx, channel)).await?;
        }
        Ok(done)
    }
}

/// What a look has to know: the words that stand there, and where.
fn question(tx: &mut Tx<'_>, id: DeliveryId) -> Result<(String, Job)> {
    let row = delivery::find(tx, id)?;
    if row.operation != Operation::Announce || row.state != State::Sent {
        return Err(Refusal::WrongState(row.state.as_str()).into());
    }
    let channel = channel::find(tx, row.channel_id)?;
    let last = last_sent(tx, &row)?.unwrap_or(row);
    let now = tx.now();
    let job = Job {
        delivery: id,
        fence: last.lease_token,
        operation: last.operation,
        origin: last.origin(),
        revision: last.revision,
        key: last.idempotency_key.clone(),
        code: last.code.clone(),
        payload: last.payload.clone(),
        to: channel.destination(tx)?,
        announced: standing_at(tx, &last)?,
        started_at: now,
        first_sent_at: last.first_sent_at.unwrap_or(now),
        deadline: now.plus(LEASE - REQUEST),
        steady_deadline: tx.house().clock.steady() + LEASE - REQUEST,
    };
    Ok((channel.kind, job))
}

/// The newest words that arrived.
fn last_sent(tx: &mut Tx<'_>, row: &Row) -> Result<Option<Row>> {
    Ok(deliveries::table
        .filter(deliveries::origin_kind.eq(&row.origin_kind))
        .filter(deliveries::origin_id.eq(row.origin_id))
        .filter(deliveries::operation.eq_any([Operation::Announce, Operation::Correct]))
        .filter(deliveries::state.eq(State::Sent))
        .order(deliveries::revision.desc())
        .first(tx.conn)
        .optional()?)
}

/// Is a correction under way, so that other words may stand there rightly?
fn is_being_corrected(tx: &mut Tx<'_>, row: &Row) -> Result<bool> {
    let open: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| !state.is_settled())
        .collect();
    Ok(diesel::select(diesel::dsl::exists(
        deliveries::table
            .filter(deliveries::origin_kind.eq(&row.origin_kind))
            .filter(deliveries::origin_id.eq(row.origin_id))
            .filter(deliveries::operation.eq(Operation::Correct))
            .filter(deliveries::state.eq_any(open)),
    ))
    .get_result(tx.conn)?)
}

fn write_down(tx: &mut Tx<'_>, id: DeliveryId, asked: &Job, look: Look) -> Result<()> {
    let now = tx.now();
    let row = delivery::find(tx, id)?;
    let newest = last_sent(tx, &row)?.map_or(row.revision, |last| last.revision);
    // Taken back or said anew while we were looking: what was found is what was wanted, or of yesterday.
    let void = row.recalled || newest != asked.revision || is_being_corrected(tx, &row)?;
    let word = match look {
        _ if void => None,
        Look::There => Some("there"),
        Look::Changed => Some("changed"),
        Look::Gone => Some("gone"),
        Look::CannotTell => None,
    };
    let target = deliveries::table.find(id);
    diesel::update(target)
        .set(deliveries::looked_at.eq(now))
        .execute(tx.conn)?;
    if let Some(word) = word {
        diesel::update(target)
            .set((deliveries::looks.eq(word), deliveries::seen_at.eq(now)))
            .execute(tx.conn)?;
    }
    if word.is_some_and(|word| word != row.looks) {
        // Something else than before: whoever took note took note of something else.
        diesel::update(target)
            .set(deliveries::looks_noted_at.eq(None::<At>))
            .execute(tx.conn)?;
    }
    if look != Look::CannotTell {
        diesel::update(channels::table.find(row.channel_id))
            .set(channels::looked_at.eq(now))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Nothing more is asked of this channel tonight. What was found before stays, with its day.
fn leave_alone(tx: &mut Tx<'_>, channel: ChannelId) -> Result<()> {
    let now = tx.now();
    let rest = deliveries::table
        .filter(deliveries::channel_id.eq(channel))
        .filter(deliveries::operation.eq(Operation::Announce))
        .filter(deliveries::state.eq(State::Sent))
        .filter(deliveries::settled_at.gt(now.plus(-OLDEST)));
    diesel::update(rest)
        .set(deliveries::looked_at.eq(now))
        .execute(tx.conn)?;
    Ok(())
}

fn waiting(tx: &mut Tx<'_>, most: i64) -> Result<Vec<(ChannelId, DeliveryId)>> {
    let now = tx.now();
    Ok(deliveries::table
        .inner_join(channels::table)
        .filter(channels::state.eq(ChannelState::Open))
        .filter(deliveries::operation.eq(Operation::Announce))
        .filter(deliveries::state.eq(State::Sent))
        .filter(deliveries::recalled.eq(false))
        .filter(deliveries::settled_at.gt(now.plus(-OLDEST)))
        .filter(deliveries::settled_at.lt(now.plus(-FRESH)))
        .filter(
            deliveries::looked_at
                .is_null()
                .or(deliveries::looked_at.lt(now.plus(-GOOD_FOR))),
        )
        .order((deliveries::looked_at, deliveries::id))
        .limit(most)
        .select((deliveries::channel_id, deliveries::id))
        .load(tx.conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> At {
        let stamp: jiff::Timestamp = text.parse().expect("a moment");
        At(stamp.as_microsecond())
    }

    #[test]
    fn the_round_begins_at_three_where_the_community_is() {
        for (zone, now, night) in [
            ("UTC", "2026-11-22T02:59:59Z", "2026-11-22T03:00:00Z"),
            ("UTC", "2026-11-22T03:00:00Z", "2026-11-23T03:00:00Z"),
            ("Asia/Tokyo", "2026-11-22T12:00:00Z", "2026-11-22T18:00:00Z"),
            // Clocks go forward at two, and back at three: once each, all the same.
            (
                "Europe/Berlin",
                "2026-03-28T12:00:00Z",
                "2026-03-29T01:00:00Z",
            ),
            (
                "Europe/Berlin",
                "2026-10-24T12:00:00Z",
                "2026-10-25T02:00:00Z",
            ),
            // Where three o'clock itself is skipped, it is four.
            (
                "Europe/Helsinki",
                "2026-03-28T12:00:00Z",
                "2026-03-29T01:00:00Z",
            ),
            ("nowhere", "2026-11-22T02:00:00Z", "2026-11-22T03:00:00Z"),
        ] {
            assert_eq!(next_night(at(now), zone), at(night), "{zone} {now}");
        }
    }
}
