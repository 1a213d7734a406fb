//! How a text becomes the words of the index, the same for both engines.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Symbols stand in the index as characters for private use, which both engines take for letters.
const SYMBOLS: u32 = 0xE000;
/// A word longer than this is cut: nobody types it, and engines have limits.
const MOST_CHARS: usize = 64;
/// Symbols that hold the parts of one word together when a single one stands between them.
const JOINERS: &[char] = &['\'', '-', '.', ',', '/', ':', '@', '_', '&'];
/// Marks that end or begin a sentence or an aside, and belong to no word.
const TRAILING: &[char] = &['.', ',', ';', ':', '!', '?', '"', '\'', ')'];
const LEADING: &[char] = &['"', '\'', '('];

/// One word of a text, and where it stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// As it stands in the index.
    pub folded: String,
    /// The first byte.
    pub start: usize,
    /// The byte behind the last one.
    pub end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of a word between spaces.
    Spaced,
    /// A character of a script that is written without spaces.
    Dense,
    /// A mark above or below the character before.
    Mark,
    Other,
}

fn class(c: char) -> Class {
    let dense = matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF // Thai, Lao, Burmese, Khmer
        | 0x1100..=0x11FF | 0x3005..=0x3007 | 0x3041..=0x30FF | 0x3130..=0x318F | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF
        | 0xFF66..=0xFF9F | 0x2_0000..=0x3_134F);
    if dense && (c.is_alphanumeric() || is_combining_mark(c) || c == 'ー') {
        Class::Dense
    } else if is_combining_mark(c) {
        Class::Mark
    } else if c.is_alphanumeric() {
        Class::Spaced
    } else {
        Class::Other
    }
}

/// Without case, width and, for alphabets that readers type without them, accents.
fn fold(c: char, into: &mut String) {
    for c in std::iter::once(c).nfkc() {
        for c in c.to_lowercase() {
            match c {
                'ß' => into.push_str("ss"),
                'ø' => into.push('o'),
                'ł' => into.push('l'),
                'ς' => into.push('σ'),
                c if matches!(u32::from(c), 0x80..0x530 | 0x1E00..0x2000) => {
                    decompose_canonical(c, |part| {
                        if part.is_alphanumeric() {
                            into.push(part);
                        }
                    });
                }
                // Compatibility forms of lone marks come with a space to stand on.
                c if c.is_alphanumeric() || is_combining_mark(c) => into.push(c),
                _ => {}
            }
        }
    }
}

/// English plurals are found by their singulars and the other way round; what this does to other languages it does to
/// the question as well.
fn singular(word: &mut String) {
    let plural = word.len() > 3
        && word.ends_with('s')
        && word.bytes().all(|b| b.is_ascii_lowercase())
        && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if plural {
        word.pop();
    }
}

/// The words of a text, in its order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut spaced: Option<Word> = None;
    let mut dense: Vec<Word> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match class(c) {
            Class::Spaced => {
                pairs(&mut dense, &mut found);
                let word = spaced.get_or_insert_with(|| Word {
                    folded: String::new(),
                    start: at,
                    end,
                });
                fold(c, &mut word.folded);
                word.end = end;
            }
            Class::Mark => {
                if let Some(word) = &mut spaced {
                    // Accents of alphabets are folded away; signs of other scripts are part of the word.
                    if !('\u{300}'..='\u{36F}').contains(&c) {
                        word.folded.push(c);
                    }
                    word.end = end;
                }
            }
            Class::Dense => {
                close(&mut spaced, &mut found);
                let mut folded = String::new();
                fold(c, &mut folded);
                if !folded.is_empty() {
                    dense.push(Word {
                        folded,
                        start: at,
                        end,
                    });
                }
            }
            Class::Other => {
                close(&mut spaced, &mut found);
                pairs(&mut dense, &mut found);
            }
        }
    }
    close(&mut spaced, &mut found);
    pairs(&mut dense, &mut found);
    found
}

fn close(spaced: &mut Option<Word>, found: &mut Vec<Word>) {
    let Some(mut word) = spaced.take() else {
        return;
    };
    if let Some((at, _)) = word.folded.char_indices().nth(MOST_CHARS) {
        word.folded.truncate(at);
    }
    singular(&mut word.folded);
    if !word.folded.is_empty() {
        found.push(word);
    }
}

/// A run without spaces as its pairs of neighbours, and its last character alone, so that every character begins one.
fn pairs(dense: &mut Vec<Word>, found: &mut Vec<Word>) {
    let run = std::mem::take(dense);
    for (at, one) in run.iter().enumerate() {
        found.push(match run.get(at + 1) {
            Some(next) => Word {
                folded: format!("{}{}", one.folded, next.folded),
                start: one.start,
                end: next.end,
            },
            None => one.clone(),
        });
    }
}

/// Is this a word of a script that is written without spaces?
pub(super) fn is_dense(word: &str) -> bool {
    word.chars()
        .next()
        .is_some_and(|c| class(c) == Class::Dense)
}

/// What code looks like: pairs of neighbours of which one at least is a symbol. In a question (`asked`) a bracket that
/// closes is not asked for, so that `#[derive]` finds `#[derive(Debug)]`.
pub(super) fn symbols(text: &str, asked: bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for chunk in text.split_whitespace() {
        let core = chunk.trim_end_matches(TRAILING).trim_start_matches(LEADING);
        let chars: Vec<char> = core.chars().collect();
        for (at, pair) in chars.windows(2).enumerate() {
            let [one, two] = *pair else { continue };
            let (symbol_one, symbol_two) = (is_symbol(one), is_symbol(two));
            if !(symbol_one || symbol_two) || joins(&chars, at) || joins(&chars, at + 1) {
                continue;
            }
            if asked && matches!(two, ')' | ']' | '}' | '>') && !symbol_one {
                continue;
            }
            let mut encoded = String::new();
            if encode(one, &mut encoded) && encode(two, &mut encoded) {
                found.push(encoded);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn is_symbol(c: char) -> bool {
    c.is_ascii_punctuation()
}

/// A single joiner between two parts of a word.
fn joins(chars: &[char], at: usize) -> bool {
    let word = |at: Option<usize>| {
        at.and_then(|at| chars.get(at))
            .is_some_and(|c| c.is_alphanumeric())
    };
    chars.get(at).is_some_and(|c| JOINERS.contains(c))
        && word(at.checked_sub(1))
        && word(at.checked_add(1))
}

fn encode(c: char, into: &mut String) -> bool {
    if is_symbol(c) {
        into.extend(char::from_u32(SYMBOLS + u32::from(c)));
        return true;
    }
    let alphanumeric = c.is_ascii_alphanumeric();
    if alphanumeric {
        into.push(c.to_ascii_lowercase());
    }
    alphanumeric
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(of("The BOATS, café’s"), ["the", "boat", "cafe", "s"]);
        assert_eq!(of("Straße ﬁn ＡＢＣ"), ["strasse", "fin", "abc"]);
        assert_eq!(of("cafe\u{301}"), ["cafe"]);
        assert_eq!(of("Ναῦς ёлка"), ["ναυσ", "елка"]);
        assert_eq!(
            of("glass status this bus"),
            ["glass", "status", "this", "bus"]
        );
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_pairs() {
        assert_eq!(of("東京都"), ["東京", "京都", "都"]);
        assert_eq!(of("on 北京 day"), ["on", "北京", "京", "day"]);
        assert_eq!(of("ガス"), ["ガス", "ス"]);
    }

    #[test]
    fn symbols_of_code_are_kept_and_those_of_sentences_are_not() {
        assert_eq!(
            symbols("He said: “no”, (well). Don't re-read a.b!", false),
            Vec::<String>::new()
        );
        assert_ne!(symbols("C++", true), symbols("C", true));
        let in_text = symbols("with #[derive(Debug)] on it", false);
        for wanted in symbols("#[derive]", true) {
            assert!(in_text.contains(&wanted), "{wanted:?} in {in_text:?}");
        }
        assert!(symbols("C++,", false).len() >= symbols("C++", true).len());
        assert!(!symbols("--flag", true).is_empty());
    }

    proptest! {
        #[test]
        fn every_word_stands_where_it_says(text in any::<String>()) {
            for word in words(&text) {
                prop_assert!(text.get(word.start..word.end).is_some_and(|part| !part.is_empty()));
                prop_assert!(!word.folded.chars().any(char::is_whitespace));
            }
            let _ = symbols(&text, true);
        }
    }
}
