//! The announcements page, read. Reads only.

use std::collections::HashMap;

use diesel::prelude::*;

use super::kinds::{Kind, PAGE};
use super::message::{Picture, Quote};
use crate::content::uploads;
use crate::db::Tx;
use crate::db::schema::{channels, page_entries as table};
use crate::kit::clock::DAY;
use crate::kit::{At, Result};

/// How long feeds say that an entry was taken back.
const TOMBSTONES: i64 = 90 * DAY;

/// One announcement as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Entry {
    /// Its number, for lists that go on.
    pub id: i64,
    /// The link code: its lasting name.
    pub code: String,
    /// What it is about.
    pub title: String,
    /// What is said.
    pub text: String,
    /// The language (BCP 47), empty where unknown.
    pub lang: String,
    /// The path of the source in this community.
    pub source_path: String,
    /// The voices in it.
    pub quotes: Vec<Quote>,
    /// The picture that goes with it, while it still stands in its post.
    pub picture: Option<Picture>,
    /// When it was published.
    pub published_at: At,
    /// When it last changed.
    pub updated_at: At,
}

/// What a feed is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Entries, newest first.
    pub entries: Vec<Entry>,
    /// Entries taken back lately: code and when.
    pub withdrawn: Vec<(String, At)>,
    /// When anything of this last changed; `None` while there is nothing.
    pub updated_at: Option<At>,
}

type Columns = (
    i64,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    At,
    At,
);

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        table::id,
        table::code,
        table::title,
        table::text,
        table::lang,
        table::link,
        table::said,
        table::picture,
        table::published_at,
        table::updated_at,
    )
}

fn entry(row: Columns) -> Result<Entry> {
    let (id, code, title, text, lang, source_path, said, picture, published_at, updated_at) = row;
    Ok(Entry {
        id,
        code,
        title,
        text,
        lang,
        source_path,
        quotes: serde_json::from_str(&said)?,
        picture: match picture.as_str() {
            "" => None,
            picture => Some(serde_json::from_str(picture)?),
        },
        published_at,
        updated_at,
    })
}

/// The channel that the page shows: the first of its kind.
fn page_channel(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    Ok(channels::table
        .filter(channels::kind.eq(PAGE.word()))
        .order((channels::position, channels::id))
        .select(channels::id)
        .first(tx.conn)
        .optional()?)
}

/// Announcements, newest first, older than this time and number; what was taken back is not among them.
///
/// # Errors
/// A fault where the database fails.
pub fn entries(tx: &mut Tx<'_>, before: Option<(At, i64)>, most: i64) -> Result<Vec<Entry>> {
    let Some(channel) = page_channel(tx)? else {
        return Ok(Vec::new());
    };
    let mut query = table::table
        .filter(table::channel_id.eq(channel))
        .filter(table::withdrawn_at.is_null())
        .order((table::published_at.desc(), table::id.desc()))
        .select(columns())
        .limit(most.clamp(1, 200))
        .into_boxed();
    if let Some((at, id)) = before {
        let earlier = table::published_at.lt(at);
        let same = table::published_at.eq(at).and(table::id.lt(id));
        query = query.filter(earlier.or(same));
    }
    let rows: Vec<Columns> = query.load(tx.conn)?;
    with_pictures(tx, rows)
}

/// Entries of these rows. A picture that its author has taken out of the post since is not shown any more.
fn with_pictures(tx: &mut Tx<'_>, rows: Vec<Columns>) -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = rows.into_iter().map(entry).collect::<Result<_>>()?;
    let named = entries.iter().filter_map(|e| e.picture.as_ref());
    let named: Vec<_> = named.map(|picture| picture.upload).collect();
    if !named.is_empty() {
        let standing = uploads::standing(tx, &named)?;
        for entry in &mut entries {
            entry.picture = entry
                .picture
                .take()
                .filter(|p| standing.contains(&p.upload));
        }
    }
    Ok(entries)
}

/// The entries behind these link codes, by code; what was taken back is not among them.
///
/// # Errors
/// A fault where the database fails.
pub fn entries_by_code(tx: &mut Tx<'_>, codes: &[String]) -> Result<HashMap<String, Entry>> {
    let rows: Vec<Columns> = table::table
        .filter(table::code.eq_any(codes))
        .filter(table::withdrawn_at.is_null())
        .select(columns())
        .load(tx.conn)?;
    let entries = with_pictures(tx, rows)?;
    Ok(entries
        .into_iter()
        .map(|entry| (entry.code.clone(), entry))
        .collect())
}

/// What the feeds hold.
///
/// # Errors
/// A fault where the database fails.
pub fn published(tx: &mut Tx<'_>, most: i64) -> Result<Published> {
    let entries = entries(tx, None, most)?;
    let Some(channel) = page_channel(tx)? else {
        return Ok(Published::default());
    };
    let since = tx.now().plus(-TOMBSTONES);
    let rows: Vec<(String, Option<At>)> = table::table
        .filter(table::channel_id.eq(channel))
        .filter(table::withdrawn_at.ge(since))
        .order((table::withdrawn_at.desc(), table::id.desc()))
        .select((table::code, table::withdrawn_at))
        .limit(most.clamp(1, 200))
        .load(tx.conn)?;
    let withdrawn: Vec<(String, At)> = rows
        .into_iter()
        .filter_map(|(code, at)| Some((code, at?)))
        .collect();
    let changes = entries.iter().map(|entry| entry.updated_at);
    let updated_at = changes.chain(withdrawn.iter().map(|(_, at)| *at)).max();
    Ok(Published {
        entries,
        withdrawn,
        updated_at,
    })
}
