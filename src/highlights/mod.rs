//! Floor 9. The door. A highlight is something said in here that its author agreed to have carried outside, that a
//! moderator approved, and that a publisher then takes out by hand or sends.
//!
//! Three gates stand in a row: nomination, consent, approval. Each is one verb; what may follow what is one table
//! (`state`). A consent covers exactly these words, under this name, at these kinds of places; an approval binds all
//! of it by one hash (`binding`). What is announced is checked by fixed rules (`check`), frozen, and looked at again
//! in the transaction that lets it leave (`joints::before_send`). What is taken back inside is called back outside in
//! the same transaction (`unwind`).

mod advice;
mod announce;
mod announcement;
mod answer;
mod approval_word;
mod approve;
mod binding;
mod brought;
mod bystanders;
mod calendar;
mod candidates;
mod card;
mod changes;
mod check;
mod claims;
mod collection;
mod compose;
mod consent;
mod correct;
mod correction_waits;
mod deadlines;
mod fairness;
mod gather;
mod ground;
mod heading;
mod highlight;
mod joints;
mod label;
mod learning;
mod letter;
mod lists;
mod marks;
mod matter;
mod milestone;
mod nominate;
mod outside;
mod pictures;
mod places;
mod pull;
mod pull_feed;
mod quote;
mod reach;
mod recalled;
mod release;
mod requests;
mod retire;
mod scope;
mod settle;
mod shelf;
mod source;
mod state;
mod taken;
mod tell;
mod told;
mod topic;
mod unwind;
mod view;
mod voice;
mod when;
mod withdraw;

pub use announce::{Draft, Examined, announce, examine, first_text};
pub use announcement::{Announcement, ORIGIN};
pub use answer::{AfterEdit, after_edit, answer};
pub use approve::{Approver, Decision, Verdict, approvers, decide, decide_all, whom_to_ask};
pub use brought::{Brought, Way, brought};
pub use calendar::{
    Calendar, Conflict, Due, Embargo, Entry as CalendarEntry, FreeSlot, Slot, Time, add_slot,
    calendar, drop_slot, next_slot, reschedule, slots,
};
pub use candidates::{
    CANDIDATE_DAYS, Candidate, MOST_WEIGHED, POINTS_FIRST_VOICE, POINTS_PARTICIPANT, POINTS_SAVED,
    POINTS_SOLVED, SPREAD_PERCENT, WEIGH, ask_for_weighing, candidates_of, keep_candidates,
    never_heard, put_aside, to_weigh,
};
pub use card::{card, card_released, close_card};
pub use changes::{Change, Released, ReleasedQuote, Shelved, changes};
pub use check::{Finding, LINK_MARK, Level, Report, Voice, compose, standard_frame};
pub use claims::{needs_reviewer, reasons_of};
pub use collection::{
    Collection, change_collection, collect, collection, collections, make_collection,
    remove_collection, uncollect,
};
pub use compose::{
    Composition, Kept, Plan, Wanted, WantedText, composition, drafted, hand_back, save,
    schedule_text, variant,
};
pub use consent::Consent;
pub use correct::{Correction, correct, examine_correction};
pub use correction_waits::{WaitingCorrection, waiting_correction};
pub use deadlines::keep_deadlines;
pub use fairness::{FAIRNESS_DAYS, asked_most, nominated_times, quoted_times};
pub use gather::{QuoteWish, Run, Wish};
pub use highlight::{Highlight, Kind};
pub use joints::{before_send, lock_behind, lock_origin, on_event};
pub use label::{Label, label};
pub use learning::{
    Example, Note, NoteKind, NoteWords, Suggestion, SuggestionState, answer_suggestion, example,
    examples, leave_note, may_learn, my_suggestions, notes_of, pick, remove_note, rules_of,
    suggest, suggested_by, suggestible, suggestible_one, suggestion, suggestions, suggestions_of,
    to_learn_from, unpick,
};
pub use letter::{send_letters, unsubscribe_letter, want_letter, wants_letter};
pub use lists::{
    DeskLine, MyConsent, announcement, announcements, desk, headings, live_consents, my_consent,
    my_consents, my_nominations, my_pulls, titles, waiting,
};
pub use marks::{Mark, announced_marks};
pub use milestone::{
    Milestone, MilestoneKind, MilestoneLine, keep_milestones, milestone_line, milestones,
};
pub use nominate::{DAYS_TO_ANSWER, nominate, revise};
pub use outside::{Outside, outside, outside_kinds};
pub use pictures::{PICTURE_REMOVED, PictureWish, hand_out, pictures};
pub use places::{Place, Places};
pub use pull::{How, Order, by_machine, pull};
pub use pull_feed::{FeedLine, FeedRead, close_feed, feeds, note_feed, open_feed, read_feed};
pub use reach::{
    reach_of_author, reach_of_pictures, reach_of_post, reach_of_posts, reach_of_thread,
    reach_of_threads,
};
pub use recalled::{Recalled, recall_done, recalled, recalled_waiting};
pub use release::{examine_waiting, release};
pub use requests::{
    Charter, Offer, RequestAnswer, RequestLine, RequestState, RequestView, VoiceAnswer, VoiceWish,
    answer_request, ask_for_voices, charter_sentences, close_request, remind_of_requests, request,
    requests,
};
pub use retire::{bring_back, keep_expiry, retire};
pub use scope::{Attribution, Covered, Scope, ScopeWords};
pub use shelf::{Choices, Entry, Shelf, Wanted as WantedEntries, choices, entry, library};
pub use source::Fallen;
pub use state::{AnnouncementState, Answer, ConsentState, State, Step};
pub use taken::{Agreed, Batch, PullLine, Taken, batch, pulls_of};
pub use told::may_be_told;
pub use view::{Beside, ConsentView, DecisionView, QuoteView, View, view};
pub use voice::Voiced;
pub use when::{Hour, Planned, When};
pub use withdraw::withdraw_announcement;

/// The kinds of places that all consents allow; every kind there is where nobody had to be asked.
#[must_use]
pub fn covered_words(covered: &Covered) -> Vec<&'static str> {
    Place::all()
        .filter(|place| covered.has(*place))
        .map(|place| place.as_str())
        .collect()
}
