//! Floor 5. Finding what was said: one door, two engines.
//!
//! Both engines index the same words: they are cut and folded here ([`words`]), so that SQLite (FTS5) and PostgreSQL
//! (`tsvector`) find the same posts. Scripts that are written without spaces are cut into pairs of characters, which
//! finds what has two characters as well (trigrams would not), and code symbols stand beside the words as pairs of
//! their own, so that `C++` is not `C`.
//!
//! The room knows posts and threads by their numbers only; the room that owns them puts them in and fills in what was
//! found. What a reader may see ([`crate::policy::Sight`]) is a condition on the index rows: what is not for them is
//! neither listed nor counted, and orders nothing.

mod alike;
mod find;
mod index;
mod query;
mod snippet;
mod words;

pub use alike::alike;
pub use find::{Filter, Found, Hit, MOST_RANKED, Order, find};
pub use index::{
    PostEntry, REINDEX, ThreadEntry, begin_again, progress, put_post, put_thread, reached,
    set_post_state,
};
pub use query::{Query, Term};
pub use snippet::{Piece, snippet};
