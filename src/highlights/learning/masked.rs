//! A text with everybody taken out of it: quotations closed over three dots, names replaced. Pure.

use crate::content::excerpt::{locate, normalise};

/// Marks that open a quotation, with those that close it.
const MARKS: [(char, &[char]); 7] = [
    ('“', &['”']),
    ('„', &['“', '”']),
    ('«', &['»']),
    ('»', &['«']),
    ('‹', &['›']),
    ('"', &['"']),
    ('「', &['」']),
];

/// The text without anybody's words and names. `excerpts` may hold quotation marks themselves, so they go first.
pub(super) fn masked(text: &str, excerpts: &[String], names: &[String], nameless: &str) -> String {
    let mut text = normalise(text);
    for excerpt in excerpts {
        let excerpt = normalise(excerpt);
        if !excerpt.is_empty() {
            text = text.replace(&excerpt, "…");
        }
    }
    let mut text = without_quotations(&text);
    let mut names: Vec<String> = names.iter().map(|name| normalise(name)).collect();
    // Longer names first, so that "Ines Marlow" goes before "Ines".
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names.iter().filter(|name| !name.is_empty()) {
        while let Some(at) = locate(&text, name) {
            let before: String = text.chars().take(at.start).collect();
            let after: String = text.chars().skip(at.end).collect();
            // A name that the word for everybody holds would be replaced for ever.
            if locate(nameless, name).is_some() {
                break;
            }
            text = format!("{before}{nameless}{after}");
        }
    }
    text
}

fn without_quotations(text: &str) -> String {
    let mut kept = String::new();
    let mut left = text;
    while let Some(open) = left.chars().next() {
        let inside = left.get(open.len_utf8()..).unwrap_or_default();
        kept.push(open);
        left = inside;
        let ends = MARKS.iter().find(|(mark, _)| *mark == open);
        let close =
            ends.and_then(|(_, ends)| inside.char_indices().find(|(_, c)| ends.contains(c)));
        if let Some((at, close)) = close {
            kept.push('…');
            kept.push(close);
            left = inside.get(at + close.len_utf8()..).unwrap_or_default();
        } else if ends.is_some_and(|(mark, _)| *mark != '"') {
            // Never closed: nobody knows where the words end.
            kept.push('…');
            left = "";
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> String {
        let excerpts = ["A patch \"that\" tells us who she is.".to_owned()];
        let names = ["Ines Marlow", "Ines", "ines"].map(str::to_owned);
        masked(text, &excerpts, &names, "a member")
    }

    #[test]
    fn nobody_is_named_and_nobody_is_quoted() {
        assert_eq!(
            of("Ines Marlow wrote: “A patch \"that\" tells us who she is.” Ask Ines."),
            "a member wrote: “…” Ask a member."
        );
        assert_eq!(
            of("She said «whatever», „so“ and “open"),
            "She said «…», „…“ and “…"
        );
        assert_eq!(
            of("In A patch \"that\" tells us who she is. we read"),
            "In … we read"
        );
    }

    proptest! {
        #[test]
        fn whatever_is_said_no_name_is_left(before in "\\PC{0,30}", after in "\\PC{0,30}") {
            let text = of(&format!("{before} Ines Marlow {after}"));
            prop_assert!(locate(&text, "Ines").is_none());
        }
    }
}
