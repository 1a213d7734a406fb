//! House style as YAML, for taking it from one house to another: everything that [`StyleSource`] holds, nothing else.

use serde::Deserialize;

use super::source::{RuleSource, StyleSource};
use crate::kit::Problems;

/// The longest file, in bytes.
const MOST_BYTES: usize = 200_000;

/// The shape of a file, remembering on which line each rule begins.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rules: Vec<serde_saphyr::Spanned<RuleSource>>,
    #[serde(default)]
    built_in: std::collections::BTreeMap<String, super::BuiltInSource>,
    #[serde(default)]
    mentions: Vec<String>,
    #[serde(default)]
    disclosure: Vec<String>,
}

impl StyleSource {
    /// Reads a file.
    ///
    /// # Errors
    /// The problems of the field `yaml`, each with its line: no YAML, an unknown field, a rule that cannot be.
    pub fn from_yaml(text: &str) -> Result<Self, Problems> {
        if text.len() > MOST_BYTES {
            let mut problems = Problems::default();
            problems.add("yaml", "too-long", &[("most", MOST_BYTES.to_string())]);
            return Err(problems);
        }
        if text.trim().is_empty() {
            return Err(Problems::one("yaml", "needed"));
        }
        let file: File = serde_saphyr::from_str(text).map_err(|error| unreadable(&error))?;
        let lines: Vec<u64> = file
            .rules
            .iter()
            .map(|rule| rule.referenced.line())
            .collect();
        let source = Self {
            rules: file.rules.into_iter().map(|rule| rule.value).collect(),
            built_in: file.built_in,
            mentions: file.mentions,
            disclosure: file.disclosure,
        };
        match source.ready() {
            Ok(_) => Ok(source),
            Err(found) => Err(placed(found, &lines)),
        }
    }

    /// Writes a file.
    ///
    /// # Errors
    /// A sentence where the writer of YAML fails, which no data of this shape makes it.
    pub fn to_yaml(&self) -> Result<String, String> {
        if *self == Self::default() {
            return Ok("rules: []\n".to_owned());
        }
        serde_saphyr::to_string(self).map_err(|error| error.to_string())
    }
}

fn unreadable(error: &serde_saphyr::Error) -> Problems {
    let mut problems = Problems::default();
    let why = error.without_snippet().to_string();
    let why = why.lines().next().unwrap_or_default().to_owned();
    match error.location() {
        Some(at) => problems.add(
            "yaml",
            "style-yaml-line",
            &[("line", at.line().to_string()), ("why", why)],
        ),
        None => problems.add("yaml", "style-yaml", &[("why", why)]),
    }
    problems
}

/// The same problems, on the line on which their rule begins.
fn placed(found: Problems, lines: &[u64]) -> Problems {
    let mut problems = Problems::default();
    for problem in found.0 {
        let line = problem
            .field
            .strip_prefix("rules.")
            .and_then(|rest| rest.split('.').next()?.parse::<usize>().ok())
            .and_then(|index| lines.get(index));
        let mut args: Vec<(&str, String)> = problem
            .args
            .iter()
            .map(|(k, v)| (k.as_str(), v.clone()))
            .collect();
        // The sentence is the same as in the form; what writes it puts the line before it.
        args.extend(line.map(|line| ("on_line", line.to_string())));
        problems.add("yaml", &problem.key, &args);
    }
    problems
}
