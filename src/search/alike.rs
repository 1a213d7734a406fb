//! Threads about the same: those that share the words that are rare here.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::find::seen;
use super::words::{is_dense, words};
use crate::db::{Conn, Tx};
use crate::kit::Result;
use crate::kit::ids::ThreadId;
use crate::policy::Sight;

/// Words of a text that are looked at.
const MOST_WORDS: usize = 40;
/// A word that stands in more posts than this says nothing about what a thread is about.
const COMMON: i64 = 2_000;
/// So many rare words are asked for.
const RARE: usize = 10;
/// And so many threads are weighed for each.
const WEIGHED: i64 = 200;
/// A word in a title weighs as much as so many in a text.
const TITLE: f64 = 3.0;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    thread: i64,
    #[diesel(sql_type = BigInt)]
    titled: i64,
}

/// Threads that this reader may see and that are about what a title and a text are about, the likeliest first.
/// `besides` is not among them.
///
/// # Errors
/// A fault where the database fails.
pub fn alike(
    tx: &mut Tx<'_>,
    sight: &Sight,
    title: &str,
    text: &str,
    besides: Option<ThreadId>,
    most: usize,
) -> Result<Vec<ThreadId>> {
    let titled: BTreeSet<String> = words(title).into_iter().map(|w| w.folded).collect();
    let mut seen_words: BTreeSet<String> = BTreeSet::new();
    let mut rare: Vec<(i64, String)> = Vec::new();
    let all = words(title)
        .into_iter()
        .chain(words(text))
        .map(|w| w.folded);
    for word in all.filter(|word| tells(word)).take(MOST_WORDS * 3) {
        if seen_words.len() >= MOST_WORDS || !seen_words.insert(word.clone()) {
            continue;
        }
        let posts = count(tx, &word)?;
        if (1..=COMMON).contains(&posts) {
            rare.push((posts, word));
        }
    }
    // A word of the title comes before one of the text that is as rare.
    rare.sort_by_key(|(posts, word)| {
        if titled.contains(word) {
            *posts / 4
        } else {
            *posts
        }
    });
    rare.truncate(RARE);
    let mut weights: BTreeMap<i64, f64> = BTreeMap::new();
    for (posts, word) in &rare {
        let posts = f64::from(i32::try_from(*posts).unwrap_or(i32::MAX));
        let rarity = (100_000.0 / (posts + 1.0)).ln().max(0.1);
        let rarity = if titled.contains(word) {
            rarity * 2.0
        } else {
            rarity
        };
        for row in holding(tx, sight, word)? {
            let weight = if row.titled > 0 {
                rarity * TITLE
            } else {
                rarity
            };
            *weights.entry(row.thread).or_default() += weight;
        }
    }
    if let Some(ThreadId(besides)) = besides {
        weights.remove(&besides);
    }
    let mut ranked: Vec<(i64, f64)> = weights.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
    // One rare word of a long text, shared by chance, is no likeness.
    let least = ranked.first().map_or(0.0, |best| best.1 * 0.25);
    Ok(ranked
        .into_iter()
        .filter(|(_, weight)| *weight >= least)
        .take(most)
        .map(|(thread, _)| ThreadId(thread))
        .collect())
}

/// Very short words join others.
fn tells(word: &str) -> bool {
    let chars = word.chars().count();
    if is_dense(word) {
        chars >= 2
    } else {
        chars >= 3
    }
}

/// In how many posts does a word stand? Counted a little further than matters.
fn count(tx: &mut Tx<'_>, word: &str) -> Result<i64> {
    let most = COMMON + 1;
    let rows: Vec<Count> = match &mut *tx.conn {
        Conn::Sqlite(conn) => diesel::sql_query(format!(
            "SELECT count(*) AS n FROM (SELECT 1 FROM search_words WHERE search_words MATCH ? LIMIT {most})"
        ))
        .bind::<Text, _>(format!("\"{word}\""))
        .load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(format!(
            "SELECT count(*) AS n FROM (SELECT 1 FROM search_words WHERE words @@ $1::tsquery LIMIT {most}) AS c"
        ))
        .bind::<Text, _>(format!("'{word}'"))
        .load(conn)?,
    };
    Ok(rows.first().map_or(0, |row| row.n))
}

/// Threads whose first post or title holds a word, the newest first.
fn holding(tx: &mut Tx<'_>, sight: &Sight, word: &str) -> Result<Vec<Row>> {
    let seen = seen(sight);
    Ok(match &mut *tx.conn {
        Conn::Sqlite(conn) => diesel::sql_query(format!(
            "SELECT p.thread_id AS thread, (search_words.rowid IN \
               (SELECT rowid FROM search_words WHERE search_words MATCH ?)) AS titled \
             FROM search_words JOIN search_posts p ON p.post_id = search_words.rowid \
             JOIN search_threads t ON t.thread_id = p.thread_id \
             WHERE search_words MATCH ? AND p.number = 1 AND p.state = 'visible' AND t.state = 'visible' \
             AND {seen} ORDER BY search_words.rowid DESC LIMIT {WEIGHED}"
        ))
        .bind::<Text, _>(format!("title : \"{word}\""))
        .bind::<Text, _>(format!("\"{word}\""))
        .load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(format!(
            "SELECT p.thread_id AS thread, (CASE WHEN w.words @@ $2::tsquery THEN 1 ELSE 0 END)::bigint AS titled \
             FROM search_words w JOIN search_posts p ON p.post_id = w.post_id \
             JOIN search_threads t ON t.thread_id = p.thread_id \
             WHERE w.words @@ $1::tsquery AND p.number = 1 AND p.state = 'visible' AND t.state = 'visible' \
             AND {seen} ORDER BY p.post_id DESC LIMIT {WEIGHED}"
        ))
        .bind::<Text, _>(format!("'{word}'"))
        .bind::<Text, _>(format!("'{word}':A"))
        .load(conn)?,
    })
}
