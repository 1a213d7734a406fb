//! What the rules found in a text. A report is frozen beside the text it was made for, so its shape only grows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kit::Problems;

crate::text_enum! {
    /// How much a finding weighs.
    pub enum Level {
        /// It does not go out like this.
        Error = "error",
        /// It goes out with a reason only.
        Warning = "warning",
        /// It could be better.
        Suggestion = "suggestion",
    }
}

/// A place in the text as it was typed, in characters (Unicode scalar values), `end` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first character.
    pub start: usize,
    /// The character behind the last one.
    pub end: usize,
}

/// One thing that a rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's name.
    pub rule: String,
    /// How much it weighs.
    pub level: Level,
    /// Words and numbers for the sentence.
    pub args: BTreeMap<String, String>,
    /// Where; `None` for what the text as a whole is or lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The sentence of one of the house's own rules; the built-in ones have theirs in the locale, see [`Finding::key`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What could stand there instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub better: Option<String>,
    /// The numbered rule of the messaging guidelines that it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cites: Option<i64>,
}

impl Default for Finding {
    fn default() -> Self {
        Self {
            rule: String::new(),
            level: Level::Warning,
            args: BTreeMap::new(),
            span: None,
            message: None,
            better: None,
            cites: None,
        }
    }
}

impl Finding {
    /// The key of its sentence, without `problem-` before it. A sentence of the house's own comes whole, as `message`.
    #[must_use]
    pub fn key(&self) -> String {
        if self.message.is_some() {
            "check-house".to_owned()
        } else {
            format!("check-{}", self.rule.replace('.', "-"))
        }
    }

    /// Its sentence as a problem of this field.
    #[must_use]
    pub fn problem(&self, field: &str) -> Problems {
        let mut problems = Problems::default();
        problems.add(field, &self.key(), &self.filling());
        problems
    }

    /// What the sentence is filled with.
    #[must_use]
    pub fn filling(&self) -> Vec<(&str, String)> {
        let mut filling: Vec<(&str, String)> = self
            .args
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        filling.extend(self.message.iter().map(|m| ("message", m.clone())));
        filling.extend(self.better.iter().map(|b| ("better", b.clone())));
        filling
    }
}

/// What the rules found in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The findings: errors first, then in the order of the text.
    pub findings: Vec<Finding>,
    /// Length by the channel's own rule, link included.
    pub length: usize,
    /// The most that the channel takes, if it has a limit.
    pub limit: Option<usize>,
    /// Whose words stand in the text: places in the list of voices.
    #[serde(default)]
    pub quoted: Vec<usize>,
    /// The version of the messaging guidelines whose rules these were, such as `2.1`.
    #[serde(default)]
    pub version: String,
}

impl Report {
    /// Notes something that another room found, which knows more than the text.
    pub fn add(&mut self, rule: &str, level: Level, args: &[(&str, String)]) {
        self.findings.push(Finding {
            rule: rule.to_owned(),
            level,
            args: args
                .iter()
                .map(|(k, v)| ((*k).to_owned(), v.clone()))
                .collect(),
            ..Finding::default()
        });
    }

    /// Puts errors first, then warnings, then suggestions, each in the order of the text.
    pub fn sort(&mut self) {
        self.findings.sort_by_key(|finding| {
            let place = finding.span.map_or(usize::MAX, |span| span.start);
            (finding.level, place)
        });
        self.findings.dedup();
    }

    /// May the text go out?
    #[must_use]
    pub fn passes(&self) -> bool {
        self.of(Level::Error).next().is_none()
    }

    /// The findings of one level.
    pub fn of(&self, level: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |f| f.level == level)
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
        for finding in self.of(Level::Error) {
            problems.add("text", &finding.key(), &finding.filling());
        }
        problems
    }
}
