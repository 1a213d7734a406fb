//! Floor 4. People with an account: how they prove who they are, what is shown of them, and their standing.
//!
//! A member's standing (roles, groups, trust, sanctions, acknowledgements) is read whole in one query by
//! [`recognise`] and [`actor`]; every verb of the house takes the [`crate::policy::Actor`] made of it.

mod acknowledge;
mod card;
mod keys;
mod mailbox;
mod sanction;
mod standing;
mod trust;

pub use acknowledge::{acknowledged, require_acknowledgement};
pub use card::{Card, card, cards, find_by_name, seek_by_name, with_role};
pub use mailbox::{Mailbox, seek_mailbox};
pub use sanction::set_sanction;
pub use standing::{Credential, Recognised, actor, recognise, touch};
pub use trust::{counted, first_post_code, hidden};
