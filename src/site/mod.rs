//! Floor 3. What this community says of itself: its settings and its editable pages (privacy, imprint, accessibility).

mod change;
mod page;
mod settings;

pub use change::{change, edit_page, seed_page};
pub use page::{Page, PageWords, page, pages, seek_page};
pub use settings::{Registration, Settings, settings};
