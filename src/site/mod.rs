//! Floor 3. What this community says of itself: its settings and its editable pages (privacy, imprint, accessibility).

mod change;
mod mail;
mod outward;
mod page;
mod settings;

pub use change::{change, edit_page, seed_page};
pub use mail::{has_mail_arrived, mail_arrived};
pub use outward::{outward_stopped, stop_outward};
pub use page::{Page, PageWords, SLUGS, page, pages, seek_page, starting_text};
pub use settings::{Registration, Settings, TagMakers, settings};
