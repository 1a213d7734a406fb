//! Floor 5. What members are told: in the forum, and by mail where they want it.

mod answer;
mod bounce;
mod list;
mod tell;
mod ways;

pub use answer::on_event;
pub use bounce::{Returned, digest_name, returned};
pub use list::{Line, Notices, list, mark_all_read, mark_read, open, unread, unread_of};
pub use tell::{Notice, tell, tell_again};
pub use ways::{
    DIGEST, KINDS, Pace, Way, choose_ways, digests_due, is_leave_link, leave_letters, leave_link,
    seen, was_told, ways,
};
