//! Watched words and patterns: what they match waits, is flagged, or is refused.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use regex::{Regex, RegexBuilder};
use serde_json::json;

use super::settings::{desk_settings, put};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::watched_words as words;
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Problems, Result, Stop};
use crate::policy::{Action, Actor};

crate::text_enum! {
    /// What happens to words that match.
    pub enum WatchAction {
        /// They can be read, and a moderator looks at them.
        Flag = "flag",
        /// They wait for a moderator.
        Hold = "hold",
        /// They are not taken; the form comes back.
        Refuse = "refuse",
    }
}

/// Most watched words there can be.
const MOST: i64 = 500;
/// Most characters of one.
const LONGEST: usize = 300;
/// What a compiled pattern may weigh, so that nobody stops the house with one.
const SIZE: usize = 256 * 1024;
/// So much of a text is looked at.
const LOOKED_AT: usize = 64 * 1024;

/// A watched word.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Watched {
    /// Its row.
    pub id: i64,
    /// A word or words as people write them, or a regular expression.
    pub pattern: String,
    /// It is a regular expression.
    pub is_regex: bool,
    /// What happens.
    pub action: WatchAction,
    /// Why it is watched.
    pub note: String,
    /// Since when.
    pub created_at: At,
}

/// Every watched word, latest first.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn watched(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Watched>> {
    actor.may(&Action::Review)?;
    all(tx)
}

fn all(tx: &mut Tx<'_>) -> Result<Vec<Watched>> {
    Ok(words::table
        .order(words::id.desc())
        .limit(MOST)
        .load(tx.conn)?)
}

/// Compiles a pattern: plain words match whole words, in any case; a regular expression ignores case, too, and never
/// runs away (the engine is linear in the text).
///
/// # Errors
/// A problem with `pattern` where it is empty, too long, no regular expression, or too large.
pub fn compile(pattern: &str, is_regex: bool) -> Result<Regex> {
    let pattern = pattern.trim();
    let mut problems = Problems::default();
    if pattern.is_empty() {
        problems.add("pattern", "needed", &[]);
    }
    if pattern.chars().count() > LONGEST {
        problems.add("pattern", "too-long", &[("most", LONGEST.to_string())]);
    }
    problems.check()?;
    let source = if is_regex {
        pattern.to_owned()
    } else {
        let plain = pattern
            .split_whitespace()
            .map(regex::escape)
            .collect::<Vec<_>>()
            .join(r"\s+");
        format!(r"(?:^|\W)(?:{plain})(?:$|\W)")
    };
    let regex = RegexBuilder::new(&source)
        .case_insensitive(true)
        .size_limit(SIZE)
        .dfa_size_limit(SIZE)
        .nest_limit(50)
        .build()
        .map_err(|_| Stop::invalid("pattern", "no-pattern"))?;
    if regex.is_match("") {
        return Err(Stop::invalid("pattern", "matches-all"));
    }
    Ok(regex)
}

/// Watches a word from now on.
///
/// # Errors
/// Refused to everybody but moderators; invalid as [`compile`], or beyond 500.
pub fn watch(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (pattern, is_regex): (&str, bool),
    action: WatchAction,
    note: &str,
) -> Result<i64> {
    actor.may(&Action::Review)?;
    compile(pattern, is_regex)?;
    let count: i64 = words::table.count().get_result(tx.conn)?;
    if count >= MOST {
        return Err(Stop::invalid("pattern", "too-many-words"));
    }
    let note: String = note.trim().chars().take(LONGEST).collect();
    let id: i64 = diesel::insert_into(words::table)
        .values((
            words::pattern.eq(pattern.trim()),
            words::is_regex.eq(is_regex),
            words::action.eq(action),
            words::note.eq(note),
            words::created_at.eq(tx.now()),
        ))
        .returning(words::id)
        .get_result(tx.conn)?;
    changed(tx)?;
    let details = json!({ "action": action.as_str() });
    audit::record(
        tx,
        actor,
        "watch.added",
        subject("watched_word", id),
        details,
        None,
    )?;
    Ok(id)
}

/// Watches a word no more.
///
/// # Errors
/// Refused to everybody but moderators; not found where there is none.
pub fn unwatch(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<()> {
    actor.may(&Action::Review)?;
    let gone = diesel::delete(words::table.find(id)).execute(tx.conn)?;
    (gone == 1).then_some(()).or_not_found()?;
    changed(tx)?;
    audit::record(
        tx,
        actor,
        "watch.removed",
        subject("watched_word", id),
        json!({}),
        None,
    )
}

fn changed(tx: &mut Tx<'_>) -> Result<()> {
    let mut settings = desk_settings(tx)?;
    settings.words_version += 1;
    put(tx, &settings)
}

/// What of the watched words matches a text, the strictest first. For the tester page.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn try_words(tx: &mut Tx<'_>, actor: &Actor, text: &str) -> Result<Vec<Watched>> {
    actor.may(&Action::Review)?;
    let version = desk_settings(tx)?.words_version;
    matching(tx, version, text)
}

/// The watched words that match, the strictest first.
pub(super) fn matching(tx: &mut Tx<'_>, version: i64, text: &str) -> Result<Vec<Watched>> {
    if version == 0 {
        return Ok(Vec::new());
    }
    let compiled = compiled(tx, version)?;
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let mut found: Vec<Watched> = compiled
        .iter()
        .filter(|(_, regex)| regex.is_match(text))
        .map(|(word, _)| word.clone())
        .collect();
    found.sort_by_key(|word| std::cmp::Reverse(word.action));
    Ok(found)
}

type Compiled = Arc<Vec<(Watched, Regex)>>;

/// Compiled words by the list they were made of: one process may serve several communities in tests.
static KEPT: Mutex<Option<(Vec<Watched>, Compiled)>> = Mutex::new(None);

fn compiled(tx: &mut Tx<'_>, _version: i64) -> Result<Compiled> {
    let now = all(tx)?;
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, compiled)) = kept.as_ref()
        && *of == now
    {
        return Ok(compiled.clone());
    }
    let fresh: Compiled = Arc::new(
        now.iter()
            .filter_map(|word| {
                let regex = compile(&word.pattern, word.is_regex).ok()?;
                Some((word.clone(), regex))
            })
            .collect(),
    );
    *kept = Some((now, fresh.clone()));
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_are_whole_words_in_any_case() {
        let casino = compile("online  casino", false).unwrap();
        assert!(casino.is_match("Best ONLINE casino!"));
        assert!(!casino.is_match("online casinos"));
        let dots = compile("a.b", false).unwrap();
        assert!(!dots.is_match("axb") && dots.is_match("(a.b)"));
    }

    #[test]
    fn patterns_are_bounded() {
        assert!(compile(r"v[i1]agra", true).unwrap().is_match("V1AGRA"));
        for bad in ["", "(", ".*", "x{1000}{1000}", "a|"] {
            assert!(compile(bad, true).is_err(), "{bad}");
        }
        assert!(compile(&"x".repeat(301), true).is_err());
    }
}
