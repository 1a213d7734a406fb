//! Floor 2. Who may do what: the law book. It knows actors, actions and plain facts; no noun and no table.
//!
//! It has two faces. [`Actor::may`] answers for one action on one thing; [`Sight`] says which rows a reader may see,
//! as a plain value that forum and search turn into conditions. A property test holds the two together.

mod action;
mod actor;
mod facts;
mod sight;
mod table;

pub use crate::kit::stop::{Document, Refusal};
pub use action::Action;
pub use actor::{Actor, Person, Role, Roles, Trust};
pub use facts::{
    Access, CategoryFacts, ConsentFacts, HighlightFacts, PostFacts, PostState, ThreadFacts,
};
pub use sight::Sight;
