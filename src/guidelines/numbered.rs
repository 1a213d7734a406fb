//! The numbered rules of a document as data, so that reports, decisions and notes can refer to one of them.
//!
//! They are read from the text of a version, which is never changed again once it is published: a version and a number
//! name one rule for ever.

use serde::Serialize;

use super::version::Version;
use crate::content::{RenderOptions, render, sentences, summary};

/// The most rules that are read from a document.
const MOST: usize = 99;
/// The longest heading of a rule, in characters.
const MOST_TITLE: usize = 80;

/// One numbered rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Numbered {
    /// Its number, as readers see it.
    pub number: i64,
    /// What it says in short: the words in bold at its beginning, or else its first words.
    pub title: String,
    /// All of it as plain text.
    pub text: String,
}

impl Version {
    /// The numbered rules: the items of the first numbered list of the text.
    #[must_use]
    pub fn numbered(&self) -> Vec<Numbered> {
        numbered(&self.body_source)
    }

    /// The rule with this number.
    #[must_use]
    pub fn rule(&self, number: i64) -> Option<Numbered> {
        self.numbered().into_iter().find(|r| r.number == number)
    }
}

/// The items of the first numbered list of a Markdown text, counted on from the first number as Markdown counts.
#[must_use]
pub fn numbered(source: &str) -> Vec<Numbered> {
    let mut items: Vec<String> = Vec::new();
    let mut first = 1;
    let mut after_blank = false;
    for line in source.lines() {
        let indented = line.starts_with("  ") || line.starts_with('\t');
        match item(line) {
            Some((number, words)) if !indented => {
                if items.is_empty() {
                    first = number;
                }
                items.push(words.to_owned());
            }
            _ if items.is_empty() => {}
            _ if line.trim().is_empty() => {}
            // What is not indented behind an empty line, or a heading, ends the list.
            _ if (after_blank && !indented) || line.starts_with('#') => break,
            _ => {
                if let Some(open) = items.last_mut() {
                    open.push('\n');
                    open.push_str(line.trim());
                }
            }
        }
        after_blank = line.trim().is_empty();
    }
    (first..)
        .zip(items.iter().take(MOST))
        .map(|(number, words)| Numbered {
            number,
            title: title(words),
            text: plain(words),
        })
        .collect()
}

/// `12. Words`, or `12) Words`.
fn item(line: &str) -> Option<(i64, &str)> {
    let line = line.trim_start();
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number = line.get(..digits)?.parse().ok()?;
    let words = line.get(digits..)?.strip_prefix(['.', ')'])?;
    (digits <= 4 && words.starts_with([' ', '\t'])).then_some((number, words.trim()))
}

/// The words in bold at the beginning, or else the first sentence, without the full stop.
pub(super) fn lead(words: &str) -> String {
    let text = plain(words);
    let first = sentences(&text)
        .first()
        .and_then(|at| text.get(at.clone()))
        .unwrap_or_default();
    let bold = words
        .strip_prefix("**")
        .and_then(|rest| rest.split_once("**"))
        .map(|(bold, _)| plain(bold));
    let short = bold.unwrap_or_else(|| first.to_owned());
    short.trim_end_matches(['.', ',', ':', ';']).to_owned()
}

fn title(words: &str) -> String {
    let bold = words
        .strip_prefix("**")
        .and_then(|rest| rest.split_once("**"))
        .map(|(bold, _)| plain(bold));
    let short = bold.unwrap_or_else(|| summary(&plain(words), MOST_TITLE));
    short.trim_end_matches(['.', ',', ':', ';']).to_owned()
}

fn plain(words: &str) -> String {
    render(words, &RenderOptions::default())
        .text
        .replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rules_are_read_as_readers_count_them() {
        let source = "Before.\n\n## The rules\n\n3. **Speak *kindly*.** To the person.\n   And again.\n\n4. Second.\n9) Third, of [all](https://a.example).\n\nAfter.\n\n1. Not a rule.";
        let rules = numbered(source);
        let short: Vec<(i64, &str)> = rules.iter().map(|r| (r.number, r.title.as_str())).collect();
        assert_eq!(
            short,
            [(3, "Speak kindly"), (4, "Second"), (5, "Third, of all")]
        );
        assert_eq!(rules[0].text, "Speak kindly. To the person. And again.");
        assert_eq!(numbered("No rules. 1928. was a year\n1.5 metres"), []);
    }

    #[test]
    fn the_starting_texts_have_rules() {
        assert_eq!(numbered(include_str!("starting/community.md")).len(), 8);
        assert_eq!(numbered(include_str!("starting/messaging.md")).len(), 10);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(source in any::<String>()) {
            prop_assert!(numbered(&source).len() <= MOST);
        }
    }
}
