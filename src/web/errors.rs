//! Errors as people and programs read them: what happened, and a way on.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode, header};
use serde::Serialize;
use serde_json::json;

use super::answer::{Answer, See};
use super::call::Call;
use super::head::Head;
use super::i18n::{Arg, FALLBACK};
use super::page::Page;
use super::routes::{Entry, Kind};
use super::written::{Written, written};
use crate::kit::stop::Document;
use crate::kit::{Refusal, Stop};

fn nothing(_: Call) -> std::pin::Pin<Box<dyn Future<Output = Answer>>> {
    Box::pin(async { Err(Refusal::NotFound.into()) })
}

const fn row(kind: Kind, path: &'static str) -> Entry {
    Entry {
        upload: false,
        method: Method::GET,
        path,
        kind,
        handler: nothing,
        kept: false,
        opening: super::headers::Opening::House,
    }
}

/// No such address, for people.
pub static NOT_FOUND: Entry = row(Kind::Page, "(no such address)");
/// The address knows other verbs, for people.
pub static WRONG_METHOD: Entry = row(Kind::Page, "(other verbs)");
/// No such address, for programs.
pub static API_NOT_FOUND: Entry = row(Kind::Api, "/api/(no such address)");
/// The address knows other verbs, for programs.
pub static API_WRONG_METHOD: Entry = row(Kind::Api, "/api/(other verbs)");

/// What the page of an error says.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    status: u16,
    key: String,
    detail: String,
    reference: String,
    way_href: String,
    way_key: String,
    until: Option<i64>,
    /// The sentences of the form that was sent: this page stands where it stood.
    written: Vec<Written>,
}

impl ErrorPage {
    pub(super) fn of(call: &Call, stop: &Stop) -> Self {
        let reference = call.request_id().to_owned();
        let (way_href, way_key) = way_on(call, stop);
        let mut page = Self {
            status: status(stop),
            key: "fault".to_owned(),
            detail: String::new(),
            reference,
            way_href,
            way_key: way_key.to_owned(),
            until: None,
            written: written(call),
        };
        match stop {
            Stop::Refused(refusal) => {
                refusal.key().clone_into(&mut page.key);
                match refusal {
                    Refusal::RoleNeeded(word)
                    | Refusal::WrongState(word)
                    | Refusal::Unreadable(word)
                    | Refusal::WrongType(word) => {
                        (*word).clone_into(&mut page.detail);
                    }
                    Refusal::AcknowledgeFirst(kind) => kind.as_str().clone_into(&mut page.detail),
                    Refusal::TooMany { retry_after } | Refusal::Busy { retry_after } => {
                        page.detail = retry_after.to_string()
                    }
                    Refusal::TooLarge { limit } => page.detail = (limit / 1024).to_string(),
                    Refusal::Silenced(until) | Refusal::Suspended(until) => {
                        page.until = until.filter(|at| at.0 != i64::MAX).map(|at| at.0);
                    }
                    _ => {}
                }
            }
            Stop::Invalid(_) => "invalid".clone_into(&mut page.key),
            Stop::Fault(_) => {}
        }
        page
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "site/error";

    fn head(&self) -> Head {
        Head::new(&format!("error-title-{}", self.status))
            .status(self.status)
            .no_index()
    }

    fn samples() -> Vec<Self> {
        let sample = |status, key: &str, detail: &str, way_href: &str, way_key: &str| Self {
            status,
            key: key.to_owned(),
            detail: detail.to_owned(),
            reference: "7f3a9c".to_owned(),
            way_href: way_href.to_owned(),
            way_key: way_key.to_owned(),
            until: None,
            written: Vec::new(),
        };
        vec![
            sample(404, "not-found", "", "/latest", "latest"),
            sample(500, "fault", "", "/", "home"),
            sample(403, "role-needed", "moderator", "/", "home"),
            Self {
                until: Some(1_800_000_000_000_000),
                ..sample(403, "silenced", "", "/charter", "charter")
            },
            sample(429, "too-many", "60", "/", "again"),
            Self {
                written: vec![
                    Written::new(1, "A ring"),
                    Written::new(2, "</textarea>\n<b>"),
                ],
                ..sample(401, "sign-in-first", "", "/sign-in", "sign-in")
            },
        ]
    }
}

/// The HTTP status of a stop.
#[must_use]
pub fn status(stop: &Stop) -> u16 {
    match stop {
        Stop::Refused(refusal) => refusal.status(),
        Stop::Invalid(_) => 422,
        Stop::Fault(_) => 500,
    }
}

fn way_on(call: &Call, stop: &Stop) -> (String, &'static str) {
    let Stop::Refused(refusal) = stop else {
        return ("/".to_owned(), "home");
    };
    match refusal {
        Refusal::ConfirmEmailFirst => ("/my/settings".to_owned(), "settings"),
        Refusal::AcknowledgeFirst(kind) => (guideline_path(*kind).to_owned(), "guidelines"),
        Refusal::WrongHost => (call.app().config.base_url.clone(), "right-host"),
        Refusal::Stale
        | Refusal::Forged
        | Refusal::TooMany { .. }
        | Refusal::Busy { .. }
        | Refusal::NoRoom
        | Refusal::TooSlow => (came_from(call), "again"),
        Refusal::SignInFirst => (
            format!("/sign-in?next={}", encoded(&came_from(call))),
            "sign-in",
        ),
        Refusal::LinkDead => ("/forgot".to_owned(), "new-link"),
        Refusal::Gone => ("/announcements".to_owned(), "announcements"),
        _ => ("/latest".to_owned(), "latest"),
    }
}

/// The page of this house that a form was sent from.
fn came_from(call: &Call) -> String {
    let back = call
        .header("referer")
        .and_then(|r| r.strip_prefix(call.app().config.base_url.as_str()));
    let own = back.filter(|path| super::dispatch::is_own_path(path));
    own.unwrap_or("/").to_owned()
}

fn encoded(path: &str) -> String {
    percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Where a document stands.
#[must_use]
pub const fn guideline_path(kind: Document) -> &'static str {
    match kind {
        Document::Charter => "/charter",
        Document::Community => "/guidelines/community",
        Document::Messaging => "/guidelines/messaging",
    }
}

/// Some refusals are better answered by going somewhere than by a page that says no.
pub(super) fn way_instead(call: &Call, stop: &Stop) -> Option<See> {
    let Stop::Refused(refusal) = stop else {
        return None;
    };
    let reading = call.req().method() == Method::GET;
    let here = if reading {
        call.path_and_query()
    } else {
        "/".to_owned()
    };
    let next = encoded(&here);
    match refusal {
        // Whoever is sent on loses what stood in the form.
        Refusal::SignInFirst if written(call).is_empty() => {
            Some(See::to(format!("/sign-in?next={next}")).flash("sign-in-first"))
        }
        Refusal::AcknowledgeFirst(kind) if reading => Some(
            See::to(format!("{}?next={next}", guideline_path(*kind))).flash("acknowledge-first"),
        ),
        Refusal::WrongHost if reading && loopback(call) => {
            // 127.0.0.1 and localhost are the same door to a person who has just started the server.
            None
        }
        _ => None,
    }
}

fn loopback(call: &Call) -> bool {
    call.app().config.base_url.starts_with("http://127.0.0.1")
        || call.app().config.base_url.starts_with("http://localhost")
}

/// RFC 9457.
pub(super) fn problem(call: &Call, stop: &Stop) -> HttpResponse {
    let status = status(stop);
    let page = ErrorPage::of(call, stop);
    let title_args: Vec<(&str, Arg<'_>)> = vec![("detail", Arg::Text(&page.detail))];
    let say = |key: &str, args: &[(&str, Arg<'_>)]| match call.app().ui() {
        Ok(ui) => ui.sentences.say(FALLBACK, key, args),
        Err(_) => key.to_owned(),
    };
    let mut body = json!({
        "type": format!("urn:loggia:problem:{}", page.key),
        "title": say(&format!("refused-{}", page.key), &title_args),
        "status": status,
        "reference": page.reference,
    });
    if let Stop::Invalid(problems) = stop
        && let Some(map) = body.as_object_mut()
    {
        let errors: Vec<_> = problems
            .0
            .iter()
            .map(|p| {
                let args: Vec<(&str, Arg<'_>)> = p
                    .args
                    .iter()
                    .map(|(k, v)| (k.as_str(), v.parse().map_or(Arg::Text(v.as_str()), Arg::Number)))
                    .collect();
                json!({ "field": p.field, "code": p.key, "detail": say(&format!("problem-{}", p.key), &args) })
            })
            .collect();
        map.insert("errors".to_owned(), json!(errors));
    }
    let mut response = HttpResponse::build(
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    );
    response
        .insert_header((header::CONTENT_TYPE, "application/problem+json"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"));
    if let Stop::Refused(refusal) = stop {
        if let Some(seconds) = refusal.retry_after() {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if status == 401 {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
    }
    response.body(body.to_string())
}

/// The page for when no page can be made: the database or a template is broken.
pub(super) fn bare(call: &Call, stop: &Stop) -> HttpResponse {
    let status = StatusCode::from_u16(status(stop)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let say = |key: &str| match call.app().ui() {
        Ok(ui) => ui.sentences.say(FALLBACK, key, &[]),
        Err(_) => key.to_owned(),
    };
    let words: String = written(call)
        .iter()
        .map(|one| {
            let text = handlebars::html_escape(&one.text);
            format!("<p><textarea readonly rows=\"8\" cols=\"80\">\n{text}</textarea></p>")
        })
        .collect();
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{}</title><h1>{}</h1><p>{}</p><p>{}: {}</p>{words}",
        status.as_u16(),
        status.as_u16(),
        say("refused-fault"),
        say("error-reference"),
        call.request_id(),
    );
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(html)
}
