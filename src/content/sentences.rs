//! Sentences, so that an excerpt can be chosen without JavaScript.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// The sentences of a plain text as ranges in bytes: trimmed, never empty, never across a `\n`.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in text.split('\n') {
        for (at, sentence) in line.split_sentence_bound_indices() {
            let words = sentence.trim();
            if words.is_empty() {
                continue;
            }
            let start = line_start + at + (sentence.len() - sentence.trim_start().len());
            found.push(start..start + words.len());
        }
        line_start += line.len() + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<&str> {
        sentences(text)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn sentences_are_trimmed_and_stay_in_their_block() {
        assert_eq!(
            words("Hello there. How are you?\nA heading\nÜber uns! 東京です。はい。"),
            [
                "Hello there.",
                "How are you?",
                "A heading",
                "Über uns!",
                "東京です。",
                "はい。"
            ]
        );
        assert_eq!(words("\n \n"), [""; 0]);
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_is_lost(text in any::<String>()) {
            let told: String = words(&text).concat();
            let squeeze = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(squeeze(&told), squeeze(&text));
        }
    }
}
