//! The words of a text without its tags: what is searched, summed up and quoted.

use std::cell::RefCell;
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::excerpt::normalise;
use super::summary::summary;

/// One block of text and whether it stands inside a quotation.
struct Block {
    words: String,
    quoted: bool,
}

/// The plain text of cleaned HTML: tags dropped, NFC, white space folded, blocks separated by one `\n`.
///
/// A line break inside a paragraph is a space, because people wrap lines by hand in the middle of a sentence.
/// Table cells are separated by a space, rows by `\n`. Footnote numbers and their arrows are left out, the
/// footnotes themselves stand at the end. The description of an image is not part of the text.
pub fn plain_text(html: &str) -> String {
    join(&blocks(html), |_| true)
}

/// The same without quotations: the words that the author wrote, not those that the author repeats.
pub fn own_words(html: &str) -> String {
    join(&blocks(html), |block| !block.quoted)
}

/// The same without what is veiled as a spoiler: the words that may stand beside a title for everybody.
pub fn open_words(html: &str) -> String {
    join(&read(html, true), |_| true)
}

/// The [`own_words`] without what is veiled as a spoiler: what a quotation may repeat in the open.
pub fn own_open_words(html: &str) -> String {
    join(&read(html, true), |block| !block.quoted)
}

/// Whether a run of [`plain_text`] (counted in characters) holds no quoted words. Only such a run may be nominated.
pub fn is_own_run(html: &str, run: Range<usize>) -> bool {
    let mut start = 0;
    for block in blocks(html) {
        let end = start + block.words.chars().count();
        if block.quoted && start < run.end && run.start < end {
            return false;
        }
        start = end + 1;
    }
    run.start < run.end && run.end < start
}

/// The first of the [`open_words`] on one line, at most `max_chars` characters: what lists show of a post to whoever did
/// not ask for the spoiler.
pub fn open_summary(html: &str, max_chars: usize) -> String {
    summary(&open_words(html), max_chars)
}

fn join(blocks: &[Block], wanted: impl Fn(&Block) -> bool) -> String {
    let mut text = String::new();
    for block in blocks.iter().filter(|block| wanted(block)) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&block.words);
    }
    text
}

fn blocks(html: &str) -> Vec<Block> {
    read(html, false)
}

fn read(html: &str, without_spoilers: bool) -> Vec<Block> {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let reading = Reading {
        without_spoilers,
        ..Reading::default()
    };
    let listener = Listener(RefCell::new(reading));
    let tokenizer = Tokenizer::new(listener, TokenizerOpts::default());
    // The sink never asks for a pause, so one call reads everything.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut state = tokenizer.sink.0.into_inner();
    state.end_block();
    state.done
}

struct Listener(RefCell<Reading>);

#[derive(Default)]
struct Reading {
    done: Vec<Block>,
    open: String,
    quotes: usize,
    without_spoilers: bool,
    /// The element whose content is left out, and how many of its name are open inside.
    left_out: Option<(String, usize)>,
}

impl TokenSink for Listener {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reading = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(words) if reading.left_out.is_none() => {
                reading.open.push_str(&words)
            }
            Token::TagToken(tag) => reading.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reading {
    fn tag(&mut self, tag: &Tag) {
        let name: &str = &tag.name;
        let opens = tag.kind == TagKind::StartTag;
        if let Some((left_out, depth)) = &mut self.left_out {
            if left_out == name {
                *depth = if opens { *depth + 1 } else { *depth - 1 };
                if *depth == 0 {
                    self.left_out = None;
                }
            }
            return;
        }
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "ul" | "ol" | "pre"
            | "table" | "thead" | "tbody" | "tr" | "section" | "hr" | "summary" => self.end_block(),
            "div" | "details" => {
                self.end_block();
                if opens && self.without_spoilers && has_class(tag, &["callout callout-spoiler"]) {
                    self.left_out = Some((name.to_owned(), 1));
                }
            }
            "span" if opens && self.without_spoilers && has_class(tag, &["spoiler"]) => {
                self.left_out = Some((name.to_owned(), 1));
            }
            "blockquote" => {
                self.end_block();
                self.quotes = if opens {
                    self.quotes + 1
                } else {
                    self.quotes.saturating_sub(1)
                };
            }
            "br" | "td" | "th" => self.open.push(' '),
            "sup" | "a" if opens && has_class(tag, &["footnote-ref", "footnote-backref"]) => {
                self.left_out = Some((name.to_owned(), 1));
            }
            _ => {}
        }
    }

    fn end_block(&mut self) {
        let words = normalise(&std::mem::take(&mut self.open));
        if !words.is_empty() {
            self.done.push(Block {
                words,
                quoted: self.quotes > 0,
            });
        }
    }
}

fn has_class(tag: &Tag, classes: &[&str]) -> bool {
    tag.attrs
        .iter()
        .any(|attribute| &*attribute.name.local == "class" && classes.contains(&&*attribute.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_lines_and_space_is_folded() {
        let html = "<h3>Hello</h3>\n<p>one  two<br>\nthree&nbsp;four &amp; <em>fi</em>ve</p><ul><li>six</li><li>seven</li></ul>";
        assert_eq!(
            plain_text(html),
            "Hello\none two three four & five\nsix\nseven"
        );
    }

    #[test]
    fn tables_read_row_by_row() {
        let html = "<table><thead><tr><th>Day</th><th>Room</th></tr></thead><tbody><tr><td>Mon</td><td>2</td></tr></tbody></table>";
        assert_eq!(plain_text(html), "Day Room\nMon 2");
    }

    #[test]
    fn quotations_are_not_own_words() {
        let html = "<p>Before</p><blockquote><p>theirs</p><blockquote><p>older</p></blockquote></blockquote><p>After</p>";
        assert_eq!(plain_text(html), "Before\ntheirs\nolder\nAfter");
        assert_eq!(own_words(html), "Before\nAfter");
        assert!(is_own_run(html, 0..6));
        assert!(!is_own_run(html, 3..8));
        assert!(!is_own_run(html, 7..9));
        assert!(is_own_run(html, 20..25));
        assert!(!is_own_run(html, 20..26), "beyond the end");
        assert!(!is_own_run(html, 4..4), "empty");
    }

    #[test]
    fn spoilers_are_words_but_no_open_ones() {
        let html = "<p>He <span class=\"spoiler\" tabindex=\"0\">did it</span>.</p><details class=\"callout callout-spoiler\"><summary>Why</summary><details class=\"callout callout-note\"><p>love</p></details></details><div class=\"callout callout-note\"><p class=\"callout-title\">Note</p><p>said</p></div>";
        assert_eq!(plain_text(html), "He did it.\nWhy\nlove\nNote\nsaid");
        assert_eq!(open_words(html), "He .\nNote\nsaid");
        let both = format!("{html}<blockquote><p>theirs</p></blockquote>");
        assert_eq!(own_open_words(&both), "He .\nNote\nsaid");
    }

    #[test]
    fn decomposed_letters_are_composed() {
        assert_eq!(plain_text("<p>cafe\u{301}</p>"), "caf\u{e9}");
    }
}
