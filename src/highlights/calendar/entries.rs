//! The calendar of some days: what is planned and was said, free slots, embargoes, requests that are due, and what
//! stands in each other's way. Reads only.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::free::against;
use super::pace::{self, Against};
use super::slots;
use crate::bridge::{self, ChannelLine};
use crate::db::Tx;
use crate::db::schema::highlights;
use crate::forum;
use crate::highlights::announcement::{self, Announcement};
use crate::highlights::highlight::{self, Highlight};
use crate::highlights::requests;
use crate::highlights::state::AnnouncementState;
use crate::highlights::when::zone_of;
use crate::kit::ids::{CategoryId, ChannelId, HighlightId, ThreadId, VoiceRequestId};
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};
use crate::site;

/// The most announcements of one page of the calendar.
const MOST: i64 = 500;
/// The most free slots of one page.
const MOST_FREE: usize = 60;

/// Why somebody should look at a plan again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// Another one at the same channel is nearer than its gap.
    Gap,
    /// The channel's daily cap is reached.
    Cap,
    /// Another one about the same category on the same day.
    Category,
    /// It is planned before the embargo ends.
    Embargo,
    /// The channel is not open.
    Closed,
}

impl Conflict {
    /// The word for sentences and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Cap => "cap",
            Self::Category => "category",
            Self::Embargo => "embargo",
            Self::Closed => "closed",
        }
    }
}

/// One announcement in the calendar.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The announcement.
    pub announcement: Announcement,
    /// Its heading.
    pub title: String,
    /// The category its source stands in, and the category's name.
    pub category: Option<(CategoryId, String)>,
    /// What stands in its way.
    pub conflicts: Vec<Conflict>,
}

impl Entry {
    /// When it was said, or is to be.
    #[must_use]
    pub fn at(&self) -> At {
        self.announcement
            .sent_at
            .unwrap_or(self.announcement.planned_at)
    }
}

/// A slot at which nothing is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeSlot {
    /// When.
    pub at: At,
    /// At which channel.
    pub channel: ChannelId,
    /// The channel's name.
    pub name: String,
}

/// The end of an embargo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embargo {
    /// When it ends.
    pub at: At,
    /// Of which highlight.
    pub highlight: HighlightId,
    /// Its heading.
    pub title: String,
}

/// A request that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub at: At,
    /// Which one.
    pub request: VoiceRequestId,
    /// What is asked for.
    pub title: String,
}

/// Some days of the calendar.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    /// What is planned and was said, in the order of time.
    pub entries: Vec<Entry>,
    /// Free slots to come.
    pub free: Vec<FreeSlot>,
    /// Embargoes that end.
    pub embargoes: Vec<Embargo>,
    /// Requests that are due.
    pub due: Vec<Due>,
}

/// The calendar from one moment to another.
///
/// # Errors
/// Refused to whoever does not work outward; a fault where the database fails.
pub fn calendar(tx: &mut Tx<'_>, actor: &Actor, from: At, to: At) -> Result<Calendar> {
    actor.may(&Action::SeeOutreach)?;
    let lines: HashMap<ChannelId, ChannelLine> = bridge::channels(tx)?
        .into_iter()
        .map(|line| (line.id, line))
        .collect();
    let mut entries = Vec::new();
    let planned = announcement::between(tx, from, to, MOST)?;
    let ids: Vec<HighlightId> = planned.iter().map(|one| one.highlight).collect();
    let known = highlight::find_many(tx, &ids)?;
    let categories = categories_of(tx, known.values())?;
    for one in planned {
        let Some(highlight) = known.get(&one.highlight) else {
            continue;
        };
        let category = categories.get(&one.highlight);
        let conflicts = standing_against(tx, &one, highlight, lines.get(&one.channel))?;
        entries.push(Entry {
            title: highlight.title.clone(),
            category: category.cloned(),
            conflicts,
            announcement: one,
        });
    }
    entries.sort_by_key(|entry| (entry.at(), entry.announcement.id));
    same_day(tx, &mut entries)?;
    Ok(Calendar {
        free: free_slots(tx, &lines, from, to)?,
        embargoes: embargoes(tx, from, to)?,
        due: requests::due_between(tx, actor, from, to)?,
        entries,
    })
}

/// The categories in which the sources of highlights stand; those that stand in none are left out.
pub(in crate::highlights) fn categories_of<'h>(
    tx: &mut Tx<'_>,
    highlights: impl Iterator<Item = &'h Highlight> + Clone,
) -> Result<HashMap<HighlightId, (CategoryId, String)>> {
    let threads: Vec<ThreadId> = highlights.clone().filter_map(|h| h.thread).collect();
    let facts = forum::facts_of_threads(tx, &threads)?;
    let places = forum::places(tx)?;
    let category = |highlight: &Highlight| {
        let id = facts.get(&highlight.thread?)?.category.id;
        Some((highlight.id, (id, places.seek(id)?.name.clone())))
    };
    Ok(highlights.filter_map(category).collect())
}

fn standing_against(
    tx: &mut Tx<'_>,
    one: &Announcement,
    highlight: &Highlight,
    channel: Option<&ChannelLine>,
) -> Result<Vec<Conflict>> {
    let mut conflicts = Vec::new();
    if !one.state.is_unfinished() {
        return Ok(conflicts);
    }
    match channel {
        Some(line) if line.state == bridge::ChannelState::Open => {
            match against(tx, line, one.planned_at, Some(one.id))? {
                Some(Against::Near(_)) => conflicts.push(Conflict::Gap),
                Some(Against::Many) => conflicts.push(Conflict::Cap),
                None => {}
            }
        }
        _ => conflicts.push(Conflict::Closed),
    }
    if highlight
        .embargo_until
        .is_some_and(|until| one.planned_at < until)
    {
        conflicts.push(Conflict::Embargo);
    }
    Ok(conflicts)
}

/// Marks what is about one category on one day, as far as anything of it can still be moved.
fn same_day(tx: &mut Tx<'_>, entries: &mut [Entry]) -> Result<()> {
    let tz = zone_of(&site::settings(tx)?.zone)?;
    let counts = |entry: &Entry| {
        entry.announcement.state.is_unfinished()
            || matches!(entry.announcement.state, AnnouncementState::Sent)
    };
    let mut days: HashMap<(CategoryId, jiff::civil::Date), BTreeSet<HighlightId>> = HashMap::new();
    let key = |entry: &Entry| {
        let day = entry.at().timestamp().to_zoned(tz.clone()).date();
        entry.category.as_ref().map(|(id, _)| (*id, day))
    };
    for entry in entries.iter().filter(|entry| counts(entry)) {
        if let Some(key) = key(entry) {
            // The same highlight at several channels is one thing said once.
            days.entry(key)
                .or_default()
                .insert(entry.announcement.highlight);
        }
    }
    for entry in entries.iter_mut() {
        let several = key(entry)
            .and_then(|key| days.get(&key))
            .is_some_and(|highlights| highlights.len() > 1);
        if several && entry.announcement.state.is_unfinished() {
            entry.conflicts.push(Conflict::Category);
        }
    }
    Ok(())
}

fn free_slots(
    tx: &mut Tx<'_>,
    lines: &HashMap<ChannelId, ChannelLine>,
    from: At,
    to: At,
) -> Result<Vec<FreeSlot>> {
    let tz = zone_of(&site::settings(tx)?.zone)?;
    let from = from.max(tx.now());
    let mut free = Vec::new();
    for line in lines.values() {
        let times = slots::times(tx, line.id)?;
        if times.is_empty() || line.state != bridge::ChannelState::Open {
            continue;
        }
        for at in pace::moments(&times, from, to, &tz) {
            if against(tx, line, at, None)?.is_none() {
                free.push(FreeSlot {
                    at,
                    channel: line.id,
                    name: line.name.clone(),
                });
            }
            if free.len() >= MOST_FREE {
                break;
            }
        }
    }
    free.sort_by(|a, b| (a.at, &a.name).cmp(&(b.at, &b.name)));
    Ok(free)
}

fn embargoes(tx: &mut Tx<'_>, from: At, to: At) -> Result<Vec<Embargo>> {
    let rows: Vec<(HighlightId, String, Option<At>)> = highlights::table
        .filter(highlights::state.eq(crate::highlights::state::State::Approved))
        .filter(highlights::embargo_until.ge(from))
        .filter(highlights::embargo_until.lt(to))
        .order((highlights::embargo_until, highlights::id))
        .limit(MOST)
        .select((highlights::id, highlights::title, highlights::embargo_until))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(highlight, title, at)| {
            Some(Embargo {
                at: at?,
                highlight,
                title,
            })
        })
        .collect())
}
