//! Watched words and patterns: what they match waits, is flagged, or is refused.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde_json::json;
use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

use super::settings::{desk_settings, put};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::watched_words as words;
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Fault, Problems, Result, Stop};
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
    let regex = RegexBuilder::new(&source(pattern, is_regex))
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

/// The expression behind a watched word: as it is, or with the edges of a whole word around it. Scripts that are written
/// without spaces have no such edges.
fn source(pattern: &str, is_regex: bool) -> String {
    if is_regex {
        return pattern.trim().to_owned();
    }
    let plain: Vec<String> = pattern.split_whitespace().map(regex::escape).collect();
    let edge = |sign: Option<char>, edge: &'static str| match sign {
        Some(sign) if is_unspaced(sign) => "",
        _ => edge,
    };
    let before = edge(pattern.trim().chars().next(), r"(?:^|\W)");
    let after = edge(pattern.trim().chars().next_back(), r"(?:$|\W)");
    format!("{before}(?:{}){after}", plain.join(r"\s+"))
}

/// Chinese, Japanese, Thai, Lao, Burmese and Khmer are written without spaces between words (Unicode, UAX #29).
const fn is_unspaced(sign: char) -> bool {
    matches!(sign, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// What eyes read: signs that cannot be seen are left out, and what looks alike is alike (Unicode, UTS #39).
fn as_read(text: &str) -> String {
    let seen = text.nfkc().filter(|sign| !is_unseen(*sign));
    let lower: String = seen.flat_map(char::to_lowercase).collect();
    skeleton(&lower).collect()
}

/// Signs that are not drawn (Unicode, Default_Ignorable_Code_Point).
const fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
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
    let mut found = compiled.found(text);
    found.sort_by_key(|word| std::cmp::Reverse(word.action));
    Ok(found)
}

/// Watched words as one expression: a text is gone through once, however many there are.
struct Set {
    words: Vec<Watched>,
    all: RegexSet,
    /// Plain words as eyes read them, and where they stand among the words.
    read: (RegexSet, Vec<usize>),
}

impl Set {
    fn of(words: &[Watched]) -> Result<Self> {
        let words: Vec<Watched> = words
            .iter()
            .filter(|word| compile(&word.pattern, word.is_regex).is_ok())
            .cloned()
            .collect();
        let all = words
            .iter()
            .map(|word| source(&word.pattern, word.is_regex));
        let plain: Vec<usize> = (0..words.len())
            .filter(|at| words.get(*at).is_some_and(|word| !word.is_regex))
            .collect();
        let read = plain.iter().filter_map(|at| words.get(*at));
        let read = read.map(|word| source(&as_read(&word.pattern), false));
        Ok(Self {
            all: set(all)?,
            read: (set(read)?, plain),
            words,
        })
    }

    fn found(&self, text: &str) -> Vec<Watched> {
        let mut found: BTreeSet<usize> = self.all.matches(text).into_iter().collect();
        // Nobody writes like something else within plain ASCII.
        if !text.is_ascii() {
            let (set, places) = &self.read;
            let read = set.matches(&as_read(text));
            found.extend(read.into_iter().filter_map(|at| places.get(at)));
        }
        found
            .into_iter()
            .filter_map(|at| self.words.get(at).cloned())
            .collect()
    }
}

fn set(sources: impl Iterator<Item = String>) -> Result<RegexSet> {
    RegexSetBuilder::new(sources)
        .case_insensitive(true)
        .size_limit(SIZE * MOST as usize)
        .dfa_size_limit(16 * SIZE)
        .nest_limit(60)
        .build()
        .map_err(|e| Stop::Fault(Fault::from_error("compiling the watched words", e)))
}

type Compiled = Arc<Set>;

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
    let fresh: Compiled = Arc::new(Set::of(&now)?);
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

    fn watched(patterns: &[(&str, bool)]) -> Set {
        let word = |(at, (pattern, is_regex)): (usize, &(&str, bool))| Watched {
            id: at as i64,
            pattern: (*pattern).to_owned(),
            is_regex: *is_regex,
            action: WatchAction::Hold,
            note: String::new(),
            created_at: At(0),
        };
        let words: Vec<Watched> = patterns.iter().enumerate().map(word).collect();
        Set::of(&words).unwrap()
    }

    #[test]
    fn no_spelling_slips_past() {
        let set = watched(&[
            ("casino", false),
            ("v[i1]agra", true),
            ("博彩", false),
            ("ass", false),
        ]);
        let ids = |text: &str| -> Vec<i64> { set.found(text).iter().map(|word| word.id).collect() };
        assert_eq!(ids("A CASINO, and V1agra"), [0, 1]);
        assert_eq!(ids("a ca\u{200B}si\u{AD}no"), [0], "signs that nobody sees");
        assert_eq!(
            ids("a \u{441}\u{430}sin\u{43E}"),
            [0],
            "Cyrillic letters that look alike"
        );
        assert_eq!(
            ids("a \u{FF43}\u{FF41}\u{FF53}\u{FF49}\u{FF4E}\u{FF4F}"),
            [0],
            "wide letters"
        );
        assert_eq!(ids("这里有网上博彩网站"), [2], "no spaces around it");
        assert_eq!(ids("A class of its own, naïve or not"), [0; 0]);
    }

    #[test]
    fn five_hundred_words_are_one_expression() {
        let patterns: Vec<String> = (0..500).map(|n| format!("word{n} of many")).collect();
        let patterns: Vec<(&str, bool)> = patterns.iter().map(|p| (p.as_str(), false)).collect();
        let set = watched(&patterns);
        let text = format!("{} word499 of many é", "nothing here ".repeat(4_000));
        let found = set.found(&text);
        assert_eq!(found.iter().map(|word| word.id).collect::<Vec<_>>(), [499]);
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
