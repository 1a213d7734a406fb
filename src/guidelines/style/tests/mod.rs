//! The rules at work: texts that pass, texts that fail, and what no text may do.

mod built_in;
mod house;
mod quotations;

use super::{Finding, HouseStyle, Report, Span, StyleSource, Text, check};

/// A text that is only tried out: quotations are not judged.
fn tried(words: &str) -> Text<'_> {
    Text {
        words,
        free_quotes: true,
        lang: Some("en"),
        ..Text::default()
    }
}

fn report(words: &str) -> Report {
    check(&HouseStyle::default(), &tried(words))
}

/// The words that a finding points at.
fn pointed<'t>(words: &'t str, finding: &Finding) -> &'t str {
    let Some(Span { start, end }) = finding.span else {
        return "";
    };
    let byte = |n: usize| {
        words
            .char_indices()
            .nth(n)
            .map_or(words.len(), |(at, _)| at)
    };
    &words[byte(start)..byte(end)]
}

/// House style from a file, which has to be right.
fn house(yaml: &str) -> HouseStyle {
    let source = StyleSource::from_yaml(yaml).unwrap_or_else(|why| panic!("{why:?}"));
    source.ready().unwrap_or_else(|why| panic!("{why:?}"))
}
