//! What does not belong into a text that leaves: foreign links, mentions, addresses, telephone numbers.

use std::ops::Range;

/// Something foreign, as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stranger {
    /// A link, or what networks make a link of.
    Link(String),
    /// A mention, an e-mail address or a telephone number.
    Mention(String),
}

/// Endings after which networks turn a bare `word.ending` into a link.
const ENDINGS: &[&str] = &[
    "com",
    "org",
    "net",
    "edu",
    "gov",
    "int",
    "info",
    "biz",
    "io",
    "co",
    "me",
    "ly",
    "gl",
    "gd",
    "cc",
    "tv",
    "fm",
    "eu",
    "uk",
    "de",
    "fr",
    "nl",
    "be",
    "lu",
    "at",
    "ch",
    "li",
    "es",
    "pt",
    "it",
    "se",
    "no",
    "dk",
    "fi",
    "is",
    "ie",
    "pl",
    "cz",
    "sk",
    "hu",
    "ro",
    "gr",
    "lt",
    "lv",
    "ee",
    "ua",
    "us",
    "ca",
    "au",
    "nz",
    "jp",
    "cn",
    "in",
    "br",
    "app",
    "dev",
    "blog",
    "site",
    "online",
    "social",
    "museum",
    "shop",
    "page",
    "link",
    "news",
    "art",
    "xyz",
    "example",
    "test",
    "localhost",
];

/// Everything foreign in a text, with its place in bytes.
#[must_use]
pub fn strangers(text: &str) -> Vec<(Range<usize>, Stranger)> {
    let mut found: Vec<(Range<usize>, Stranger)> = tokens(text)
        .filter_map(|(at, token)| {
            let (inner, stranger) = stranger(token)?;
            Some((at + inner.start..at + inner.end, stranger))
        })
        .collect();
    found.extend(telephone_numbers(text));
    found
}

/// The runs between white space, with their first bytes.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(char::is_whitespace).filter_map(move |token| {
        let here = text.get(at..)?.find(token)? + at;
        at = here + token.len();
        (!token.is_empty()).then_some((here, token))
    })
}

fn stranger(token: &str) -> Option<(Range<usize>, Stranger)> {
    let outer = |c: char| !c.is_alphanumeric() && c != '@' && c != '/';
    let start = token.len() - token.trim_start_matches(outer).len();
    let token = token.trim_matches(outer);
    let whole = start..start + token.len();
    if token.contains("://") || token.to_lowercase().starts_with("www.") {
        return Some((whole, Stranger::Link(token.to_owned())));
    }
    let mut around = token.split('@');
    let (_, behind) = (around.next(), around.next());
    if behind.is_some_and(|b| b.starts_with(|c: char| c.is_alphanumeric() || c == '_')) {
        return Some((whole, Stranger::Mention(token.to_owned())));
    }
    // Slashes and brackets glue words together: look at each of them.
    token
        .split([
            '(', ')', '[', ']', ',', ';', '!', '?', '"', '“', '”', '«', '»',
        ])
        .find(|piece| is_domain(piece))
        .map(|piece| (whole, Stranger::Link(piece.to_owned())))
}

fn is_domain(piece: &str) -> bool {
    let host = piece.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let host = host.trim_matches('.');
    let labels: Vec<&str> = host.split('.').collect();
    let Some((ending, before)) = labels.split_last() else {
        return false;
    };
    let written_small = ending.chars().all(|c| c.is_ascii_lowercase());
    written_small
        && ENDINGS.contains(ending)
        && !before.is_empty()
        && before.iter().all(|label| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
        && before
            .iter()
            .any(|label| label.chars().any(char::is_alphabetic))
}

/// Runs that begin with `+` or `0` and hold eight digits or more, dates left out.
fn telephone_numbers(text: &str) -> Vec<(Range<usize>, Stranger)> {
    let mut found = Vec::new();
    let mut before = ' ';
    let mut left = text;
    while let Some(first) = left.chars().next() {
        let begins = (first == '+' || first == '0') && !before.is_alphanumeric();
        if begins {
            let run = run_of_digits(left);
            if run.chars().filter(char::is_ascii_digit).count() >= 8 && !is_date(run) {
                let at = text.len() - left.len();
                let number = Stranger::Mention(run.trim().to_owned());
                found.push((at..at + run.trim_end().len(), number));
            }
            before = run.chars().last().unwrap_or(first);
            left = left
                .get(run.len().max(first.len_utf8())..)
                .unwrap_or_default();
        } else {
            before = first;
            left = left.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    found
}

fn run_of_digits(text: &str) -> &str {
    let inside =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '/' | '(' | ')' | '.');
    let end = text.find(|c| !inside(c)).unwrap_or(text.len());
    let run = text.get(..end).unwrap_or_default();
    run.trim_end_matches(|c: char| !c.is_ascii_digit())
}

fn is_date(run: &str) -> bool {
    let groups: Vec<usize> = run
        .split(|c: char| !c.is_ascii_digit())
        .filter(|g| !g.is_empty())
        .map(str::len)
        .collect();
    matches!(groups.as_slice(), [1 | 2, 1 | 2, 4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_in_every_dress() {
        for text in [
            "see https://elsewhere.example/x",
            "(http://a.b)",
            "go to www.museum-shop.example",
            "bit.ly/3xY",
            "at harbour.org.",
            "“shop.example”",
            "HTTPS://X.Y",
        ] {
            assert!(
                strangers(text)
                    .iter()
                    .any(|(_, s)| matches!(s, Stranger::Link(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn mentions_addresses_and_numbers_are_found() {
        for text in [
            "@everyone look",
            "ask ines@museum.example",
            "by @ines.",
            "(@ines)",
            "call +44 20 7946 0958",
            "0171 2345678",
        ] {
            assert!(
                strangers(text)
                    .iter()
                    .any(|(_, s)| matches!(s, Stranger::Mention(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn plain_words_are_left_alone() {
        for text in [
            "We met at 10:30 on 01.02.2026, i.e. on Sunday.",
            "From 1928 to 1931, 160 grams; 5.5 metres.",
            "It ended.It began again.",
            "half @ half",
            "Fig. 2 and No. 7 (no. 8 too)",
            "naïve 👍🏽 flag 🇪🇪 مرحبا",
            "007 was here 0 1 2",
        ] {
            assert_eq!(strangers(text), [], "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_words() {
        let text = "écoutez (ines@museum.example) et +44 20 7946 0958, voilà: «www.x.example»";
        let found: Vec<&str> = strangers(text)
            .into_iter()
            .map(|(at, _)| &text[at])
            .collect();
        assert_eq!(
            found,
            ["ines@museum.example", "www.x.example", "+44 20 7946 0958"]
        );
    }
}
