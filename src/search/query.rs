//! What somebody typed into the search box.

use super::words::{is_dense, symbols, words};
use crate::kit::At;

/// Most things that are asked for at once; what comes after is not looked at.
const MOST_TERMS: usize = 24;
/// Most characters of a question.
const MOST_CHARS: usize = 300;

/// Words that must stand side by side, and symbols that must stand in the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Term {
    /// Words of the index, one after the other.
    pub(super) phrase: Vec<String>,
    /// Pairs of symbols.
    pub(super) symbols: Vec<String>,
    /// The last word may go on.
    pub(super) open: bool,
}

impl Term {
    fn of(text: &str, open: bool) -> Option<Self> {
        let found = words(text);
        // A run without spaces asks for its pairs; its last character alone only where there is no other.
        let mut phrase: Vec<String> = Vec::new();
        for (at, word) in found.iter().enumerate() {
            let tail = is_dense(&word.folded)
                && word.folded.chars().count() == 1
                && at
                    .checked_sub(1)
                    .and_then(|before| found.get(before))
                    .is_some_and(|before| before.end == word.end);
            if !tail {
                phrase.push(word.folded.clone());
            }
        }
        let last = phrase.last()?;
        let single = is_dense(last) && last.chars().count() == 1;
        let open = single || (open && !is_dense(last) && last.chars().count() >= 3);
        Some(Self {
            symbols: symbols(text, true),
            open,
            phrase,
        })
    }
}

/// A question, understood. Names are as they were typed: whoever knows members, tags and categories looks them up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// All of these must stand in a post or its title.
    pub terms: Vec<Term>,
    /// None of these may.
    pub without: Vec<Term>,
    /// `@name`: who wrote it.
    pub author: Option<String>,
    /// `#tag`: what its thread is found by, all of them.
    pub tags: Vec<String>,
    /// `in:category`.
    pub category: Option<String>,
    /// `in:title`: titles only.
    pub titles: bool,
    /// `is:solved`: threads with an answer.
    pub solved: bool,
    /// `before:2026-03-01`: written before that day began.
    pub before: Option<At>,
    /// `after:2026-03-01`: written after that day began.
    pub after: Option<At>,
    /// Parts that look like one of these and were not understood, as they were typed.
    pub unclear: Vec<String>,
}

impl Query {
    /// Understands what was typed. `zone` says when a day begins.
    #[must_use]
    pub fn parse(typed: &str, zone: &str) -> Self {
        let typed: String = typed.chars().take(MOST_CHARS).collect();
        let mut query = Self::default();
        let parts = parts(&typed);
        let last = parts.len();
        for (number, part) in parts.into_iter().enumerate().take(MOST_TERMS) {
            // The word at the very end is perhaps not finished.
            let open = number + 1 == last && !typed.ends_with(char::is_whitespace);
            query.take(&part, open, zone);
        }
        query
    }

    /// Nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self
            == Self {
                without: self.without.clone(),
                unclear: self.unclear.clone(),
                ..Self::default()
            }
    }

    fn take(&mut self, part: &Part, open: bool, zone: &str) {
        let text = part.text.as_str();
        if part.quoted {
            let wanted = Term::of(text, false);
            self.put(wanted, part.without);
            return;
        }
        if let Some(name) = text.strip_prefix('@').filter(|rest| is_name(rest)) {
            self.author = Some(name.to_owned());
        } else if let Some(tag) = text.strip_prefix('#').filter(|rest| is_name(rest)) {
            self.tags.push(tag.to_owned());
        } else if let Some((what, value)) = text.split_once(':').filter(|(_, v)| !v.is_empty()) {
            self.operator(what, value, part, open, zone);
        } else {
            self.put(Term::of(text, open), part.without);
        }
    }

    fn operator(&mut self, what: &str, value: &str, part: &Part, open: bool, zone: &str) {
        match (what.to_ascii_lowercase().as_str(), value) {
            ("in", "title") => self.titles = true,
            ("in" | "category", place) => self.category = Some(place.to_owned()),
            ("tag", tag) => self.tags.push(tag.to_owned()),
            ("by" | "from", name) => self.author = Some(name.trim_start_matches('@').to_owned()),
            ("is", "solved") => self.solved = true,
            ("before", day) => match day_begins(day, zone) {
                Some(at) => self.before = Some(at),
                None => self.unclear.push(part.text.clone()),
            },
            ("after", day) => match day_begins(day, zone) {
                Some(at) => self.after = Some(at),
                None => self.unclear.push(part.text.clone()),
            },
            ("is", _) => self.unclear.push(part.text.clone()),
            _ => self.put(Term::of(&part.text, open), part.without),
        }
    }

    fn put(&mut self, term: Option<Term>, without: bool) {
        let to = if without {
            &mut self.without
        } else {
            &mut self.terms
        };
        to.extend(term);
    }
}

/// The first moment of a day, a month or a year (`2026-03-01`, `2026-03`, `2026`) in a zone.
fn day_begins(day: &str, zone: &str) -> Option<At> {
    let whole = match day.len() {
        4 => format!("{day}-01-01"),
        7 => format!("{day}-01"),
        _ => day.to_owned(),
    };
    let date: jiff::civil::Date = whole.parse().ok()?;
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let begins = date.to_zoned(zone).ok()?;
    Some(At(begins.timestamp().as_microsecond()))
}

struct Part {
    text: String,
    quoted: bool,
    without: bool,
}

/// Parts between spaces; what stands in quotation marks is one.
fn parts(typed: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let (without, bare) = match rest.strip_prefix('-') {
            Some(bare) if bare.starts_with(|c: char| c.is_alphanumeric() || c == '"') => {
                (true, bare)
            }
            _ => (false, rest),
        };
        let (text, quoted, after) = match bare.strip_prefix(['"', '“', '„']) {
            Some(inner) => {
                let end = inner.find(['"', '”', '“']).unwrap_or(inner.len());
                let after = inner.get(end..).unwrap_or_default();
                let after = after.trim_start_matches(['"', '”', '“']);
                (inner.get(..end).unwrap_or_default(), true, after)
            }
            None => {
                let end = bare.find(char::is_whitespace).unwrap_or(bare.len());
                let (text, after) = bare.split_at(end);
                (text, false, after)
            }
        };
        if !text.trim().is_empty() {
            found.push(Part {
                text: text.to_owned(),
                quoted,
                without,
            });
        }
        rest = after.trim_start();
    }
    found
}

/// Could be the name of a member or a tag: letters, digits, and what joins them.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ask(typed: &str) -> Query {
        Query::parse(typed, "Europe/Berlin")
    }

    #[test]
    fn operators_are_told_from_words() {
        let query = ask(
            "crane @ada #harbour in:workshop is:solved before:2026-03-01 after:2025-01-01 -rust \"blue door\"",
        );
        assert_eq!(query.author.as_deref(), Some("ada"));
        assert_eq!(query.tags, ["harbour"]);
        assert_eq!(query.category.as_deref(), Some("workshop"));
        assert!(query.solved && query.before > query.after && query.after.is_some());
        assert_eq!(query.without.len(), 1);
        let phrases: Vec<_> = query.terms.iter().map(|t| t.phrase.join(" ")).collect();
        assert_eq!(phrases, ["crane", "blue door"]);
        assert!(ask("in:title crane").titles);
    }

    #[test]
    fn what_is_not_understood_is_told() {
        assert_eq!(ask("before:soon crane").unclear, ["before:soon"]);
        assert_eq!(ask("is:purple").unclear, ["is:purple"]);
        assert!(ask("  ").is_empty() && !ask("@ada").is_empty());
    }

    #[test]
    fn code_is_asked_for_as_it_is_written() {
        let query = ask("C++ #[derive] std::mem");
        assert!(query.tags.is_empty());
        assert!(query.terms.iter().all(|term| !term.symbols.is_empty()));
        assert_eq!(ask("東京都").terms[0].phrase, ["東京", "京都"]);
        assert!(ask("東 ").terms[0].open);
    }

    proptest! {
        #[test]
        fn anything_can_be_typed(typed in any::<String>()) {
            let _ = ask(&typed);
        }
    }
}
