//! Rendered posts for places that know neither hover nor fold, such as feed readers: what is hidden on the page does not
//! stand open there.

/// What opens a hidden run of words, as `print` writes it.
const RUN: &str = "<span class=\"spoiler\"";
/// What opens a hidden block.
const BLOCK: &str = "<details class=\"callout callout-spoiler\"";

/// The HTML of a post with a note in the place of everything that is hidden in it. The title of a hidden block stays.
#[must_use]
pub fn veiled(html: &str, note: &str) -> String {
    let note = html_escape(note);
    let mut made = String::with_capacity(html.len());
    let mut rest = html;
    loop {
        let next = [(RUN, "span"), (BLOCK, "details")]
            .into_iter()
            .filter_map(|(opens, name)| Some((rest.find(opens)?, name)))
            .min();
        let Some((at, name)) = next else {
            made.push_str(rest);
            return made;
        };
        let (before, hidden) = rest.split_at(at);
        made.push_str(before);
        let end = end_of(hidden, name);
        if name == "details" {
            made.push_str("<p>");
            if let Some(title) = title_of(hidden) {
                made.push_str(&veiled(title, ""));
                made.push(' ');
            }
            made.push_str(&note);
            made.push_str("</p>");
        } else {
            made.push_str(&note);
        }
        rest = &hidden[end..];
    }
}

/// Where an element ends that the text begins with; the text's end where it does not. Others of its name may stand in it.
fn end_of(html: &str, name: &str) -> usize {
    let (opens, closes) = (format!("<{name}"), format!("</{name}>"));
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(next) = html[at..].find('<').map(|found| at + found) {
        let here = &html[next..];
        if here.starts_with(&closes) {
            depth = depth.saturating_sub(1);
            at = next + closes.len();
            if depth == 0 {
                return at;
            }
        } else {
            if here.starts_with(&opens) {
                depth += 1;
            }
            at = next + tag_length(here);
        }
    }
    html.len()
}

/// The length of a tag; a `>` between quotation marks does not end it.
fn tag_length(html: &str) -> usize {
    let mut quoted = false;
    for (at, c) in html.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return at + 1,
            _ => {}
        }
    }
    html.len()
}

fn title_of(details: &str) -> Option<&str> {
    let (_, rest) = details.split_once("<summary>")?;
    rest.split_once("</summary>").map(|(title, _)| title)
}

fn html_escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::content::{RenderOptions, open_words, plain_text, render};

    fn rendered(source: &str) -> String {
        render(source, &RenderOptions::default()).html
    }

    #[test]
    fn hidden_words_give_way_to_a_note() {
        let html = rendered(
            "He ||**did** it|| & left.\n\n> [!spoiler] The *end*\n> It > was [him](https://x.example/?a=%3E \"a > b\").\n>\n> > [!spoiler]\n> > Deeper.\n\nAfter.",
        );
        let told = veiled(&html, "[hidden]");
        assert!(told.contains("He [hidden] &amp; left."), "{told}");
        assert!(told.contains("<p>The <em>end</em> [hidden]</p>"), "{told}");
        assert!(told.contains("<p>After.</p>"), "{told}");
        for hidden in ["did", "was", "him", "Deeper", "details", "spoiler"] {
            assert!(!told.contains(hidden), "{hidden}: {told}");
        }
        assert_eq!(veiled("<p>Open.</p>", "x"), "<p>Open.</p>");
        assert!(veiled(&html, "<b>").contains("&lt;b&gt;"));
    }

    proptest! {
        #[test]
        fn what_is_open_stays_and_nothing_hidden_is_told(pieces in proptest::collection::vec(
            prop::sample::select(&["open ", "||shut|| ", "**b** ", "\n\n> [!spoiler] t\n> shut\n\n", "\n\n> said\n\n", "||a **shut** b|| ", "`||` "][..]), 0..12)) {
            let html = rendered(&pieces.concat());
            let told = plain_text(&veiled(&html, ""));
            let open = open_words(&html);
            for word in ["open", "shut", "said"] {
                let count = |text: &str| text.matches(word).count();
                prop_assert_eq!(count(&told), count(&open), "{}: {}", word, html);
            }
        }
    }
}
