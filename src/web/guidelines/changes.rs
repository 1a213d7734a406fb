//! What a version changed, line by line.

use serde::Serialize;

use super::path;
use crate::content::{DiffLine, diff_lines};
use crate::guidelines;
use crate::kit::At;
use crate::kit::stop::{Document, OrRefuse};
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
        };
        let empty = Self {
            note: String::new(),
            major: false,
            lines: Vec::new(),
            ..usual.clone()
        };
        let worst = Self {
            note: "ש".repeat(255),
            effective_at: None,
            lines: compared(&"<b>".repeat(100), &"w".repeat(2_000)),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Shows what a version changed against the one before it.
pub(super) async fn show(call: Call, kind: Document) -> Answer {
    let number: i64 = call.segment("number")?;
    call.page(move |tx, _| {
        let newer = guidelines::version(tx, kind, number)?;
        let before = guidelines::history(tx, kind, Some(number), 1)?;
        let before = before.first().or_not_found()?.number;
        let older = guidelines::version(tx, kind, before)?;
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
        }))
    })
    .await
}
