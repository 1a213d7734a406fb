//! Hashtags, emoji, capitals and letters that are drawings: what a screen reader spells out, and what shouts.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use super::Desk;
use crate::content::is_emoji;

/// A pattern of this file's own, known to compile (a test uses each).
fn own(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

static TAG: LazyLock<Option<Regex>> =
    LazyLock::new(|| own(r"#[\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*"));
/// Letters that only look like letters: mathematical, circled, squared and full-width ones.
static FANCY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own(
        r"[\u{1D400}-\u{1D7FF}\u{24B6}-\u{24E9}\u{1F130}-\u{1F149}\u{1F150}-\u{1F169}\u{1F170}-\u{1F189}\u{FF21}-\u{FF3A}\u{FF41}-\u{FF5A}]+",
    )
});
/// Lines and boxes, or five marks in a row that are no letters: a picture made of signs.
static ART: LazyLock<Option<Regex>> =
    LazyLock::new(|| own(r"[\u{2500}-\u{25FF}\u{2800}-\u{28FF}]{2,}|[!-/:-@\[-`{-~¯°╯︵ツ]{5,}"));

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    let text = desk.reading.own.clone();
    tags(desk, &text);
    emoji(desk, &text);
    capitals(desk, &text);
    for (rule, pattern) in [("fancy", &FANCY), ("art", &ART)] {
        for at in all(pattern, &text) {
            let found = text.get(at.clone()).unwrap_or_default().to_owned();
            // Dots that stand for something left out are no drawing.
            if found.chars().any(|c| c != '.') {
                desk.find(rule, Some(at), &[("found", found)]);
            }
        }
    }
}

fn all(pattern: &LazyLock<Option<Regex>>, text: &str) -> Vec<Range<usize>> {
    pattern
        .as_ref()
        .map(|p| p.find_iter(text).map(|m| m.range()).collect())
        .unwrap_or_default()
}

fn tags(desk: &mut Desk<'_, '_>, text: &str) {
    let found = all(&TAG, text);
    let most = desk.most("tag.count");
    if let Some(first_too_many) = found.get(most) {
        let counts = [
            ("count", found.len().to_string()),
            ("most", most.to_string()),
        ];
        desk.find("tag.count", Some(first_too_many.clone()), &counts);
    }
    let long = desk.most("tag.camel");
    for at in found {
        let tag = text.get(at.clone()).unwrap_or_default().to_owned();
        let word = tag.trim_start_matches('#');
        let small = word.chars().any(char::is_lowercase);
        let inner = word.chars().skip(1).any(|c| c.is_uppercase() || c == '_');
        if small
            && !inner
            && word.graphemes(true).count() >= long
            && !desk.lets("tag.camel", word)
            && !desk.lets("tag.camel", &tag)
        {
            desk.find("tag.camel", Some(at), &[("found", tag)]);
        }
    }
}

/// Where emoji stand, each a whole grapheme: a family of seven code points is one.
pub(super) fn emoji_in(text: &str) -> Vec<Range<usize>> {
    text.grapheme_indices(true)
        .filter(|(_, grapheme)| is_emoji(grapheme))
        .map(|(at, grapheme)| at..at + grapheme.len())
        .collect()
}

fn emoji(desk: &mut Desk<'_, '_>, text: &str) {
    let found = emoji_in(text);
    let most = desk.most("emoji.count");
    if let Some(first_too_many) = found.get(most) {
        let counts = [
            ("count", found.len().to_string()),
            ("most", most.to_string()),
        ];
        desk.find("emoji.count", Some(first_too_many.clone()), &counts);
    }
    let of = |at: &Range<usize>| text.get(at.clone()).unwrap_or_default().to_owned();
    for (one, next) in found.iter().zip(found.iter().skip(1)) {
        let between = text.get(one.end..next.start).unwrap_or("?");
        if between.trim().is_empty() && of(one) == of(next) {
            desk.find(
                "emoji.run",
                Some(one.start..next.end),
                &[("found", of(one))],
            );
        }
    }
    for at in found {
        let line = text.get(at.end..).unwrap_or_default();
        let rest = line.split('\n').next().unwrap_or_default();
        // Tags may follow; a word that follows says that the sign is a bullet or stands for a word.
        let says_more = rest
            .split_whitespace()
            .any(|word| !word.starts_with('#') && word.chars().any(char::is_alphanumeric));
        if says_more {
            desk.find("emoji.place", Some(at.clone()), &[("found", of(&at))]);
        }
    }
}

fn capitals(desk: &mut Desk<'_, '_>, text: &str) {
    for at in shouting(text, desk.most("caps")) {
        let found = text.get(at.clone()).unwrap_or_default().to_owned();
        desk.find("caps", Some(at), &[("found", found)]);
    }
}

/// Runs of more than so many words in capitals.
pub(super) fn shouting(text: &str, most: usize) -> Vec<Range<usize>> {
    let mut run: Vec<Range<usize>> = Vec::new();
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut end = |run: &mut Vec<Range<usize>>| {
        if let (true, Some(first), Some(last)) = (run.len() > most, run.first(), run.last()) {
            runs.push(first.start..last.end);
        }
        run.clear();
    };
    for (at, word) in text.unicode_word_indices() {
        // A quotation or the end of a line ends a run.
        let broken = run
            .last()
            .is_some_and(|last| text.get(last.end..at).is_some_and(|gap| gap.contains('\n')));
        if broken {
            end(&mut run);
        }
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        let small = word.chars().any(char::is_lowercase);
        // "I" and "A" go on with a run that has begun, and begin none.
        if !small && (capitals > 1 || (capitals == 1 && !run.is_empty())) {
            run.push(at..at + word.len());
        } else {
            end(&mut run);
        }
    }
    end(&mut run);
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for pattern in [&TAG, &FANCY, &ART] {
            assert!(pattern.is_some());
        }
    }

    #[test]
    fn an_emoji_is_a_grapheme() {
        assert_eq!(emoji_in("👨‍👩‍👧‍👦").len(), 1, "seven code points, one family");
        assert_eq!(emoji_in("👍🏽 🇪🇪 ❤️ 1️⃣ ✨").len(), 5);
        assert!(emoji_in("№ 7 © ® ™ ✓ → é ع #1 *").is_empty());
    }
}
