//! Quoted spans and names: every span in quotation marks is somebody's consented words, marked as theirs and named as agreed.

use unicode_segmentation::UnicodeSegmentation;

use super::{Report, Voice};
use crate::content::excerpt::{locate, normalise};
use crate::highlights::scope::Attribution;

/// So many words in a row without quotation marks are somebody's words unmarked.
const RUN: usize = 6;
/// Marks that stand where something was left out.
const GAPS: [&str; 4] = ["[…]", "[...]", "[ … ]", "[. . .]"];

/// Which marks end a quotation that this one opened; none where it opens nothing.
const fn closers(open: char) -> &'static [char] {
    match open {
        '“' | '”' => &['”'],
        '„' => &['“', '”'],
        '«' => &['»'],
        '»' => &['«', '»'],
        '‹' => &['›'],
        '"' => &['"'],
        '「' => &['」'],
        '『' => &['』'],
        _ => &[],
    }
}

pub(super) fn check(report: &mut Report, words: &str, voices: &[Voice]) {
    let mut reading = Reading {
        voices,
        quoted: vec![false; voices.len()],
        rest: String::new(),
    };
    reading.read(report, words);
    if voices.iter().any(|v| v.excerpt.is_some()) && !reading.quoted.contains(&true) {
        report.error("quote.missing", &[]);
    }
    for excerpt in voices.iter().filter_map(|v| v.excerpt.as_deref()) {
        if runs_in(&reading.rest, excerpt) {
            report.error("quote.marks", &[("words", shortened(excerpt))]);
        }
    }
    names(report, &reading);
    let quoted = reading.quoted.iter().enumerate().filter(|(_, yes)| **yes);
    report.quoted = quoted.map(|(number, _)| number).collect();
}

struct Reading<'v> {
    voices: &'v [Voice],
    /// Whose words stand in the text.
    quoted: Vec<bool>,
    /// The text without its quoted spans: the publisher's own words.
    rest: String,
}

impl Reading<'_> {
    fn read(&mut self, report: &mut Report, words: &str) {
        let mut left = words;
        while let Some(open) = left.chars().next() {
            let after = left.get(open.len_utf8()..).unwrap_or_default();
            let ends = closers(open);
            if ends.is_empty() {
                self.rest.push(open);
                left = after;
                continue;
            }
            left = match self.exact(after, ends) {
                Some(behind) => behind,
                None => self.other(report, after, ends),
            };
            self.rest.push(' ');
        }
    }

    /// The text behind a span that holds exactly somebody's words, longest first, so that quotation marks inside the
    /// words do not end the span too early.
    fn exact<'t>(&mut self, after: &'t str, ends: &[char]) -> Option<&'t str> {
        let mut found: Vec<(usize, &'t str)> = Vec::new();
        for (number, voice) in self.voices.iter().enumerate() {
            let Some(excerpt) = voice.excerpt.as_deref().map(normalise) else {
                continue;
            };
            let behind = after
                .trim_start()
                .strip_prefix(excerpt.as_str())
                .and_then(|rest| rest.trim_start().strip_prefix(ends));
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

    /// A span that is nobody's exact words: shortened where that is allowed, or a finding.
    fn other<'t>(&mut self, report: &mut Report, after: &'t str, ends: &[char]) -> &'t str {
        let Some(at) = after.find(ends) else {
            report.error("quote.open", &[("words", shortened(after))]);
            return "";
        };
        let (span, behind) = after.split_at(at);
        let behind = behind.get(behind.chars().next().map_or(0, char::len_utf8)..);
        match self.shortened_from(span) {
            Some((number, true)) => {
                if let Some(quoted) = self.quoted.get_mut(number) {
                    *quoted = true;
                }
            }
            Some((_, false)) => report.error("quote.trimmed", &[("words", shortened(span))]),
            None => report.error("quote.consent", &[("words", shortened(span))]),
        }
        behind.unwrap_or_default()
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

fn names(report: &mut Report, reading: &Reading<'_>) {
    let allowed: Vec<&str> = reading
        .voices
        .iter()
        .filter_map(|v| v.named.as_deref())
        .collect();
    for (voice, quoted) in reading.voices.iter().zip(&reading.quoted) {
        if let Some(named) = voice.named.as_deref()
            && *quoted
            && !says(&reading.rest, named)
        {
            report.error("attribution.missing", &[("name", named.to_owned())]);
        }
        let first = Attribution::FirstName
            .named(&voice.display)
            .unwrap_or_default();
        let too_much = match voice.attribution {
            Attribution::Name => vec![],
            Attribution::FirstName => vec![voice.display.as_str(), voice.handle.as_str()],
            Attribution::Member => vec![
                voice.display.as_str(),
                first.as_str(),
                voice.handle.as_str(),
            ],
        };
        let said = too_much.into_iter().find(|name| {
            // The handle may be the first name; what somebody agreed to is never too much.
            !allowed.iter().any(|a| says(a, name)) && says(&reading.rest, name)
        });
        if let Some(said) = said {
            report.error("attribution.more", &[("name", said.to_owned())]);
        }
    }
}

/// Does the text say this name, as whole words?
fn says(text: &str, name: &str) -> bool {
    locate(text, name).is_some()
}

/// Do so many words of an excerpt stand in the publisher's own words, that they are a quotation without marks?
fn runs_in(rest: &str, excerpt: &str) -> bool {
    let rest = bare(rest);
    let words: Vec<String> = bare(excerpt);
    let run = RUN.min(words.len());
    run >= 3
        && words
            .windows(run)
            .any(|piece| rest.windows(run).any(|other| other == piece))
}

fn bare(text: &str) -> Vec<String> {
    text.unicode_words().map(str::to_lowercase).collect()
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
