//! Finding posts: by rank, or the newest first; by what the reader may see and nothing else.

use std::fmt::Write as _;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::query::{Query, Term};
use crate::db::{Conn, Tx};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, MemberId, PostId, TagId, ThreadId};
use crate::kit::{At, Refusal, Result};
use crate::policy::Sight;

/// So many of the newest posts that hold the words are put in order; what is older is found by other words or dates.
pub const MOST_RANKED: i64 = 10_000;
/// Counted so far and no further.
const MOST_COUNTED: i64 = 500;
/// After so long, being new counts half of what it counted (half a year, in microseconds).
const FRESH: i64 = 182 * 24 * 3_600 * 1_000_000;

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// What fits best, newer before older.
    #[default]
    Best,
    /// The newest first.
    Newest,
}

/// What else must hold, looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Written by this member.
    pub author: Option<MemberId>,
    /// In threads with all of these tags.
    pub tags: Vec<TagId>,
    /// In one of these categories.
    pub categories: Option<Vec<CategoryId>>,
    /// In this thread.
    pub thread: Option<ThreadId>,
}

/// A post that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Which one.
    pub post: PostId,
    /// Where it stands.
    pub thread: ThreadId,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Its posts.
    pub hits: Vec<Hit>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// How many there are; `None` on later pages.
    pub count: Option<i64>,
    /// There are more than were counted.
    pub more: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    thread: i64,
    #[diesel(sql_type = BigInt)]
    score: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// One page of the posts that this reader may see and that the question asks for. `after` is what the page before gave
/// as its `next`.
///
/// # Errors
/// Unreadable where the cursor is not ours.
pub fn find(
    tx: &mut Tx<'_>,
    sight: &Sight,
    query: &Query,
    filter: &Filter,
    order: Order,
    after: Option<&str>,
    most: i64,
) -> Result<Found> {
    let most = most.clamp(1, 50);
    let after = after.map(cursor).transpose()?;
    // Ranks depend on the moment: later pages are put in the order of the first one's.
    let asof = after.map_or(tx.now().0, |(_, _, asof)| asof);
    let postgres = matches!(tx.conn, Conn::Postgres(_));
    let words = expression(query, postgres);
    let order = if words.is_empty() {
        Order::Newest
    } else {
        order
    };
    let inner = inner(sight, query, filter, !words.is_empty(), postgres, asof);

    let count = match after {
        Some(_) => None,
        None => {
            let sql = format!(
                "SELECT count(*) AS n FROM (SELECT id FROM ({inner}) AS f LIMIT {})",
                MOST_COUNTED + 1
            );
            let sql = if postgres { format!("{sql} AS c") } else { sql };
            Some(load::<Count>(tx, &sql, &words)?.first().map_or(0, |c| c.n))
        }
    };
    let mut sql = format!("SELECT id, thread, score FROM ({inner}) AS f");
    match (order, after) {
        (Order::Best, Some((score, id, _))) => {
            let _ = write!(
                sql,
                " WHERE score < {score} OR (score = {score} AND id < {id})"
            );
        }
        (Order::Newest, Some((_, id, _))) => {
            let _ = write!(sql, " WHERE id < {id}");
        }
        (_, None) => {}
    }
    let by = match order {
        Order::Best => "score DESC, id DESC",
        Order::Newest => "id DESC",
    };
    let _ = write!(sql, " ORDER BY {by} LIMIT {}", most + 1);
    let mut rows = load::<Row>(tx, &sql, &words)?;
    let next = Cursor::turn(&mut rows, most, |row| {
        Cursor::three(row.score, row.id, asof)
    })
    .map(|next| next.encode());
    let hits = rows
        .iter()
        .map(|row| Hit {
            post: PostId(row.id),
            thread: ThreadId(row.thread),
        })
        .collect();
    Ok(Found {
        hits,
        next,
        count: count.map(|n| n.min(MOST_COUNTED)),
        more: count.is_some_and(|n| n > MOST_COUNTED),
    })
}

fn cursor(text: &str) -> Result<(i64, i64, i64)> {
    let cursor = Cursor::decode(text);
    match cursor.as_ref().map(Cursor::keys) {
        Some([score, id, asof]) => Ok((*score, *id, *asof)),
        _ => Err(Refusal::Unreadable("cursor").into()),
    }
}

/// Runs a statement whose only bound value is the expression of words, if there is one.
fn load<T>(tx: &mut Tx<'_>, sql: &str, words: &str) -> Result<Vec<T>>
where
    T: diesel::deserialize::QueryableByName<diesel::sqlite::Sqlite>
        + diesel::deserialize::QueryableByName<diesel::pg::Pg>
        + 'static,
{
    Ok(match &mut *tx.conn {
        Conn::Sqlite(conn) if words.is_empty() => diesel::sql_query(sql).load(conn)?,
        Conn::Sqlite(conn) => diesel::sql_query(sql).bind::<Text, _>(words).load(conn)?,
        Conn::Postgres(conn) if words.is_empty() => diesel::sql_query(sql).load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(sql).bind::<Text, _>(words).load(conn)?,
    })
}

/// All rows that were asked for and may be seen, the newest first, with their scores. Numbers stand in the words of the
/// statement; what people typed is bound.
fn inner(
    sight: &Sight,
    query: &Query,
    filter: &Filter,
    worded: bool,
    postgres: bool,
    asof: i64,
) -> String {
    let fresh = format!("(1.0 + 1.0 / (1.0 + ({asof} - p.at) / {FRESH}.0))");
    let (from, score, matches) = match (worded, postgres) {
        (false, _) => ("search_posts p", "CAST(0 AS BIGINT)".to_owned(), "1 = 1"),
        (true, false) => (
            "search_words w JOIN search_posts p ON p.post_id = w.rowid",
            format!("CAST(-1000000.0 * bm25(search_words, 6.0, 1.0) * {fresh} AS BIGINT)"),
            "search_words MATCH ?",
        ),
        (true, true) => (
            "search_words w JOIN search_posts p ON p.post_id = w.post_id",
            // A long post holds words more often: its length is taken into account.
            format!("CAST(1000000.0 * ts_rank(w.words, $1::tsquery, 1) * {fresh} AS BIGINT)"),
            "w.words @@ $1::tsquery",
        ),
    };
    let from = if worded && !postgres {
        // bm25 wants the table by its own name.
        from.replace("search_words w", "search_words")
            .replace("w.rowid", "search_words.rowid")
    } else {
        from.to_owned()
    };
    let mut sql = format!(
        "SELECT p.post_id AS id, p.thread_id AS thread, {score} AS score FROM {from} \
         JOIN search_threads t ON t.thread_id = p.thread_id WHERE {matches} AND {}",
        seen(sight)
    );
    if let Some(author) = filter.author {
        let _ = write!(sql, " AND p.author_id = {}", author.0);
    }
    if let Some(thread) = filter.thread {
        let _ = write!(sql, " AND p.thread_id = {}", thread.0);
    }
    if let Some(categories) = &filter.categories {
        let _ = write!(sql, " AND t.category_id IN {}", listed(categories));
    }
    for tag in &filter.tags {
        let _ = write!(
            sql,
            " AND EXISTS (SELECT 1 FROM search_tags g WHERE g.thread_id = p.thread_id AND g.tag_id = {})",
            tag.0
        );
    }
    if query.solved {
        sql.push_str(if postgres {
            " AND t.solved"
        } else {
            " AND t.solved = 1"
        });
    }
    if query.titles && !worded {
        sql.push_str(" AND p.number = 1");
    }
    if let Some(At(before)) = query.before {
        let _ = write!(sql, " AND p.at < {before}");
    }
    if let Some(At(after)) = query.after {
        let _ = write!(sql, " AND p.at >= {after}");
    }
    let newest = if worded && !postgres {
        "search_words.rowid"
    } else {
        "p.post_id"
    };
    let _ = write!(sql, " ORDER BY {newest} DESC LIMIT {MOST_RANKED}");
    sql
}

/// The reader's sight as a condition on the index rows: the same that the room of posts has for its own.
pub(super) fn seen(sight: &Sight) -> String {
    let readable = listed(&sight.categories);
    let moderated = listed(&sight.moderated);
    let one = |alias: &str| match sight.me {
        None => format!("({alias}.state = 'visible' OR t.category_id IN {moderated})"),
        Some(me) => format!(
            "({alias}.state = 'visible' OR t.category_id IN {moderated} \
             OR ({alias}.state = 'hidden' AND {alias}.author_id = {}))",
            me.0
        ),
    };
    format!(
        "t.category_id IN {readable} AND {} AND {}",
        one("t"),
        one("p")
    )
}

fn listed(categories: &[CategoryId]) -> String {
    if categories.is_empty() {
        // No category has the number nought.
        return "(0)".to_owned();
    }
    let numbers: Vec<String> = categories.iter().map(|id| id.0.to_string()).collect();
    format!("({})", numbers.join(", "))
}

/// The words of a question in the language of the engine; empty where none are asked for. Words of the index hold
/// letters, digits and marks only, so quoting them is enough.
fn expression(query: &Query, postgres: bool) -> String {
    let write = if postgres { in_tsquery } else { in_fts5 };
    let wanted: Vec<String> = query.terms.iter().map(|t| write(t, query.titles)).collect();
    if wanted.is_empty() {
        return String::new();
    }
    let mut all = wanted.join(if postgres { " & " } else { " AND " });
    for term in &query.without {
        let unwanted = write(term, false);
        all = if postgres {
            format!("{all} & !({unwanted})")
        } else {
            format!("({all}) NOT ({unwanted})")
        };
    }
    all
}

fn in_fts5(term: &Term, titles: bool) -> String {
    let column = if titles { "title : " } else { "" };
    let phrase = term.phrase.join(" ");
    let mut all = if term.open && !term.symbols.is_empty() {
        format!("{column}\"{phrase}\"")
    } else if term.open {
        // A whole word counts more than one that goes on.
        format!("{column}(\"{phrase}\" OR \"{phrase}\" *)")
    } else {
        format!("{column}\"{phrase}\"")
    };
    for pair in &term.symbols {
        let _ = write!(all, " AND {column}\"{pair}\"");
    }
    format!("({all})")
}

fn in_tsquery(term: &Term, titles: bool) -> String {
    let weight = if titles { "A" } else { "" };
    let quoted = |word: &str, open: bool| {
        let marks = format!("{}{weight}", if open { "*" } else { "" });
        if marks.is_empty() {
            format!("'{word}'")
        } else {
            format!("'{word}':{marks}")
        }
    };
    let last = term.phrase.len().saturating_sub(1);
    let of = |open: bool| {
        let parts: Vec<String> = term
            .phrase
            .iter()
            .enumerate()
            .map(|(at, word)| quoted(word, open && at == last))
            .collect();
        parts.join(" <-> ")
    };
    let mut all = if term.open && term.symbols.is_empty() {
        format!("({} | {})", of(false), of(true))
    } else {
        format!("({})", of(false))
    };
    for pair in &term.symbols {
        all.push_str(" & ");
        all.push_str(&quoted(pair, false));
    }
    format!("({all})")
}
