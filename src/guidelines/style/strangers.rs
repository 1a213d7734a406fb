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

/// Endings that are in no list of the world's and mean a host all the same.
const OWN_ENDINGS: &[&str] = &["example", "test", "localhost"];

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
    let outer = |c: char| !c.is_alphanumeric() && !matches!(plain(c), '@' | '/');
    let start = token.len() - token.trim_start_matches(outer).len();
    let token = token.trim_matches(outer);
    let whole = start..start + token.len();
    let read: String = token.chars().map(plain).collect();
    if read.contains("://") || read.to_lowercase().starts_with("www.") {
        return Some((whole, Stranger::Link(token.to_owned())));
    }
    let handle = |behind: &str| behind.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if read.split('@').skip(1).any(handle) {
        return Some((whole, Stranger::Mention(token.to_owned())));
    }
    // Slashes, dashes and brackets glue words together: look at each of them.
    let mut at = 0;
    read.split(|c: char| !in_host(c)).find_map(|piece| {
        let behind = read.get(at + piece.len()..).unwrap_or_default();
        at += piece.len() + behind.chars().next().map_or(0, char::len_utf8);
        let host = piece.trim_matches(|c| matches!(c, '.' | IDEOGRAPHIC));
        is_domain(host, behind).then(|| (whole.clone(), Stranger::Link(spelled(host, behind))))
    })
}

/// The full stop of Chinese and Japanese: browsers read it in an address as a dot.
const IDEOGRAPHIC: char = '。';

/// A character as browsers and networks read it: what is as wide as an ideograph is the same as what is narrow.
fn plain(c: char) -> char {
    match c {
        '｡' => IDEOGRAPHIC,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn in_host(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | IDEOGRAPHIC)
}

/// The address as it is shown to the writer: the host with its path.
fn spelled(host: &str, behind: &str) -> String {
    let stop = |c: char| "()[],;!?\"“”«»’‘".contains(c);
    let path = behind.split(stop).next().unwrap_or_default();
    let path = if path.starts_with('/') { path } else { "" };
    format!("{host}{path}")
}

/// Would a network make a link of this? `behind` is what follows it in the same word.
fn is_domain(host: &str, behind: &str) -> bool {
    let labels: Vec<&str> = host.split(['.', IDEOGRAPHIC]).collect();
    let Some((ending, before)) = labels.split_last() else {
        return false;
    };
    // "It ended.It began": only an ending that is written small is one, unless a path follows it.
    let has_path = behind
        .strip_prefix('/')
        .is_some_and(|path| path.starts_with(char::is_alphanumeric));
    let written_small = has_path || !ending.chars().any(char::is_uppercase);
    // A sentence may follow another with no space between in the scripts that have none.
    let sentences = host.contains(IDEOGRAPHIC) && !ending.is_ascii();
    written_small
        && !sentences
        && is_ending(ending)
        && !before.is_empty()
        && before.iter().all(|label| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
        && (has_path
            || before
                .iter()
                .any(|label| label.chars().any(char::is_alphabetic)))
}

/// Is this an ending of the world's list? Those of other scripts stand there as the network writes them.
fn is_ending(ending: &str) -> bool {
    let small = ending.to_lowercase();
    if small.is_ascii() {
        return tld::exist(&small) || OWN_ENDINGS.contains(&small.as_str());
    }
    matches!(url::Host::parse(&small), Ok(url::Host::Domain(written)) if tld::exist(&written))
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
            "Buy it at evil.ru/shop",
            "evil.ru",
            "tickets.store",
            "//evil.example/a",
            "/evil.ru",
            "see:evil.ru",
            "look—evil.ru",
            "‘evil.ru’",
            "evil。ru",
            "evil．ru",
            "evil｡com",
            "ｅｖｉｌ.ru",
            "evil.ru／shop",
            "http：//evil.ru",
            "Evil.Ru/shop",
            "163.com/shop",
            "музей.рф",
            "xn--e1aybc.xn--p1ai",
            "shop.museum",
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
            "＠mia",
            "@@mia",
            "by:＠mia",
            "ines＠museum．example",
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
            "Either/or, his/her, and/or: 24/7.",
            "He left.So did she.Me too.No.In we went.",
            "i.e. and e.g. at 5 p.m., z.B. usw., St.Pauli",
            "今日は晴れです。みんな来ました。公司",
            "Ph.D. and B.A., U.S. and U.K.",
            "Well…so it is",
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
