//! Floor 8. What members report, what moderators decide about it, and what is done to authors.
//!
//! There is one queue. A report opens a review item or joins the one that stands; a decision answers three questions
//! that are kept apart: was the report right, what happens to the words, what happens to their author.

mod decide;
mod item;
mod joint;
mod listing;
mod report;
mod sanction;
mod snapshot;
mod take;

pub use decide::{AuthorChoice, ContentChoice, Decision, Finding, decide};
pub use item::{Decided, Item, ItemState, seek_item};
pub use joint::{may_be_told, on_event};
pub use listing::{Lines, QueueLine, ReportLine, Wanted, item, queue, reports_of, waiting};
pub use report::{MyReport, Reason, ReportState, my_report, report};
pub use sanction::{Measure, MeasureKind, Sanctioned, lift, measure, sanctions_of};
pub use snapshot::Snapshot;
pub use take::{put_back, take};
