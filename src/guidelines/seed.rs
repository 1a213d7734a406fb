//! What a fresh community starts with.

use super::draft::save_draft;
use super::publish::{Change, Publication, publish};
use super::style::StyleSource;
use super::version::base_of;
use super::words::Words;
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::stop::Document;
use crate::policy::Actor;

const CHARTER: &str = include_str!("starting/charter.md");
const COMMUNITY: &str = include_str!("starting/community.md");
const MESSAGING: &str = include_str!("starting/messaging.md");
const HOUSE_STYLE: &str = include_str!("starting/house-style.yaml");

/// Writes the starting texts where a document has none yet; bears repetition.
///
/// The community guidelines are published as 1.0 at once, so that members can post from the first hour under rules that
/// hold anywhere. Charter and messaging guidelines begin as drafts: what a community is, and how it speaks outside, nobody
/// can know beforehand. Since no messaging guidelines are in force, nobody can acknowledge them, and so nothing can be
/// approved, written or sent until a person has read, changed and published them. A first set of house-style rules lies in that
/// draft, for the same person to read, change and throw out.
///
/// # Errors
/// A fault where the database fails.
pub fn seed(tx: &mut Tx<'_>) -> Result<()> {
    let house = Actor::System("first-start");
    let base_url = tx.house().base_url.clone();
    for (kind, source) in [
        (Document::Charter, CHARTER),
        (Document::Community, COMMUNITY),
        (Document::Messaging, MESSAGING),
    ] {
        if base_of(tx, kind)?.is_some() {
            continue;
        }
        // Rendered inside the transaction, for once: three short texts, once in the life of a community.
        let words = Words::parse(source, &base_url)?;
        if kind == Document::Community {
            let first = Publication {
                words,
                change: Change::Major,
                note: String::new(),
                effective_at: None,
                base: String::new(),
            };
            publish(tx, &house, kind, &first)?;
        } else if kind == Document::Messaging {
            let words = words.with_style(&StyleSource::from_yaml(HOUSE_STYLE)?)?;
            save_draft(tx, &house, kind, &words, "")?;
        } else {
            save_draft(tx, &house, kind, &words, "")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{HOUSE_STYLE, MESSAGING};
    use crate::guidelines::{StyleSource, Text, check};

    fn found(words: &str) -> Vec<String> {
        let style = StyleSource::from_yaml(HOUSE_STYLE)
            .unwrap()
            .ready()
            .unwrap();
        let text = Text {
            words,
            free_quotes: true,
            ..Text::default()
        };
        let report = check(&style, &text);
        report.findings.into_iter().map(|f| f.rule).collect()
    }

    #[test]
    fn every_starting_rule_finds_what_it_is_for_and_nothing_else() {
        for (rule, bad, good) in [
            (
                "voice.one",
                "Our community loves the new garden.",
                "A member of our community writes about the garden.",
            ),
            (
                "tone.urgent",
                "Look at it. Don’t miss it.",
                "It stands there all year.",
            ),
            (
                "tone.selling",
                "Read it, and book now.",
                "Read it when you like.",
            ),
            (
                "tone.owning",
                "Ines is our very own birdwatcher.",
                "Ines watches birds.",
            ),
            (
                "marks.calm",
                "A heron! In the harbour!",
                "A heron! In the harbour.",
            ),
            (
                "children.none",
                "Seen by a 9-year-old.",
                "Seen by a 90-year-old.",
            ),
            ("children.none", "Seen by Tom, aged 7.", "Seen at seven."),
            ("words.plain", "We purchase bread.", "We buy bread."),
        ] {
            assert_eq!(found(bad), [rule], "{bad}");
            assert_eq!(found(good), [""; 0], "{good}");
        }
    }

    #[test]
    fn starting_rules_cite_rules_that_are_there() {
        let style = StyleSource::from_yaml(HOUSE_STYLE).unwrap();
        let last = MESSAGING
            .lines()
            .filter_map(|line| line.split_once(". **")?.0.parse::<i64>().ok())
            .max();
        for rule in &style.rules {
            assert!(rule.cites.is_none_or(|n| Some(n) <= last), "{}", rule.id);
        }
    }
}
