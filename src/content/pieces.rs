//! Long runs of text, cut so that cleaning costs no more than their length.

use std::borrow::Cow;

/// The longest run of text, in bytes, in which something is still to be escaped.
const RUN: usize = 1_024;
/// Stands between two pieces; the allow-list drops comments.
const CUT: &str = "<!---->";

/// Cuts long runs of text of what our own Markdown printer wrote.
///
/// The printer behind the allow-list looks for the next `<` or `>` from every single character that it escapes,
/// to the end of the run: 64 KiB of `&` cost it the square of their length. Between pieces it stops looking. In
/// the printer's output every `<` and `>` of a text is escaped, so those that are left are tags.
pub(super) fn in_pieces(html: &str) -> Cow<'_, str> {
    let mut cut = String::new();
    let (mut run, mut in_tag, mut taken) = (0, false, 0);
    for (at, byte) in html.bytes().enumerate() {
        match byte {
            b'<' => in_tag = true,
            b'>' => (in_tag, run) = (false, 0),
            // What is escaped begins here: `&`, or the first byte of a no-break space.
            b'&' | 0xC2 if !in_tag && run >= RUN => {
                cut.push_str(html.get(taken..at).unwrap_or_default());
                cut.push_str(CUT);
                (run, taken) = (0, at);
            }
            _ => {}
        }
        run += 1;
    }
    if cut.is_empty() {
        return Cow::Borrowed(html);
    }
    cut.push_str(html.get(taken..).unwrap_or_default());
    Cow::Owned(cut)
}

#[cfg(test)]
mod tests {
    use super::super::{RenderOptions, clean, markdown};
    use super::*;
    use proptest::prelude::*;

    fn printed(source: &str) -> String {
        markdown::to_html(source, &RenderOptions::default(), 2)
    }

    /// The longest text between two tags in which something is escaped.
    fn longest_run(html: &str) -> usize {
        let runs = html.split(['<', '>']);
        let escaped = runs.filter(|run| run.contains('&') || run.contains('\u{a0}'));
        escaped.map(str::len).max().unwrap_or_default()
    }

    #[test]
    fn what_is_short_stays_as_it_is() {
        let html = printed("a & b, *c* & `d`");
        assert!(matches!(in_pieces(&html), Cow::Borrowed(_)));
    }

    #[test]
    fn no_run_with_escapes_is_long() {
        for piece in ["&", "<", ">", "\"", "\u{a0}", "a & ", "«", "`&`", "é&"] {
            let html = printed(&piece.repeat(60_000 / piece.len()));
            let cut = in_pieces(&html);
            assert!(
                longest_run(&cut) <= RUN + 8,
                "{piece:?}: {}",
                longest_run(&cut)
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn cutting_changes_nothing(pieces in prop::collection::vec(prop_oneof![
            Just("&"), Just("<"), Just("\u{a0}"), Just("»"), Just("word "), Just("\n\n"), Just("**"), Just("`"),
            Just("| a | b |\n"), Just("[x](y \"&&\")"), Just("> "), Just("- "), Just("    & code\n"), Just("<!--"),
        ], 1..40), times in 1..200_usize) {
            let html = printed(&pieces.concat().repeat(times).chars().take(20_000).collect::<String>());
            prop_assert_eq!(clean(&in_pieces(&html)), clean(&html));
        }
    }
}
