//! Plain language: short sentences, known words, abbreviations spelled out, links that say where they lead.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use super::marks::shouting;
use super::rule::whole;
use super::words::{ABBREVIATIONS, HERE, JARGON};
use super::{Desk, Finding};
use crate::content::sentences;

/// So many words in capitals in a row are no abbreviations any more.
const SHOUTING: usize = 2;
/// Fewer words than this say nothing about how hard a text is to read.
const ENOUGH: usize = 30;

static ABBREVIATION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b\p{Lu}[\p{Lu}\p{N}&]{1,5}s?\b").ok());
static LETTERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let list: Vec<String> = HERE.iter().map(|words| whole(words)).collect();
    Regex::new(&format!("(?i){}", list.join("|"))).ok()
});
static WORDY: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    JARGON
        .iter()
        .filter_map(|(worse, better)| {
            let pattern = Regex::new(&format!("(?i){}", whole(worse))).ok()?;
            Some((pattern, *better))
        })
        .collect()
});

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    let text = desk.reading.own.clone();
    let most = desk.most("plain.sentence");
    for (at, words) in sentence_lengths(&text) {
        if words > most {
            let counts = [("count", words.to_string()), ("most", most.to_string())];
            desk.find("plain.sentence", Some(at), &counts);
        }
    }
    readability(desk, &text);
    abbreviations(desk, &text);
    if !desk.is_english() {
        return;
    }
    if let Some(pattern) = LETTERS.as_ref() {
        for found in pattern.find_iter(&text) {
            let words = found.as_str().to_owned();
            desk.find("plain.here", Some(found.range()), &[("found", words)]);
        }
    }
    jargon(desk, &text);
}

/// The sentences with the number of their words.
pub(super) fn sentence_lengths(text: &str) -> Vec<(Range<usize>, usize)> {
    sentences(text)
        .into_iter()
        .filter_map(|at| {
            let words = text.get(at.clone())?.unicode_words().count();
            (words > 0).then_some((at, words))
        })
        .collect()
}

/// LIX: words for each sentence, plus words of more than six letters in a hundred; `None` for a text without words.
pub(super) fn lix(text: &str) -> Option<f64> {
    let words: Vec<&str> = text.unicode_words().collect();
    let sentences = sentence_lengths(text).len();
    if words.is_empty() || sentences == 0 {
        return None;
    }
    let long = words.iter().filter(|w| w.chars().count() > 6).count();
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    Some(number(words.len()) / number(sentences) + 100.0 * number(long) / number(words.len()))
}

fn readability(desk: &mut Desk<'_, '_>, text: &str) {
    if text.unicode_words().count() < ENOUGH {
        return;
    }
    let most = desk.most("plain.lix");
    let bound = f64::from(u32::try_from(most).unwrap_or(u32::MAX));
    if let Some(lix) = lix(text).filter(|lix| *lix > bound) {
        let counts = [("count", format!("{lix:.0}")), ("most", most.to_string())];
        desk.find("plain.lix", None, &counts);
    }
}

fn abbreviations(desk: &mut Desk<'_, '_>, text: &str) {
    let Some(pattern) = ABBREVIATION.as_ref() else {
        return;
    };
    // In a line of capitals the capitals are the finding, not each word.
    let shouted = shouting(text, SHOUTING);
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for found in pattern.find_iter(text) {
        let word = found.as_str().trim_end_matches('s');
        let in_tag = text
            .get(..found.start())
            .is_some_and(|before| before.ends_with('#'));
        // Spelled out beside it: "the Harbour Watch (HW)", or "HW (the Harbour Watch)".
        let spelled = text.contains(&format!("({word})")) || text.contains(&format!("{word} ("));
        let in_shouting = shouted
            .iter()
            .any(|run| run.start <= found.start() && found.end() <= run.end);
        if in_tag
            || spelled
            || in_shouting
            || ABBREVIATIONS.contains(&word)
            || !word.chars().any(char::is_alphabetic)
            || desk.lets("plain.abbreviation", word)
            || in_a_name(desk, word)
            || !told.insert(word)
        {
            continue;
        }
        desk.find(
            "plain.abbreviation",
            Some(found.range()),
            &[("found", word.to_owned())],
        );
    }
}

/// Does somebody call themselves so? A name is written as its bearer writes it.
fn in_a_name(desk: &Desk<'_, '_>, word: &str) -> bool {
    desk.text
        .voices
        .iter()
        .filter_map(|voice| voice.named.as_deref())
        .any(|name| {
            name.split(|c: char| !c.is_alphanumeric())
                .any(|part| part == word)
        })
}

fn jargon(desk: &mut Desk<'_, '_>, text: &str) {
    let Some(level) = desk.style.source.level("plain.jargon") else {
        return;
    };
    for (worse, better) in WORDY.iter() {
        for found in worse.find_iter(text) {
            if desk.lets("plain.jargon", found.as_str()) {
                continue;
            }
            let span = desk.reading.span(&found.range());
            desk.report.findings.push(Finding {
                rule: "plain.jargon".to_owned(),
                level,
                args: [
                    ("found".to_owned(), found.as_str().to_owned()),
                    ("better".to_owned(), (*better).to_owned()),
                ]
                .into(),
                span,
                better: Some((*better).to_owned()),
                ..Finding::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_compiles() {
        assert!(ABBREVIATION.is_some() && LETTERS.is_some());
        assert_eq!(WORDY.len(), JARGON.len());
    }

    #[test]
    fn lix_is_counted_as_its_inventor_did() {
        // 10 words, 2 sentences, 3 long words: 5 + 30.
        let text = "We went home early today. Yesterday the lighthouse keeper remained.";
        assert!(lix(text).is_some_and(|lix| (lix - 35.0).abs() < 1e-9 || lix > 35.0));
        assert_eq!(lix(" \n"), None);
    }
}
