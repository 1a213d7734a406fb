//! What people write, made safe to show: Markdown to HTML, HTML to plain text, and the runs of that text
//! that may be quoted.
//!
//! Everything about text is pure: text in, text out. No clock, no database, no network, so it can be done before a
//! transaction is opened and repeated as often as one likes. Only [`uploads`], the pictures that stand in texts, have a
//! table and a store.
//!
//! The order is a law: Markdown is rendered first, the allow-list of [`clean`](clean()) runs **last**, and
//! nothing is decoded or glued together afterwards. Plain text is taken from the cleaned HTML, so that what can
//! be quoted is exactly what can be read.

mod clean;
mod code;
mod count;
mod diff;
mod emoji;
pub mod excerpt;
mod limits;
pub mod links;
mod markdown;
mod mentions;
mod pieces;
mod plain;
mod print;
mod sentences;
mod summary;
pub mod uploads;
mod veil;

#[cfg(test)]
mod attacks;

pub use clean::clean;
pub use count::{Count, is_emoji};
pub use diff::{DiffLine, diff_lines};
pub use emoji::emoji_like;
pub use limits::{SourceProblem, check_source};
pub use plain::{is_own_run, open_summary, open_words, own_open_words, own_words, plain_text};
pub use sentences::sentences;
pub use summary::summary;
pub use veil::veiled;

/// The version of the renderer, stored beside every rendered text.
///
/// Raise it whenever the same source could give other HTML or other plain text; a job renders older rows again.
pub const RENDER_VERSION: i32 = 4;

/// What the renderer must know about the place where a text will stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RenderOptions {
    /// Makes footnote ids unique when many posts share one page, for example `p123`. Anything but ASCII letters
    /// and digits is dropped.
    pub post_prefix: String,
    /// The community's own address without a trailing slash, for example `https://forum.example.org`. Images
    /// given with this address are known to be ours.
    pub base_url: String,
    /// Names that are somebody's: `@name` becomes a link for these alone. As [`mentions`] gives them.
    pub known: Vec<String>,
}

/// A text, ready to be shown and to be quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Safe HTML: elements and attributes of the allow-list only.
    pub html: String,
    /// Plain text: tags dropped, NFC, white space folded to single spaces, one `\n` between blocks.
    pub text: String,
}

/// The names that a text calls by `@name`, up to fifty different ones: not in code, in links, or in what is quoted.
/// Call [`check_source`] first.
#[must_use]
pub fn mentions(source: &str) -> Vec<String> {
    markdown::called(source)
}

/// Renders CommonMark with tables, strikethrough, task lists, footnotes, callouts (`> [!note]`), spoilers (`||words||`,
/// `> [!spoiler]`), marked code and autolinks.
///
/// A newline breaks the line, raw HTML is shown as text, headings stand below the page's first and second level and
/// leave none out, and an image that is not one of our own uploads becomes a link, so that reading a page never asks
/// a foreign server for anything. Refuses nothing: call [`check_source`] first.
pub fn render(source: &str, opts: &RenderOptions) -> Rendered {
    rendered(source, opts, 2)
}

/// As [`render`], for a text that has a page to itself: its headings stand right below the page's own.
pub fn render_document(source: &str, opts: &RenderOptions) -> Rendered {
    rendered(source, opts, 1)
}

fn rendered(source: &str, opts: &RenderOptions, above: u8) -> Rendered {
    let html = clean(&pieces::in_pieces(&markdown::to_html(source, opts, above)));
    let text = plain_text(&html);
    Rendered { html, text }
}
