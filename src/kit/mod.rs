//! Floor 0. The tools that know nothing of a forum: time, ids, how a verb can stop, events, text and secrets.

pub mod clock;
pub mod event;
pub mod ids;
pub mod stop;
pub mod text_enum;

pub use clock::{At, Clock};
pub use event::Event;
pub use stop::{Fault, Problem, Problems, Refusal, Result, Stop};
