//! The writing desk: one master text, a variant for each channel made from it and then edited, kept by the server until
//! it is scheduled. A publisher who goes home on Friday finds it on Monday; a colleague finds it too.

mod derive;
mod keep;
mod read;
mod schedule;

pub use derive::variant;
pub use keep::{Wanted, WantedText, drafted, save};
pub use read::{Composition, Kept, Plan, composition};
pub use schedule::{hand_back, schedule_text};

pub(super) use derive::hashtag_list;
pub(super) use keep::forget;
pub(super) use read::lang_of;
