//! The change feed of the library for programs: what came, and what went without its words.

use diesel::prelude::*;
use serde::Serialize;

use super::highlight;
use super::matter::source_path;
use super::pull::{self, How};
use super::scope::Attribution;
use super::source;
use super::state::State;
use super::topic;
use super::voice::voiced;
use crate::db::schema::highlights;
use crate::db::{Lock, Tx};
use crate::kit::cursor::Cursor;
use crate::kit::ids::HighlightId;
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// Entries on one page of the change feed.
const PAGE: i64 = 20;

/// One entry of the change feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Which highlight.
    pub id: HighlightId,
    /// `approved`, or what it is now that it is not.
    pub status: &'static str,
    /// What may be taken out, while it may.
    #[serde(flatten)]
    pub released: Option<Released>,
    /// Where it may be said by channels alone, while nobody may take it by hand.
    #[serde(flatten)]
    pub shelved: Option<Shelved>,
}

/// What the change feed says of an approved highlight that nobody may take by hand: that there is one, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shelved {
    /// The absolute address of its entry in the library.
    pub library: String,
    /// Never here.
    pub by_hand: bool,
    /// The kinds of channels it may be said at.
    pub channels: Vec<&'static str>,
}

/// What the change feed says of an approved highlight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Released {
    /// The heading.
    pub title: String,
    /// The language, empty where unknown.
    pub lang: String,
    /// The voices; empty where nobody is quoted.
    pub quotes: Vec<ReleasedQuote>,
    /// The absolute address of the source.
    pub link: String,
    /// Always here: without that leave there is only [`Shelved`].
    pub by_hand: bool,
    /// The kinds of channels it may be said at.
    pub channels: Vec<&'static str>,
    /// What it is about.
    pub topics: Vec<String>,
    /// For whom it is worth telling.
    pub audience: String,
    /// Good at any time of the year?
    pub evergreen: bool,
    /// Not to be used from then on (RFC 3339).
    pub expires_at: Option<String>,
    /// When it was approved (RFC 3339).
    pub approved_at: String,
}

/// One voice in the change feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleasedQuote {
    /// The words.
    pub excerpt: String,
    /// `name`, `first_name` or `member`.
    pub attribution: Attribution,
    /// The name, where one may be said.
    pub attributed_as: Option<String>,
}

/// What changed in the library since a place in its history, oldest change first, and the place after the last one.
/// What was taken back comes as id and status, without words; what nobody may take by hand, without words as well. What
/// leaves this way is written down as a pull.
///
/// # Errors
/// Refused to whoever may not pull; a fault where the database fails.
pub fn changes(
    tx: &mut Tx<'_>,
    actor: &Actor,
    since: Option<Cursor>,
) -> Result<(Vec<Change>, Cursor, bool)> {
    actor.may(&Action::Pull)?;
    let since = since.and_then(|c| c.as_one()).unwrap_or(0);
    let rows: Vec<(HighlightId, i64)> = highlights::table
        .filter(highlights::change_seq.gt(since))
        .filter(highlights::approved_at.is_not_null())
        .order(highlights::change_seq)
        .limit(PAGE + 1)
        .select((highlights::id, highlights::change_seq))
        .load(tx.conn)?;
    let more = rows.len() as i64 > PAGE;
    let rows: Vec<_> = rows.into_iter().take(PAGE as usize).collect();
    let last = rows.last().map_or(since, |(_, seq)| *seq);
    let mut ids: Vec<HighlightId> = rows.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    for id in ids {
        tx.lock(Lock::Highlight(id))?;
    }
    let mut changes = Vec::with_capacity(rows.len());
    for (id, _) in rows {
        changes.push(change(tx, actor, id)?);
    }
    Ok((changes, Cursor::one(last), more))
}

fn change(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId) -> Result<Change> {
    let highlight = highlight::find(tx, id)?;
    let stands = highlight.state == State::Approved
        && !source::embargoed(tx, &highlight)
        && !source::expired(tx, &highlight)
        && source::fallen(tx, &highlight)?.is_none();
    if !stands {
        let status = match highlight.state {
            State::Stale => "stale",
            State::Retired => "retired",
            // Approved, but something under it fell, or it may not be said yet: nothing to take out.
            _ => "withdrawn",
        };
        return Ok(Change {
            id,
            status,
            released: None,
            shelved: None,
        });
    }
    let covered = source::covered(tx, &highlight)?;
    if !covered.by_hand {
        // The heading is part of what was agreed to, and it may name somebody: nothing of it is handed out.
        let shelved = Shelved {
            library: tx.link(&format!("/outreach/library/{id}")),
            by_hand: false,
            channels: super::covered_words(&covered),
        };
        return Ok(Change {
            id,
            status: "approved",
            released: None,
            shelved: Some(shelved),
        });
    }
    let quotes = voiced(tx, &highlight)?
        .into_iter()
        .map(|voice| ReleasedQuote {
            excerpt: voice.words,
            attribution: voice.attribution,
            attributed_as: voice.named,
        })
        .collect();
    pull::write(tx, actor, &highlight, How::Api, ("", ""), None, None)?;
    let path = source_path(tx, &highlight)?;
    let released = Released {
        title: highlight.title.clone(),
        lang: highlight.lang.clone(),
        quotes,
        link: tx.link(&path),
        by_hand: true,
        channels: super::covered_words(&covered),
        topics: topic::of_many(tx, &[id])?.remove(&id).unwrap_or_default(),
        audience: highlight.audience.clone(),
        evergreen: highlight.evergreen,
        expires_at: highlight.expires_at.map(At::rfc3339),
        approved_at: highlight.approved_at.unwrap_or_default().rfc3339(),
    };
    Ok(Change {
        id,
        status: "approved",
        released: Some(released),
        shelved: None,
    })
}
