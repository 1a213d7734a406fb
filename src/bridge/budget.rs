//! What channels that charge for each post cost, and the cap of a month: whoever pays decides it, and nothing goes out
//! beyond it. A letter's price is frozen with its bytes; it counts from the moment of its first try.

use diesel::prelude::*;

use super::channel::{self, Channel};
use super::delivery::Row;
use super::state::Operation;
use crate::db::Tx;
use crate::db::schema::deliveries;
use crate::kit::clock::{MINUTE, SECOND};
use crate::kit::event::Gate;
use crate::kit::ids::ChannelId;
use crate::kit::{At, Result};

/// How often what was held for money is looked at again: somebody may have raised the cap.
const LOOK_AGAIN: i64 = 15 * MINUTE;
/// The most letters of a month that are added up; nobody sends as many.
const MOST: i64 = 20_000;

/// What a channel cost this month, in thousandths of a dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Spending {
    /// So far.
    pub spent: i64,
    /// At most.
    pub cap: i64,
}

/// The month around a moment (UTC): its beginning, and the next one's.
fn month(now: At) -> (At, At) {
    let beginning = |months: i32| -> Option<At> {
        let day = jiff::Timestamp::from_microsecond(now.0)
            .ok()?
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date()
            .first_of_month();
        let day = day.checked_add(jiff::Span::new().months(months)).ok()?;
        let at = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        Some(At(at.as_microsecond()))
    };
    let usual = 30 * 86_400 * SECOND;
    (
        beginning(0).unwrap_or(now.plus(-usual)),
        beginning(1).unwrap_or(now.plus(usual)),
    )
}

/// When the next month begins (UTC).
pub(super) fn next_month(now: At) -> At {
    month(now).1
}

/// What was spent at a channel this month; `None` where it charges nothing.
///
/// # Errors
/// Not found where there is no such channel.
pub fn spending(tx: &mut Tx<'_>, id: ChannelId) -> Result<Option<Spending>> {
    let channel = channel::find(tx, id)?;
    of(tx, &channel)
}

fn of(tx: &mut Tx<'_>, channel: &Channel) -> Result<Option<Spending>> {
    let (kind, config) = (channel.kind()?, channel.settings()?);
    let Some(cap) = kind.monthly_cap(&config) else {
        return Ok(None);
    };
    let payloads: Vec<String> = deliveries::table
        .filter(deliveries::channel_id.eq(channel.id))
        .filter(deliveries::first_sent_at.ge(month(tx.now()).0))
        .limit(MOST)
        .select(deliveries::payload)
        .load(tx.conn)?;
    let spent = payloads.iter().filter_map(|bytes| kind.cost(bytes)).sum();
    Ok(Some(Spending { spent, cap }))
}

/// What saying this text would cost at a channel, beside what was spent there this month; `None` where it charges nothing.
///
/// # Errors
/// Not found where there is no such channel.
pub fn price(tx: &mut Tx<'_>, id: ChannelId, text: &str) -> Result<Option<(i64, Spending)>> {
    let channel = channel::find(tx, id)?;
    let price = channel.kind()?.price(text, &channel.settings()?);
    Ok(price.zip(of(tx, &channel)?))
}

/// The last look at the money: a letter that would cost more than is left waits. Taking back is never held, and a further
/// try of what was tried before has been counted.
pub(super) fn gate(tx: &mut Tx<'_>, channel: &Channel, row: &Row, asked: Gate) -> Result<Gate> {
    if !matches!(asked, Gate::Go)
        || row.operation == Operation::Withdraw
        || row.first_sent_at.is_some()
    {
        return Ok(asked);
    }
    let Some(spending) = of(tx, channel)? else {
        return Ok(asked);
    };
    let cost = channel.kind()?.cost(&row.payload).unwrap_or_default();
    if spending.spent + cost <= spending.cap {
        return Ok(asked);
    }
    Ok(Gate::Hold {
        until: tx.now().plus(LOOK_AGAIN).0,
        reason: "monthly-cap".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_with_its_first_day() {
        let now: jiff::Timestamp = "2026-12-31T23:59:59Z".parse().expect("a moment");
        let (from, to) = month(At(now.as_microsecond()));
        assert_eq!(from.rfc3339(), "2026-12-01T00:00:00Z");
        assert_eq!(to.rfc3339(), "2027-01-01T00:00:00Z");
    }
}
