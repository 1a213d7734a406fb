//! The small set of reactions, and how many of each a post has. The counts stand in the post's own row.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::site::Settings;

crate::text_enum! {
    /// An answer without words. Its name in the reader's language is `forum-reaction-{word}`.
    pub enum Reaction {
        /// You helped me.
        Thanks = "thanks",
        /// I like it.
        Like = "like",
        /// I had not seen it that way.
        Insight = "insight",
        /// It made me laugh.
        Laugh = "laugh",
        /// Well done.
        Celebrate = "celebrate",
        /// I think so too.
        Agree = "agree",
        /// I did not expect that.
        Surprise = "surprise",
        /// I feel with you.
        Care = "care",
    }
}

impl Reaction {
    /// The character that stands for it.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Thanks => "\u{1f64f}",
            Self::Like => "\u{1f44d}",
            Self::Insight => "\u{1f4a1}",
            Self::Laugh => "\u{1f604}",
            Self::Celebrate => "\u{1f389}",
            Self::Agree => "\u{1f91d}",
            Self::Surprise => "\u{1f62e}",
            Self::Care => "\u{1f49b}",
        }
    }

    /// Those that this community offers, in the order of the set. Words that nobody knows are passed over.
    #[must_use]
    pub fn offered(settings: &Settings) -> Vec<Self> {
        let chosen = |one: &&Self| settings.reactions.iter().any(|word| word == one.as_str());
        Self::ALL.iter().filter(chosen).copied().collect()
    }
}

/// How many members answered a post in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Which way.
    pub kind: Reaction,
    /// The character that stands for it.
    pub sign: &'static str,
    /// How many.
    pub count: i64,
    /// The reader is one of them.
    pub mine: bool,
}

/// Counts as they stand in a post's row: none is the empty text.
pub(super) fn written(counts: &BTreeMap<Reaction, i64>) -> String {
    let words: Vec<String> = counts
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(kind, count)| format!("{kind}:{count}"))
        .collect();
    words.join(" ")
}

/// The counts of a row, in the order of the set.
pub(super) fn read(row: &str, mine: Option<Reaction>) -> Vec<Tally> {
    let mut found: Vec<Tally> = row
        .split(' ')
        .filter_map(|word| word.split_once(':'))
        .filter_map(|(kind, count)| Some((Reaction::parse(kind)?, count.parse().ok()?)))
        .map(|(kind, count)| Tally {
            kind,
            sign: kind.sign(),
            count,
            mine: mine == Some(kind),
        })
        .collect();
    found.sort_by_key(|tally| tally.kind);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_as_they_were_written() {
        let counts = BTreeMap::from([
            (Reaction::Laugh, 2),
            (Reaction::Thanks, 1_000),
            (Reaction::Like, 0),
        ]);
        let row = written(&counts);
        let read: Vec<(Reaction, i64, bool)> = read(&row, Some(Reaction::Laugh))
            .into_iter()
            .map(|t| (t.kind, t.count, t.mine))
            .collect();
        assert_eq!(
            read,
            [(Reaction::Thanks, 1_000, false), (Reaction::Laugh, 2, true)]
        );
        assert!(super::read("", None).is_empty());
        assert!(
            super::read("boo:7 like", None).is_empty(),
            "what is no count counts nothing"
        );
    }
}
