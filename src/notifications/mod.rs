//! Floor 5. What members are told: in the forum, and by mail where they want it.

mod answer;
mod list;
mod tell;

pub use answer::on_event;
pub use list::{Line, list, mark_all_read, mark_read, open, unread};
pub use tell::{Notice, tell, tell_again};
