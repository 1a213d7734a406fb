//! Why something can be reported: rows that moderators edit, each tied to a rule of the community guidelines.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;

use super::cited::cited;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::report_reasons as reasons;
use crate::kit::slug::slugify;
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Problems, Result, Stop};
use crate::policy::{Action, Actor};

/// The word of the reason whose decisions the classifier learns from.
pub(super) const SPAM: &str = "spam";
/// Most reasons there can be.
const MOST: i64 = 40;

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Serialize)]
pub struct Reason {
    /// Its row.
    pub id: i64,
    /// The word in rows and the API; never changes.
    pub word: String,
    /// What members read; empty for the sentence that came with the house.
    pub title: String,
    /// A line beneath it.
    pub more: String,
    /// The rule of the community guidelines it is tied to.
    pub rule: Option<i64>,
    /// Needs words of the reporter.
    pub needs_words: bool,
    /// May break the law: goes first, by mail, and is open to guests.
    pub legal: bool,
    /// Counts towards hiding until a moderator has looked.
    pub counts: bool,
    /// Its place in the form.
    pub position: i64,
    /// Since when it is offered no more.
    pub retired_at: Option<At>,
}

impl Reason {
    /// Can guests give it?
    const fn is_for_guests(&self) -> bool {
        self.legal && self.retired_at.is_none()
    }
}

/// What moderators say about a reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReasonDraft {
    /// What members read; may be empty for one that came with the house.
    pub title: String,
    /// A line beneath it.
    pub more: String,
    /// A rule's number in the community guidelines in force.
    pub rule: Option<i64>,
    /// Needs words of the reporter.
    pub needs_words: bool,
    /// May break the law.
    pub legal: bool,
    /// Offered no more.
    pub retired: bool,
}

/// The reasons, in their order; with those that are offered no more, or without.
///
/// # Errors
/// A fault where the database fails.
pub fn reasons(tx: &mut Tx<'_>, retired: bool) -> Result<Vec<Reason>> {
    let mut query = reasons::table.into_boxed();
    if !retired {
        query = query.filter(reasons::retired_at.is_null());
    }
    Ok(query
        .order((reasons::position, reasons::id))
        .limit(MOST)
        .load(tx.conn)?)
}

/// The rule that advertising breaks, as the reason says it.
pub(super) fn rule_of_spam(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    let rule: Option<Option<i64>> = reasons::table
        .filter(reasons::word.eq(SPAM))
        .select(reasons::rule_number)
        .first(tx.conn)
        .optional()?;
    Ok(rule.flatten())
}

/// The reason with this word, while it is offered.
pub(super) fn find(tx: &mut Tx<'_>, word: &str) -> Result<Reason> {
    reasons::table
        .filter(reasons::word.eq(word))
        .filter(reasons::retired_at.is_null())
        .first(tx.conn)
        .optional()?
        .ok_or_else(|| Stop::invalid("reason", "choose"))
}

/// Changes a reason, or makes one where `id` is none.
///
/// # Errors
/// Refused to everybody but moderators; not found where there is no such reason; invalid without a title where it has no
/// sentence of its own, too long, about a rule that is none, or beyond forty.
pub fn keep_reason(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Option<i64>,
    draft: &ReasonDraft,
) -> Result<i64> {
    actor.may(&Action::Review)?;
    let before: Option<Reason> = match id {
        Some(id) => Some(
            reasons::table
                .find(id)
                .first(tx.conn)
                .optional()?
                .or_not_found()?,
        ),
        None => None,
    };
    let (title, more) = (draft.title.trim(), draft.more.trim());
    let built_in = before
        .as_ref()
        .is_some_and(|reason| reason.title.is_empty());
    let mut problems = Problems::default();
    if title.is_empty() && !built_in {
        problems.add("title", "needed", &[]);
    }
    for (field, text, most) in [("title", title, 80), ("more", more, 300)] {
        if text.chars().count() > most {
            problems.add(field, "too-long", &[("most", most.to_string())]);
        }
    }
    let offered = draft.legal && !draft.retired;
    if !offered && before.as_ref().is_some_and(Reason::is_for_guests) {
        let others: i64 = reasons::table
            .filter(reasons::legal.eq(true))
            .filter(reasons::retired_at.is_null())
            .filter(reasons::id.ne(id.unwrap_or_default()))
            .count()
            .get_result(tx.conn)?;
        if others == 0 {
            // Without one, nobody outside could report what breaks the law.
            problems.add("legal", "last-legal-reason", &[]);
        }
    }
    problems.check()?;
    cited(tx, draft.rule)?;
    let now = tx.now();
    let said = (
        reasons::title.eq(title),
        reasons::more.eq(more),
        reasons::rule_number.eq(draft.rule),
        reasons::needs_words.eq(draft.needs_words || draft.legal),
        reasons::legal.eq(draft.legal),
        // What needs words or a lawyer is not decided by counting heads.
        reasons::counts.eq(!draft.needs_words && !draft.legal),
        reasons::retired_at.eq(draft.retired.then_some(now)),
    );
    let id = match before {
        Some(reason) => {
            diesel::update(reasons::table.find(reason.id))
                .set(said)
                .execute(tx.conn)?;
            reason.id
        }
        None => insert(tx, title, said)?,
    };
    audit::record(
        tx,
        actor,
        "reason.changed",
        subject("reason", id),
        json!({ "rule": draft.rule, "legal": draft.legal, "retired": draft.retired }),
        None,
    )?;
    Ok(id)
}

type Said<'a> = (
    diesel::dsl::Eq<reasons::title, &'a str>,
    diesel::dsl::Eq<reasons::more, &'a str>,
    diesel::dsl::Eq<reasons::rule_number, Option<i64>>,
    diesel::dsl::Eq<reasons::needs_words, bool>,
    diesel::dsl::Eq<reasons::legal, bool>,
    diesel::dsl::Eq<reasons::counts, bool>,
    diesel::dsl::Eq<reasons::retired_at, Option<At>>,
);

fn insert(tx: &mut Tx<'_>, title: &str, said: Said<'_>) -> Result<i64> {
    let words: Vec<String> = reasons::table.select(reasons::word).load(tx.conn)?;
    if words.len() as i64 >= MOST {
        return Err(Stop::invalid("title", "too-many-reasons"));
    }
    let base: String = slugify(title).chars().take(40).collect();
    let word = (1..)
        .map(|n| {
            if n == 1 {
                base.clone()
            } else {
                format!("{base}-{n}")
            }
        })
        .find(|word| !words.contains(word))
        .unwrap_or(base);
    Ok(diesel::insert_into(reasons::table)
        .values((
            reasons::word.eq(word),
            reasons::position.eq(words.len() as i64 + 1),
            said,
        ))
        .returning(reasons::id)
        .get_result(tx.conn)?)
}
