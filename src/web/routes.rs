//! The one table of addresses. Every row is marked: page, api, feed, callback or unsubscribe. No row takes content
//! from a network (law 1), and a test reads this table to make sure.

use std::pin::Pin;

use actix_web::http::Method;

use super::answer::Answer;
use super::call::Call;
use super::{api, guidelines, members, site, system};

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
}

macro_rules! routes {
    ($($kind:ident $method:ident $path:literal => $handler:path $(, $flag:ident)?;)*) => {
        &[$(Entry {
            method: Method::$method,
            path: $path,
            kind: Kind::$kind,
            handler: |call| Box::pin($handler(call)),
            kept: routes!(@kept $kind $method $($flag)?),
        }),*]
    };
    (@kept Page GET fresh) => { false };
    (@kept Page GET) => { true };
    (@kept Feed GET fresh) => { false };
    (@kept Feed GET) => { true };
    (@kept $kind:ident $method:ident $($flag:ident)?) => { false };
}

/// Every address of the house. `fresh` marks pages that are made anew for each guest (forms, redirects that count).
pub static TABLE: &[Entry] = routes! {
    // The house itself.
    Feed GET "/healthz" => system::health, fresh;
    Feed GET "/readyz" => system::ready, fresh;
    Feed GET "/assets/{name:.*}" => system::asset, fresh;
    Feed GET "/colours/{hash}.css" => system::colours, fresh;
    Page GET "/appearance" => system::appearance, fresh;
    Page POST "/appearance" => system::change_appearance;

    // People.
    Page GET "/sign-in" => members::enter::show, fresh;
    Page POST "/sign-in" => members::enter::sign_in;
    Page POST "/sign-out" => members::enter::sign_out;
    Page GET "/sign-up" => members::join::show, fresh;
    Page POST "/sign-up" => members::join::sign_up;
    Page GET "/invite/{token}" => members::join::show_invitation, fresh;
    Page GET "/setup/{token}" => members::join::show_set_up, fresh;
    Page POST "/setup/{token}" => members::join::set_up;
    Page GET "/confirm/{token}" => members::letters::show_confirm, fresh;
    Page POST "/confirm/{token}" => members::letters::confirm;
    Page GET "/forgot" => members::letters::show_forgot, fresh;
    Page POST "/forgot" => members::letters::forgot;
    Page GET "/reset/{token}" => members::letters::show_reset, fresh;
    Page POST "/reset/{token}" => members::letters::reset;
    Feed GET "/u/{name}/avatar.svg" => members::avatar::show;
    Page GET "/u/{name}" => members::profile::show;
    Api POST "/api/v1/session" => api::members::session;
    Api GET "/api/v1/me" => api::members::me;
    Api GET "/api/v1/members/{name}" => api::members::member;
    Api GET "/api/v1/notifications" => api::members::notices;

    // The charter and the two guidelines.
    Page GET "/charter" => guidelines::show_charter;
    Page POST "/charter/acknowledgement" => guidelines::acknowledge_charter;
    Page GET "/charter/acknowledgements" => guidelines::charter_acknowledged;
    Page GET "/charter/changes/{number}" => guidelines::charter_changed;
    Page GET "/charter/edit" => guidelines::write_charter;
    Page POST "/charter/edit" => guidelines::charter_written;
    Page POST "/charter/recall" => guidelines::recall_charter;
    Page GET "/guidelines/{kind}" => guidelines::show;
    Page POST "/guidelines/{kind}/acknowledgement" => guidelines::acknowledge;
    Page GET "/guidelines/{kind}/acknowledgements" => guidelines::acknowledged;
    Page GET "/guidelines/{kind}/changes/{number}" => guidelines::changed;
    Page GET "/guidelines/{kind}/edit" => guidelines::write;
    Page POST "/guidelines/{kind}/edit" => guidelines::written;
    Page POST "/guidelines/{kind}/recall" => guidelines::recall;

    // The community's own pages, and setting it up.
    Page GET "/pages/{slug}" => site::page::show;
    Page GET "/pages/{slug}/edit" => site::page::write;
    Page POST "/pages/{slug}/edit" => site::page::written;
    Page GET "/admin/site" => site::settings::show;
    Page POST "/admin/site" => site::settings::change;
    Page POST "/admin/site/mail-test" => site::mail_test::send;
    Page POST "/admin/site/mail-arrived" => site::mail_test::arrived;
};
