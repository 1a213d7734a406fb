//! Quoted spans and names: every span in quotation marks is somebody's consented words, marked as theirs and named as agreed.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::Desk;
use super::spoken::{Opening, opening};
use super::text::Voice;
use crate::content::excerpt::{locate, normalise};

/// So many words in a row without quotation marks are somebody's words unmarked.
const RUN: usize = 6;
/// Marks that stand where something was left out.
const GAPS: [&str; 4] = ["[…]", "[...]", "[ … ]", "[. . .]"];

/// A span that is nobody's exact words.
enum Odd {
    /// Not closed.
    Open,
    /// Shortened without leave.
    Trimmed,
    /// Nobody's words.
    Nobodys,
}

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    let mut hearing = Hearing {
        voices: desk.text.voices,
        text: std::mem::take(&mut desk.reading.flat),
        quoted: vec![false; desk.text.voices.len()],
        spans: Vec::new(),
        odd: Vec::new(),
    };
    hearing.hear();
    let Hearing {
        text,
        quoted,
        spans,
        odd,
        ..
    } = hearing;
    desk.reading.flat = text;
    for at in &spans {
        desk.reading.not_own(at);
    }
    if desk.text.free_quotes {
        return;
    }
    let voices = desk.text.voices;
    if voices.iter().any(|v| v.excerpt.is_some()) && !quoted.contains(&true) {
        desk.find("quote.missing", None, &[]);
    }
    for (at, odd) in odd {
        let words = shortened(desk.reading.flat.get(at.clone()).unwrap_or_default());
        let rule = match odd {
            Odd::Open => "quote.open",
            Odd::Trimmed => "quote.trimmed",
            Odd::Nobodys => "quote.consent",
        };
        desk.find(rule, Some(at), &[("words", words)]);
    }
    for excerpt in voices.iter().filter_map(|v| v.excerpt.as_deref()) {
        if let Some(at) = runs_in(&desk.reading.own, excerpt) {
            desk.find("quote.marks", Some(at), &[("words", shortened(excerpt))]);
        }
    }
    names(desk, &quoted);
    let numbers = quoted.iter().enumerate().filter(|(_, yes)| **yes);
    desk.report.quoted = numbers.map(|(number, _)| number).collect();
}

struct Hearing<'v> {
    voices: &'v [Voice],
    text: String,
    /// Whose words stand in the text.
    quoted: Vec<bool>,
    /// Where quotations stand, marks included.
    spans: Vec<Range<usize>>,
    /// Quotations that are nobody's exact words, without their marks.
    odd: Vec<(Range<usize>, Odd)>,
}

impl Hearing<'_> {
    fn hear(&mut self) {
        let text = std::mem::take(&mut self.text);
        let mut at = 0;
        while let Some(first) = text.get(at..).and_then(|left| left.chars().next()) {
            let Some(open) = opening(&text, at) else {
                at += first.len_utf8();
                continue;
            };
            let inside = at + open.len;
            let after = text.get(inside..).unwrap_or_default();
            let behind = match self.exact(after, &open) {
                Some(behind) => text.len() - behind.len(),
                None => self.other(&text, inside, &open),
            };
            self.spans.push(at..behind);
            at = behind;
        }
        self.text = text;
    }

    /// The text behind a span that holds exactly somebody's words, longest first, so that quotation marks inside the
    /// words do not end the span too early.
    fn exact<'t>(&mut self, after: &'t str, open: &Opening) -> Option<&'t str> {
        let mut found: Vec<(usize, &'t str)> = Vec::new();
        for (number, voice) in self.voices.iter().enumerate() {
            let Some(excerpt) = voice.excerpt.as_deref().map(normalise) else {
                continue;
            };
            let behind = after
                .trim_start()
                .strip_prefix(excerpt.as_str())
                .and_then(|rest| open.closed_here(rest.trim_start()));
            if let Some(behind) = behind {
                found.push((number, behind));
            }
        }
        let (_, behind) = found
            .iter()
            .min_by_key(|(_, behind)| behind.len())
            .copied()?;
        for (number, _) in found.iter().filter(|(_, b)| b.len() == behind.len()) {
            if let Some(quoted) = self.quoted.get_mut(*number) {
                *quoted = true;
            }
        }
        Some(behind)
    }

    /// The byte behind a span that is nobody's exact words: shortened where that is allowed, or odd.
    fn other(&mut self, text: &str, inside: usize, open: &Opening) -> usize {
        let Some((end, behind)) = open.close(text, inside) else {
            self.odd.push((inside..text.len(), Odd::Open));
            return text.len();
        };
        let at = inside..end;
        match self.shortened_from(text.get(at.clone()).unwrap_or_default()) {
            Some((number, true)) => {
                if let Some(quoted) = self.quoted.get_mut(number) {
                    *quoted = true;
                }
            }
            Some((_, false)) => self.odd.push((at.clone(), Odd::Trimmed)),
            None => self.odd.push((at.clone(), Odd::Nobodys)),
        }
        behind
    }

    /// Whose words a span with `[…]` is made of, and whether that person allows it.
    fn shortened_from(&self, span: &str) -> Option<(usize, bool)> {
        let mut span = span.to_owned();
        for gap in GAPS {
            span = span.replace(gap, "\u{1}");
        }
        if !span.contains('\u{1}') {
            return None;
        }
        let parts: Vec<&str> = span
            .split('\u{1}')
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .collect();
        self.voices.iter().enumerate().find_map(|(number, voice)| {
            let excerpt = normalise(voice.excerpt.as_deref()?);
            stand_in_order(&excerpt, &parts).then_some((number, voice.trimming))
        })
    }
}

/// Do the parts stand in the excerpt, whole words, in this order, without overlap?
fn stand_in_order(excerpt: &str, parts: &[&str]) -> bool {
    let mut left = excerpt.to_owned();
    for part in parts {
        let Some(place) = locate(&left, part) else {
            return false;
        };
        left = left.chars().skip(place.end).collect();
    }
    !parts.is_empty()
}

fn names(desk: &mut Desk<'_, '_>, quoted: &[bool]) {
    let voices = desk.text.voices;
    let allowed: Vec<&str> = voices.iter().filter_map(|v| v.named.as_deref()).collect();
    for (voice, quoted) in voices.iter().zip(quoted) {
        if let Some(named) = voice.named.as_deref()
            && *quoted
            && !says(&desk.reading.own, named)
        {
            let name = named.to_owned();
            desk.find("attribution.missing", None, &[("name", name)]);
        }
        let said = voice.unsaid.iter().find(|name| {
            // The handle may be the first name; what somebody agreed to is never too much.
            !allowed.iter().any(|a| says(a, name)) && calls(&desk.reading.own, name)
        });
        if let Some(said) = said {
            let at = desk.reading.own.find(said.as_str());
            desk.find(
                "attribution.more",
                at.map(|at| at..at + said.len()),
                &[("name", said.clone())],
            );
        }
    }
    for name in desk.text.unasked {
        if calls(&desk.reading.own.to_lowercase(), &name.to_lowercase()) {
            let at = desk.reading.own.find(name.as_str());
            let at = at.map(|at| at..at + name.len());
            desk.find("attribution.unasked", at, &[("name", name.clone())]);
        }
    }
    let affiliated = voices
        .iter()
        .zip(quoted)
        .any(|(voice, quoted)| voice.affiliated && *quoted);
    let words = &desk.style.source.disclosure;
    if affiliated && !words.is_empty() && !words.iter().any(|w| says_small(&desk.reading.own, w)) {
        let words = words.join("”, “");
        desk.find("disclosure", None, &[("words", words)]);
    }
}

/// Does the text say this name, as whole words?
fn says(text: &str, name: &str) -> bool {
    locate(text, name).is_some()
}

/// Is somebody called by this name? Also with an ending, as in “Ines’s”, which is one word with it.
fn calls(text: &str, name: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let text = text.replace('\n', " ");
    !name.is_empty()
        && text.match_indices(name).any(|(at, found)| {
            edge(text.get(..at).and_then(|t| t.chars().next_back()))
                && edge(text.get(at + found.len()..).and_then(|t| t.chars().next()))
        })
}

/// The same as [`says`], whether letters are large or small.
fn says_small(text: &str, words: &str) -> bool {
    says(&text.to_lowercase(), &words.to_lowercase())
}

/// Where so many words of an excerpt stand in the publisher's own words, that they are a quotation without marks.
fn runs_in(own: &str, excerpt: &str) -> Option<Range<usize>> {
    let there: Vec<(usize, &str)> = own.unicode_word_indices().collect();
    let small: Vec<String> = there.iter().map(|(_, word)| word.to_lowercase()).collect();
    let words: Vec<String> = excerpt.unicode_words().map(str::to_lowercase).collect();
    let run = RUN.min(words.len());
    if run < 3 {
        return None;
    }
    words.windows(run).find_map(|piece| {
        let first = small.windows(run).position(|other| other == piece)?;
        let (start, _) = there.get(first)?;
        let (last, word) = there.get(first + run - 1)?;
        Some(*start..last + word.len())
    })
}

fn shortened(words: &str) -> String {
    let words = words.trim();
    let start: String = words.graphemes(true).take(60).collect();
    if start.len() < words.len() {
        format!("{start}…")
    } else {
        start
    }
}
