//! What a row of the table of addresses says.

use std::pin::Pin;

use actix_web::http::Method;

use super::answer::Answer;
use super::call::Call;
use super::headers::Opening;

/// What kind of address it is; an address that is none of these does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// For people with browsers: sessions, forms, guards.
    Page,
    /// For programs with Bearer tokens: JSON.
    Api,
    /// For readers of feeds, crawlers and monitors.
    Feed,
    /// Where a sign-in or authorisation elsewhere sends the browser back to.
    Callback,
    /// One-click unsubscribing from mail (RFC 8058).
    Unsubscribe,
}

/// A handler with its future boxed, so that all of them fit one table.
pub type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Answer>>>;

/// One row.
pub struct Entry {
    /// GET rows answer HEAD too.
    pub method: Method,
    /// The pattern, with `{names}`.
    pub path: &'static str,
    /// How it is marked.
    pub kind: Kind,
    /// What it does.
    pub handler: Handler,
    /// May the answer to guests be kept until something is written?
    pub kept: bool,
    /// Takes files: a larger body, as `multipart/form-data`.
    pub upload: bool,
    /// May other sites show it?
    pub opening: Opening,
}
