//! Pictures in the browser: sending them, and showing them to whoever may see the post they stand in.

pub mod media;
pub mod uploads;
