//! House style as it is written, stored, imported and exported: the house's own rules, and what it changes about the
//! built-in ones.
//!
//! Long because everything that can be wrong with a rule is said in one place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::built_in::{self, BuiltIn};
use super::report::Level;
use super::rule::{Kind, Measured, Per, Rule};
use super::{BUILT_IN, HouseStyle};
use crate::kit::Problems;

/// The most rules of a house.
const MOST_RULES: usize = 200;
/// The most words of one list.
const MOST_WORDS: usize = 300;
/// The longest word, pattern or sentence, in characters.
const MOST_CHARS: usize = 300;

/// House style, as data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StyleSource {
    /// The house's own rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleSource>,
    /// What the house changes about built-in rules, by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub built_in: BTreeMap<String, BuiltInSource>,
    /// Mentions and addresses that may stand in a text, such as the house's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<String>,
    /// Where somebody who works for the house is quoted, one of these has to be said; nothing where it is empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disclosure: Vec<String>,
}

/// What the house changes about one built-in rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BuiltInSource {
    /// `error`, `warning`, `suggestion` or `off`; nothing leaves it as it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub level: String,
    /// The number it works with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<usize>,
    /// Words that it lets pass.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
}

/// One of the house's own rules, as it is written. Which fields count depends on `kind`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleSource {
    /// Its name: small letters, digits, dots and dashes.
    pub id: String,
    /// `existence`, `substitution`, `occurrence`, `conditional` or `metric`.
    pub kind: String,
    /// `error`, `warning` or `suggestion`.
    pub level: String,
    /// What the writer is told; `{found}` stands for the words that were found.
    pub message: String,
    /// A better wording.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub better: String,
    /// The numbered rule of the messaging guidelines that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cites: Option<i64>,
    /// Words and phrases: existence, occurrence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// Regular expressions: existence, occurrence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<String>,
    /// What to say instead of what: substitution.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub swap: BTreeMap<String, String>,
    /// A regular expression: conditional.
    #[serde(rename = "if", skip_serializing_if = "String::is_empty")]
    pub if_: String,
    /// What has to stand in the text then: conditional.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub then: String,
    /// What is measured: metric.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub measure: String,
    /// `text` or `sentence`: occurrence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub per: String,
    /// The most there may be: occurrence, metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<f64>,
    /// The least there must be: occurrence, metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<f64>,
    /// Do large and small letters differ?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub case: bool,
    /// Is it held against quoted words, too?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub quotes: bool,
}

impl StyleSource {
    /// Makes the rules ready to use.
    ///
    /// # Errors
    /// Everything that is wrong, each problem with the number of its rule in the field (`rules.3.patterns`).
    pub fn ready(&self) -> Result<HouseStyle, Problems> {
        let mut problems = Problems::default();
        if self.rules.len() > MOST_RULES {
            problems.add(
                "rules",
                "style-too-many",
                &[("most", MOST_RULES.to_string())],
            );
        }
        let mut rules: Vec<Rule> = Vec::new();
        for (index, source) in self.rules.iter().take(MOST_RULES).enumerate() {
            match source.ready() {
                Ok(rule) if rules.iter().any(|r| r.id == rule.id) => problems.add(
                    &format!("rules.{index}.id"),
                    "style-id-twice",
                    &[("id", rule.id)],
                ),
                Ok(rule) => rules.push(rule),
                Err(found) => {
                    for problem in found.0 {
                        let field = format!("rules.{index}.{}", problem.field);
                        let args: Vec<(&str, String)> = problem
                            .args
                            .iter()
                            .map(|(k, v)| (k.as_str(), v.clone()))
                            .collect();
                        problems.add(&field, &problem.key, &args);
                    }
                }
            }
        }
        for (id, change) in &self.built_in {
            change.check(id, &mut problems);
        }
        for (field, list) in [
            ("mentions", &self.mentions),
            ("disclosure", &self.disclosure),
        ] {
            words(field, list, &mut problems);
        }
        if !problems.0.is_empty() {
            return Err(problems);
        }
        Ok(HouseStyle {
            rules,
            source: self.clone(),
            ..HouseStyle::default()
        })
    }

    /// The same with this rule in the place of the one called `was`, or at the end where there is none.
    #[must_use]
    pub fn with_rule(mut self, was: &str, rule: RuleSource) -> Self {
        match self.rules.iter_mut().find(|known| known.id == was) {
            Some(known) => *known = rule,
            None => self.rules.push(rule),
        }
        self
    }

    /// The same without the rule of this name.
    #[must_use]
    pub fn without_rule(mut self, id: &str) -> Self {
        self.rules.retain(|rule| rule.id != id);
        self
    }

    /// What a built-in rule weighs in this house; `None` where it is switched off.
    #[must_use]
    pub fn level(&self, id: &str) -> Option<Level> {
        let rule = built_in::seek(id);
        let usual = rule.map_or(Level::Warning, |rule| rule.level);
        if rule.is_some_and(|rule| rule.law) {
            return Some(usual);
        }
        match self.built_in.get(id).map(|change| change.level.as_str()) {
            None | Some("") => Some(usual),
            Some("off") => None,
            Some(word) => Some(Level::parse(word).unwrap_or(usual)),
        }
    }

    /// The number that a built-in rule works with in this house.
    #[must_use]
    pub fn most(&self, id: &str) -> usize {
        let usual = built_in::seek(id).and_then(|rule| rule.most);
        self.built_in
            .get(id)
            .and_then(|change| change.most)
            .or(usual)
            .unwrap_or(usize::MAX)
    }

    /// Does the house let these words pass this built-in rule?
    #[must_use]
    pub fn lets(&self, id: &str, words: &str) -> bool {
        let words = words.to_lowercase();
        self.built_in
            .get(id)
            .is_some_and(|change| change.allow.iter().any(|w| w.to_lowercase() == words))
    }

    /// May this mention or address stand in a text?
    #[must_use]
    pub fn lets_mention(&self, found: &str) -> bool {
        let found = found.to_lowercase();
        self.mentions.iter().any(|m| m.to_lowercase() == found)
    }

    /// The built-in rules with what this house made of them.
    pub fn built_in(&self) -> impl Iterator<Item = (&'static BuiltIn, Option<&BuiltInSource>)> {
        BUILT_IN
            .iter()
            .map(|rule| (rule, self.built_in.get(rule.id)))
    }
}

impl BuiltInSource {
    fn check(&self, id: &str, problems: &mut Problems) {
        let field = format!("built_in.{id}");
        let Some(rule) = built_in::seek(id) else {
            return problems.add(&field, "style-no-such-rule", &[("id", id.to_owned())]);
        };
        let level_known =
            matches!(self.level.as_str(), "" | "off") || Level::parse(&self.level).is_some();
        if !level_known {
            problems.add(
                &field,
                "style-no-such-level",
                &[("level", self.level.clone())],
            );
        }
        if rule.law && !self.level.is_empty() {
            problems.add(&field, "style-law", &[("id", id.to_owned())]);
        }
        if self.most.is_some() && rule.most.is_none() {
            problems.add(&field, "style-no-number", &[("id", id.to_owned())]);
        }
        words(&field, &self.allow, problems);
    }
}

impl RuleSource {
    /// Makes the rule ready to use.
    ///
    /// # Errors
    /// Everything that is wrong with it, by field.
    pub fn ready(&self) -> Result<Rule, Problems> {
        let mut problems = Problems::default();
        self.check_name(&mut problems);
        let level = Level::parse(&self.level);
        if level.is_none() {
            let level = self.level.clone();
            problems.add("level", "style-no-such-level", &[("level", level)]);
        }
        if self.message.trim().is_empty() {
            problems.add("message", "needed", &[]);
        }
        for (field, text) in [
            ("message", &self.message),
            ("better", &self.better),
            ("if", &self.if_),
            ("then", &self.then),
        ] {
            if text.chars().count() > MOST_CHARS {
                problems.add(field, "too-long", &[("most", MOST_CHARS.to_string())]);
            }
        }
        words("words", &self.words, &mut problems);
        words("patterns", &self.patterns, &mut problems);
        let pairs: Vec<String> = self
            .swap
            .iter()
            .flat_map(|(a, b)| [a.clone(), b.clone()])
            .collect();
        if self.swap.values().any(|better| better.trim().is_empty()) {
            problems.add("swap", "style-swap-empty", &[]);
        }
        words("swap", &pairs, &mut problems);
        let kind = self.kind(&mut problems);
        match (level, kind) {
            (Some(level), Some(kind)) if problems.0.is_empty() => Ok(Rule {
                id: self.id.clone(),
                level,
                message: self.message.trim().to_owned(),
                better: Some(self.better.trim().to_owned()).filter(|b| !b.is_empty()),
                cites: self.cites,
                kind,
                quotes: self.quotes,
            }),
            _ => Err(problems),
        }
    }

    fn check_name(&self, problems: &mut Problems) {
        let right = !self.id.is_empty()
            && self.id.len() <= 60
            && self
                .id
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'));
        if !right {
            problems.add("id", "style-id", &[]);
        } else if built_in::seek(&self.id).is_some() {
            problems.add("id", "style-id-built-in", &[("id", self.id.clone())]);
        }
    }

    fn kind(&self, problems: &mut Problems) -> Option<Kind> {
        match self.kind.as_str() {
            "existence" => {
                if self.words.is_empty() && self.patterns.is_empty() {
                    problems.add("words", "style-words-or-patterns", &[]);
                }
                let patterns = Rule::patterns(&self.words, &self.patterns, self.case, problems)?;
                Some(Kind::Existence(patterns))
            }
            "substitution" => {
                if self.swap.is_empty() {
                    problems.add("swap", "needed", &[]);
                }
                Some(Kind::Substitution(Rule::swaps(
                    &self.swap, self.case, problems,
                )?))
            }
            "occurrence" => self.occurrence(problems),
            "conditional" => {
                for (field, text) in [("if", &self.if_), ("then", &self.then)] {
                    if text.is_empty() {
                        problems.add(field, "needed", &[]);
                    }
                }
                let first = Rule::pattern("if", &self.if_, self.case, problems)?;
                let then = Rule::pattern("then", &self.then, self.case, problems)?;
                Some(Kind::Conditional { first, then })
            }
            "metric" => {
                let measured = Measured::parse(&self.measure);
                if measured.is_none() {
                    problems.add(
                        "measure",
                        "style-no-such-measure",
                        &[("measure", self.measure.clone())],
                    );
                }
                self.check_bounds(problems);
                Some(Kind::Metric {
                    measured: measured?,
                    most: self.most,
                    least: self.least,
                })
            }
            other => {
                problems.add("kind", "style-no-such-kind", &[("kind", other.to_owned())]);
                None
            }
        }
    }

    fn occurrence(&self, problems: &mut Problems) -> Option<Kind> {
        if self.words.is_empty() && self.patterns.is_empty() {
            problems.add("words", "style-words-or-patterns", &[]);
        }
        let per = match self.per.as_str() {
            "" | "text" => Some(Per::Text),
            other => Per::parse(other),
        };
        if per.is_none() {
            problems.add("per", "style-no-such-per", &[("per", self.per.clone())]);
        }
        self.check_bounds(problems);
        let patterns = Rule::patterns(&self.words, &self.patterns, self.case, problems)?;
        Some(Kind::Occurrence {
            patterns,
            per: per?,
            most: self.most,
            least: self.least,
        })
    }

    fn check_bounds(&self, problems: &mut Problems) {
        let right = |n: Option<f64>| n.is_none_or(|n| n.is_finite() && (0.0..=1e6).contains(&n));
        if self.most.is_none() && self.least.is_none() {
            problems.add("most", "style-most-or-least", &[]);
        } else if !right(self.most) || !right(self.least) {
            problems.add("most", "style-number", &[]);
        }
    }
}

/// A list of words within its bounds, none empty.
fn words(field: &str, list: &[String], problems: &mut Problems) {
    if list.len() > MOST_WORDS {
        problems.add(field, "style-too-many", &[("most", MOST_WORDS.to_string())]);
    }
    if list.iter().any(|word| word.trim().is_empty()) {
        problems.add(field, "style-word-empty", &[]);
    }
    if list.iter().any(|word| word.chars().count() > MOST_CHARS) {
        problems.add(field, "too-long", &[("most", MOST_CHARS.to_string())]);
    }
}
