//! What this community said outside, for everybody: where and when, and what was taken back (the fact, not the words).

use std::collections::HashMap;

use diesel::prelude::*;

use super::announcement;
use super::places::Place;
use super::state::AnnouncementState;
use crate::bridge::{self, Entry};
use crate::db::Tx;
use crate::db::schema::announcements;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{AnnouncementId, ChannelId, HighlightId};
use crate::kit::{At, Result};

/// Lines on one page.
const PAGE: i64 = 20;

/// One thing that was said at one channel.
#[derive(Debug, Clone)]
pub struct Outside {
    /// Which announcement.
    pub id: AnnouncementId,
    /// The kind of place.
    pub kind: String,
    /// The channel's name, where the place itself is public; rooms and systems of the house are not named.
    pub channel: String,
    /// When it was said.
    pub at: At,
    /// When it was taken back.
    pub withdrawn_at: Option<At>,
    /// It is being taken back.
    pub leaving: bool,
    /// How often it was said anew, rightly.
    pub corrections: i64,
    /// Where it can be read.
    pub url: String,
    /// The words, where the place is this community's own page.
    pub entry: Option<Entry>,
    /// Where else the same was said and still stands: kind, name, address.
    pub also: Vec<(String, String, String)>,
}

type Row = (
    AnnouncementId,
    HighlightId,
    ChannelId,
    AnnouncementState,
    i64,
    String,
    Option<String>,
    Option<At>,
    Option<At>,
);

/// A page of everything that was ever said, newest first, of one kind of place or of all, and where the next begins.
///
/// # Errors
/// A fault where the database fails.
pub fn outside(
    tx: &mut Tx<'_>,
    kind: Option<Place>,
    after: Option<Cursor>,
) -> Result<(Vec<Outside>, Option<Cursor>)> {
    let channels = spoken_at(tx)?;
    let (at, id) = after
        .and_then(|c| c.as_two())
        .unwrap_or((i64::MAX, i64::MAX));
    let mut question = announcements::table
        .filter(announcements::sent_at.is_not_null())
        .filter(
            announcements::sent_at.lt(At(at)).or(announcements::sent_at
                .eq(At(at))
                .and(announcements::id.lt(AnnouncementId(id)))),
        )
        .into_boxed();
    if let Some(kind) = kind {
        let of: Vec<ChannelId> = channels
            .iter()
            .filter(|(_, (word, _))| word == kind.as_str())
            .map(|(id, _)| *id)
            .collect();
        question = question.filter(announcements::channel_id.eq_any(of));
    }
    let mut rows: Vec<Row> = question
        .order((announcements::sent_at.desc(), announcements::id.desc()))
        .limit(PAGE + 1)
        .select((
            announcements::id,
            announcements::highlight_id,
            announcements::channel_id,
            announcements::state,
            announcements::revision,
            announcements::code,
            announcements::remote_url,
            announcements::sent_at,
            announcements::withdrawn_at,
        ))
        .load(tx.conn)?;
    let next = Cursor::turn(&mut rows, PAGE, |row| {
        Cursor::two(row.7.unwrap_or_default().0, row.0.0)
    });
    Ok((lines(tx, rows, &channels)?, next))
}

fn lines(
    tx: &mut Tx<'_>,
    rows: Vec<Row>,
    channels: &HashMap<ChannelId, (String, String)>,
) -> Result<Vec<Outside>> {
    let ids: Vec<HighlightId> = rows.iter().map(|row| row.1).collect();
    let codes: Vec<String> = rows.iter().map(|row| row.5.clone()).collect();
    let mut entries = bridge::entries_by_code(tx, &codes)?;
    let said = announcement::of_many(tx, &ids)?;
    let named = |kind: &str, name: &str| {
        Place::parse(kind)
            .filter(|place| place.is_public())
            .map(|_| name.to_owned())
            .unwrap_or_default()
    };
    let stands = |state| state == AnnouncementState::Sent;
    let mut all = Vec::with_capacity(rows.len());
    for (id, highlight, channel, state, revision, code, url, at, withdrawn_at) in rows {
        let (kind, name) = channels.get(&channel).cloned().unwrap_or_default();
        let entry = entries.remove(&code).filter(|_| stands(state));
        let mut also = Vec::new();
        // Only beside the words: a line without them says nothing of what they were.
        if entry.is_some() {
            for other in said.get(&highlight).into_iter().flatten() {
                let name = named(&other.channel_kind, &other.channel_name);
                if other.id != id && stands(other.state) && !name.is_empty() {
                    let url = other.remote_url.as_deref().map(led).unwrap_or_default();
                    also.push((other.channel_kind.clone(), name, url));
                }
            }
        }
        all.push(Outside {
            id,
            channel: named(&kind, &name),
            url: url
                .as_deref()
                .filter(|_| stands(state) && kind != Place::PAGE.as_str())
                .map(led)
                .unwrap_or_default(),
            kind,
            at: at.unwrap_or_default(),
            leaving: withdrawn_at.is_none() && !stands(state),
            withdrawn_at,
            corrections: revision - 1,
            entry,
            also,
        });
    }
    Ok(all)
}

/// An address that may be followed; a channel says where a thing stands, and a script is no place.
fn led(url: &str) -> String {
    let leads = ["https://", "http://", "/"]
        .iter()
        .any(|way| url.starts_with(way));
    if leads { url.to_owned() } else { String::new() }
}

/// The channels at which anything was ever said, those that were removed as well: kind and name.
fn spoken_at(tx: &mut Tx<'_>) -> Result<HashMap<ChannelId, (String, String)>> {
    let used: Vec<ChannelId> = announcements::table
        .filter(announcements::sent_at.is_not_null())
        .select(announcements::channel_id)
        .distinct()
        .limit(200)
        .load(tx.conn)?;
    let mut channels = HashMap::with_capacity(used.len());
    for id in used {
        let line = bridge::channel(tx, id)?;
        channels.insert(id, (line.kind, line.name));
    }
    Ok(channels)
}

/// The kinds of places at which anything was ever said, in their order.
///
/// # Errors
/// A fault where the database fails.
pub fn outside_kinds(tx: &mut Tx<'_>) -> Result<Vec<Place>> {
    let mut kinds: Vec<Place> = spoken_at(tx)?
        .into_values()
        .filter_map(|(kind, _)| Place::parse(&kind))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}
