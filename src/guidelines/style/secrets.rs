//! Names and titles that not everybody may see do not stand in a text that everybody will.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::Desk;
use crate::content::excerpt::normalise;

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    let text = desk.reading.without_link();
    let small: Vec<Word> = words(&text);
    let restricted = desk.text.restricted;
    for name in restricted {
        let name = normalise(name);
        let wanted: Vec<Word> = words(&name);
        if let Some(at) = stands(&small, &wanted) {
            desk.find("secret.title", Some(at), &[("found", name)]);
        }
    }
}

struct Word {
    at: Range<usize>,
    small: String,
    written: String,
}

fn words(text: &str) -> Vec<Word> {
    text.unicode_word_indices()
        .map(|(at, word)| Word {
            at: at..at + word.len(),
            small: word.to_lowercase(),
            written: word.to_owned(),
        })
        .collect()
}

/// Where all words of a title stand in their order. A title of one word must be written as it is, not at the beginning
/// of the text, and have four letters: else "Staff" would forbid every sentence about staff.
fn stands(text: &[Word], wanted: &[Word]) -> Option<Range<usize>> {
    match wanted {
        [] => None,
        [only] if only.written.chars().count() < 4 => None,
        [only] => text
            .iter()
            .skip(1)
            .find(|word| word.written == only.written && only.small != only.written)
            .map(|word| word.at.clone()),
        many => text.windows(many.len()).find_map(|here| {
            let same = here.iter().zip(many).all(|(a, b)| a.small == b.small);
            let (first, last) = (here.first()?, here.last()?);
            same.then_some(first.at.start..last.at.end)
        }),
    }
}
