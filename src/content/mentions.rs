//! `@name` in a text. Which names there are is for the caller to say: what names nobody stays plain text.

use std::collections::HashSet;

use crate::kit::names::name_key;

/// Names of one text that become links, and names that are looked up; the rest stays text.
pub(super) const MOST: usize = 50;
/// Characters of a name.
const SHORTEST: usize = 2;
const LONGEST: usize = 30;

/// A run of text, and the name that it is a mention of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'t> {
    pub text: &'t str,
    pub name: Option<&'t str>,
}

/// Where in a text `@name` stands: from, to, and the name without its sign.
fn found(text: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    text.match_indices('@').filter_map(move |(at, _)| {
        let before = text.get(..at)?.chars().next_back();
        // Inside an address of mail, or of another network, it is no mention.
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@')) {
            return None;
        }
        let rest = text.get(at + 1..)?;
        let end = rest
            .char_indices()
            .take(LONGEST + 2)
            .find(|(_, c)| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
            .map_or_else(
                || {
                    rest.char_indices()
                        .nth(LONGEST + 2)
                        .map_or(rest.len(), |(at, _)| at)
                },
                |(at, _)| at,
            );
        let next = rest.get(end..)?.chars().next();
        let name = rest.get(..end)?.trim_end_matches(['_', '-', '.']);
        let long = (SHORTEST..=LONGEST).contains(&name.chars().count());
        (long && next != Some('@')).then(|| (at, at + 1 + name.len(), name))
    })
}

/// The names that stand in a run of text.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    found(text).map(|(_, _, name)| name)
}

/// Cuts a run of text at the names that are known; `left` is how many more may become links.
pub(super) fn pieces<'t>(
    text: &'t str,
    known: &HashSet<String>,
    left: &mut usize,
) -> Vec<Piece<'t>> {
    let mut cut = Vec::new();
    let mut taken = 0;
    for (from, to, name) in found(text) {
        if *left == 0 {
            break;
        }
        if !known.contains(&name_key(name)) {
            continue;
        }
        *left -= 1;
        cut.push(Piece {
            text: text.get(taken..from).unwrap_or_default(),
            name: None,
        });
        cut.push(Piece {
            text: text.get(from..to).unwrap_or_default(),
            name: Some(name),
        });
        taken = to;
    }
    if !cut.is_empty() {
        cut.push(Piece {
            text: text.get(taken..).unwrap_or_default(),
            name: None,
        });
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_between_words() {
        let all = |text: &'static str| names(text).collect::<Vec<_>>();
        assert_eq!(
            all("@ruth, and (@tomas.k)! @mo's"),
            ["ruth", "tomas.k", "mo"]
        );
        assert_eq!(
            all("ruth@example.org @ruth@other.example @a x/@ruth"),
            [""; 0]
        );
        assert_eq!(all("@שלום. und @über"), ["שלום", "über"]);
        let long = format!("@{}", "x".repeat(31));
        assert_eq!(names(&long).count(), 0);
    }

    #[test]
    fn known_names_become_pieces_and_no_more_than_allowed() {
        let known = HashSet::from([name_key("Ruth")]);
        let mut left = 1;
        let cut = pieces("hi @ruth and @tomas and @RUTH", &known, &mut left);
        let shown: Vec<_> = cut.iter().map(|p| (p.text, p.name)).collect();
        assert_eq!(
            shown,
            [
                ("hi ", None),
                ("@ruth", Some("ruth")),
                (" and @tomas and @RUTH", None)
            ]
        );
        assert_eq!(left, 0);
    }
}
