//! `/outreach/calendar`: what is said when, by month and by week; plain links and forms, and dragging where scripts run.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use serde::{Deserialize, Serialize};

use crate::highlights::{self, Calendar, CalendarEntry};
use crate::kit::{At, Result};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, Shown, Viewer};

/// One announcement on a day.
#[derive(Debug, Clone, Default, Serialize)]
struct Item {
    id: i64,
    time: String,
    title: String,
    channel: String,
    state: &'static str,
    category: Option<i64>,
    movable: bool,
    wall: String,
    conflicts: Vec<&'static str>,
}

/// Something else that a day holds.
#[derive(Debug, Clone, Default, Serialize)]
struct Mark {
    time: String,
    title: String,
    href: String,
}

/// One day.
#[derive(Debug, Clone, Default, Serialize)]
struct Day {
    date: String,
    number: i8,
    weekday: i8,
    month: i8,
    other_month: bool,
    today: bool,
    past: bool,
    empty: bool,
    items: Vec<Item>,
    free: Vec<Mark>,
    embargoes: Vec<Mark>,
    due: Vec<Mark>,
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CalendarPage {
    week: bool,
    year: i16,
    month: i8,
    day: String,
    previous: String,
    next: String,
    weekdays: Vec<i8>,
    weeks: Vec<Vec<Day>>,
    zone: String,
    conflicts: usize,
    nothing: bool,
    can_plan: bool,
}

impl Page for CalendarPage {
    const TEMPLATE: &'static str = "highlights/calendar";

    fn head(&self) -> Head {
        Head::new("calendar-title").nav("outreach").outward().form()
    }

    fn samples() -> Vec<Self> {
        let item = Item {
            id: 7,
            time: "10:00".into(),
            title: "A kingfisher".into(),
            channel: "Announcements page".into(),
            state: "scheduled",
            category: Some(3),
            movable: true,
            wall: "2026-11-24T10:00".into(),
            conflicts: vec!["gap", "cap", "category", "embargo", "closed"],
        };
        let long = Item {
            title: "م".repeat(255),
            channel: String::new(),
            category: None,
            state: "sent",
            movable: false,
            conflicts: Vec::new(),
            ..item.clone()
        };
        let mark = Mark {
            time: "10:00".into(),
            title: "Announcements page".into(),
            href: "/outreach/library".into(),
        };
        let day = Day {
            date: "2026-11-24".into(),
            number: 24,
            weekday: 2,
            month: 11,
            today: true,
            items: vec![item, long],
            free: vec![mark.clone()],
            embargoes: vec![mark.clone()],
            due: vec![mark],
            ..Day::default()
        };
        let bare = Day {
            other_month: true,
            past: true,
            empty: true,
            weekday: 3,
            month: 12,
            ..Day::default()
        };
        let usual = Self {
            week: false,
            year: 2026,
            month: 11,
            day: "2026-11-24".into(),
            previous: "2026-10-24".into(),
            next: "2026-12-24".into(),
            weekdays: (1..=7).collect(),
            weeks: vec![vec![day, bare]],
            zone: "Europe/Berlin".into(),
            conflicts: 1,
            nothing: false,
            can_plan: true,
        };
        let week = Self {
            week: true,
            can_plan: false,
            ..usual.clone()
        };
        let empty = Self {
            nothing: true,
            month: 1,
            weeks: Vec::new(),
            ..usual.clone()
        };
        vec![empty, usual, week]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    view: String,
    day: String,
}

/// The days of a view: from the first to the one behind the last.
fn span(day: Date, week: bool) -> Result<(Date, Date), jiff::Error> {
    let monday = |date: Date| {
        let back = i64::from(date.weekday().to_monday_zero_offset());
        date.checked_sub(back.days())
    };
    if week {
        let first = monday(day)?;
        return Ok((first, first.checked_add(7.days())?));
    }
    let first = monday(day.first_of_month())?;
    let last = monday(day.last_of_month())?;
    Ok((first, last.checked_add(7.days())?))
}

fn moment(date: Date, tz: &TimeZone) -> Result<At, jiff::Error> {
    let midnight = date.to_zoned(tz.clone())?;
    Ok(At(midnight.timestamp().as_microsecond()))
}

fn wall(at: At, tz: &TimeZone) -> Zoned {
    at.timestamp().to_zoned(tz.clone())
}

fn clock(at: At, tz: &TimeZone) -> String {
    wall(at, tz).strftime("%H:%M").to_string()
}

fn item(entry: &CalendarEntry, tz: &TimeZone, can_plan: bool) -> Item {
    let state = entry.announcement.state;
    let movable = matches!(
        state,
        highlights::AnnouncementState::Waiting | highlights::AnnouncementState::Scheduled
    );
    Item {
        id: entry.announcement.id.0,
        time: clock(entry.at(), tz),
        title: entry.title.clone(),
        channel: entry.announcement.channel_name.clone(),
        state: state.as_str(),
        category: entry.category.as_ref().map(|(id, _)| id.0),
        movable: movable && can_plan,
        wall: wall(entry.announcement.planned_at, tz)
            .strftime("%Y-%m-%dT%H:%M")
            .to_string(),
        conflicts: entry.conflicts.iter().map(|c| c.as_str()).collect(),
    }
}

fn day(
    date: Date,
    all: &Calendar,
    (tz, today, month, can_plan): (&TimeZone, Date, i8, bool),
) -> Day {
    let here = |at: At| wall(at, tz).date() == date;
    let items: Vec<Item> = all
        .entries
        .iter()
        .filter(|entry| here(entry.at()))
        .map(|entry| item(entry, tz, can_plan))
        .collect();
    let free: Vec<Mark> = all
        .free
        .iter()
        .filter(|slot| here(slot.at))
        .map(|slot| Mark {
            time: clock(slot.at, tz),
            title: slot.name.clone(),
            href: "/outreach/library".into(),
        })
        .collect();
    let embargoes: Vec<Mark> = all
        .embargoes
        .iter()
        .filter(|embargo| here(embargo.at))
        .map(|embargo| Mark {
            time: clock(embargo.at, tz),
            title: embargo.title.clone(),
            href: format!("/outreach/library/{}", embargo.highlight),
        })
        .collect();
    let due: Vec<Mark> = all
        .due
        .iter()
        .filter(|due| here(due.at))
        .map(|due| Mark {
            time: clock(due.at, tz),
            title: due.title.clone(),
            href: format!("/outreach/requests/{}", due.request),
        })
        .collect();
    Day {
        date: date.to_string(),
        number: date.day(),
        weekday: date.weekday().to_monday_one_offset(),
        month: date.month(),
        other_month: date.month() != month,
        today: date == today,
        past: date < today,
        empty: items.is_empty() && free.is_empty() && embargoes.is_empty() && due.is_empty(),
        items,
        free,
        embargoes,
        due,
    }
}

fn filled(tx: &mut crate::db::Tx<'_>, viewer: &Viewer, query: &Query) -> Result<CalendarPage> {
    let zone = viewer.settings.zone.clone();
    let tz = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    let today = wall(tx.now(), &tz).date();
    let asked: Date = query.day.parse().unwrap_or(today);
    // A calendar ends somewhere; whoever asks for the year 9000 is shown today.
    let near = (asked.year() - today.year()).abs() <= 5;
    let chosen = if near { asked } else { today };
    let week = query.view == "week";
    let far = |_error: jiff::Error| crate::kit::Stop::from(crate::kit::Refusal::NotFound);
    let (first, behind) = span(chosen, week).map_err(far)?;
    let (from, to) = (
        moment(first, &tz).map_err(far)?,
        moment(behind, &tz).map_err(far)?,
    );
    let all = highlights::calendar(tx, &viewer.actor, from, to)?;
    let can_plan = viewer.can(&Action::KeepCalendar);
    let mut weeks: Vec<Vec<Day>> = Vec::new();
    let mut date = first;
    while date < behind {
        if date.weekday().to_monday_zero_offset() == 0 {
            weeks.push(Vec::new());
        }
        let one = day(date, &all, (&tz, today, chosen.month(), can_plan));
        if let Some(last) = weeks.last_mut() {
            last.push(one);
        }
        date = date.checked_add(1.day()).map_err(far)?;
    }
    let step = if week { 7.days() } else { 1.month() };
    let anchor = if week {
        chosen
    } else {
        chosen.first_of_month()
    };
    Ok(CalendarPage {
        week,
        year: chosen.year(),
        month: chosen.month(),
        day: chosen.to_string(),
        previous: anchor.checked_sub(step).map_err(far)?.to_string(),
        next: anchor.checked_add(step).map_err(far)?.to_string(),
        weekdays: (1..=7).collect(),
        conflicts: all
            .entries
            .iter()
            .filter(|e| !e.conflicts.is_empty())
            .count(),
        nothing: all.entries.is_empty(),
        weeks,
        zone,
        can_plan,
    })
}

/// Shows a month or a week.
pub async fn show(call: Call) -> Answer {
    let query: Query = call.query()?;
    call.page(move |tx, viewer| Ok(Shown::from(filled(tx, viewer, &query)?)))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_on_a_monday_and_ends_behind_a_sunday() {
        let of = |day: &str, week| {
            let (first, behind) = span(day.parse().unwrap(), week).unwrap();
            (first.to_string(), behind.to_string())
        };
        assert_eq!(
            of("2026-11-22", false),
            ("2026-10-26".into(), "2026-12-07".into())
        );
        assert_eq!(
            of("2027-02-10", false),
            ("2027-02-01".into(), "2027-03-01".into())
        );
        assert_eq!(
            of("2026-11-22", true),
            ("2026-11-16".into(), "2026-11-23".into())
        );
    }
}
