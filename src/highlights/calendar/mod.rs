//! When what is said: the calendar of announcements, the hours at which channels speak, moving what has not left.
//!
//! A plan keeps the wall time and the zone it was chosen in beside the moment. A channel's slots are hours of the week
//! in the community's zone; its gap and its cap are those that the bridge holds to when it sends.

mod entries;
mod free;
mod pace;
mod reschedule;
mod slots;
mod zone;

pub use entries::{Calendar, Conflict, Due, Embargo, Entry, FreeSlot, calendar};
pub use free::next_slot;
pub use pace::Time;
pub use reschedule::reschedule;
pub use slots::{Slot, add_slot, drop_slot, slots};

pub(super) use entries::categories_of;
pub(super) use free::{against, fitting_slot};
pub(super) use pace::Against;
pub(super) use zone::zone_changed;
