//! Floor 11. The web: one floor above all rooms, the only one that sees all of them and the only one that speaks HTTP.
//!
//! `routes.rs` is the one table of addresses. A handler takes a [`call::Call`], asks a room one thing in one
//! transaction, and answers with a typed page, a redirect, JSON or bytes. Everything that must hold for every
//! address (host, origin, form guard, body limits, headers, errors, language) is done once, beneath the handlers.

pub mod answer;
pub mod api;
pub mod assets;
pub mod bridge;
pub mod cache;
pub mod call;
pub mod client;
pub mod cookies;
pub mod dispatch;
pub mod errors;
pub mod files;
pub mod form;
pub mod guard;
pub mod head;
pub mod headers;
pub mod helpers;
pub mod i18n;
pub mod live;
pub mod members;
pub mod metrics;
pub mod multipart;
pub mod notifications;
pub mod page;
pub mod pages;
mod route;
pub mod routes;
pub mod server;
mod settle;
pub mod templates;
pub mod viewer;
mod written;

pub mod content;
pub mod forum;
pub mod guidelines;
pub mod highlights;
pub mod moderation;
pub mod site;
pub mod system;

pub use answer::{Answer, Bytes, See, Shown};
pub use call::Call;
pub use head::Head;
pub use page::Page;
pub use viewer::Viewer;
