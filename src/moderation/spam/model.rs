//! Naive Bayes over words and a few plain signs. Pure: counts in, a figure and its reasons out.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

/// For each sign, in how many texts of either sort it stood: advertising, and the rest.
pub type Counts = HashMap<String, (i64, i64)>;

/// Most signs of one text.
const MOST: usize = 400;
/// The most telling signs decide; the rest is noise.
const TELLING: usize = 24;
/// Reasons that are shown.
const SHOWN: usize = 5;

/// What the desk is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// From 0 (nothing like it) to 100 (just like it).
    pub score: i64,
    /// What speaks for it, the strongest first: words, and signs that begin with `~`.
    pub reasons: Vec<String>,
}

/// What a text shows: its words once each, and plain signs (`~links-2`) about its shape.
#[must_use]
pub fn signs(text: &str) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let lower = text.to_lowercase();
    for word in lower.split(|c: char| !c.is_alphanumeric() && c != '\'') {
        let long = word.chars().count();
        if (2..=24).contains(&long) && found.len() < MOST {
            found.insert(word.to_owned());
        }
    }
    let links = lower.matches("http").count() + lower.matches("www.").count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count().max(1);
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    let words = lower.split_whitespace().count();
    found.insert(format!("~links-{}", links.min(3)));
    if capitals * 100 > letters * 25 {
        found.insert("~capitals".to_owned());
    }
    if text.matches('!').count() >= 2 {
        found.insert("~exclamations".to_owned());
    }
    if text.contains(['$', '€', '£', '%']) {
        found.insert("~money".to_owned());
    }
    if text.matches(|c: char| c.is_ascii_digit()).count() >= 7 {
        found.insert("~digits".to_owned());
    }
    found.insert(
        match words {
            0..=12 => "~short",
            13..=80 => "~middling",
            _ => "~long",
        }
        .to_owned(),
    );
    found.into_iter().collect()
}

/// How much a text with these signs looks like advertising. `totals` counts the texts of either sort.
#[must_use]
pub fn judge(signs: &[String], counts: &Counts, (spam, ham): (i64, i64)) -> Hint {
    let share = |n: i64, of: i64| (n.max(0) as f64 + 0.5) / (of.max(0) as f64 + 1.0);
    let mut weights: Vec<(f64, &String)> = signs
        .iter()
        .filter_map(|sign| {
            let (in_spam, in_ham) = counts.get(sign).copied()?;
            // Seen once is chance.
            if in_spam + in_ham < 2 {
                return None;
            }
            let weight = (share(in_spam, spam) / share(in_ham, ham)).ln();
            Some((weight, sign))
        })
        .collect();
    weights.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then_with(|| a.1.cmp(b.1)));
    weights.truncate(TELLING);
    let sum: f64 = weights.iter().map(|(weight, _)| weight).sum();
    let odds = (1.0 / (1.0 + (-sum).exp()) * 100.0).round();
    Hint {
        score: odds as i64,
        reasons: weights
            .iter()
            .filter(|(weight, _)| *weight > 0.3)
            .take(SHOWN)
            .map(|(_, sign)| (*sign).clone())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_once_and_shape_counts() {
        let found = signs("BUY BUY NOW!! http://x.example www.y.example $9");
        assert_eq!(found.iter().filter(|s| *s == "buy").count(), 1);
        for sign in ["~links-2", "~capitals", "~exclamations", "~money", "~short"] {
            assert!(found.iter().any(|s| s == sign), "{sign}: {found:?}");
        }
    }

    #[test]
    fn what_stood_in_advertising_speaks_for_it() {
        let counts: Counts = [
            ("casino".to_owned(), (40, 0)),
            ("tide".to_owned(), (0, 40)),
            ("once".to_owned(), (1, 0)),
        ]
        .into();
        let of = |text: &str| judge(&signs(text), &counts, (50, 50));
        assert!(of("casino").score > 95 && of("casino").reasons == ["casino"]);
        assert!(of("the tide").score < 5 && of("the tide").reasons.is_empty());
        assert_eq!(of("once").score, 50, "seen once is chance");
    }
}
