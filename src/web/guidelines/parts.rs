//! What several pages of documents show.

use std::collections::HashMap;

use serde::Serialize;

use crate::db::Tx;
use crate::guidelines::{self, Line};
use crate::kit::ids::MemberId;
use crate::kit::stop::Document;
use crate::kit::{At, Result};
use crate::members::{self, Card};

/// One line of the history.
#[derive(Debug, Clone, Serialize)]
pub(super) struct HistoryLine {
    label: String,
    note: String,
    effective_at: Option<At>,
    by: Option<Card>,
    href: String,
    changes_href: String,
    /// The version that is being read.
    current: bool,
    /// Waits for its day.
    upcoming: bool,
}

/// Versions on one page of the history.
const PER_PAGE: i64 = 20;

/// A page of the history and where the older ones are.
pub(super) fn history(
    tx: &mut Tx<'_>,
    kind: Document,
    before: Option<i64>,
    read: Option<i64>,
) -> Result<(Vec<HistoryLine>, Option<String>)> {
    let now = tx.now();
    let mut lines = guidelines::history(tx, kind, before, PER_PAGE + 1)?;
    let more = lines.len() > usize::try_from(PER_PAGE).unwrap_or(0);
    lines.truncate(usize::try_from(PER_PAGE).unwrap_or(0));
    let path = super::path(kind);
    let older = lines
        .last()
        .filter(|_| more)
        .map(|last| format!("{path}?before={}#history", last.number));
    let authors: Vec<MemberId> = lines.iter().filter_map(|line| line.created_by).collect();
    let cards = members::cards(tx, &authors)?;
    let shown = lines
        .iter()
        .map(|line| shown(line, path, &cards, read, now))
        .collect();
    Ok((shown, older))
}

fn shown(
    line: &Line,
    path: &str,
    cards: &HashMap<MemberId, Card>,
    read: Option<i64>,
    now: At,
) -> HistoryLine {
    HistoryLine {
        label: format!("{}.{}", line.major, line.minor),
        note: line.change_note.clone(),
        effective_at: line.effective_at,
        by: line.created_by.and_then(|id| cards.get(&id).cloned()),
        href: format!("{path}?version={}", line.number),
        changes_href: if line.number > 1 {
            format!("{path}/changes/{}", line.number)
        } else {
            String::new()
        },
        current: read == Some(line.number),
        upcoming: line.effective_at.is_some_and(|at| at > now),
    }
}

impl HistoryLine {
    pub(super) fn sample(label: &str, note: &str, current: bool) -> Self {
        Self {
            label: label.to_owned(),
            note: note.to_owned(),
            effective_at: Some(At(1_790_000_000_000_000)),
            by: Some(Card::nobody()),
            href: "/charter?version=2".to_owned(),
            changes_href: "/charter/changes/2".to_owned(),
            current,
            upcoming: !current,
        }
    }
}
