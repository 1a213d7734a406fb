//! The part of a text that shows why it was found.

use std::collections::BTreeSet;

use serde::Serialize;

use super::query::Query;
use super::words::words;

/// A run of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The characters.
    pub text: String,
    /// It is what was asked for.
    pub hit: bool,
}

/// About so many characters of a text around the first words that were asked for, cut into pieces.
#[must_use]
pub fn snippet(text: &str, query: &Query, chars: usize) -> Vec<Piece> {
    let wanted: BTreeSet<&str> = query
        .terms
        .iter()
        .flat_map(|term| &term.phrase)
        .map(String::as_str)
        .collect();
    let open: Vec<&str> = query
        .terms
        .iter()
        .filter(|term| term.open)
        .filter_map(|term| term.phrase.last())
        .map(String::as_str)
        .collect();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for word in words(text) {
        let hit = wanted.contains(word.folded.as_str())
            || open
                .iter()
                .any(|beginning| word.folded.starts_with(beginning));
        if !hit {
            continue;
        }
        match runs.last_mut() {
            Some(last) if word.start <= last.1 => last.1 = last.1.max(word.end),
            _ => runs.push((word.start, word.end)),
        }
    }
    let first = runs.first().map_or(0, |run| run.0);
    let (from, to) = window(text, first, chars);
    let mut pieces = Vec::new();
    if from > 0 {
        push(&mut pieces, "…", false);
    }
    let mut at = from;
    for (start, end) in runs {
        let (start, end) = (start.max(at), end.min(to));
        if start >= end {
            continue;
        }
        push(&mut pieces, text.get(at..start).unwrap_or_default(), false);
        push(&mut pieces, text.get(start..end).unwrap_or_default(), true);
        at = end;
    }
    push(&mut pieces, text.get(at..to).unwrap_or_default(), false);
    if to < text.len() {
        push(&mut pieces, "…", false);
    }
    pieces
}

fn push(pieces: &mut Vec<Piece>, text: &str, hit: bool) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.hit == hit => last.text.push_str(text),
        _ => pieces.push(Piece {
            text: text.to_owned(),
            hit,
        }),
    }
}

/// Bytes of a part of the text that begins a little before `first`, cut between words where that can be done.
fn window(text: &str, first: usize, chars: usize) -> (usize, usize) {
    let before = text.get(..first).unwrap_or_default();
    let lead = before.char_indices().rev().take(chars / 4).last();
    let mut from = lead.map_or(first, |(at, _)| at);
    if from > 0 {
        let skip = text
            .get(from..first)
            .and_then(|part| part.find(char::is_whitespace))
            .map_or(0, |at| at + 1);
        from += skip;
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    let rest = text.get(from..).unwrap_or_default();
    let end = rest
        .char_indices()
        .nth(chars)
        .map_or(rest.len(), |(at, _)| at);
    let cut = rest.get(..end).unwrap_or_default();
    let to = if end < rest.len() {
        cut.rfind(char::is_whitespace)
            .filter(|at| *at > end / 2)
            .unwrap_or(end)
    } else {
        end
    };
    (from, from + to)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, typed: &str, chars: usize) -> String {
        snippet(text, &Query::parse(typed, "UTC"), chars)
            .into_iter()
            .map(|p| {
                if p.hit {
                    format!("[{}]", p.text)
                } else {
                    p.text
                }
            })
            .collect()
    }

    #[test]
    fn what_was_asked_for_is_marked_where_it_stands() {
        assert_eq!(
            shown("Two Boats at the café.", "boat cafe ", 80),
            "Two [Boats] at the [café]."
        );
        assert_eq!(shown("昨日東京都で見た", "東京", 80), "昨日[東京]都で見た");
        let long = format!("{} kingfisher {}", "word ".repeat(60), "more ".repeat(60));
        let part = shown(&long, "kingfisher ", 60);
        assert!(
            part.starts_with('…') && part.ends_with('…') && part.contains("[kingfisher]"),
            "{part}"
        );
    }

    proptest! {
        #[test]
        fn any_text_can_be_cut(text in any::<String>(), typed in any::<String>(), chars in 1_usize..50) {
            let _ = shown(&text, &typed, chars);
        }
    }
}
