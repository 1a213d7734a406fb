//! What a version changed, line by line, against the one before it or against any other.

use serde::{Deserialize, Serialize};

use super::path;
use crate::content::{DiffLine, diff_lines};
use crate::guidelines::{self, Version};
use crate::kit::stop::{Document, OrRefuse};
use crate::kit::{At, Result, Stop};
use crate::web::{Answer, Call, Head, Page, Shown};

/// One line of a comparison.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ComparedLine {
    /// `same`, `removed` or `added`.
    kind: &'static str,
    text: String,
}

/// Two texts side by side, as lines.
pub(super) fn compared(old: &str, new: &str) -> Vec<ComparedLine> {
    diff_lines(old, new)
        .into_iter()
        .map(|line| match line {
            DiffLine::Same(text) => ComparedLine { kind: "same", text },
            DiffLine::Removed(text) => ComparedLine {
                kind: "removed",
                text,
            },
            DiffLine::Added(text) => ComparedLine {
                kind: "added",
                text,
            },
        })
        .collect()
}

/// The most versions that can be chosen from; older ones are reached by their address.
const MOST: i64 = 60;

/// A version to compare with.
#[derive(Debug, Clone, Serialize)]
struct Choice {
    number: i64,
    label: String,
    chosen: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    against: Option<i64>,
}

/// A comparison of two versions.
#[derive(Debug, Clone, Serialize)]
pub struct ChangesPage {
    kind: Document,
    path: &'static str,
    older: String,
    newer: String,
    version: i64,
    note: String,
    effective_at: Option<At>,
    major: bool,
    lines: Vec<ComparedLine>,
    /// The rules of house style, where they differ.
    style: Vec<ComparedLine>,
    choices: Vec<Choice>,
}

impl Page for ChangesPage {
    const TEMPLATE: &'static str = "guidelines/changes";

    fn head(&self) -> Head {
        Head::filled("guidelines-changes-title", &[("version", &self.newer)]).no_index()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            kind: Document::Community,
            path: path(Document::Community),
            older: "1.0".to_owned(),
            newer: "2.0".to_owned(),
            version: 2,
            note: "Children are not named.".to_owned(),
            effective_at: Some(At(1_790_000_000_000_000)),
            major: true,
            lines: compared("One.\nTwo.", "One.\nThree."),
            style: Vec::new(),
            choices: vec![Choice {
                number: 1,
                label: "1.0".to_owned(),
                chosen: true,
            }],
        };
        let empty = Self {
            note: String::new(),
            major: false,
            lines: Vec::new(),
            choices: Vec::new(),
            ..usual.clone()
        };
        let worst = Self {
            note: "ש".repeat(255),
            effective_at: None,
            lines: compared(&"<b>".repeat(100), &"w".repeat(2_000)),
            style: compared("rules: []", "rules:\n- id: voice.chorus"),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// The rules of two versions as YAML, where they are not the same.
fn style_changes(older: &Version, newer: &Version) -> Result<Vec<ComparedLine>> {
    if older.rules == newer.rules {
        return Ok(Vec::new());
    }
    let yaml = |version: &Version| {
        guidelines::style_of(version)?
            .to_yaml()
            .map_err(Stop::fault)
    };
    Ok(compared(&yaml(older)?, &yaml(newer)?))
}

/// Shows what a version changed against the one before it, or against the one that is asked for.
pub(super) async fn show(call: Call, kind: Document) -> Answer {
    let number: i64 = call.segment("number")?;
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let newer = guidelines::version(tx, kind, number)?;
        let before = match asked.against {
            Some(other) => other,
            None => {
                let before = guidelines::history(tx, kind, Some(number), 1)?;
                before.first().or_not_found()?.number
            }
        };
        let older = guidelines::version(tx, kind, before)?;
        let choices = guidelines::history(tx, kind, None, MOST)?
            .into_iter()
            .filter(|line| line.number != number)
            .map(|line| Choice {
                number: line.number,
                label: format!("{}.{}", line.major, line.minor),
                chosen: line.number == before,
            });
        // House style is for those who write by it.
        let style = match super::style::may_read(viewer) {
            Ok(()) => style_changes(&older, &newer)?,
            Err(_) => Vec::new(),
        };
        Ok(Shown::from(ChangesPage {
            kind,
            path: path(kind),
            older: older.label(),
            newer: newer.label(),
            version: number,
            note: newer.change_note.clone(),
            effective_at: newer.effective_at,
            major: newer.minor == 0,
            lines: compared(&older.body_source, &newer.body_source),
            style,
            choices: choices.collect(),
        }))
    })
    .await
}
