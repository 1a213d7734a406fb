//! The decorative part of an address. The number beside it decides; the words are for people.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest slug, in characters.
const MAX_CHARS: usize = 60;

/// A slug of a title: letters and digits of any script in lower case, everything else one `-` between words,
/// at most 60 characters, cut between words where that leaves something. Never empty: `-` if nothing is left.
pub fn slugify(title: &str) -> String {
    let mut slug = String::new();
    let mut length = 0;
    // Where the last whole word ended, in bytes.
    let mut word_end = 0;
    let mut gap = false;
    for c in title.nfc().flat_map(char::to_lowercase).nfc() {
        if !(c.is_alphanumeric() || (is_combining_mark(c) && length > 0 && !gap)) {
            if !gap && length > 0 {
                word_end = slug.len();
            }
            gap = length > 0;
            continue;
        }
        let needed = 1 + usize::from(gap);
        if length + needed > MAX_CHARS {
            if !gap && word_end > 0 {
                slug.truncate(word_end);
            }
            break;
        }
        if gap {
            slug.push('-');
            gap = false;
        }
        slug.push(c);
        length += needed;
    }
    if slug.is_empty() {
        "-".to_owned()
    } else {
        slug
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn titles_become_slugs() {
        for (title, slug) in [
            ("Winter reading, 2026!", "winter-reading-2026"),
            ("  Über uns — Café ", "über-uns-café"),
            ("ПРИВЕТ мир", "привет-мир"),
            ("東京タワー", "東京タワー"),
            ("!!!", "-"),
            ("", "-"),
            ("../../etc/passwd", "etc-passwd"),
            ("a\u{202e}b/c?d#e", "a-b-c-d-e"),
        ] {
            assert_eq!(slugify(title), slug, "{title:?}");
        }
    }

    #[test]
    fn long_titles_are_cut_between_words() {
        let slug = slugify(&"museum night ".repeat(12));
        assert!(
            slug.chars().count() <= 60 && slug.ends_with("-museum"),
            "{slug}"
        );
        assert_eq!(slugify(&"x".repeat(200)).len(), 60);
    }

    proptest! {
        #[test]
        fn a_slug_is_always_usable(title in any::<String>()) {
            let slug = slugify(&title);
            prop_assert!(!slug.is_empty() && slug.chars().count() <= 60);
            prop_assert!(slug.chars().all(|c| c == '-' || c.is_alphanumeric() || is_combining_mark(c)));
            prop_assert!(slug == "-" || !(slug.starts_with('-') || slug.ends_with('-') || slug.contains("--")));
        }
    }
}
