//! The same pages in a small and in a large house: what grows with the number of posts and what does not.

use std::path::Path;

use diesel::Connection as _;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// The first thread that is made here; the ids of threads that people started lie below.
pub const FIRST: u64 = 1_000;
/// Posts in each of them: one page.
const EACH: u64 = 20;
/// Threads in one transaction.
const PIECE: u64 = 5_000;

/// Fills the file with threads of twenty posts like one that is there, `posts` in all, oldest last.
/// The program must not be running.
pub fn fill(file: &Path, like: i64, posts: u64) {
    let mut conn = SqliteConnection::establish(&file.to_string_lossy()).expect("the file opens");
    conn.batch_execute(
        "PRAGMA busy_timeout = 30000; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000",
    )
    .expect("pragmas");
    let threads = posts / EACH;
    let mut from = FIRST;
    while from < FIRST + threads {
        let to = (from + PIECE).min(FIRST + threads);
        let sql = piece(like, from, to);
        conn.batch_execute(&sql).expect("rows like those there");
        from = to;
    }
    let counters = "UPDATE categories SET \
        thread_count = (SELECT count(*) FROM threads t WHERE t.category_id = categories.id), \
        post_count = (SELECT sum(post_count) FROM threads t WHERE t.category_id = categories.id); \
        PRAGMA wal_checkpoint(TRUNCATE); ANALYZE";
    conn.batch_execute(counters).expect("counters");
}

fn piece(like: i64, from: u64, to: u64) -> String {
    let threads = format!(
        "WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {to})"
    );
    let posts =
        format!("{threads}, m(j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM m WHERE j < {EACH})");
    // Post j of thread i.
    let id = format!("i * {EACH} + j");
    format!(
        "BEGIN;
        INSERT INTO threads (id, category_id, author_id, title, slug, summary, post_counter, post_count,
            first_post_id, last_post_id, last_post_number, last_author_id, created_at, last_post_at, updated_at)
        {threads} SELECT i, category_id, author_id, 'Quay log ' || i, 'quay-log', summary, {EACH}, {EACH},
            i * {EACH} + 1, i * {EACH} + {EACH}, {EACH}, author_id,
            created_at - i * 1000000, created_at - i * 1000000, created_at - i * 1000000
            FROM n, threads t WHERE t.id = {like};
        INSERT INTO posts (id, thread_id, number, author_id, body_source, body_html, body_text, render_version, created_at)
        {posts} SELECT {id}, i, j, author_id, body_source, body_html, body_text, render_version,
            created_at - i * 1000000
            FROM n, m, posts p WHERE p.thread_id = {like} AND p.number = 2;
        INSERT INTO post_addresses (thread_id, number, post_id) {posts} SELECT i, j, {id} FROM n, m;
        INSERT INTO post_revisions (post_id, revision, body_source, body_text, edited_by, at)
        {posts} SELECT {id}, 1, body_source, body_text, author_id, created_at
            FROM n, m, posts p WHERE p.thread_id = {like} AND p.number = 2;
        COMMIT"
    )
}
