//! The shelves of the library: what a publisher looks for and how it is found, a page at a time.

use std::collections::HashMap;

use diesel::prelude::*;

use super::announcement::{self, Announcement};
use super::collection;
use super::ground::Words;
use super::highlight::{self, Highlight, columns};
use super::pull;
use super::scope::Covered;
use super::state::State;
use super::topic;
use super::voice::Voiced;
use crate::db::Tx;
use crate::db::schema::{announcements, collection_items, highlight_topics, highlights, pulls};
use crate::forum;
use crate::kit::clock::DAY;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, CollectionId, HighlightId};
use crate::kit::names::name_key;
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// Entries on one page of the library.
const PAGE: i64 = 20;
/// Entries of one list of choices.
const CHOICES: i64 = 60;
/// Words of one search.
const WORDS: usize = 6;
/// Days before its end in which a highlight counts as ending soon.
const SOON: i64 = 14;

crate::text_enum! {
    /// Which part of the library.
    pub enum Shelf {
        /// Everything approved.
        All = "all",
        /// What was neither said anywhere nor taken by hand.
        Unused = "unused",
        /// Good at any time of the year.
        Evergreen = "evergreen",
        /// Not to be said yet.
        Embargo = "embargo",
        /// What ends soon, or has ended.
        Ending = "ending",
        /// Laid aside.
        Retired = "retired",
    }
}

/// What a publisher looks for. Empty fields ask for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Which part.
    pub shelf: Shelf,
    /// Words in heading, quotes, reason, audience or topics; all of them.
    pub words: String,
    /// A topic.
    pub topic: String,
    /// The category of the source.
    pub category: Option<CategoryId>,
    /// For whom, as it was written.
    pub audience: String,
    /// The language (BCP 47).
    pub lang: String,
    /// Only with a picture in its source.
    pub pictured: bool,
    /// Only of this collection.
    pub collection: Option<CollectionId>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            shelf: Shelf::All,
            words: String::new(),
            topic: String::new(),
            category: None,
            audience: String::new(),
            lang: String::new(),
            pictured: false,
            collection: None,
        }
    }
}

/// One entry of the library.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The highlight.
    pub highlight: Highlight,
    /// Its voices as they may be said.
    pub voices: Vec<Voiced>,
    /// What the consents allow.
    pub covered: Covered,
    /// What was planned or said of it.
    pub announcements: Vec<Announcement>,
    /// How often it was taken out by a person.
    pub taken: i64,
    /// What it is about.
    pub topics: Vec<String>,
    /// The collections it stands in.
    pub collections: Vec<(CollectionId, String)>,
    /// The category of its source.
    pub category: String,
}

/// What can be chosen from, as far as something of it stands in the library.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Topics.
    pub topics: Vec<String>,
    /// Categories with their names.
    pub categories: Vec<(CategoryId, String)>,
    /// For whom.
    pub audiences: Vec<String>,
    /// Languages.
    pub langs: Vec<String>,
    /// Collections with their names.
    pub collections: Vec<(CollectionId, String)>,
}

/// A page of the library, newest approval first, and where the next begins.
///
/// # Errors
/// Refused to whoever may not see the library; a fault where the database fails.
pub fn library(
    tx: &mut Tx<'_>,
    actor: &Actor,
    wanted: &Wanted,
    after: Option<Cursor>,
) -> Result<(Vec<Entry>, Option<Cursor>)> {
    actor.may(&Action::SeeLibrary)?;
    let mut rows = found(tx, wanted, after, PAGE + 1)?;
    let next = Cursor::turn(&mut rows, PAGE, |last| {
        Cursor::two(last.approved_at.map_or(0, |at| at.0), last.id.0)
    });
    Ok((entries(tx, rows)?, next))
}

/// What is found on the shelves, newest approval first, after this place.
pub(super) fn found(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    after: Option<Cursor>,
    most: i64,
) -> Result<Vec<Highlight>> {
    let now = tx.now();
    let (at, id) = after
        .and_then(|c| c.as_two())
        .unwrap_or((i64::MAX, i64::MAX));
    let state = if wanted.shelf == Shelf::Retired {
        State::Retired
    } else {
        State::Approved
    };
    let mut question = highlights::table
        .filter(highlights::state.eq(state))
        .filter(
            highlights::approved_at
                .lt(At(at))
                .or(highlights::approved_at
                    .eq(At(at))
                    .and(highlights::id.lt(HighlightId(id)))),
        )
        .into_boxed();
    match wanted.shelf {
        Shelf::All | Shelf::Retired => {}
        Shelf::Unused => {
            question = question
                .filter(diesel::dsl::not(diesel::dsl::exists(
                    announcements::table
                        .filter(announcements::highlight_id.eq(highlights::id))
                        .filter(announcements::sent_at.is_not_null()),
                )))
                .filter(diesel::dsl::not(diesel::dsl::exists(
                    pulls::table
                        .filter(pulls::highlight_id.eq(highlights::id))
                        .filter(pulls::how.ne_all(pull::BY_MACHINE)),
                )));
        }
        Shelf::Evergreen => question = question.filter(highlights::evergreen.eq(true)),
        Shelf::Embargo => question = question.filter(highlights::embargo_until.gt(now)),
        Shelf::Ending => {
            question = question.filter(highlights::expires_at.lt(now.plus(SOON * DAY)));
        }
    }
    if let Some(category) = wanted.category {
        question = question.filter(highlights::category_id.eq(category));
    }
    if !wanted.audience.is_empty() {
        question = question.filter(highlights::audience.eq(wanted.audience.clone()));
    }
    if !wanted.lang.is_empty() {
        question = question.filter(highlights::lang.eq(wanted.lang.clone()));
    }
    if wanted.pictured {
        question = question.filter(highlights::pictured.eq(true));
    }
    if !wanted.topic.is_empty() {
        question = question.filter(diesel::dsl::exists(
            highlight_topics::table
                .filter(highlight_topics::highlight_id.eq(highlights::id))
                .filter(highlight_topics::name_key.eq(name_key(&wanted.topic))),
        ));
    }
    if let Some(collection) = wanted.collection {
        question = question.filter(diesel::dsl::exists(
            collection_items::table
                .filter(collection_items::highlight_id.eq(highlights::id))
                .filter(collection_items::collection_id.eq(collection)),
        ));
    }
    for word in searched(&wanted.words) {
        question = question.filter(highlights::find_text.like(format!("%{word}%")));
    }
    Ok(question
        .order((highlights::approved_at.desc(), highlights::id.desc()))
        .limit(most)
        .select(columns())
        .load(tx.conn)?)
}

/// The words of a search as they stand in `find_text`. Signs that mean something to LIKE are gaps.
fn searched(words: &str) -> Vec<String> {
    words
        .to_lowercase()
        .split(|c: char| c.is_whitespace() || matches!(c, '%' | '_' | '\\'))
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .map(|word| word.chars().take(40).collect())
        .collect()
}

fn entries(tx: &mut Tx<'_>, rows: Vec<Highlight>) -> Result<Vec<Entry>> {
    let ids: Vec<HighlightId> = rows.iter().map(|h| h.id).collect();
    let mut said = announcement::of_many(tx, &ids)?;
    let mut topics = topic::of_many(tx, &ids)?;
    let mut collections = collection::of_many(tx, &ids)?;
    let taken = pull::counts(tx, &ids)?;
    let words = Words::of(tx, &ids)?;
    let places = forum::places(tx)?;
    let mut entries = Vec::with_capacity(rows.len());
    for highlight in rows {
        let id = highlight.id;
        entries.push(Entry {
            covered: words.covered(id),
            voices: words.voices(id),
            announcements: said.remove(&id).unwrap_or_default(),
            taken: taken.get(&id).copied().unwrap_or_default(),
            topics: topics.remove(&id).unwrap_or_default(),
            collections: collections.remove(&id).unwrap_or_default(),
            category: highlight
                .category
                .and_then(|c| places.seek(c))
                .map(|c| c.name.clone())
                .unwrap_or_default(),
            highlight,
        });
    }
    Ok(entries)
}

/// One entry with everything around it, whatever its state.
///
/// # Errors
/// Refused to whoever may not see the library; not found; a fault where the database fails.
pub fn entry(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId) -> Result<Entry> {
    actor.may(&Action::SeeLibrary)?;
    let highlight = highlight::find(tx, id)?;
    entries(tx, vec![highlight])?
        .pop()
        .ok_or_else(|| crate::kit::Refusal::NotFound.into())
}

/// What can be chosen from.
///
/// # Errors
/// Refused to whoever may not see the library; a fault where the database fails.
pub fn choices(tx: &mut Tx<'_>, actor: &Actor) -> Result<Choices> {
    actor.may(&Action::SeeLibrary)?;
    let shelved = || highlights::table.filter(highlights::state.eq(State::Approved));
    let used: Vec<Option<CategoryId>> = shelved()
        .select(highlights::category_id)
        .distinct()
        .limit(CHOICES)
        .load(tx.conn)?;
    let audiences: Vec<String> = shelved()
        .filter(highlights::audience.ne(""))
        .select(highlights::audience)
        .distinct()
        .order(highlights::audience)
        .limit(CHOICES)
        .load(tx.conn)?;
    let langs: Vec<String> = shelved()
        .filter(highlights::lang.ne(""))
        .select(highlights::lang)
        .distinct()
        .order(highlights::lang)
        .limit(CHOICES)
        .load(tx.conn)?;
    let places = forum::places(tx)?;
    let mut categories: Vec<(CategoryId, String)> = used
        .into_iter()
        .flatten()
        .filter_map(|id| places.seek(id).map(|c| (id, c.name.clone())))
        .collect();
    categories.sort_by(|a, b| a.1.cmp(&b.1));
    let mut names: HashMap<CollectionId, String> = HashMap::new();
    for line in collection::newest(tx, CHOICES)? {
        names.insert(line.id, line.name);
    }
    let mut collections: Vec<(CollectionId, String)> = names.into_iter().collect();
    collections.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(Choices {
        topics: topic::in_use(tx, CHOICES)?,
        categories,
        audiences,
        langs,
        collections,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_a_few_plain_words() {
        assert_eq!(searched(" Tide  100% [a_b] "), ["tide", "100", "[a", "b]"]);
        assert_eq!(searched("a b c d e f g h").len(), WORDS);
        assert!(searched(" % ").is_empty());
    }
}
