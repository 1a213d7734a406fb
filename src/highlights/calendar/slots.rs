//! The hours of the week at which a channel speaks ("Tuesdays at 10:00").

use diesel::prelude::*;
use serde_json::json;

use super::pace::Time;
use crate::audit::{self, subject};
use crate::bridge;
use crate::db::Tx;
use crate::db::schema::queue_slots;
use crate::kit::ids::{ChannelId, SlotId};
use crate::kit::stop::OrRefuse;
use crate::kit::{Problems, Result, Stop};
use crate::policy::{Action, Actor};

/// The most slots of a channel: one for every half hour of two days.
const MOST: i64 = 96;

/// One slot of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Which one.
    pub id: SlotId,
    /// Whose.
    pub channel: ChannelId,
    /// When in the week, in the community's zone.
    pub time: Time,
}

type Row = (SlotId, ChannelId, i64, i64);

fn slot((id, channel, weekday, minute): Row) -> Slot {
    Slot {
        id,
        channel,
        time: Time { weekday, minute },
    }
}

/// The slots of one channel, or of all, in the order of channel, day and hour.
///
/// # Errors
/// Refused to whoever does not work outward; a fault where the database fails.
pub fn slots(tx: &mut Tx<'_>, actor: &Actor, channel: Option<ChannelId>) -> Result<Vec<Slot>> {
    actor.may(&Action::SeeOutreach)?;
    let mut question = queue_slots::table
        .order((
            queue_slots::channel_id,
            queue_slots::weekday,
            queue_slots::minute,
        ))
        .select((
            queue_slots::id,
            queue_slots::channel_id,
            queue_slots::weekday,
            queue_slots::minute,
        ))
        .limit(MOST * 100)
        .into_boxed();
    if let Some(channel) = channel {
        question = question.filter(queue_slots::channel_id.eq(channel));
    }
    let rows: Vec<Row> = question.load(tx.conn)?;
    Ok(rows.into_iter().map(slot).collect())
}

/// The times of a channel's slots.
pub(super) fn times(tx: &mut Tx<'_>, channel: ChannelId) -> Result<Vec<Time>> {
    let rows: Vec<(i64, i64)> = queue_slots::table
        .filter(queue_slots::channel_id.eq(channel))
        .order((queue_slots::weekday, queue_slots::minute))
        .select((queue_slots::weekday, queue_slots::minute))
        .limit(MOST)
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(weekday, minute)| Time { weekday, minute })
        .collect())
}

/// Gives a channel one more hour of the week; `time` is such as `10:00`.
///
/// # Errors
/// Refused to everybody but publishers; not found for an unknown channel; invalid where the day or the hour is none,
/// the slot is there already, or there are too many.
pub fn add_slot(
    tx: &mut Tx<'_>,
    actor: &Actor,
    channel: ChannelId,
    weekday: i64,
    time: &str,
) -> Result<SlotId> {
    bridge::channel(tx, channel)?;
    actor.may(&Action::KeepCalendar)?;
    let mut problems = Problems::default();
    if !(1..=7).contains(&weekday) {
        problems.add("weekday", "slot-weekday", &[]);
    }
    let minute = minutes(time);
    if minute.is_none() {
        problems.add("time", "slot-time", &[]);
    }
    problems.check()?;
    let minute = minute.unwrap_or_default();
    let have = times(tx, channel)?;
    if have.contains(&Time { weekday, minute }) {
        return Err(Stop::invalid("time", "slot-there"));
    }
    if have.len() as i64 >= MOST {
        return Err(Stop::invalid("time", "slot-too-many"));
    }
    let id: SlotId = diesel::insert_into(queue_slots::table)
        .values((
            queue_slots::channel_id.eq(channel),
            queue_slots::weekday.eq(weekday),
            queue_slots::minute.eq(minute),
            queue_slots::created_at.eq(tx.now()),
        ))
        .returning(queue_slots::id)
        .get_result(tx.conn)?;
    let details = json!({ "weekday": weekday, "minute": minute });
    let about = subject("channel", channel.0);
    audit::record(tx, actor, "channel.slot-added", about, details, None)?;
    Ok(id)
}

/// Takes an hour of the week from its channel. What is planned at it stays planned.
///
/// # Errors
/// Refused to everybody but publishers; not found where there is none.
pub fn drop_slot(tx: &mut Tx<'_>, actor: &Actor, id: SlotId) -> Result<ChannelId> {
    let channel: Option<ChannelId> = queue_slots::table
        .find(id)
        .select(queue_slots::channel_id)
        .first(tx.conn)
        .optional()?;
    let channel = channel.or_not_found()?;
    actor.may(&Action::KeepCalendar)?;
    diesel::delete(queue_slots::table.find(id)).execute(tx.conn)?;
    let about = subject("channel", channel.0);
    audit::record(tx, actor, "channel.slot-dropped", about, json!({}), None)?;
    Ok(channel)
}

/// Minutes since midnight of a time such as `10:00` or `9:30`.
fn minutes(time: &str) -> Option<i64> {
    let (hour, minute) = time.trim().split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    let fits = (0..24).contains(&hour) && (0..60).contains(&minute);
    fits.then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn times_are_read_as_browsers_and_people_write_them() {
        assert_eq!(minutes("10:00"), Some(600));
        assert_eq!(minutes(" 9:05 "), Some(545));
        assert_eq!(minutes("09:05:30"), Some(545));
        for wrong in ["", "ten", "24:00", "10:60", "10", "-1:00", "10:0"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
    }
}
