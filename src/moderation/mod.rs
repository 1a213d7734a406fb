//! Floor 8. What members report, what moderators decide about it, and what is done to authors.
//!
//! There is one queue; highlights that wait for a moderator stand in it too. A report opens a review item or joins the one that stands; a decision answers three questions
//! that are kept apart: was the report right, what happens to the words, what happens to their author.

mod cited;
mod decide;
mod highlight;
mod item;
mod joint;
mod listing;
mod report;
mod sanction;
mod snapshot;
mod take;

pub use cited::{Cited, citable, words_of};
pub use decide::{AuthorChoice, ContentChoice, Decision, Finding, decide};
pub use highlight::{highlight_decided_by, highlight_settled, highlight_waits};
pub use item::{Decided, Item, ItemState, Subject, seek_item};
pub use joint::{may_be_told, on_event};
pub use listing::{Lines, QueueLine, ReportLine, Wanted, item, queue, reports_of, waiting};
pub use report::{MyReport, Reason, ReportState, Why, my_report, report};
pub use sanction::{Measure, MeasureKind, Sanctioned, lift, measure, sanctions_of};
pub use snapshot::Snapshot;
pub use take::{put_back, take};
