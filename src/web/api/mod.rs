//! The JSON API under `/api/v1`: Bearer tokens only, problem+json for errors, `{items, next}` for lists.

pub mod announcements;
pub mod bridge;
pub mod bridge_acts;
pub mod bulletin;
pub mod calendar;
pub mod candidates;
pub mod compose;
pub mod desk;
pub mod document;
pub mod forum;
pub mod forum_answers;
pub mod forum_drafts;
pub mod forum_marks;
pub mod guidelines;
pub mod highlights;
pub mod hub;
pub mod learning;
pub mod library;
pub mod members;
pub mod moderation;
pub mod pulls;
pub mod requests;
pub mod search;
pub mod style;
pub mod uploads;
