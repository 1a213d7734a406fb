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

/// Rows as they stand in the table: kind, method, address, handler, and what is special about it.
macro_rules! routes {
    ($($kind:ident $method:ident $path:literal => $handler:path $(, $flag:ident)?;)*) => {
        &[$(Entry {
            method: Method::$method,
            path: $path,
            kind: Kind::$kind,
            handler: |call| Box::pin($handler(call)),
            kept: routes!(@kept $kind $method $($flag)?),
            upload: routes!(@upload $($flag)?),
            opening: routes!(@opening $($flag)?),
        }),*]
    };
    (@upload upload) => { true };
    (@upload $($flag:ident)?) => { false };
    (@opening framed) => { Opening::Frame };
    (@opening part) => { Opening::Part };
    (@opening $($flag:ident)?) => { Opening::House };
    (@kept Page GET fresh) => { false };
    (@kept Page GET framed) => { true };
    (@kept Feed GET part) => { false };
    (@kept Page GET) => { true };
    (@kept Feed GET fresh) => { false };
    (@kept Feed GET) => { true };
    (@kept $kind:ident $method:ident $($flag:ident)?) => { false };
}

pub(super) use routes;
