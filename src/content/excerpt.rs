//! An excerpt is a run of a post's plain text, kept with its place and its hash, so that consent covers exactly
//! these words and no others.
//!
//! Choices made here:
//! * `start` and `end` count characters (Unicode scalar values) of the plain text, `end` exclusive. Bytes would
//!   tie the numbers to an encoding, graphemes to a version of Unicode.
//! * The words are kept exactly as they stand in the text, a `\n` between blocks included; the hash is SHA-256 of
//!   those words in UTF-8.
//! * A run begins and ends at word boundaries (UAX 29). "We can" is not found in "we cannot": cutting a word could
//!   turn its meaning round.
//! * White space does not distinguish words: a wanted run is found whether its blocks were joined by spaces or by
//!   line ends. An edit that only moves a block boundary inside the run is an edit of the run.

use std::ops::Range;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::sentences;

/// A run of a post's plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The words themselves.
    pub text: String,
    /// First character in the plain text, counted from 0.
    pub start: usize,
    /// The character behind the last one.
    pub end: usize,
    /// SHA-256 of `text` in UTF-8.
    pub sha256: [u8; 32],
}

/// The SHA-256 by which an excerpt is recognised.
pub fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// NFC, control characters dropped, every run of white space one space, none at the ends.
pub fn normalise(text: &str) -> String {
    let composed: String = text
        .chars()
        .filter(|c| c.is_whitespace() || !c.is_control())
        .nfc()
        .collect();
    let mut folded = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Where somebody's wanted words stand in a plain text, in characters: the first place that begins and ends with
/// whole words. `None` if they do not stand there.
pub fn locate(text: &str, wanted: &str) -> Option<Range<usize>> {
    let wanted = normalise(wanted);
    if wanted.is_empty() {
        return None;
    }
    // Same length in bytes and characters, so places found here are places in `text`.
    let flat = text.replace('\n', " ");
    let bounds = word_bounds(&flat);
    let (start, _) = flat
        .match_indices(&wanted)
        .find(|(start, found)| is_whole(&bounds, &(*start..start + found.len())))?;
    Some(in_characters(text, start..start + wanted.len()))
}

/// Takes a run, given in characters, out of a plain text. White space at its ends is left behind.
/// `None` if the run is empty, outside the text or cuts a word.
pub fn take(text: &str, run: Range<usize>) -> Option<Excerpt> {
    let bytes = in_bytes(text, &run)?;
    let slice = text.get(bytes.clone())?;
    let start = bytes.start + (slice.len() - slice.trim_start().len());
    let words = slice.trim();
    let trimmed = start..start + words.len();
    if words.is_empty() || !is_whole(&word_bounds(text), &trimmed) {
        return None;
    }
    let place = in_characters(text, trimmed);
    Some(Excerpt {
        text: words.to_owned(),
        start: place.start,
        end: place.end,
        sha256: hash(words),
    })
}

/// Takes whole sentences, from the first to the last one named (both counted from 0, both included).
pub fn by_sentences(text: &str, first: usize, last: usize) -> Option<Excerpt> {
    let all = sentences(text);
    let (from, to) = (all.get(first)?, all.get(last)?);
    if from.start >= to.end {
        return None;
    }
    take(text, in_characters(text, from.start..to.end))
}

/// Where an excerpt stands in a newer version of the text, in characters: intact, with whole words at both ends,
/// and if it stands there more than once, nearest to where it was. `None` makes a consent stale.
pub fn still_there(new_text: &str, excerpt: &Excerpt) -> Option<Range<usize>> {
    if excerpt.text.is_empty() || hash(&excerpt.text) != excerpt.sha256 {
        return None;
    }
    let bounds = word_bounds(new_text);
    let mut characters = 0;
    let mut counted = 0;
    let length = excerpt.text.chars().count();
    new_text
        .match_indices(&excerpt.text)
        .filter(|(start, found)| is_whole(&bounds, &(*start..start + found.len())))
        .map(|(start, _)| {
            characters += new_text
                .get(counted..start)
                .map_or(0, |part| part.chars().count());
            counted = start;
            characters..characters + length
        })
        .min_by_key(|place| place.start.abs_diff(excerpt.start))
}

/// A range in bytes as a range in characters. A place inside a character counts as its beginning.
pub fn in_characters(text: &str, bytes: Range<usize>) -> Range<usize> {
    let count = |end: usize| text.char_indices().take_while(|(at, _)| *at < end).count();
    count(bytes.start)..count(bytes.end)
}

/// A range in characters as a range in bytes; `None` if it is empty, turned round or beyond the end.
pub fn in_bytes(text: &str, characters: &Range<usize>) -> Option<Range<usize>> {
    if characters.start >= characters.end {
        return None;
    }
    let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let start = places.nth(characters.start)?;
    let end = places.nth(characters.end - characters.start - 1)?;
    Some(start..end)
}

fn word_bounds(text: &str) -> Vec<usize> {
    text.split_word_bound_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect()
}

fn is_whole(bounds: &[usize], bytes: &Range<usize>) -> bool {
    bounds.binary_search(&bytes.start).is_ok() && bounds.binary_search(&bytes.end).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "Hello there.\nWe can do it. We cannot fail.\nÜber uns: we can.";

    #[test]
    fn found_words_are_taken_as_they_stand() {
        let run = locate(TEXT, " there.   We can do").expect("stands there");
        let excerpt = take(TEXT, run).expect("whole words");
        assert_eq!(excerpt.text, "there.\nWe can do");
        assert_eq!((excerpt.start, excerpt.end), (6, 22));
        assert_eq!(excerpt.sha256, hash("there.\nWe can do"));
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        let run = locate(TEXT, "uns: we").expect("stands there");
        assert_eq!(run, 48..55);
        assert_eq!(take(TEXT, run).map(|e| e.text).as_deref(), Some("uns: we"));
    }

    #[test]
    fn a_cut_word_is_not_an_excerpt() {
        assert_eq!(locate("We cannot fail.", "We can"), None);
        assert_eq!(take("We cannot fail.", 0..6), None);
        assert_eq!(take("We cannot fail.", 4..4), None);
        assert_eq!(take("We cannot fail.", 0..99), None);
        assert_eq!(locate(TEXT, "  "), None);
    }

    #[test]
    fn white_space_at_the_ends_is_left_behind() {
        let excerpt = take("one two three", 3..8).expect("a word");
        assert_eq!(
            (excerpt.text.as_str(), excerpt.start, excerpt.end),
            ("two", 4, 7)
        );
    }

    #[test]
    fn decomposed_wishes_are_found() {
        assert_eq!(locate("Le caf\u{e9} ferme", "cafe\u{301}"), Some(3..7));
    }

    #[test]
    fn an_edit_elsewhere_moves_the_excerpt() {
        let excerpt = take("We can. Fine.", 0..7).expect("taken");
        assert_eq!(still_there("Note: We can. Fine.", &excerpt), Some(6..13));
        assert_eq!(still_there("We can! Fine.", &excerpt), None);
        let words = take("We can. Fine.", 0..6).expect("taken");
        assert_eq!(still_there("We cannot. Fine.", &words), None);
    }

    #[test]
    fn of_several_places_the_nearest_is_taken() {
        let excerpt = Excerpt {
            text: "yes".into(),
            start: 9,
            end: 12,
            sha256: hash("yes"),
        };
        assert_eq!(
            still_there("yes no no yes no no no no no yes", &excerpt),
            Some(10..13)
        );
    }

    #[test]
    fn a_forged_hash_is_never_there() {
        let excerpt = Excerpt {
            text: "yes".into(),
            start: 0,
            end: 3,
            sha256: [0; 32],
        };
        assert_eq!(still_there("yes", &excerpt), None);
    }

    #[test]
    fn sentences_from_to() {
        let excerpt = by_sentences(TEXT, 1, 2).expect("two sentences");
        assert_eq!(excerpt.text, "We can do it. We cannot fail.");
        assert_eq!(by_sentences(TEXT, 2, 1), None);
        assert_eq!(by_sentences(TEXT, 0, 9), None);
    }

    proptest! {
        #[test]
        fn whole_words_make_the_round_trip(words in prop::collection::vec("[a-zäé]{1,6}[.,]?", 1..30), a in 0usize..30, b in 0usize..30) {
            let text = words.join(" ");
            let (a, b) = (a.min(b) % words.len(), a.max(b) % words.len());
            let wanted = words[a.min(b)..=a.max(b)].join(" ");
            let run = locate(&text, &wanted).expect("its own words");
            let excerpt = take(&text, run.clone()).expect("whole words");
            prop_assert_eq!(&excerpt.text, &wanted);
            prop_assert_eq!(excerpt.start..excerpt.end, run);
            prop_assert!(still_there(&text, &excerpt).is_some());
            let longer = format!("Ω before. {text}\nAnd after.");
            let moved = still_there(&longer, &excerpt).expect("intact");
            prop_assert_eq!(take(&longer, moved).map(|e| e.sha256), Some(excerpt.sha256));
        }

        #[test]
        fn any_text_any_run_never_panics(text in any::<String>(), a in 0usize..40, b in 0usize..40) {
            let text = normalise(&text);
            prop_assert_eq!(normalise(&text), text.clone());
            if let Some(excerpt) = take(&text, a..b) {
                prop_assert_eq!(still_there(&text, &excerpt).is_some(), true);
                prop_assert!(locate(&text, &excerpt.text).is_some());
            }
        }
    }
}
