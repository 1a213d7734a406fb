//! The parts of forms that several pages of the desk share: reasons as they are read, spans, rules.

use serde::Serialize;

use crate::moderation::Reason;

/// A reason as pages show it: by its own words, or by the sentence that came with the house.
#[derive(Debug, Clone, Serialize)]
pub struct ShownReason {
    /// The word in forms.
    pub word: String,
    /// Its own words; empty for the house's sentence.
    pub title: String,
    /// A line beneath.
    pub more: String,
}

impl From<&Reason> for ShownReason {
    fn from(reason: &Reason) -> Self {
        Self {
            word: reason.word.clone(),
            title: reason.title.clone(),
            more: reason.more.clone(),
        }
    }
}

impl ShownReason {
    pub(super) fn sample() -> Self {
        Self {
            word: "spam".to_owned(),
            title: String::new(),
            more: String::new(),
        }
    }

    /// The reason with this word among all; one that is gone is called by its word.
    pub(super) fn of(all: &[Reason], word: &str) -> Self {
        all.iter().find(|reason| reason.word == word).map_or_else(
            || Self {
                word: word.to_owned(),
                title: word.to_owned(),
                more: String::new(),
            },
            Self::from,
        )
    }
}

/// Spans as forms offer them.
pub(super) fn spans() -> Vec<&'static str> {
    super::SPANS
        .iter()
        .map(|(word, _)| *word)
        .chain(["forever"])
        .collect()
}
