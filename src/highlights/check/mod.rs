//! The deterministic rules for a text that is to leave the house. Pure: a draft and what it may say go in, a report
//! comes out, and the report is frozen beside the text. Errors block; warnings inform.

mod quotes;
mod strangers;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::places::Place;
use super::scope::{Attribution, Covered};
use crate::content::excerpt::normalise;
use crate::kit::{At, Problems};

pub use strangers::{Stranger, strangers};

/// Where the link goes, if the writer wants to say where.
pub const LINK_MARK: &str = "{link}";

crate::text_enum! {
    /// How much a finding weighs.
    pub enum Level {
        /// It does not go out like this.
        Error = "error",
        /// The writer should look again.
        Warning = "warning",
    }
}

/// One thing that a rule found. The sentence stands in the locale under `check-{rule}` with dots as dashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's name, as the messaging guidelines cite it.
    pub rule: String,
    /// How much it weighs.
    pub level: Level,
    /// Words and numbers for the sentence.
    pub args: BTreeMap<String, String>,
}

/// What the rules found in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The findings, errors first.
    pub findings: Vec<Finding>,
    /// Length by the channel's own rule, link included.
    pub length: usize,
    /// The most that the channel takes, if it has a limit.
    pub limit: Option<usize>,
    /// Whose words stand in the text: places in the list of voices.
    #[serde(default)]
    pub quoted: Vec<usize>,
}

impl Report {
    fn add(&mut self, rule: &str, level: Level, args: &[(&str, String)]) {
        self.findings.push(Finding {
            rule: rule.to_owned(),
            level,
            args: args
                .iter()
                .map(|(k, v)| ((*k).to_owned(), v.clone()))
                .collect(),
        });
    }

    fn error(&mut self, rule: &str, args: &[(&str, String)]) {
        self.add(rule, Level::Error, args);
    }

    /// May the text go out?
    #[must_use]
    pub fn passes(&self) -> bool {
        self.findings.iter().all(|f| f.level != Level::Error)
    }

    /// Was this found?
    #[must_use]
    pub fn has(&self, rule: &str) -> bool {
        self.findings.iter().any(|f| f.rule == rule)
    }

    /// The errors as problems of the form's `text` field.
    #[must_use]
    pub fn problems(&self) -> Problems {
        let mut problems = Problems::default();
        for finding in self.findings.iter().filter(|f| f.level == Level::Error) {
            let args: Vec<(&str, String)> = finding
                .args
                .iter()
                .map(|(k, v)| (k.as_str(), v.clone()))
                .collect();
            problems.add(
                "text",
                &format!("check-{}", finding.rule.replace('.', "-")),
                &args,
            );
        }
        problems
    }
}

/// One person whose words may be said, or who is named, with what that person agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The consented words; `None` for somebody who is only named.
    pub excerpt: Option<String>,
    /// The handle.
    pub handle: String,
    /// The display name as it is today.
    pub display: String,
    /// How the person is named.
    pub attribution: Attribution,
    /// The name that was agreed to; `None` for a member without a name.
    pub named: Option<String>,
    /// May parts be left out?
    pub trimming: bool,
}

/// Everything that the rules need to know besides the text.
#[derive(Debug, Clone)]
pub struct Matter {
    /// Who may be quoted and named, and how.
    pub voices: Vec<Voice>,
    /// What all consents together allow.
    pub covered: Covered,
    /// Where it is to be said.
    pub place: Place,
    /// The link with its code, or one of the same length while there is none yet.
    pub link: String,
    /// Not before this moment.
    pub embargo_until: Option<At>,
    /// When it is to be said.
    pub planned_at: At,
    /// Another announcement of the same highlight at the same channel has not finished.
    pub unfinished_before: bool,
    /// It was said at this channel before.
    pub said_before: bool,
}

/// A channel's own way to measure a text.
pub struct Measure<'m> {
    /// The length of a text as the channel counts it.
    pub count: &'m dyn Fn(&str) -> usize,
    /// The most it takes.
    pub limit: Option<usize>,
}

/// The text with its link: where the mark stands, or at the end; where the link travels beside the words, only at a mark.
#[must_use]
pub fn compose(text: &str, link: &str, place: Place) -> String {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.contains(LINK_MARK) {
        text.replacen(LINK_MARK, link, 1)
    } else if place.link_beside() {
        text.to_owned()
    } else {
        format!("{text}\n{link}")
    }
}

/// The standard frame: the words in quotation marks, who said them, where. What the consent page previews, and the
/// text that a publisher begins with.
#[must_use]
pub fn standard_frame(voices: &[Voice], nameless: &str, said_in: &str, title: &str) -> String {
    let mut lines: Vec<String> = voices
        .iter()
        .filter_map(|voice| {
            let words = normalise(voice.excerpt.as_deref()?);
            let name = voice.named.as_deref().unwrap_or(nameless);
            Some(format!("{} {name}", quoted(&words)))
        })
        .collect();
    if lines.is_empty() {
        lines.push(title.to_owned());
    }
    format!("{}\n{said_in}", lines.join("\n"))
}

/// Words in quotation marks that do not stand in the words themselves, so that the span's end is never in doubt.
fn quoted(words: &str) -> String {
    let pair = [("“", "”"), ("«", "»"), ("\"", "\"")]
        .into_iter()
        .find(|(open, close)| !words.contains(open) && !words.contains(close))
        .unwrap_or(("“", "”"));
    format!("{}{words}{}", pair.0, pair.1)
}

/// Holds a text against every rule.
#[must_use]
pub fn check(text: &str, matter: &Matter, measure: &Measure<'_>) -> Report {
    let mut report = Report::default();
    let words = normalise(&text.replacen(LINK_MARK, " ", 1));
    if words.is_empty() {
        report.error("text.missing", &[]);
    }
    length(&mut report, text, matter, measure);
    if words.contains(LINK_MARK) {
        report.error("link.home", &[("found", LINK_MARK.to_owned())]);
    }
    for stranger in strangers(&words) {
        match stranger {
            Stranger::Link(found) => report.error("link.home", &[("found", found)]),
            Stranger::Mention(found) => report.error("mention.none", &[("found", found)]),
        }
    }
    quotes::check(&mut report, &words, &matter.voices);
    consents(&mut report, matter);
    if matter.unfinished_before {
        report.error("dup.unfinished", &[]);
    }
    if matter.said_before {
        report.add("dup.again", Level::Warning, &[]);
    }
    report
        .findings
        .sort_by_key(|finding| finding.level != Level::Error);
    report
}

fn length(report: &mut Report, text: &str, matter: &Matter, measure: &Measure<'_>) {
    report.length = (measure.count)(&compose(text, &matter.link, matter.place));
    report.limit = measure.limit;
    if let Some(limit) = measure.limit.filter(|limit| report.length > *limit) {
        let over = report.length - limit;
        report.error(
            "len.channel",
            &[("limit", limit.to_string()), ("over", over.to_string())],
        );
    }
}

fn consents(report: &mut Report, matter: &Matter) {
    if !matter.covered.has(matter.place) {
        let place = matter.place.as_str().to_owned();
        report.error("consent.place", &[("place", place)]);
    }
    if matter
        .embargo_until
        .is_some_and(|until| matter.planned_at < until)
    {
        report.error("embargo", &[]);
    }
}

#[cfg(test)]
mod tests;
