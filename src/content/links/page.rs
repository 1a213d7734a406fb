//! What a foreign page says of itself in its head. Nothing of it is believed to be HTML: it is text, and an address of a
//! picture.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Longest title and description that are kept, in characters.
const TITLE: usize = 140;
const WORDS: usize = 280;
/// Bytes of a page that are read.
const READ: usize = 512 * 1_024;

/// What a page says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub title: String,
    pub description: String,
    pub site: String,
    /// The address of its picture as it stands there.
    pub picture: String,
}

#[derive(Default)]
struct Reading {
    told: Told,
    plain_title: String,
    plain_description: String,
    in_title: bool,
    over: bool,
}

struct Listener(RefCell<Reading>);

impl TokenSink for Listener {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reading = self.0.borrow_mut();
        if reading.over {
            return TokenSinkResult::Continue;
        }
        match token {
            Token::CharacterTokens(words) if reading.in_title => {
                reading.plain_title.push_str(&words);
            }
            Token::TagToken(tag) => reading.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reading {
    fn tag(&mut self, tag: &Tag) {
        let opens = tag.kind == TagKind::StartTag;
        match &*tag.name {
            "title" => self.in_title = opens && self.plain_title.is_empty(),
            "body" if opens => self.over = true,
            "meta" if opens => self.meta(tag),
            _ => {}
        }
    }

    fn meta(&mut self, tag: &Tag) {
        let of = |name: &str| {
            tag.attrs
                .iter()
                .find(|attribute| &*attribute.name.local == name)
                .map(|attribute| attribute.value.to_string())
        };
        let (Some(name), Some(content)) = (of("property").or_else(|| of("name")), of("content"))
        else {
            return;
        };
        let place = match name.to_ascii_lowercase().as_str() {
            "og:title" => &mut self.told.title,
            "og:description" => &mut self.told.description,
            "og:site_name" => &mut self.told.site,
            "og:image" | "og:image:url" | "og:image:secure_url" => &mut self.told.picture,
            "description" => &mut self.plain_description,
            _ => return,
        };
        if place.is_empty() {
            *place = content;
        }
    }
}

/// Text folded and cut.
fn short(text: &str, most: usize) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean: String = folded.chars().filter(|c| !c.is_control()).collect();
    if clean.chars().count() <= most {
        return clean;
    }
    let cut: String = clean.chars().take(most - 1).collect();
    format!("{}…", cut.trim_end())
}

/// Reads a page's head.
pub(super) fn read(body: &[u8]) -> Told {
    let text = String::from_utf8_lossy(body.get(..READ).unwrap_or(body));
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(&*text));
    let listener = Listener(RefCell::new(Reading::default()));
    let tokenizer = Tokenizer::new(listener, TokenizerOpts::default());
    // The sink never asks for a pause, so one call reads everything.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let reading = tokenizer.sink.0.into_inner();
    let or = |first: String, second: String| {
        if first.trim().is_empty() {
            second
        } else {
            first
        }
    };
    Told {
        title: short(&or(reading.told.title, reading.plain_title), TITLE),
        description: short(
            &or(reading.told.description, reading.plain_description),
            WORDS,
        ),
        site: short(&reading.told.site, 60),
        picture: reading.told.picture.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_it_is_in_its_head() {
        let page = "<!doctype html><title> A &amp; B </title><meta name=description content='plain'><meta property=og:description content='<b>rich</b>'><meta property='og:image' content='/x.png'><body><title>no</title><meta property=og:title content=no>";
        let told = read(page.as_bytes());
        assert_eq!(told.title, "A & B");
        assert_eq!(
            told.description, "<b>rich</b>",
            "text, whatever it looks like"
        );
        assert_eq!(told.picture, "/x.png");
        assert_eq!(read(b"\xff\xfe no page at all"), Told::default());
        let long = format!("<title>{}</title>", "x".repeat(5_000));
        assert_eq!(read(long.as_bytes()).title.chars().count(), TITLE);
    }
}
