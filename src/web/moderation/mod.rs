//! Reporting, and the desk of those who answer for the place: the review queue, members' sanctions, the log.

pub mod decisions;
pub mod desk;
mod history;
mod kept;
pub mod log;
pub mod member;
pub mod pictures;
pub mod report;
pub mod review;
pub mod review_act;
pub mod rules;
mod says;
pub mod undo;

use std::collections::HashMap;

use crate::db::Tx;
use crate::highlights;
use crate::kit::clock::DAY;
use crate::kit::ids::HighlightId;
use crate::kit::{At, Result, Stop};
use crate::moderation::{Item, Subject};

/// How long a silence or suspension lasts, as forms offer it.
const SPANS: [(&str, i64); 5] = [
    ("1d", DAY),
    ("3d", 3 * DAY),
    ("7d", 7 * DAY),
    ("30d", 30 * DAY),
    ("90d", 90 * DAY),
];

/// The headings of the highlights among these entries.
fn titles(tx: &mut Tx<'_>, items: &[Item]) -> Result<HashMap<HighlightId, String>> {
    let ids: Vec<HighlightId> = items
        .iter()
        .filter_map(|item| match item.subject {
            Subject::Highlight(id) => Some(id),
            _ => None,
        })
        .collect();
    highlights::titles(tx, &ids)
}

/// What an entry is called; empty once erased.
fn title(item: &Item, titles: &HashMap<HighlightId, String>) -> String {
    let title = match item.subject {
        Subject::Highlight(id) => titles.get(&id).cloned(),
        _ => item.snapshot.as_ref().map(|s| s.title.clone()),
    };
    title.unwrap_or_default()
}

/// Where an entry is decided: reports in the queue, highlights at their own desk.
fn href(item: &Item) -> String {
    match item.subject {
        Subject::Highlight(id) => format!("/desk/highlights/{id}"),
        _ => format!("/desk/review/{}", item.id),
    }
}

/// The end of a span that begins now; `forever` has none.
fn until(now: At, span: &str) -> Result<Option<At>> {
    if span == "forever" {
        return Ok(None);
    }
    SPANS
        .iter()
        .find(|(word, _)| *word == span)
        .map(|(_, micros)| Some(now.plus(*micros)))
        .ok_or_else(|| Stop::invalid("span", "choose-span"))
}
