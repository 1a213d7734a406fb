//! The door in the browser: nominating, consent, the approval desk, the library, announcements. Everything here works
//! as plain links and forms, and wears the outward colour.

mod announcement_beside;
pub mod announcements;
mod around;
mod brought;
pub mod calendar;
pub mod candidates;
pub mod champions;
pub mod collections;
pub mod compose;
mod compose_beside;
mod compose_card;
pub mod consents;
pub mod desk;
pub mod desk_item;
pub mod embed;
pub mod learning;
pub mod letter;
pub mod library;
pub mod media_kit;
pub mod nominate;
pub mod nominate_whole;
mod parts;
pub mod pull_feeds;
pub mod pulls;
pub mod request;
pub mod requests;
pub mod revise;
pub mod shelf_item;
pub mod show;
pub mod slots;

pub use parts::{FrameWords, frame_words};
