//! The built-in rules as one table: what each weighs, and whether the house may say otherwise.

use super::report::Level;

/// One built-in rule. Its sentence stands in the locale under `problem-check-{id}` with dots as dashes, what it is for
/// under `guidelines-rule-{id}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name.
    pub id: &'static str,
    /// What it weighs where the house says nothing.
    pub level: Level,
    /// It guards a law: the house can neither weaken it nor switch it off.
    pub law: bool,
    /// The number it works with, if it works with one.
    pub most: Option<usize>,
}

const fn law(id: &'static str) -> BuiltIn {
    BuiltIn {
        id,
        level: Level::Error,
        law: true,
        most: None,
    }
}

const fn error(id: &'static str) -> BuiltIn {
    BuiltIn {
        id,
        level: Level::Error,
        law: false,
        most: None,
    }
}

const fn warning(id: &'static str, most: Option<usize>) -> BuiltIn {
    BuiltIn {
        id,
        level: Level::Warning,
        law: false,
        most,
    }
}

/// Every built-in rule.
pub const BUILT_IN: &[BuiltIn] = &[
    law("text.missing"),
    law("len.channel"),
    law("link.home"),
    law("mention.none"),
    law("quote.missing"),
    law("quote.marks"),
    law("quote.open"),
    law("quote.trimmed"),
    law("quote.consent"),
    law("attribution.missing"),
    law("attribution.more"),
    law("attribution.unasked"),
    law("alt.missing"),
    law("alt.len"),
    law("lang.set"),
    law("secret.title"),
    law("disclosure"),
    error("alt.begin"),
    error("claim.promise"),
    error("claim.price"),
    error("claim.superlative"),
    error("claim.incident"),
    // From so many letters on, a tag without inner capitals is taken for several words.
    warning("tag.camel", Some(11)),
    warning("tag.count", Some(3)),
    warning("emoji.count", Some(3)),
    warning("emoji.run", None),
    warning("emoji.place", None),
    // So many words in capitals in a row are still let pass.
    warning("caps", Some(2)),
    warning("fancy", None),
    warning("art", None),
    // Words in a sentence.
    warning("plain.sentence", Some(25)),
    // Words for each sentence, and long words in a hundred.
    warning("plain.lix", Some(55)),
    warning("plain.jargon", None),
    warning("plain.abbreviation", None),
    warning("plain.here", None),
    // Shared pairs of words in a hundred.
    warning("dup.text", Some(70)),
    // Days.
    warning("dup.link", Some(14)),
];

/// The rule with this name.
pub(super) fn seek(id: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|rule| rule.id == id)
}
