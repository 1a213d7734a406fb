//! Floor 8. What members report, what moderators decide about it, and what is done to authors.
//!
//! There is one queue; highlights that wait for a moderator stand in it too. A report opens a review item or joins the one that stands; a decision answers three questions
//! that are kept apart: was the report right, what happens to the words, what happens to their author.

mod about;
mod appeal;
mod choices;
mod cited;
mod decide;
mod decisions;
mod decisions_along;
mod entry;
mod figures;
mod guest;
mod highlight;
mod history;
mod hold;
mod item;
mod joint;
mod late;
mod links;
mod listing;
mod news;
mod outcome;
mod pending;
mod people;
mod pictures;
mod queue;
mod reasons;
mod report;
mod sanction;
mod sanctions;
mod settings;
mod several;
mod snapshot;
pub mod spam;
mod standing;
mod take;
mod typing;
mod watch;
mod words;

pub use about::{decisions_about, entries_about};
pub use appeal::{
    ByLetter, answer_appeal, appeal, appeal_by_letter, appealed, decisions_by_letter,
    shut_out_by_letter, way_of_the_suspended,
};
pub use choices::{AuthorChoice, ContentChoice, Decision, Finding};
pub use cited::{Cited, Rulebook, citable, cited as rule_today, words_of};
pub use decide::decide;
pub use decisions::{
    APPEAL_DAYS, AppealLine, AppealState, Taken, Told, find_decision, find_decisions, my_decisions,
    said_before,
};
pub use figures::{DAYS, Figures, figures};
pub use guest::{
    confirm_guest_report, guest_report, guest_report_waiting, legal_reason, sweep_guests,
};
pub use highlight::{highlight_decided_by, highlight_settled, highlight_waits};
pub use history::{Step, history_of, leave_note};
pub use hold::{HeldBy, hold_back, hold_if_fast};
pub use item::{Decided, Item, ItemState, Kind, Pending, Subject, seek_item};
pub use joint::{may_be_told, on_event};
pub use late::remind_of_late;
pub use listing::{
    Record, ReportLine, item, items_among, reporter_record, reports_of, reports_of_all,
};
pub use outcome::{TELL_REPORTERS, tell_rest};
pub use pending::{
    APPLY, UNDO_SECONDS, apply_due, decide_soon, look_for_stuck, may_fall_until, undo,
};
pub use people::{MemberNote, Reset, hold_trust, member_notes, note_member, reset_profile};
pub use pictures::{bring_picture_back, remove_picture};
pub use queue::{Lines, QueueLine, Stand, Wanted, queue, waiting};
pub use reasons::{Reason, ReasonDraft, keep_reason, reasons};
pub use report::{MyReport, ReportState, Why, my_report, report, report_about, report_path};
pub use sanction::{Measure, MeasureKind, Sanctioned, lift, measure};
pub use sanctions::{sanctions_among, sanctions_of};
pub use settings::{DeskSettings, desk_settings, set_desk};
pub use several::{MOST_AT_ONCE, decide_each_soon};
pub use snapshot::Snapshot;
pub use standing::{Granting, decided_since, granting};
pub use take::{answerers, colleagues, hand_to, put_back, take};
pub use typing::opened_now;
pub use watch::{WatchAction, Watched, compile, try_words, unwatch, watch, watched};
pub use words::{Because, treat_post, treat_thread, undelete_hidden_post, undelete_hidden_thread};
