//! House style: how a text that is to leave the house must read. Pure: rules and a text go in, a report comes out.
//!
//! Two kinds of rules stand side by side. The *built-in* ones are the same everywhere and most of them are law (the link,
//! quotations, names, lengths); the *house's own* are data, versioned with the messaging guidelines ([`StyleSource`]).
//! The house's own words are judged by all of them; words that a member agreed to are judged only where the law says
//! so, because a publisher could not change them anyway.

mod built_in;
mod claims;
mod kinds;
mod marks;
mod pictures;
mod plain;
mod quotes;
mod reading;
mod repeats;
mod report;
mod rule;
mod secrets;
mod source;
mod spoken;
mod strangers;
mod text;
mod words;
mod yaml;

#[cfg(test)]
mod tests;

use unicode_segmentation::UnicodeSegmentation;

pub use built_in::{BUILT_IN, BuiltIn};
pub use report::{Finding, Level, Report, Span};
pub use rule::{Kind, Measured, Per, Rule};
pub use source::{BuiltInSource, RuleSource, StyleSource};
pub use spoken::{Opening, opening};
pub use strangers::{Stranger, strangers};
pub use text::{Earlier, Length, Picture, Text, Voice};

use crate::kit::ids::VersionId;
use reading::Reading;

/// Where the link goes, if the writer wants to say where.
pub const LINK_MARK: &str = "{link}";

/// The rules in force, ready to be held against texts.
#[derive(Debug, Clone, Default)]
pub struct HouseStyle {
    /// The version of the messaging guidelines they belong to; `None` where none is in force.
    pub version: Option<VersionId>,
    /// What people call that version, such as `2.1`.
    pub label: String,
    /// The house's own rules.
    pub rules: Vec<Rule>,
    /// The rules as they were written, with what the house changed about the built-in ones.
    pub source: StyleSource,
}

/// Holds a text against every rule, the built-in ones and the house's own.
#[must_use]
pub fn check(style: &HouseStyle, text: &Text<'_>) -> Report {
    let reading = Reading::of(text);
    let mut report = Report {
        version: style.label.clone(),
        ..Report::default()
    };
    let mut desk = Desk {
        style,
        text,
        reading,
        report: &mut report,
    };
    desk.law();
    desk.manners();
    report.sort();
    report
}

/// One text on the desk with everything that the rules look at.
struct Desk<'d, 't> {
    style: &'d HouseStyle,
    text: &'d Text<'t>,
    reading: Reading,
    report: &'d mut Report,
}

impl Desk<'_, '_> {
    /// What is law: the same in every house, and an error.
    fn law(&mut self) {
        if self.reading.is_empty() {
            self.find("text.missing", None, &[]);
        }
        self.length();
        self.links();
        quotes::check(self);
        pictures::check(self);
        self.language();
        secrets::check(self);
    }

    /// What is manners: warnings mostly, and each can be set by the house.
    fn manners(&mut self) {
        marks::check(self);
        plain::check(self);
        claims::check(self);
        repeats::check(self);
        kinds::check(self);
    }

    fn length(&mut self) {
        let Some(length) = self.text.length else {
            self.report.length = self.text.words.graphemes(true).count();
            return;
        };
        self.report.length = length.is;
        self.report.limit = length.most;
        if let Some(most) = length.most.filter(|most| length.is > *most) {
            let over = length.is - most;
            self.find(
                "len.channel",
                None,
                &[("limit", most.to_string()), ("over", over.to_string())],
            );
        }
    }

    fn links(&mut self) {
        for (at, found) in self.reading.further_links() {
            self.find("link.home", Some(at), &[("found", found)]);
        }
        let open = self.reading.without_link();
        for (at, stranger) in strangers(&open) {
            match stranger {
                Stranger::Link(found) => self.find("link.home", Some(at), &[("found", found)]),
                Stranger::Mention(found) if self.style.source.lets_mention(&found) => {}
                Stranger::Mention(found) => {
                    self.find("mention.none", Some(at), &[("found", found)]);
                }
            }
        }
    }

    fn language(&mut self) {
        let right = |lang: &str| {
            let mut parts = lang.split('-');
            let first = parts.next().unwrap_or_default();
            (2..=3).contains(&first.len())
                && first.chars().all(|c| c.is_ascii_alphabetic())
                && parts.all(|p| {
                    (1..=8).contains(&p.len()) && p.chars().all(|c| c.is_ascii_alphanumeric())
                })
        };
        if self.text.lang.is_some_and(|lang| !right(lang)) {
            self.find("lang.set", None, &[]);
        }
    }

    /// The built-in lists are English; they are held against English texts and those that say no language.
    fn is_english(&self) -> bool {
        self.text
            .lang
            .is_none_or(|lang| lang.is_empty() || lang.split('-').next() == Some("en"))
    }

    /// The most that a built-in rule allows in this house.
    fn most(&self, rule: &str) -> usize {
        self.style.source.most(rule)
    }

    /// Does the house let these words pass a built-in rule?
    fn lets(&self, rule: &str, words: &str) -> bool {
        self.style.source.lets(rule, words)
    }

    /// Notes a finding of a built-in rule, unless the house switched the rule off; `at` counts bytes of the reading.
    fn find(&mut self, rule: &str, at: Option<std::ops::Range<usize>>, args: &[(&str, String)]) {
        let Some(level) = self.style.source.level(rule) else {
            return;
        };
        let span = at.and_then(|at| self.reading.span(&at));
        self.report.findings.push(Finding {
            rule: rule.to_owned(),
            level,
            args: args
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            span,
            ..Finding::default()
        });
    }
}
