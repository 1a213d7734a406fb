//! Members whose names stand in words that are to leave, though nobody asked them. A name is what others read, of two
//! words at least: who is called by a common word must not stand in the way of every text that has it.

use std::collections::BTreeSet;

use super::check::Voice;
use crate::content::excerpt::{locate, normalise};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::MemberId;
use crate::members::{self, Card};
use crate::site;

/// Most words of a name.
const MOST_WORDS: usize = 4;
/// In a text of so many words, names are looked for whatever their letters are.
const SHORT: usize = 150;
/// Most runs of words that are asked about.
const MOST: usize = 1_000;

/// Who of the community is named in these words: one query, however long they are. The community's own name is nobody's.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn named_in(tx: &mut Tx<'_>, words: &str) -> Result<Vec<Card>> {
    let candidates: Vec<String> = candidates(words).into_iter().collect();
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = members::shown_as(tx, &candidates)?;
    if !found.is_empty() {
        let house = site::settings(tx)?.name;
        found.retain(|card| locate(&house, &card.display).is_none());
    }
    Ok(found)
}

/// The names in these words of members who are no voice of the highlight. Whoever writes may name themselves.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn unasked(
    tx: &mut Tx<'_>,
    words: &str,
    voices: &[Voice],
    writer: Option<MemberId>,
) -> Result<Vec<String>> {
    let agreed = |card: &Card| {
        voices.iter().any(|voice| {
            let named = voice.named.as_deref().unwrap_or_default();
            voice.handle == card.name || locate(named, &card.display).is_some()
        })
    };
    let found = named_in(tx, words)?;
    let names: BTreeSet<String> = found
        .into_iter()
        .filter(|card| Some(card.id) != writer && !agreed(card))
        .map(|card| card.display)
        .collect();
    Ok(names.into_iter().collect())
}

/// Every run of words that could be somebody's name.
fn candidates(words: &str) -> BTreeSet<String> {
    let flat = normalise(words);
    let tokens = tokens(&flat);
    let short = tokens.len() <= SHORT;
    let mut found = BTreeSet::new();
    for (first, (start, ..)) in tokens.iter().enumerate() {
        for (_, end, cut) in tokens.iter().skip(first + 1).take(MOST_WORDS - 1) {
            for end in [end, cut] {
                let Some(run) = flat.get(*start..*end) else {
                    continue;
                };
                if found.len() >= MOST {
                    return found;
                }
                if short || begins_large(run) {
                    found.insert(run.to_owned());
                }
                // Written in one size of letters, it is the same name.
                let one_size = !run.chars().any(char::is_lowercase)
                    || (short && !run.chars().any(char::is_uppercase));
                if one_size {
                    found.insert(titled(run));
                }
            }
        }
    }
    found
}

/// Where each word begins and ends, without what stands around it, and where it ends without an ending of its own.
fn tokens(flat: &str) -> Vec<(usize, usize, usize)> {
    let mut at = 0;
    let mut found = Vec::new();
    for token in flat.split(' ') {
        let inner = token.trim_matches(|c: char| !c.is_alphanumeric());
        if !inner.is_empty() {
            let start = at + token.find(inner).unwrap_or(0);
            let cut = inner.find(['\'', '’', '‘', '-', '–', '—', '/', ',', '.', ':', ';']);
            let end = start + inner.len();
            found.push((start, end, cut.map_or(end, |cut| start + cut)));
        }
        at += token.len() + 1;
    }
    found
}

/// Do the first and the last word begin with a large letter, or with one that has no size?
fn begins_large(run: &str) -> bool {
    let mut words = run.split(' ');
    let large = |word: &str| word.chars().next().is_some_and(|c| !c.is_lowercase());
    words.next().is_some_and(large) && words.next_back().is_some_and(large)
}

fn titled(run: &str) -> String {
    let one = |word: &str| {
        let mut letters = word.chars();
        let first: String = letters
            .by_ref()
            .take(1)
            .flat_map(char::to_uppercase)
            .collect();
        format!("{first}{}", letters.as_str().to_lowercase())
    };
    run.split(' ').map(one).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_looked_for_in_every_dress() {
        for text in [
            "Zofia Marek added it",
            "We thank Zofia Marek.",
            "(Zofia Marek)",
            "Zofia Marek’s garden",
            "Zofia Marek's garden",
            "Zofia\nMarek",
            "ZOFIA MAREK",
            "zofia marek",
            "“…”—Zofia Marek, 2026",
            "Zofia Marek/Fen Liu",
        ] {
            assert!(
                candidates(text).contains("Zofia Marek"),
                "{text}: {:?}",
                candidates(text)
            );
        }
        assert!(candidates("J. R. van Houten came").contains("J. R. van Houten"));
        assert!(candidates("قالت ليلى حداد اليوم").contains("ليلى حداد"));
    }

    #[test]
    fn one_word_is_no_name_and_a_long_text_costs_no_more() {
        assert!(candidates("Spring!").is_empty());
        assert!(candidates("").is_empty());
        assert!(candidates(&"Spring came ".repeat(5_000)).len() <= MOST);
        let long = (0..9_000).map(|n| format!("Word{n} ")).collect::<String>();
        assert_eq!(candidates(&long).len(), MOST);
    }
}
