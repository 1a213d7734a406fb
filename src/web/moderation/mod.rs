//! Reporting, and the desk of those who answer for the place: the review queue, members' sanctions, the log.

pub mod desk;
pub mod log;
pub mod member;
pub mod report;
pub mod review;

use crate::kit::clock::DAY;
use crate::kit::{At, Result, Stop};

/// How long a silence or suspension lasts, as forms offer it.
const SPANS: [(&str, i64); 5] = [
    ("1d", DAY),
    ("3d", 3 * DAY),
    ("7d", 7 * DAY),
    ("30d", 30 * DAY),
    ("90d", 90 * DAY),
];

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
