//! A text as the rules read it: NFC, white space folded, and still knowing where each word stood when it was typed.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::LINK_MARK;
use super::report::Span;
use super::text::Text;

/// A text, read. `flat`, `lines` and `own` have the same length in bytes, so a place in one is a place in all.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Every run of white space one space.
    pub flat: String,
    /// The same, but a run of white space that broke the line is a line end.
    pub lines: String,
    /// The publisher's own words: like `lines`, with quotations and the link blanked out.
    pub own: String,
    /// For every character of `flat`: its first byte there, and its place in the text as it was typed.
    places: Vec<Place>,
    /// Where links of ours stand: the mark, or the link itself.
    links: Vec<Range<usize>>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    byte: usize,
    typed: Span,
}

impl Reading {
    /// Reads a text.
    pub fn of(text: &Text<'_>) -> Self {
        let mut reading = Self::folded(text.words);
        let mut links: Vec<Range<usize>> = found(&reading.flat, LINK_MARK);
        if !text.link.is_empty() {
            links.extend(found(&reading.flat, text.link));
        }
        links.sort_by_key(|at| at.start);
        reading.own.clone_from(&reading.lines);
        for at in &links {
            blank(&mut reading.own, at, ' ');
        }
        reading.links = links;
        reading
    }

    fn folded(words: &str) -> Self {
        let mut reading = Self::default();
        let mut at = 0;
        // A run of white space that waits to be written: was there a line end in it, and where it stood.
        let mut space: Option<(bool, Span)> = None;
        for grapheme in words.graphemes(true) {
            let length = grapheme.chars().count();
            let typed = Span {
                start: at,
                end: at + length,
            };
            at += length;
            if grapheme.chars().all(char::is_whitespace) {
                let breaks = grapheme.contains(['\n', '\r', '\u{2028}', '\u{2029}']);
                space = Some(match space {
                    Some((broke, from)) => (
                        broke || breaks,
                        Span {
                            start: from.start,
                            end: typed.end,
                        },
                    ),
                    None => (breaks, typed),
                });
                continue;
            }
            let kept: String = grapheme
                .chars()
                .filter(|c| c.is_whitespace() || !c.is_control())
                .nfc()
                .collect();
            if kept.is_empty() {
                continue;
            }
            if let Some((breaks, typed)) = space.take()
                && !reading.flat.is_empty()
            {
                reading.push(' ', if breaks { '\n' } else { ' ' }, typed);
            }
            for c in kept.chars() {
                reading.push(c, c, typed);
            }
        }
        reading
    }

    fn push(&mut self, flat: char, line: char, typed: Span) {
        self.places.push(Place {
            byte: self.flat.len(),
            typed,
        });
        self.flat.push(flat);
        self.lines.push(line);
    }

    /// Nothing but white space and our link.
    pub fn is_empty(&self) -> bool {
        self.without_link().trim().is_empty()
    }

    /// The text with the first link of ours blanked out, in which no other link may stand.
    pub fn without_link(&self) -> String {
        let mut open = self.flat.clone();
        for at in &self.links {
            blank(&mut open, at, ' ');
        }
        open
    }

    /// Links of ours after the first.
    pub fn further_links(&self) -> Vec<(Range<usize>, String)> {
        self.links
            .iter()
            .skip(1)
            .map(|at| {
                let words = self.flat.get(at.clone()).unwrap_or_default();
                (at.clone(), words.to_owned())
            })
            .collect()
    }

    /// These words are not the publisher's own.
    pub fn not_own(&mut self, at: &Range<usize>) {
        blank(&mut self.own, at, '\n');
    }

    /// Where a run of bytes of the reading stood in the text as it was typed.
    pub fn span(&self, at: &Range<usize>) -> Option<Span> {
        let first = self.places.partition_point(|place| place.byte < at.start);
        let last = self.places.partition_point(|place| place.byte < at.end);
        let (first, last) = (
            self.places.get(first)?,
            self.places.get(last.checked_sub(1)?)?,
        );
        (first.typed.start < last.typed.end).then_some(Span {
            start: first.typed.start,
            end: last.typed.end,
        })
    }
}

/// Every place where these words stand.
fn found(text: &str, words: &str) -> Vec<Range<usize>> {
    text.match_indices(words)
        .map(|(at, words)| at..at + words.len())
        .collect()
}

/// Puts a filler where these bytes stood; the length stays.
fn blank(text: &mut String, at: &Range<usize>, filler: char) {
    if text.get(at.clone()).is_some() {
        let fill: String = std::iter::repeat_n(filler, at.len()).collect();
        text.replace_range(at.clone(), &fill);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(words: &str) -> Reading {
        Reading::of(&Text {
            words,
            ..Text::default()
        })
    }

    fn typed(words: &str, span: Span) -> String {
        words
            .chars()
            .skip(span.start)
            .take(span.end - span.start)
            .collect()
    }

    #[test]
    fn places_are_those_of_the_text_as_it_was_typed() {
        let words = "  cafe\u{301}\r\n\t 👨‍👩‍👧‍👦 مرحبا  end";
        let reading = read(words);
        assert_eq!(reading.flat, "café 👨‍👩‍👧‍👦 مرحبا end");
        assert_eq!(reading.lines, "café\n👨‍👩‍👧‍👦 مرحبا end");
        for word in ["café", "👨‍👩‍👧‍👦", "مرحبا", "end"] {
            let at = reading.flat.find(word).expect("the word");
            let span = reading.span(&(at..at + word.len())).expect("a place");
            let there: String = typed(words, span).nfc().collect();
            assert_eq!(there, word);
        }
    }

    #[test]
    fn the_link_is_nobodys_words() {
        let reading = Reading::of(&Text {
            words: "See {link} or https://c.example/h/2 now",
            link: "https://c.example/h/2",
            ..Text::default()
        });
        assert_eq!(
            reading.own.split_whitespace().collect::<Vec<_>>(),
            ["See", "or", "now"]
        );
        assert_eq!(reading.further_links().len(), 1);
        assert!(read(" {link}\n").is_empty());
    }

    proptest! {
        #[test]
        fn reading_folds_as_excerpts_do(words in any::<String>()) {
            let reading = read(&words);
            let folded = crate::content::excerpt::normalise(&words);
            // Graphemes never compose across their ends, so both ways agree but for marks without a base.
            let squeeze = |s: &str| s.nfd().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(squeeze(&reading.flat), squeeze(&folded));
            prop_assert_eq!(reading.flat.len(), reading.lines.len());
            prop_assert_eq!(reading.flat.len(), reading.own.len());
            let whole = reading.span(&(0..reading.flat.len()));
            prop_assert_eq!(whole.is_some(), !reading.flat.is_empty());
        }
    }
}
