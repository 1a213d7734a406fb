//! Floor 0. The tools that know nothing of a forum: time, ids, how a verb can stop, events, text and secrets.

pub mod clock;
pub mod cursor;
pub mod event;
mod hex;
pub mod http;
pub mod ids;
pub mod names;
pub mod password;
pub mod seal;
pub mod slug;
pub mod stop;
pub mod text_enum;
pub mod token;

pub use clock::{At, Clock};
pub use event::Event;
pub use hex::hex;
pub use stop::{Fault, Problem, Problems, Refusal, Result, Stop};
