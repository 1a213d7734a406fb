//! The house's own rules at work, one function per kind.

use std::collections::BTreeSet;
use std::ops::Range;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use super::Desk;
use super::plain;
use super::report::Finding;
use super::rule::{Kind, Measured, Per, Rule};
use crate::content::sentences;

/// The most findings of one rule: who says a word forty times knows after ten.
const MOST: usize = 10;

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    let style = desk.style;
    for rule in &style.rules {
        let text = if rule.quotes {
            desk.reading.without_link()
        } else {
            desk.reading.own.clone()
        };
        for found in held(rule, &text).into_iter().take(MOST) {
            let span = found.at.as_ref().and_then(|at| desk.reading.span(at));
            desk.report.findings.push(finding(rule, found, span));
        }
    }
}

/// What a rule found: where, the words there, and a better wording for just these.
struct Found {
    at: Option<Range<usize>>,
    words: String,
    better: Option<String>,
}

impl Found {
    fn at(text: &str, at: Range<usize>) -> Self {
        Self {
            words: text.get(at.clone()).unwrap_or_default().trim().to_owned(),
            at: Some(at),
            better: None,
        }
    }

    fn whole(number: f64) -> Self {
        // One digit behind the point is as exact as such a measure is.
        let words = format!("{:.1}", number);
        Self {
            words: words.trim_end_matches(".0").to_owned(),
            at: None,
            better: None,
        }
    }
}

fn finding(rule: &Rule, found: Found, span: Option<super::Span>) -> Finding {
    let better = found.better.or_else(|| rule.better.clone());
    Finding {
        rule: rule.id.clone(),
        level: rule.level,
        message: Some(rule.message.replace("{found}", &found.words)),
        args: [("found".to_owned(), found.words)].into(),
        span,
        better,
        cites: rule.cites,
    }
}

fn held(rule: &Rule, text: &str) -> Vec<Found> {
    match &rule.kind {
        Kind::Existence(patterns) => matches(patterns, text)
            .into_iter()
            .map(|at| Found::at(text, at))
            .collect(),
        Kind::Substitution(swaps) => swaps
            .iter()
            .flat_map(|(worse, better)| {
                worse.find_iter(text).map(|m| Found {
                    better: Some(better.clone()),
                    ..Found::at(text, m.range())
                })
            })
            .collect(),
        Kind::Occurrence {
            patterns,
            per,
            most,
            least,
        } => occurrences(patterns, *per, (*most, *least), text),
        Kind::Conditional { first, then } => conditional(first, then, text),
        Kind::Metric {
            measured,
            most,
            least,
        } => {
            let is = measure(*measured, text);
            if is.is_some_and(|is| outside(is, *most, *least)) {
                is.map(Found::whole).into_iter().collect()
            } else {
                Vec::new()
            }
        }
    }
}

fn matches(patterns: &[Regex], text: &str) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = patterns
        .iter()
        .flat_map(|pattern| pattern.find_iter(text).map(|m| m.range()))
        .collect();
    all.sort_by_key(|at| (at.start, at.end));
    all.dedup();
    all
}

fn outside(is: f64, most: Option<f64>, least: Option<f64>) -> bool {
    most.is_some_and(|most| is > most) || least.is_some_and(|least| is < least)
}

fn occurrences(
    patterns: &[Regex],
    per: Per,
    (most, least): (Option<f64>, Option<f64>),
    text: &str,
) -> Vec<Found> {
    let places = matches(patterns, text);
    let parts = match per {
        Per::Text => std::iter::once(0..text.len()).collect(),
        Per::Sentence => sentences(text),
    };
    parts
        .into_iter()
        .filter_map(|part| {
            let here: Vec<&Range<usize>> = places
                .iter()
                .filter(|at| part.start <= at.start && at.start < part.end)
                .collect();
            let count = count(here.len());
            if !outside(count, most, least) {
                return None;
            }
            // Too many: the first one too many. Too few: the sentence, or nothing.
            let one_too_many = most.filter(|most| count > *most).and_then(|most| {
                let at = here
                    .iter()
                    .enumerate()
                    .find(|(n, _)| self::count(*n) >= most)?;
                Some((*at.1).clone())
            });
            let at = one_too_many.or_else(|| (per == Per::Sentence).then_some(part));
            Some(Found {
                at,
                ..Found::whole(count)
            })
        })
        .collect()
}

/// Small counts as numbers that bounds are compared with.
fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

fn conditional(first: &Regex, then: &Regex, text: &str) -> Vec<Found> {
    // With a group, each thing found needs a counterpart that says the same; without one, any counterpart does.
    let grouped = then.captures_len() > 1;
    let met: BTreeSet<&str> = then
        .captures_iter(text)
        .filter_map(|c| c.get(1).or_else(|| c.get(0)))
        .map(|m| m.as_str())
        .collect();
    if !grouped && !met.is_empty() {
        return Vec::new();
    }
    let mut told = BTreeSet::new();
    first
        .captures_iter(text)
        .filter_map(|c| c.get(1).or_else(|| c.get(0)))
        .filter(|m| !met.contains(m.as_str()) && told.insert(m.as_str()))
        .map(|m| Found::at(text, m.range()))
        .collect()
}

/// The measure of a text; `None` for a text without words.
fn measure(measured: Measured, text: &str) -> Option<f64> {
    let words = count(text.unicode_words().count());
    let in_sentences = plain::sentence_lengths(text).len();
    if words == 0.0 {
        return None;
    }
    Some(match measured {
        Measured::Words => words,
        Measured::Sentences => count(in_sentences),
        Measured::Characters => count(text.trim().graphemes(true).count()),
        Measured::WordsPerSentence => words / count(in_sentences.max(1)),
        Measured::Lix => plain::lix(text)?,
        Measured::LettersPerWord => {
            let letters: usize = text.unicode_words().map(|w| w.chars().count()).sum();
            count(letters) / words
        }
    })
}
