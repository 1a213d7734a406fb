//! The heading goes outside like the text and is held against the same law: no words that nobody agreed to, no name that
//! says more than was agreed to, no title that not everybody may see. Its author decides about it, so what is wrong with
//! it is said where it can still be reworded: while nominating, at the desk, and again before every text.

use super::announcement::Announcement;
use super::bystanders;
use super::check::{Finding, Level, Report, Voice};
use super::highlight::Highlight;
use super::matter::voices;
use super::quote::NewQuote;
use crate::db::Tx;
use crate::forum;
use crate::guidelines::{self, HouseStyle, Text};
use crate::kit::{Problems, Result};
use crate::policy::{Action, Actor};

/// What a heading can do wrong. That it quotes nobody, or says again what is quoted below it, is no fault of a heading.
const HELD_TO: [&str; 8] = [
    "attribution.more",
    "attribution.unasked",
    "link.home",
    "mention.none",
    "quote.consent",
    "quote.open",
    "quote.trimmed",
    "secret.title",
];

fn held(style: &HouseStyle, text: &Text<'_>) -> Vec<Finding> {
    let mut found = guidelines::check(style, text).findings;
    found.retain(|finding| HELD_TO.contains(&finding.rule.as_str()));
    found
}

/// What is wrong with a heading before anybody was asked: quotations of other words than those nominated with it. That a
/// title is secret is told to staff only, or guessing would find out what there is; others hear of it from the desk.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn typed(
    tx: &mut Tx<'_>,
    actor: &Actor,
    title: &str,
    quotes: &[NewQuote],
    problems: &mut Problems,
) -> Result<()> {
    let voices: Vec<guidelines::Voice> = quotes
        .iter()
        .map(|quote| guidelines::Voice {
            excerpt: Some(quote.excerpt.text.clone()),
            // Whether it may be shortened, and how its author is named, is not known yet.
            trimming: true,
            ..guidelines::Voice::default()
        })
        .collect();
    let restricted = if actor.can(&Action::SeeOutreach) {
        forum::restricted_names(tx)?
    } else {
        Vec::new()
    };
    let text = Text {
        words: title,
        voices: &voices,
        restricted: &restricted,
        ..Text::default()
    };
    let style = guidelines::house_style(tx)?;
    for finding in held(&style, &text) {
        // Links and mentions are told with a sentence of their own, see `gather`.
        if finding.rule.starts_with("quote.") || finding.rule == "secret.title" {
            problems.add("title", &finding.key(), &finding.filling());
        }
    }
    Ok(())
}

/// What is wrong with the heading of a highlight, as everybody answered.
fn found(
    tx: &mut Tx<'_>,
    highlight: &Highlight,
    voices: &[Voice],
    restricted: &[String],
) -> Result<Vec<Finding>> {
    let unasked = bystanders::unasked(tx, &highlight.title, voices, None)?;
    let ruled: Vec<guidelines::Voice> = voices.iter().map(Voice::ruled).collect();
    let text = Text {
        words: &highlight.title,
        voices: &ruled,
        unasked: &unasked,
        restricted,
        ..Text::default()
    };
    let style = guidelines::house_style(tx)?;
    Ok(held(&style, &text))
}

/// Refuses an approval of a heading that says more than was agreed to: it has to be returned for rewording.
///
/// # Errors
/// Invalid with everything that the heading may not say; a fault where the database fails.
pub(super) fn passes(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<()> {
    let voices = voices(tx, highlight)?;
    let restricted = forum::restricted_names(tx)?;
    let mut problems = Problems::default();
    for finding in found(tx, highlight, &voices, &restricted)? {
        let words = ("words", said(&finding));
        let title = ("title", highlight.title.clone());
        problems.add("note", "heading-says-more", &[words, title]);
    }
    problems.0.dedup();
    problems.check()
}

/// Does what stands outside shorten words that may not be shortened?
///
/// # Errors
/// A fault where the database fails.
pub(super) fn shortens(tx: &mut Tx<'_>, highlight: &Highlight, one: &Announcement) -> Result<bool> {
    let voices: Vec<guidelines::Voice> = voices(tx, highlight)?.iter().map(Voice::ruled).collect();
    let text = Text {
        words: &one.text,
        voices: &voices,
        ..Text::default()
    };
    let style = guidelines::house_style(tx)?;
    let report = guidelines::check(&style, &text);
    Ok(report
        .findings
        .iter()
        .any(|finding| finding.rule == "quote.trimmed"))
}

/// Adds to a text's report that the heading which leaves with it may not.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn add(
    tx: &mut Tx<'_>,
    report: &mut Report,
    highlight: &Highlight,
    (voices, restricted): (&[Voice], &[String]),
) -> Result<()> {
    for finding in found(tx, highlight, voices, restricted)? {
        let words = [("words", said(&finding))];
        report.add("heading.words", Level::Error, &words);
    }
    Ok(())
}

/// The words that a finding is about, whatever its rule calls them.
fn said(finding: &Finding) -> String {
    ["words", "name", "found"]
        .iter()
        .find_map(|key| finding.args.get(*key).cloned())
        .unwrap_or_default()
}
