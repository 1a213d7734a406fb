//! Cards under bare links: title, description and picture of what a link leads to, fetched once by a job through the
//! guarded client and kept here, so that reading a page never asks a foreign server for anything.
//!
//! A link stands bare where it is all that its paragraph says. What cannot be fetched has no card, and that is all.

mod bare;
mod card;
mod fetch;
mod page;

pub use bare::bare_links;
pub use card::{Card, FETCH, KEPT_NAME, cards, sweep, want};
pub use fetch::{drop_pictures, fetch};
