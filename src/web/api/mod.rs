//! The JSON API under `/api/v1`: Bearer tokens only, problem+json for errors, `{items, next}` for lists.

pub mod announcements;
pub mod bridge;
pub mod document;
pub mod forum;
pub mod guidelines;
pub mod highlights;
pub mod members;
pub mod moderation;
