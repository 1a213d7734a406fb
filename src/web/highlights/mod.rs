//! The door in the browser: nominating, consent, the approval desk, the library, announcements. Everything here works
//! as plain links and forms, and wears the outward colour.

pub mod announce;
pub mod announcements;
pub mod consents;
pub mod desk;
pub mod library;
pub mod nominate;
mod parts;
pub mod revise;
pub mod show;

pub use parts::{FrameWords, frame_words};
