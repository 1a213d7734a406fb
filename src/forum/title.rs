//! A thread's title: one line, one to 255 graphemes.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::limits::{TITLE_BYTES, TITLE_GRAPHEMES};
use crate::kit::Problems;
use crate::kit::slug::slugify;

/// A title that can stand: NFC, white space folded, no control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title(String);

impl Title {
    /// Reads a title from what was typed.
    ///
    /// # Errors
    /// Problems with the field `title`.
    pub fn parse(typed: &str) -> Result<Self, Problems> {
        if typed.len() > TITLE_BYTES {
            return Err(too_long());
        }
        let line: String = typed
            .nfc()
            .filter(|c| !is_unwanted(*c))
            .collect::<String>()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if !line.chars().any(is_visible) {
            return Err(Problems::one("title", "title-missing"));
        }
        if line.graphemes(true).count() > TITLE_GRAPHEMES {
            return Err(too_long());
        }
        Ok(Self(line))
    }

    /// The title as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The decorative part of its address.
    #[must_use]
    pub fn slug(&self) -> String {
        slugify(&self.0)
    }
}

fn too_long() -> Problems {
    let mut problems = Problems::default();
    problems.add(
        "title",
        "title-too-long",
        &[("max", TITLE_GRAPHEMES.to_string())],
    );
    problems
}

/// Control characters, and those that turn the direction of everything after them.
fn is_unwanted(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Something a reader can see; joiners and fillers alone make no title.
fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(typed: &str) -> Option<String> {
        Title::parse(typed)
            .err()
            .and_then(|p| p.0.first().map(|p| p.key.clone()))
    }

    #[test]
    fn a_title_is_one_tidy_line() {
        let title = Title::parse("  The \u{202e}blue\n\tboat\u{7} ").map(|t| t.0);
        assert_eq!(title, Ok("The blue boat".to_owned()));
    }

    #[test]
    fn nothing_visible_is_no_title() {
        for typed in ["", "  ", "\u{200b}\u{200d}", "\u{3164}"] {
            assert_eq!(keys(typed).as_deref(), Some("title-missing"), "{typed:?}");
        }
    }

    #[test]
    fn two_hundred_and_fifty_five_letters_fit() {
        assert_eq!(keys(&"é".repeat(255)), None);
        assert_eq!(keys(&"é".repeat(256)).as_deref(), Some("title-too-long"));
        assert_eq!(
            keys(&format!("e{}", "\u{301}".repeat(9_000))).as_deref(),
            Some("title-too-long")
        );
    }
}
