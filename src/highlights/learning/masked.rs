//! A text with everybody taken out of it: quotations closed over three dots, names replaced. Pure.

use crate::content::excerpt::{locate, normalise};
use crate::guidelines::opening;

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
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|left| left.chars().next()) {
        let Some(open) = opening(text, at) else {
            kept.push(first);
            at += first.len_utf8();
            continue;
        };
        let inside = at + open.len;
        kept.push_str(text.get(at..inside).unwrap_or_default());
        if let Some((end, behind)) = open.close(text, inside) {
            kept.push('…');
            kept.push_str(text.get(end..behind).unwrap_or_default());
            at = behind;
        } else if first == '"' {
            // Inches, most likely.
            at = inside;
        } else {
            // Never closed: nobody knows where the words end.
            kept.push('…');
            at = text.len();
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
            of("She said ‘we hate visitors’, don’t you know, and 'no'."),
            "She said ‘…’, don’t you know, and '…'."
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
