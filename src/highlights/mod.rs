//! Floor 9. The door. A highlight is something said in here that its author agreed to have carried outside, that a
//! moderator approved, and that a publisher then takes out by hand or sends.
//!
//! Three gates stand in a row: nomination, consent, approval. Each is one verb; what may follow what is one table
//! (`state`). A consent covers exactly these words, under this name, at these kinds of places; an approval binds all
//! of it by one hash (`binding`). What is announced is checked by fixed rules (`check`), frozen, and looked at again
//! in the transaction that lets it leave (`joints::before_send`). What is taken back inside is called back outside in
//! the same transaction (`unwind`).

mod announce;
mod announcement;
mod answer;
mod approve;
mod binding;
mod check;
mod consent;
mod deadlines;
mod gather;
mod highlight;
mod joints;
mod library;
mod lists;
mod marks;
mod matter;
mod nominate;
mod places;
mod quote;
mod scope;
mod settle;
mod source;
mod state;
mod tell;
mod told;
mod unwind;
mod view;
mod when;
mod withdraw;

pub use announce::{Draft, Examined, announce, correct, examine, first_text, release};
pub use announcement::{Announcement, ORIGIN};
pub use answer::{AfterEdit, after_edit, answer};
pub use approve::{Decision, Verdict, approvers, decide};
pub use check::{Finding, LINK_MARK, Level, Report, Voice, compose, standard_frame};
pub use consent::Consent;
pub use deadlines::keep_deadlines;
pub use gather::{QuoteWish, Run, Wish};
pub use highlight::{Highlight, Kind};
pub use joints::{before_send, lock_behind, lock_origin, on_event};
pub use library::{
    Change, Entry, PullLine, Released, Shelf, Taken, changes, library, pull, pulls_of,
};
pub use lists::{
    DeskLine, MyConsent, announcement, announcements, desk, headings, my_consent, my_consents,
    my_nominations, waiting,
};
pub use marks::{Mark, announced_marks};
pub use nominate::{DAYS_TO_ANSWER, nominate, revise};
pub use places::{Place, Places};
pub use scope::{Attribution, Covered, Scope, ScopeWords};
pub use source::Fallen;
pub use state::{AnnouncementState, Answer, ConsentState, State, Step};
pub use told::may_be_told;
pub use view::{ConsentView, DecisionView, QuoteView, View, view};
pub use when::{Planned, When};
pub use withdraw::withdraw_announcement;

/// The kinds of places that all consents allow; every kind there is where nobody had to be asked.
#[must_use]
pub fn covered_words(covered: &Covered) -> Vec<&'static str> {
    Place::ALL
        .iter()
        .filter(|place| covered.has(**place))
        .map(|place| place.as_str())
        .collect()
}
