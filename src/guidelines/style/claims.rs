//! Claims that need somebody's word before they leave: promises, prices, superlatives, incidents.

use std::sync::LazyLock;

use regex::Regex;

use super::Desk;
use super::rule::whole;
use super::words::{INCIDENTS, PRICES, PROMISES, SUPERLATIVES};

type List = LazyLock<Option<Regex>>;

fn any_of(words: &[&str], more: &str) -> Option<Regex> {
    let mut list: Vec<String> = words.iter().map(|words| whole(words)).collect();
    if !more.is_empty() {
        list.push(more.to_owned());
    }
    Regex::new(&format!("(?i){}", list.join("|"))).ok()
}

static PROMISE: List = LazyLock::new(|| any_of(PROMISES, r"\b100\s?%"));
/// A sum with its currency, or a part of a price.
static PRICE: List = LazyLock::new(|| {
    any_of(
        PRICES,
        r"\p{Sc}\s?\d[\d.,]*|\b\d[\d.,]*\s?(?:\p{Sc}|(?:euros?|pounds|dollars|EUR|GBP|USD|CHF|SEK|NOK|DKK)\b)|\b\d+\s?%\s?(?:off|less)\b",
    )
});
static SUPERLATIVE: List = LazyLock::new(|| any_of(SUPERLATIVES, r"#1\b"));
static INCIDENT: List = LazyLock::new(|| any_of(INCIDENTS, ""));

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    let text = desk.reading.own.clone();
    // A sum is a sum in every language; the lists of words are English.
    let english = desk.is_english();
    let lists: [(&str, &List, bool); 4] = [
        ("claim.promise", &PROMISE, true),
        ("claim.price", &PRICE, false),
        ("claim.superlative", &SUPERLATIVE, true),
        ("claim.incident", &INCIDENT, true),
    ];
    for (rule, list, only_english) in lists {
        let Some(pattern) = list.as_ref().filter(|_| english || !only_english) else {
            continue;
        };
        for found in pattern.find_iter(&text) {
            let words = found.as_str().trim().to_owned();
            // "The best-kept logbook" claims nothing of the best.
            let goes_on = text
                .get(found.end()..)
                .is_some_and(|rest| rest.starts_with('-'));
            if goes_on {
                continue;
            }
            if !desk.lets(rule, &words) {
                desk.find(rule, Some(found.range()), &[("found", words)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_compiles() {
        for list in [&PROMISE, &PRICE, &SUPERLATIVE, &INCIDENT] {
            assert!(list.is_some());
        }
    }
}
