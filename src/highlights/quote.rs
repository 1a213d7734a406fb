//! The quotes of a highlight: each a run of one revision of one post.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::content::excerpt::Excerpt;
use crate::db::Tx;
use crate::db::schema::{declined_words, highlight_quotes, highlights};
use crate::forum;
use crate::highlights::state::State;
use crate::kit::Result;
use crate::kit::ids::{HighlightId, MemberId, PostId};

/// One quote.
#[derive(Debug, Clone, Queryable)]
pub struct Quote {
    /// Its row.
    pub id: i64,
    /// Of which highlight.
    pub highlight: HighlightId,
    /// The post it stands in.
    pub post: PostId,
    /// Whose words they are; `None` once erased.
    pub author: Option<MemberId>,
    /// The revision of the post that it was found in last.
    pub revision: i64,
    /// The words; `None` once erased.
    pub excerpt: Option<String>,
    /// Where it begins, in characters.
    pub start: i64,
    /// Where it ends.
    pub end: i64,
    /// SHA-256 of the words.
    pub sha256: Vec<u8>,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        highlight_quotes::id,
        highlight_quotes::highlight_id,
        highlight_quotes::post_id,
        highlight_quotes::author_id,
        highlight_quotes::post_revision,
        highlight_quotes::excerpt,
        highlight_quotes::start_char,
        highlight_quotes::end_char,
        highlight_quotes::sha256,
    )
}

impl Quote {
    /// The run as the content room knows it; `None` once the words were erased.
    #[must_use]
    pub fn as_excerpt(&self) -> Option<Excerpt> {
        Some(Excerpt {
            text: self.excerpt.clone()?,
            start: usize::try_from(self.start).ok()?,
            end: usize::try_from(self.end).ok()?,
            sha256: self.sha256.as_slice().try_into().ok()?,
        })
    }
}

/// The quotes of a highlight in their order.
pub(super) fn list(tx: &mut Tx<'_>, highlight: HighlightId) -> Result<Vec<Quote>> {
    Ok(highlight_quotes::table
        .filter(highlight_quotes::highlight_id.eq(highlight))
        .order(highlight_quotes::position)
        .select(columns())
        .load(tx.conn)?)
}

/// The quotes of several highlights, by highlight.
pub(super) fn of_many(
    tx: &mut Tx<'_>,
    ids: &[HighlightId],
) -> Result<HashMap<HighlightId, Vec<Quote>>> {
    let rows: Vec<Quote> = highlight_quotes::table
        .filter(highlight_quotes::highlight_id.eq_any(ids))
        .order((highlight_quotes::highlight_id, highlight_quotes::position))
        .select(columns())
        .load(tx.conn)?;
    let mut by = HashMap::new();
    for row in rows {
        by.entry(row.highlight).or_insert_with(Vec::new).push(row);
    }
    Ok(by)
}

/// Highlights that quote one of these posts, in the order in which they are locked.
pub(super) fn quoting(tx: &mut Tx<'_>, posts: &[PostId]) -> Result<Vec<HighlightId>> {
    let mut ids: Vec<HighlightId> = Vec::new();
    for some in posts.chunks(500) {
        let found: Vec<HighlightId> = highlight_quotes::table
            .filter(highlight_quotes::post_id.eq_any(some))
            .select(highlight_quotes::highlight_id)
            .distinct()
            .load(tx.conn)?;
        ids.extend(found);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// What every highlight quotes that is in none of these states.
pub(super) fn of_all_but(
    tx: &mut Tx<'_>,
    states: &[State],
) -> Result<HashMap<HighlightId, Vec<PostId>>> {
    let rows: Vec<(HighlightId, PostId)> = highlight_quotes::table
        .inner_join(highlights::table)
        .filter(highlights::state.ne_all(states))
        .select((highlight_quotes::highlight_id, highlight_quotes::post_id))
        .load(tx.conn)?;
    let mut quoted: HashMap<HighlightId, Vec<PostId>> = HashMap::new();
    for (id, post) in rows {
        quoted.entry(id).or_default().push(post);
    }
    Ok(quoted)
}

/// A quote on its way into a highlight: checked, with its place.
#[derive(Debug, Clone)]
pub(super) struct NewQuote {
    pub post: PostId,
    pub author: MemberId,
    pub revision: i64,
    pub excerpt: Excerpt,
}

/// Puts quotes in the place of those there were.
pub(super) fn replace(tx: &mut Tx<'_>, highlight: HighlightId, quotes: &[NewQuote]) -> Result<()> {
    diesel::delete(highlight_quotes::table.filter(highlight_quotes::highlight_id.eq(highlight)))
        .execute(tx.conn)?;
    for (position, quote) in (1_i64..).zip(quotes) {
        diesel::insert_into(highlight_quotes::table)
            .values((
                highlight_quotes::highlight_id.eq(highlight),
                highlight_quotes::position.eq(position),
                highlight_quotes::post_id.eq(quote.post),
                highlight_quotes::author_id.eq(quote.author),
                highlight_quotes::post_revision.eq(quote.revision),
                highlight_quotes::excerpt.eq(&quote.excerpt.text),
                highlight_quotes::start_char.eq(place(quote.excerpt.start)),
                highlight_quotes::end_char.eq(place(quote.excerpt.end)),
                highlight_quotes::sha256.eq(quote.excerpt.sha256.to_vec()),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Notes that a quote's words stand elsewhere in a newer revision.
pub(super) fn moved(
    tx: &mut Tx<'_>,
    quote: i64,
    revision: i64,
    run: &std::ops::Range<usize>,
) -> Result<()> {
    diesel::update(highlight_quotes::table.find(quote))
        .set((
            highlight_quotes::post_revision.eq(revision),
            highlight_quotes::start_char.eq(place(run.start)),
            highlight_quotes::end_char.eq(place(run.end)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Keeps the place of words that their author does not want outside, so that nobody asks again.
pub(super) fn keep_declined(
    tx: &mut Tx<'_>,
    highlight: HighlightId,
    author: MemberId,
) -> Result<()> {
    let quotes = list(tx, highlight)?;
    let now = tx.now();
    for quote in quotes.iter().filter(|q| q.author == Some(author)) {
        diesel::insert_into(declined_words::table)
            .values((
                declined_words::post_id.eq(quote.post),
                declined_words::sha256.eq(&quote.sha256),
                declined_words::start_char.eq(quote.start),
                declined_words::end_char.eq(quote.end),
                declined_words::revision.eq(quote.revision),
                declined_words::at.eq(now),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Did the author say no to these words, or to a part of them, before?
///
/// The declined words are looked up in the revision they were asked about, and found again in today's text.
pub(super) fn declined_before(
    tx: &mut Tx<'_>,
    post: PostId,
    text: &str,
    wanted: &Excerpt,
) -> Result<bool> {
    let rows: Vec<(Vec<u8>, i64, i64, i64)> = declined_words::table
        .filter(declined_words::post_id.eq(post))
        .order(declined_words::id)
        .limit(200)
        .select((
            declined_words::sha256,
            declined_words::start_char,
            declined_words::end_char,
            declined_words::revision,
        ))
        .load(tx.conn)?;
    for (sha256, start, end, revision) in rows {
        if sha256 == wanted.sha256 {
            return Ok(true);
        }
        let (Ok(start), Ok(end), Ok(sha256)) = (
            usize::try_from(start),
            usize::try_from(end),
            sha256.as_slice().try_into(),
        ) else {
            continue;
        };
        let Some(then) = forum::said_at(tx, post, revision)? else {
            continue;
        };
        let words: String = then
            .chars()
            .skip(start)
            .take(end.saturating_sub(start))
            .collect();
        let declined = Excerpt {
            text: words,
            start,
            end,
            sha256,
        };
        let now = crate::content::excerpt::still_there(text, &declined);
        if now.is_some_and(|run| run.start < wanted.end && wanted.start < run.end) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Are these words on their way in another highlight already?
pub(super) fn on_its_way(
    tx: &mut Tx<'_>,
    wanted: &NewQuote,
    besides: Option<HighlightId>,
) -> Result<bool> {
    let over = State::ALL.iter().copied().filter(|s| s.is_over());
    let found: Vec<HighlightId> = highlight_quotes::table
        .inner_join(highlights::table)
        .filter(highlight_quotes::post_id.eq(wanted.post))
        .filter(highlight_quotes::sha256.eq(wanted.excerpt.sha256.to_vec()))
        .filter(highlights::state.ne_all(over.collect::<Vec<_>>()))
        .select(highlights::id)
        .limit(2)
        .load(tx.conn)?;
    Ok(found.into_iter().any(|id| Some(id) != besides))
}

/// Drops the words of an erased author; the hashes stay.
pub(super) fn erase_words(tx: &mut Tx<'_>, author: MemberId) -> Result<()> {
    diesel::update(highlight_quotes::table.filter(highlight_quotes::author_id.eq(author)))
        .set((
            highlight_quotes::excerpt.eq(None::<String>),
            highlight_quotes::author_id.eq(None::<MemberId>),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn place(characters: usize) -> i64 {
    i64::try_from(characters).unwrap_or(i64::MAX)
}
