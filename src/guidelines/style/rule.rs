//! One of the house's own rules, ready to use: its patterns are compiled once.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};

use super::report::Level;
use crate::kit::Problems;

/// The largest compiled pattern, in bytes: a pattern is somebody's input.
const MOST_COMPILED: usize = 1 << 20;

/// A rule, ready to use.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// What it weighs.
    pub level: Level,
    /// What the writer is told.
    pub message: String,
    /// A better wording.
    pub better: Option<String>,
    /// The numbered rule of the messaging guidelines that it rests on.
    pub cites: Option<i64>,
    /// What it looks for.
    pub kind: Kind,
    /// Is it held against quoted words, too?
    pub quotes: bool,
}

/// What a rule looks for.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Words that must not stand there.
    Existence(Vec<Regex>),
    /// Words for which there are better ones.
    Substitution(Vec<(Regex, String)>),
    /// Words that may stand there so often.
    Occurrence {
        /// What is counted.
        patterns: Vec<Regex>,
        /// In what it is counted.
        per: Per,
        /// The most there may be.
        most: Option<f64>,
        /// The least there must be.
        least: Option<f64>,
    },
    /// Words that need others: each match of the first (or of its first group) must be matched by the second.
    Conditional {
        /// What is looked for.
        first: Regex,
        /// What it needs.
        then: Regex,
    },
    /// A measure of the whole text.
    Metric {
        /// What is measured.
        measured: Measured,
        /// The most it may be.
        most: Option<f64>,
        /// The least it must be.
        least: Option<f64>,
    },
}

crate::text_enum! {
    /// In what occurrences are counted.
    pub enum Per {
        /// In the whole text.
        Text = "text",
        /// In each sentence.
        Sentence = "sentence",
    }
}

crate::text_enum! {
    /// What a metric measures, in the publisher's own words.
    pub enum Measured {
        /// Words.
        Words = "words",
        /// Sentences.
        Sentences = "sentences",
        /// Graphemes, which people call characters.
        Characters = "characters",
        /// The mean length of sentences, in words.
        WordsPerSentence = "words_per_sentence",
        /// Words for each sentence plus words of more than six letters in a hundred: above 50 is hard to read.
        Lix = "lix",
        /// The mean length of words, in letters.
        LettersPerWord = "letters_per_word",
    }
}

impl Rule {
    /// Compiles words and patterns; `None` once something is wrong.
    pub(super) fn patterns(
        words: &[String],
        patterns: &[String],
        case: bool,
        problems: &mut Problems,
    ) -> Option<Vec<Regex>> {
        let mut all = Vec::new();
        if !words.is_empty() {
            let alternatives: Vec<String> = words.iter().map(|word| whole(word)).collect();
            all.push(Self::pattern(
                "words",
                &alternatives.join("|"),
                case,
                problems,
            )?);
        }
        for pattern in patterns {
            all.push(Self::pattern("patterns", pattern, case, problems)?);
        }
        Some(all)
    }

    /// Compiles what is to be said instead of what.
    pub(super) fn swaps(
        swap: &BTreeMap<String, String>,
        case: bool,
        problems: &mut Problems,
    ) -> Option<Vec<(Regex, String)>> {
        swap.iter()
            .map(|(worse, better)| {
                let pattern = Self::pattern("swap", &whole(worse), case, problems)?;
                Some((pattern, better.trim().to_owned()))
            })
            .collect()
    }

    /// Compiles one regular expression.
    pub(super) fn pattern(
        field: &str,
        pattern: &str,
        case: bool,
        problems: &mut Problems,
    ) -> Option<Regex> {
        let made = RegexBuilder::new(pattern)
            .case_insensitive(!case)
            .multi_line(true)
            .size_limit(MOST_COMPILED)
            .dfa_size_limit(MOST_COMPILED)
            .build();
        match made {
            Ok(regex) if regex.is_match("") => {
                let pattern = pattern.to_owned();
                problems.add(field, "style-pattern-empty", &[("pattern", pattern)]);
                None
            }
            Ok(regex) => Some(regex),
            Err(why) => {
                // The last line of the explanation says what is wrong; those before it draw the pattern.
                let why = why.to_string();
                let why = why.lines().last().unwrap_or_default();
                let why = why.trim_start_matches("error: ").to_owned();
                problems.add(
                    field,
                    "style-pattern",
                    &[("pattern", pattern.to_owned()), ("why", why)],
                );
                None
            }
        }
    }
}

/// A pattern that finds these words as whole words, however they are broken into lines.
pub(super) fn whole(words: &str) -> String {
    let words: Vec<String> = words.split_whitespace().map(regex::escape).collect();
    let words = words.join(r"\s+");
    // A boundary only where there is a letter to be bounded: "100 %" ends without one.
    let edge = |c: Option<char>| {
        if c.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            r"\b"
        } else {
            ""
        }
    };
    format!(
        "{}{words}{}",
        edge(words.chars().next()),
        edge(words.chars().next_back())
    )
}
