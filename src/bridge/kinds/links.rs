//! Where addresses stand in a text, for channels that count them by their own rule or want to be told.

use std::ops::Range;

/// Signs that end a sentence rather than an address.
const TRAILING: &[char] = &[
    '.', ',', ';', ':', '!', '?', '\'', '"', '”', '’', '»', '*', '_',
];

/// The byte ranges of the http and https addresses in a text, in order.
pub(super) fn links(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = next(text, from) {
        let rest = text.get(start..).unwrap_or_default();
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '“' | '”' | '«' | '»'));
        let run = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let mut address = run.trim_end_matches(TRAILING);
        // A closing bracket belongs to the sentence unless it was opened within.
        while address.ends_with(')') && address.matches('(').count() < address.matches(')').count()
        {
            address = address
                .strip_suffix(')')
                .unwrap_or(address)
                .trim_end_matches(TRAILING);
        }
        if address
            .split_once("://")
            .is_some_and(|(_, host)| !host.is_empty())
        {
            found.push(start..start + address.len());
        }
        from = start + run.len().max(1);
    }
    found
}

fn next(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let at = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| rest.find(scheme))
        .min()?;
    Some(from + at)
}

/// The byte ranges of the hashtags in a text, with their sign.
pub(super) fn hashtags(text: &str) -> Vec<Range<usize>> {
    let taken = links(text);
    let mut found = Vec::new();
    let mut before = ' ';
    for (start, c) in text.char_indices() {
        let free = !taken.iter().any(|range| range.contains(&start));
        if c == '#' && free && (before.is_whitespace() || before == '(') {
            let rest = text.get(start + 1..).unwrap_or_default();
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let word = rest.get(..end).unwrap_or_default();
            if word.chars().any(char::is_alphabetic) {
                found.push(start..start + 1 + end);
            }
        }
        before = c;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        links(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        assert_eq!(words("See https://a.example/x."), ["https://a.example/x"]);
        assert_eq!(
            words("(https://a.example/x_(y))"),
            ["https://a.example/x_(y)"]
        );
        assert_eq!(
            words("„https://a.example“ http://b.example/?q=1&r=2, ok"),
            ["https://a.example", "http://b.example/?q=1&r=2"]
        );
        assert_eq!(words("https:// http://"), Vec::<&str>::new());
    }

    #[test]
    fn byte_offsets_are_those_of_the_facet_example() {
        // The example of Bluesky's documentation.
        let text = "✨ example mentioning @atproto.com to share the URL 👨‍❤️‍👨 https://en.wikipedia.org/wiki/CBOR.";
        assert_eq!(links(text).first(), Some(&(74..108)));
    }

    #[test]
    fn hashtags_stand_alone() {
        let text = "#MuseumGarden (#Bats) a#b #1 https://a.example/#frag #été";
        let tags: Vec<&str> = hashtags(text)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(tags, ["#MuseumGarden", "#Bats", "#été"]);
    }

    proptest! {
        #[test]
        fn whatever_the_text_is_ranges_lie_on_its_characters(text in "\\PC{0,60}(https?://)?\\PC{0,40}") {
            for range in links(&text).into_iter().chain(hashtags(&text)) {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
