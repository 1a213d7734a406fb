//! The first words of a text, for descriptions and previews.

use unicode_segmentation::UnicodeSegmentation;

/// At most `max_chars` characters of a plain text on one line, cut between words and ended with `…` if cut.
pub fn summary(text: &str, max_chars: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max_chars {
        return line;
    }
    let Some(room) = max_chars.checked_sub(1) else {
        return String::new();
    };
    let mut kept = fitting(line.split_word_bounds(), room);
    if kept.trim().is_empty() {
        // One word longer than all the room: cut it between what readers see as letters.
        kept = fitting(line.graphemes(true), room);
    }
    let kept = kept.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '—')
    });
    format!("{kept}…")
}

fn fitting<'t>(pieces: impl Iterator<Item = &'t str>, room: usize) -> String {
    let mut kept = String::new();
    let mut used = 0;
    for piece in pieces {
        used += piece.chars().count();
        if used > room {
            break;
        }
        kept.push_str(piece);
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_texts_stay_whole() {
        assert_eq!(summary("One\ntwo", 20), "One two");
    }

    #[test]
    fn long_ones_are_cut_between_words() {
        assert_eq!(summary("The night tour, again", 16), "The night tour…");
        assert_eq!(summary("Donaudampfschiff fährt", 6), "Donau…");
        assert_eq!(summary("abc", 0), "");
    }

    proptest! {
        #[test]
        fn never_longer_than_asked(text in any::<String>(), max in 0usize..60) {
            prop_assert!(summary(&text, max).chars().count() <= max);
        }
    }
}
