//! All tags that a reader finds threads by. Reads only.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::Serialize;

use super::path::tag_path;
use super::places::Places;
use super::reading::seen;
use crate::db::{Conn, Tx};
use crate::kit::Result;
use crate::policy::Actor;

/// Tags on a page.
const PER_PAGE: usize = 100;
/// More threads of one tag are not counted.
const COUNTED: i64 = 1_000;

/// A tag and how many threads have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TagCount {
    /// The tag.
    pub name: String,
    /// Its address.
    pub path: String,
    /// Threads that the reader sees, counted up to a thousand.
    pub threads: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    name_key: String,
    #[diesel(sql_type = BigInt)]
    threads: i64,
}

/// A page of the tags that have a thread for this reader, by name, and the name after which the next page begins.
///
/// # Errors
/// A fault where the database fails.
pub fn tag_list(
    tx: &mut Tx<'_>,
    actor: &Actor,
    places: &Places,
    after: &str,
) -> Result<(Vec<TagCount>, Option<String>)> {
    let seen = seen(&places.sight(actor));
    let there = format!(
        "FROM thread_tags x JOIN threads ON threads.id = x.thread_id WHERE x.tag_id = tags.id AND {seen}"
    );
    let mark = if tx.conn.is_sqlite() { "?" } else { "$1" };
    let sql = format!(
        "SELECT tags.name, tags.name_key, (SELECT COUNT(*) FROM (SELECT 1 {there} LIMIT {COUNTED}) n) AS threads \
         FROM tags WHERE tags.name_key > {mark} AND tags.thread_count > 0 AND EXISTS (SELECT 1 {there}) \
         ORDER BY tags.name_key LIMIT {}",
        PER_PAGE + 1
    );
    let mut rows: Vec<Row> = match &mut *tx.conn {
        Conn::Sqlite(conn) => diesel::sql_query(sql).bind::<Text, _>(after).load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(sql).bind::<Text, _>(after).load(conn)?,
    };
    let more = rows.len() > PER_PAGE;
    rows.truncate(PER_PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.name_key.clone());
    let tags = rows.into_iter().map(|row| TagCount {
        path: tag_path(&row.name),
        name: row.name,
        threads: row.threads,
    });
    Ok((tags.collect(), next))
}
