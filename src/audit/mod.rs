//! Floor 3. The append-only log of what was done by whom.
//!
//! A row holds ids, kinds and keyed hashes, never words, names or addresses; a reason in words stands in a column
//! that can be erased, and the chain covers its hash, so erasing it breaks nothing.

mod entry;
mod list;
mod record;
mod verify;

pub use entry::{Entry, Subject, subject};
pub use list::{Wanted, find, list};
pub use record::record;
pub use verify::{Verdict, verify};
