//! A hint, made on the spot from the desk's own decisions: how much words look like what was taken away as advertising
//! before. It never acts, is shown with its reasons, and no word leaves the house for it.
//!
//! Asks nobody because it decides nothing.

mod model;

pub use model::{Counts, Hint, judge, signs};

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::{spam_lessons as lessons, spam_words as table};
use crate::each_backend;
use crate::kit::Result;
use crate::kit::ids::PostId;

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
    let rows: Vec<(String, i64, i64)> = table::table
        .filter(table::word.eq_any(&signs))
        .select((table::word, table::spam, table::ham))
        .load(tx.conn)?;
    let counts: Counts = rows
        .into_iter()
        .map(|(word, spam, ham)| (word, (spam, ham)))
        .collect::<HashMap<_, _>>();
    Ok(Some(serde_json::to_string(&judge(
        &signs, &counts, totals,
    ))?))
}

/// Learns from one decision. A post teaches once; decided otherwise later, it unteaches first.
pub(super) fn learn(tx: &mut Tx<'_>, post: PostId, text: &str, is_spam: bool) -> Result<()> {
    let before: Option<bool> = lessons::table
        .find(post.0)
        .select(lessons::spam)
        .first(tx.conn)
        .optional()?;
    if before == Some(is_spam) {
        return Ok(());
    }
    let mut signs = signs(text);
    signs.push(ALL.to_owned());
    if let Some(other) = before {
        for sign in &signs {
            add(tx, sign, other, -1)?;
        }
    }
    for sign in &signs {
        add(tx, sign, is_spam, 1)?;
    }
    let now = tx.now();
    each_backend!(tx.conn, c => diesel::insert_into(lessons::table)
        .values((lessons::post_id.eq(post.0), lessons::spam.eq(is_spam), lessons::at.eq(now)))
        .on_conflict(lessons::post_id)
        .do_update()
        .set((lessons::spam.eq(is_spam), lessons::at.eq(now)))
        .execute(c))?;
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
