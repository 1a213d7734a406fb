//! How much of everything there may be.

/// Posts on a page of a thread; also the distance between two pages' first numbers.
pub const PER_PAGE: i64 = 20;
/// Longest title, in graphemes (what readers see as letters).
pub const TITLE_GRAPHEMES: usize = 255;
/// Longest title, in bytes: one grapheme can carry any number of marks.
pub(super) const TITLE_BYTES: usize = 4_096;
/// Longest post, in bytes of its source.
pub const BODY_BYTES: usize = 65_536;
/// Most tags on a thread.
pub const TAGS: usize = 5;
/// Longest tag, in characters.
pub(super) const TAG_CHARS: usize = 40;
/// Longest reason or note, in characters.
pub(super) const NOTE_CHARS: usize = 1_000;
/// Most categories; every reader's sight is computed over all of them.
pub(super) const CATEGORIES: i64 = 500;
/// Microseconds in which an author's edit leaves no mark.
pub(super) const GRACE: i64 = 5 * crate::kit::clock::MINUTE;
