//! The editable pages under `/pages/{slug}`.

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::pages;
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};

/// The pages every community has; others cannot be made.
pub const SLUGS: [&str; 3] = ["privacy", "imprint", "accessibility"];

/// Title and text with which the form of an unwritten page begins: what is true of the software, and brackets where the
/// organisation speaks. It is published by nobody but a person.
#[must_use]
pub fn starting_text(slug: &str) -> (&'static str, &'static str) {
    match slug {
        "privacy" => ("Privacy", include_str!("starting/privacy.md")),
        "imprint" => ("Imprint", include_str!("starting/imprint.md")),
        "accessibility" => ("Accessibility", include_str!("starting/accessibility.md")),
        _ => ("", ""),
    }
}

/// A page as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Page {
    /// Its address.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// Markdown.
    pub body_source: String,
    /// Safe HTML.
    pub body_html: String,
    /// Counts changes; a stale form is refused.
    pub revision: i64,
    /// When it was last changed.
    pub updated_at: At,
}

/// Words that were rendered before the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageWords {
    /// Markdown.
    pub source: String,
    /// Safe HTML.
    pub html: String,
}

/// The page, if it has been written.
///
/// # Errors
/// A fault where the database fails.
pub fn seek_page(tx: &mut Tx<'_>, slug: &str) -> Result<Option<Page>> {
    Ok(pages::table.find(slug).first(tx.conn).optional()?)
}

/// The page.
///
/// # Errors
/// Not found where it has not been written.
pub fn page(tx: &mut Tx<'_>, slug: &str) -> Result<Page> {
    seek_page(tx, slug)?.or_not_found()
}

/// All pages there are (three at most).
///
/// # Errors
/// A fault where the database fails.
pub fn pages(tx: &mut Tx<'_>) -> Result<Vec<Page>> {
    Ok(pages::table.order(pages::slug).limit(20).load(tx.conn)?)
}
