//! Problem statements: what members come here to do, in their words. They stand beside the messaging guidelines as a
//! reference for those who write.

use diesel::prelude::*;
use serde_json::json;

use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::problem_statements as statements;
use crate::kit::ids::MemberId;
use crate::kit::stop::{Document, OrRefuse};
use crate::kit::{At, Problems, Result};
use crate::policy::{Action, Actor};

/// The most statements: what nobody reads to the end helps nobody.
const MOST: i64 = 60;
/// The longest statement, in characters.
const MOST_WORDS: usize = 400;
/// The longest description of who says it, in characters.
const MOST_WHO: usize = 120;

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Statement {
    /// Its id.
    pub id: i64,
    /// What members come here to do, as they say it.
    pub words: String,
    /// Who says so, such as "a grandmother with a shoe box"; may be empty.
    pub who: String,
    /// Its place in the list.
    pub position: i64,
    /// Who wrote it down; `None` once erased.
    pub created_by: Option<MemberId>,
    /// When it was written down.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
}

/// All statements in their order. Whether the reader may see them is asked by the caller.
///
/// # Errors
/// A fault where the database fails.
pub fn problem_statements(tx: &mut Tx<'_>) -> Result<Vec<Statement>> {
    Ok(statements::table
        .order((statements::position, statements::id))
        .limit(MOST)
        .load(tx.conn)?)
}

fn checked(words: &str, who: &str) -> Result<(String, String)> {
    let mut problems = Problems::default();
    let (words, who) = (words.trim(), who.trim());
    if words.is_empty() {
        problems.add("words", "needed", &[]);
    }
    for (field, text, most) in [("words", words, MOST_WORDS), ("who", who, MOST_WHO)] {
        if text.chars().count() > most {
            problems.add(field, "too-long", &[("most", most.to_string())]);
        }
    }
    problems.check()?;
    Ok((words.to_owned(), who.to_owned()))
}

/// Writes a statement down, at the end of the list.
///
/// # Errors
/// Refused to people who do not keep the messaging guidelines; invalid without words, too long, or one too many.
pub fn add_statement(tx: &mut Tx<'_>, actor: &Actor, words: &str, who: &str) -> Result<i64> {
    actor.may(&Action::EditDocument(Document::Messaging))?;
    let (words, who) = checked(words, who)?;
    let stand = problem_statements(tx)?;
    if i64::try_from(stand.len()).unwrap_or(i64::MAX) >= MOST {
        let mut problems = Problems::default();
        problems.add("words", "style-too-many", &[("most", MOST.to_string())]);
        problems.check()?;
    }
    let position = stand.last().map_or(0, |last| last.position) + 1;
    let now = tx.now();
    let id: i64 = diesel::insert_into(statements::table)
        .values((
            statements::words.eq(words),
            statements::who.eq(who),
            statements::position.eq(position),
            statements::created_by.eq(actor.id()),
            statements::created_at.eq(now),
            statements::updated_at.eq(now),
        ))
        .returning(statements::id)
        .get_result(tx.conn)?;
    record(tx, actor, "guidelines.statement_added", id)?;
    Ok(id)
}

/// Changes a statement.
///
/// # Errors
/// As [`add_statement`]; not found where there is none.
pub fn change_statement(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    words: &str,
    who: &str,
) -> Result<()> {
    actor.may(&Action::EditDocument(Document::Messaging))?;
    let (words, who) = checked(words, who)?;
    let changed = diesel::update(statements::table.filter(statements::id.eq(id)))
        .set((
            statements::words.eq(words),
            statements::who.eq(who),
            statements::updated_at.eq(tx.now()),
        ))
        .execute(tx.conn)?;
    (changed == 1).then_some(()).or_not_found()?;
    record(tx, actor, "guidelines.statement_changed", id)
}

/// Takes a statement out.
///
/// # Errors
/// Refused to people who do not keep the messaging guidelines; not found where there is none.
pub fn remove_statement(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<()> {
    actor.may(&Action::EditDocument(Document::Messaging))?;
    let gone = diesel::delete(statements::table.filter(statements::id.eq(id))).execute(tx.conn)?;
    (gone == 1).then_some(()).or_not_found()?;
    record(tx, actor, "guidelines.statement_removed", id)
}

fn record(tx: &mut Tx<'_>, actor: &Actor, kind: &'static str, id: i64) -> Result<()> {
    audit::record(
        tx,
        actor,
        kind,
        subject("problem_statement", id),
        json!({}),
        None,
    )
}
