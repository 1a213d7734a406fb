//! A hint, made on the spot from the desk's own decisions: how much words look like what was taken away as advertising
//! before. It never acts, is shown with its reasons, and no word leaves the house for it.
//!
//! Asks nobody because it decides nothing.

mod model;

pub use model::{Counts, Hint, judge, signs};

use std::collections::HashMap;

use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::db::schema::{spam_lessons as lessons, spam_words as table};
use crate::db::{House, Tx};
use crate::each_backend;
use crate::kit::ids::PostId;
use crate::kit::{Result, hex};

/// The row that counts lessons; no sign is empty.
const ALL: &str = "";
/// Before so many lessons of both sorts nothing is said.
const LEAST: i64 = 10;

/// What the desk's decisions say about these words, as JSON; nothing while it has learnt too little.
pub(super) fn hint(tx: &mut Tx<'_>, text: &str) -> Result<Option<String>> {
    let all: Option<(i64, i64)> = table::table
        .find(ALL)
        .select((table::spam, table::ham))
        .first(tx.conn)
        .optional()?;
    let Some(totals) = all.filter(|(spam, ham)| *spam >= LEAST && *ham >= LEAST) else {
        return Ok(None);
    };
    let signs = signs(text);
    let by_mark: HashMap<String, &String> = signs
        .iter()
        .map(|sign| (mark(tx.house(), sign), sign))
        .collect();
    let marks: Vec<&String> = by_mark.keys().collect();
    let rows: Vec<(String, i64, i64)> = table::table
        .filter(table::word.eq_any(marks))
        .select((table::word, table::spam, table::ham))
        .load(tx.conn)?;
    let counts: Counts = rows
        .into_iter()
        .filter_map(|(word, spam, ham)| Some(((*by_mark.get(&word)?).clone(), (spam, ham))))
        .collect();
    Ok(Some(serde_json::to_string(&judge(
        &signs, &counts, totals,
    ))?))
}

/// What stands in rows for a sign: a digest that only this community can compute. What somebody wrote is judged by, and
/// not kept.
fn mark(house: &House, sign: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&house.secret) else {
        return String::new();
    };
    mac.update(b"spam-sign:");
    mac.update(sign.as_bytes());
    hex(mac.finalize().into_bytes().iter().take(8))
}

/// What an earlier lesson said, and the marks it was made of.
fn lesson(tx: &mut Tx<'_>, post: PostId) -> Result<Option<(bool, String)>> {
    Ok(lessons::table
        .find(post.0)
        .select((lessons::spam, lessons::signs))
        .first(tx.conn)
        .optional()?)
}

/// Learns from one decision. A post teaches once; decided otherwise later, it unteaches first, to the last sign of the
/// words as they were then.
pub(super) fn learn(tx: &mut Tx<'_>, post: PostId, text: &str, is_spam: bool) -> Result<()> {
    let before = lesson(tx, post)?;
    if before.as_ref().is_some_and(|(spam, _)| *spam == is_spam) {
        return Ok(());
    }
    if before.is_some() {
        unlearn(tx, post)?;
    }
    let marks: Vec<String> = signs(text)
        .iter()
        .map(|sign| mark(tx.house(), sign))
        .collect();
    add(tx, ALL, is_spam, 1)?;
    for mark in &marks {
        add(tx, mark, is_spam, 1)?;
    }
    diesel::insert_into(lessons::table)
        .values((
            lessons::post_id.eq(post.0),
            lessons::spam.eq(is_spam),
            lessons::at.eq(tx.now()),
            lessons::signs.eq(marks.join(" ")),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Takes back what a post has taught: decided otherwise, or its author is gone.
pub(super) fn unlearn(tx: &mut Tx<'_>, post: PostId) -> Result<()> {
    let Some((spam, marks)) = lesson(tx, post)? else {
        return Ok(());
    };
    add(tx, ALL, spam, -1)?;
    for mark in marks.split_whitespace() {
        add(tx, mark, spam, -1)?;
    }
    diesel::delete(lessons::table.find(post.0)).execute(tx.conn)?;
    let nothing = table::table
        .filter(table::spam.le(0))
        .filter(table::ham.le(0))
        .filter(table::word.eq_any(marks.split_whitespace()));
    diesel::delete(nothing).execute(tx.conn)?;
    Ok(())
}

fn add(tx: &mut Tx<'_>, sign: &str, is_spam: bool, more: i64) -> Result<()> {
    let (spam, ham) = if is_spam { (more, 0) } else { (0, more) };
    each_backend!(tx.conn, c => diesel::insert_into(table::table)
        .values((table::word.eq(sign), table::spam.eq(spam.max(0)), table::ham.eq(ham.max(0))))
        .on_conflict(table::word)
        .do_update()
        .set((table::spam.eq(table::spam + spam), table::ham.eq(table::ham + ham)))
        .execute(c))?;
    Ok(())
}
