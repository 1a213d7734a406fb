//! The library: approved highlights, taken out by hand, by export or by feed, and who took what.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;

use super::announcement::{self, Announcement};
use super::consent;
use super::highlight::{self, Highlight, columns};
use super::matter::source_path;
use super::quote::{self, Quote};
use super::scope::{Attribution, Covered};
use super::source;
use super::state::State;
use crate::audit::{self, subject};
use crate::content::excerpt;
use crate::db::schema::{highlights, pulls};
use crate::db::{Lock, Tx};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{HighlightId, MemberId};
use crate::kit::{At, Refusal, Result};
use crate::policy::{Action, Actor};

/// Entries on one page of the library or of the change feed.
const PAGE: i64 = 20;

/// Which part of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shelf {
    /// Everything approved.
    #[default]
    All,
    /// What was never said anywhere.
    Unused,
}

/// One entry of the library.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The highlight.
    pub highlight: Highlight,
    /// Its voices as they may be said: the words and the name (`None`: a member without a name).
    pub voices: Vec<(String, Option<String>)>,
    /// What the consents allow.
    pub covered: Covered,
    /// What was planned or said of it.
    pub announcements: Vec<Announcement>,
}

/// A page of the library, newest approval first, and where the next begins.
///
/// # Errors
/// Refused to whoever may not see the library; a fault where the database fails.
pub fn library(
    tx: &mut Tx<'_>,
    actor: &Actor,
    shelf: Shelf,
    after: Option<Cursor>,
) -> Result<(Vec<Entry>, Option<Cursor>)> {
    actor.may(&Action::SeeLibrary)?;
    let (at, id) = after
        .and_then(|c| c.as_two())
        .unwrap_or((i64::MAX, i64::MAX));
    let mut question = highlights::table
        .filter(highlights::state.eq(State::Approved))
        .filter(
            highlights::approved_at
                .lt(At(at))
                .or(highlights::approved_at
                    .eq(At(at))
                    .and(highlights::id.lt(HighlightId(id)))),
        )
        .into_boxed();
    if shelf == Shelf::Unused {
        use crate::db::schema::announcements;
        question = question.filter(diesel::dsl::not(diesel::dsl::exists(
            announcements::table
                .filter(announcements::highlight_id.eq(highlights::id))
                .filter(announcements::sent_at.is_not_null()),
        )));
    }
    let mut rows: Vec<Highlight> = question
        .order((highlights::approved_at.desc(), highlights::id.desc()))
        .limit(PAGE + 1)
        .select(columns())
        .load(tx.conn)?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| Cursor::two(last.approved_at.map_or(0, |at| at.0), last.id.0));
    Ok((entries(tx, rows)?, next))
}

fn entries(tx: &mut Tx<'_>, rows: Vec<Highlight>) -> Result<Vec<Entry>> {
    let ids: Vec<HighlightId> = rows.iter().map(|h| h.id).collect();
    let mut quotes = quote::of_many(tx, &ids)?;
    let mut said = announcement::of_many(tx, &ids)?;
    let mut entries = Vec::with_capacity(rows.len());
    for highlight in rows {
        let covered = source::covered(tx, &highlight)?;
        let voices = voices(
            tx,
            &highlight,
            quotes.remove(&highlight.id).unwrap_or_default(),
        )?;
        let announcements = said.remove(&highlight.id).unwrap_or_default();
        entries.push(Entry {
            highlight,
            voices,
            covered,
            announcements,
        });
    }
    Ok(entries)
}

fn voices(
    tx: &mut Tx<'_>,
    highlight: &Highlight,
    quotes: Vec<Quote>,
) -> Result<Vec<(String, Option<String>)>> {
    let consents = consent::list(tx, highlight.id)?;
    Ok(quotes
        .into_iter()
        .filter_map(|quote| {
            let consent = consents.iter().find(|c| Some(c.member) == quote.author)?;
            consent.live()?;
            Some((quote.excerpt?, consent.named.clone()))
        })
        .collect())
}

/// What is taken out: the words as agreed, the name, and the way back to where they were said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// The heading.
    pub title: String,
    /// The words and the name; `None` for a member without a name.
    pub voices: Vec<(String, Option<String>)>,
    /// The absolute address of the source.
    pub link: String,
}

/// Takes an approved highlight out by hand. Everything is looked at again as before a sending, and it is written down
/// who took what, when and for what.
///
/// # Errors
/// Refused by the law, where it is not approved, or a consent does not allow it.
pub fn pull(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId, purpose: &str) -> Result<Taken> {
    let highlight = highlight::hold(tx, id)?;
    actor.may(&Action::Pull)?;
    if highlight.state != State::Approved {
        return Err(Refusal::WrongState(highlight.state.as_str()).into());
    }
    source::stands(tx, &highlight)?;
    if !source::covered(tx, &highlight)?.by_hand || embargoed(tx, &highlight) {
        return Err(Refusal::NoConsent.into());
    }
    write(tx, actor, id, "by_hand", purpose)?;
    audit::record(
        tx,
        actor,
        "highlight.pulled",
        subject("highlight", id.0),
        json!({ "how": "by_hand" }),
        None,
    )?;
    let quotes = quote::list(tx, id)?;
    let path = source_path(tx, &highlight)?;
    Ok(Taken {
        title: highlight.title.clone(),
        voices: voices(tx, &highlight, quotes)?,
        link: tx.link(&path),
    })
}

fn embargoed(tx: &Tx<'_>, highlight: &Highlight) -> bool {
    highlight
        .embargo_until
        .is_some_and(|until| until > tx.now())
}

fn write(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId, how: &str, purpose: &str) -> Result<()> {
    let purpose: String = excerpt::normalise(purpose).chars().take(300).collect();
    diesel::insert_into(pulls::table)
        .values((
            pulls::highlight_id.eq(id),
            pulls::member_id.eq(actor.id()),
            pulls::how.eq(how),
            pulls::purpose.eq(purpose),
            pulls::at.eq(tx.now()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// One line of who took a highlight out.
#[derive(Debug, Clone, Queryable)]
pub struct PullLine {
    /// Who; `None` once erased.
    pub member: Option<MemberId>,
    /// `by_hand` or `feed`.
    pub how: String,
    /// For what.
    pub purpose: String,
    /// When.
    pub at: At,
}

/// Who took a highlight out, newest first.
///
/// # Errors
/// Refused to whoever may not see the library; a fault where the database fails.
pub fn pulls_of(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId) -> Result<Vec<PullLine>> {
    actor.may(&Action::SeeLibrary)?;
    Ok(pulls::table
        .filter(pulls::highlight_id.eq(id))
        .order(pulls::id.desc())
        .limit(50)
        .select((pulls::member_id, pulls::how, pulls::purpose, pulls::at))
        .load(tx.conn)?)
}

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
}

/// What the change feed says of an approved highlight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Released {
    /// The heading.
    pub title: String,
    /// The language, empty where unknown.
    pub lang: String,
    /// The voices; empty where a consent does not allow taking it by hand: then only channels may say it.
    pub quotes: Vec<ReleasedQuote>,
    /// The absolute address of the source.
    pub link: String,
    /// May it be taken by hand?
    pub by_hand: bool,
    /// The kinds of channels it may be said at.
    pub channels: Vec<&'static str>,
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
/// What was taken back comes as id and status, without words. Words that leave this way are written down as pulls.
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
        && !embargoed(tx, &highlight)
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
        });
    }
    let covered = source::covered(tx, &highlight)?;
    let quotes = if covered.by_hand {
        released(tx, id)?
    } else {
        Vec::new()
    };
    if !quotes.is_empty() {
        write(tx, actor, id, "feed", "")?;
    }
    let path = source_path(tx, &highlight)?;
    let released = Released {
        title: highlight.title.clone(),
        lang: highlight.lang.clone(),
        quotes,
        link: tx.link(&path),
        by_hand: covered.by_hand,
        channels: super::covered_words(&covered),
        approved_at: highlight.approved_at.unwrap_or_default().rfc3339(),
    };
    Ok(Change {
        id,
        status: "approved",
        released: Some(released),
    })
}

fn released(tx: &mut Tx<'_>, id: HighlightId) -> Result<Vec<ReleasedQuote>> {
    let quotes = quote::list(tx, id)?;
    let consents = consent::list(tx, id)?;
    Ok(quotes
        .into_iter()
        .filter_map(|quote| {
            let consent = consents.iter().find(|c| Some(c.member) == quote.author)?;
            Some(ReleasedQuote {
                excerpt: excerpt::normalise(&quote.excerpt?),
                attribution: consent.live()?.attribution,
                attributed_as: consent.named.clone(),
            })
        })
        .collect())
}
