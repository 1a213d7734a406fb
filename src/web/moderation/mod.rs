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
use crate::kit::ids::{DecisionId, HighlightId};
use crate::kit::{At, Result, Stop};
use crate::moderation::{self, Item, Subject, Told};

/// How long a silence or suspension lasts, as forms offer it.
const SPANS: [(&str, i64); 5] = [
    ("1d", DAY),
    ("3d", 3 * DAY),
    ("7d", 7 * DAY),
    ("30d", 30 * DAY),
    ("90d", 90 * DAY),
];

/// What entries are called that keep no heading of their own.
struct Titles {
    highlights: HashMap<HighlightId, String>,
    /// What is appealed against.
    decisions: HashMap<DecisionId, Told>,
}

impl Titles {
    /// Read in bulk.
    fn of(tx: &mut Tx<'_>, items: &[Item]) -> Result<Self> {
        let mut asked = (Vec::new(), Vec::new());
        for item in items {
            match item.subject {
                Subject::Highlight(id) => asked.0.push(id),
                Subject::Decision(id) => asked.1.push(id),
                _ => {}
            }
        }
        Ok(Self {
            highlights: highlights::titles(tx, &asked.0)?,
            // Appeals are rare: no question without one.
            decisions: match asked.1.is_empty() {
                true => HashMap::new(),
                false => moderation::find_decisions(tx, &asked.1)?,
            },
        })
    }

    /// What an entry is called; empty once erased, and where an appeal is about no thread.
    fn title(&self, item: &Item) -> String {
        let title = match item.subject {
            Subject::Highlight(id) => self.highlights.get(&id).cloned(),
            Subject::Decision(id) => self.decisions.get(&id).and_then(|told| told.title.clone()),
            _ => item.snapshot.as_ref().map(|s| s.title.clone()),
        };
        title.unwrap_or_default()
    }

    /// What was decided that an appeal is against; empty for every other entry.
    fn told(&self, item: &Item) -> String {
        match item.subject {
            Subject::Decision(id) => self.decisions.get(&id).map(|told| told.what.clone()),
            _ => None,
        }
        .unwrap_or_default()
    }
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
