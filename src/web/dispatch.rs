//! From a request to a response: the guards, the handler, the page around what it shows, the errors, the headers.
//!
//! Long because guard, cache, handler, errors and headers are one sequence, and their order is the point.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::http::{Method, StatusCode, header};
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::FutureExt;
use tokio::sync::OwnedSemaphorePermit;

use super::answer::{Answer, Bytes as Raw, See, Shown};
use super::cache::{self, Kept};
use super::call::{Call, Credentials, is_safe};
use super::cookies;
use super::errors;
use super::guard;
use super::headers;
use super::routes::{Entry, Kind};
use super::templates::Chrome;
use super::viewer::Viewer;
use crate::app::App;
use crate::kit::{Fault, Refusal, Result, Stop};

/// Answers one request; never fails.
pub async fn dispatch(
    app: Arc<App>,
    entry: &'static Entry,
    req: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let request_id = app.reference();
    let head = req.method() == Method::HEAD;
    let key = kept_key(&app, entry, &req);
    let mut response = match key {
        Some(key) => kept(&app, entry, req, payload, key, &request_id).await,
        None => answered(&app, entry, req, payload, &request_id).await,
    };
    app.answered.count(entry.kind, response.status());
    // An error is a page of the house, wherever it happened.
    let opening = match response.status().as_u16() {
        200 | 304 | 410 => entry.opening,
        _ => headers::Opening::House,
    };
    headers::put(
        &mut response,
        opening,
        app.config.base_url.starts_with("https://"),
        &request_id,
    );
    if head {
        let length = body_length(&response);
        let mut response = response.map_body(|_, _| actix_web::body::BoxBody::new(()));
        if let Some(length) =
            length.and_then(|l| header::HeaderValue::from_str(&l.to_string()).ok())
        {
            response
                .headers_mut()
                .insert(header::CONTENT_LENGTH, length);
        }
        return response;
    }
    response
}

fn body_length(response: &HttpResponse) -> Option<u64> {
    use actix_web::body::{BodySize, MessageBody};
    match response.body().size() {
        BodySize::Sized(n) => Some(n),
        BodySize::None | BodySize::Stream => None,
    }
}

/// The cache's key, where the reader is nobody in particular.
fn kept_key(app: &App, entry: &Entry, req: &HttpRequest) -> Option<String> {
    let plain = entry.kept
        && is_safe(req.method())
        && !cookies::any(req)
        && !req.headers().contains_key(header::AUTHORIZATION);
    if !plain || guard::host(req, app).is_err() {
        return None;
    }
    let key = req.uri().path_and_query()?.as_str();
    (key.len() <= 512).then(|| key.to_owned())
}

/// The turn to make a page; it ends however the making ends.
struct Turn<'a> {
    app: &'a App,
    key: &'a str,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.app.cache.leave_quietly(self.key, &self.turn);
    }
}

async fn kept(
    app: &Arc<App>,
    entry: &'static Entry,
    req: HttpRequest,
    payload: Payload,
    key: String,
    request_id: &str,
) -> HttpResponse {
    if let Some(found) = app.cache.get(&key, app.db.epoch()) {
        return from_kept(&req, &found);
    }
    let turn = Turn {
        app,
        key: &key,
        turn: app.cache.turn(&key),
    };
    let _mine = turn.turn.lock().await;
    let epoch = app.db.epoch();
    if let Some(found) = app.cache.get(&key, epoch) {
        return from_kept(&req, &found);
    }
    let request = req.clone();
    let response = answered(app, entry, req, payload, request_id).await;
    let keepable = matches!(response.status().as_u16(), 200)
        && !response.headers().contains_key(header::SET_COOKIE);
    if !keepable {
        app.cache.leave(&key);
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(plain) = actix_web::body::to_bytes(body).await else {
        app.cache.leave(&key);
        return HttpResponse::InternalServerError().finish();
    };
    let text = |name: header::HeaderName| {
        parts
            .headers()
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let own = [
        header::CONTENT_TYPE,
        header::CACHE_CONTROL,
        header::ETAG,
        header::VARY,
        header::CONTENT_LENGTH,
    ];
    let others = parts
        .headers()
        .iter()
        .filter(|(name, _)| !own.contains(name));
    let kept = Arc::new(Kept {
        epoch,
        status: parts.status().as_u16(),
        media_type: text(header::CONTENT_TYPE),
        cache_control: text(header::CACHE_CONTROL),
        headers: others
            .filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned())))
            .collect(),
        etag: cache::etag(&plain),
        gzip: cache::gzip(&plain),
        plain,
    });
    app.cache.put(&key, kept.clone());
    from_kept(&request, &kept)
}

fn from_kept(req: &HttpRequest, kept: &Kept) -> HttpResponse {
    let asked = req
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|h| h.to_str().ok());
    let same = asked.is_some_and(|tags| {
        tags.split(',')
            .any(|t| t.trim().trim_start_matches("W/") == kept.etag)
    });
    let status = if same {
        StatusCode::NOT_MODIFIED
    } else {
        StatusCode::from_u16(kept.status).unwrap_or_default()
    };
    let mut builder = HttpResponse::build(status);
    builder
        .insert_header((header::ETAG, kept.etag.as_str()))
        .insert_header((header::CACHE_CONTROL, kept.cache_control.as_str()))
        .insert_header((header::VARY, "Accept-Encoding, Cookie"));
    for (name, value) in &kept.headers {
        builder.insert_header((name.as_str(), value.as_str()));
    }
    if same {
        return builder.finish();
    }
    builder.insert_header((header::CONTENT_TYPE, kept.media_type.as_str()));
    match &kept.gzip {
        Some(packed) if takes_gzip(req) => builder
            .insert_header((header::CONTENT_ENCODING, "gzip"))
            .body(packed.clone()),
        _ => builder.body(kept.plain.clone()),
    }
}

/// Does the client take gzip?
pub(super) fn takes_gzip(req: &HttpRequest) -> bool {
    let accepts = req
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|h| h.to_str().ok())
        .unwrap_or_default();
    accepts.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        name.trim() == "gzip" && weight.trim().replace(' ', "") != "q=0"
    })
}

async fn answered(
    app: &Arc<App>,
    entry: &'static Entry,
    req: HttpRequest,
    payload: Payload,
    request_id: &str,
) -> HttpResponse {
    // Also where it is refused: the words in it are given back with the reason.
    let mut body = Bytes::new();
    let mut turn = None;
    let guarded = guarded(
        app,
        entry,
        &req,
        payload,
        (&mut body, &mut turn),
        request_id,
    )
    .await;
    let call = Call::new(app.clone(), req, entry, body, request_id.to_owned());
    let answer = match guarded {
        Err(stop) => Err(stop),
        Ok(()) => AssertUnwindSafe((entry.handler)(call.clone()))
            .catch_unwind()
            .await
            .unwrap_or_else(|panic| Err(Stop::Fault(panicked(panic.as_ref())))),
    };
    drop(turn);
    match answer {
        Ok(response) => response,
        Err(stop) => stopped(&call, stop).await,
    }
}

/// Reads the body once the request is one that our own pages send, and then looks at it.
async fn guarded(
    app: &Arc<App>,
    entry: &'static Entry,
    req: &HttpRequest,
    payload: Payload,
    (body, turn): (&mut Bytes, &mut Option<OwnedSemaphorePermit>),
    request_id: &str,
) -> Result<()> {
    if !system_address(entry) {
        guard::host(req, app)?;
    }
    if is_safe(req.method()) {
        return Ok(());
    }
    let by_browser = matches!(entry.kind, Kind::Page | Kind::Callback);
    if by_browser {
        guard::origin(req, app)?;
    }
    let limit = if entry.upload {
        // Large bodies take turns: their bytes are held in memory until the answer is made. Nobody unknown takes one.
        let early = Call::new(
            app.clone(),
            req.clone(),
            entry,
            Bytes::new(),
            request_id.to_owned(),
        );
        if early.actor().await?.id().is_none() {
            *body = match guard::body(req, payload, guard::FORM_LIMIT).await {
                Err(Stop::Refused(Refusal::TooLarge { .. })) => {
                    return Err(Refusal::SignInFirst.into());
                }
                read => read?,
            };
            return by_our_form(app, entry, req, by_browser, body);
        }
        *turn = Some(app.upload_turn().await?);
        guard::UPLOAD_LIMIT
    } else if by_browser {
        guard::FORM_LIMIT
    } else {
        guard::BODY_LIMIT
    };
    *body = guard::body(req, payload, limit).await?;
    by_our_form(app, entry, req, by_browser, body)
}

fn by_our_form(
    app: &Arc<App>,
    entry: &'static Entry,
    req: &HttpRequest,
    by_browser: bool,
    body: &Bytes,
) -> Result<()> {
    if by_browser {
        guard::form_guard(req, app, body)?;
    }
    guard::media_type(req, entry, body)
}

/// Monitors ask these under any name.
fn system_address(entry: &Entry) -> bool {
    matches!(entry.path, "/healthz" | "/readyz")
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Fault {
    let words = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
    Fault::new(format!("panic in a handler: {}", words.unwrap_or_default()))
}

/// A stop as a page or a problem document, whichever the asker reads.
pub(super) async fn stopped(call: &Call, stop: Stop) -> HttpResponse {
    if let Stop::Fault(fault) = &stop {
        tracing::error!(request_id = call.request_id(), route = call.entry().path, %fault, "fault");
    }
    if call.entry().kind == Kind::Api {
        return errors::problem(call, &stop);
    }
    if let Some(way) = errors::way_instead(call, &stop) {
        return match see(call, way) {
            Ok(response) => response,
            Err(_) => HttpResponse::InternalServerError().finish(),
        };
    }
    // The page around the error may be what is broken; then the bare page is shown.
    let page = errors::ErrorPage::of(call, &stop);
    let (app, credentials) = (call.app().clone(), call.credentials().clone());
    let viewer = call
        .app()
        .db
        .read(move |tx| Viewer::recognise(tx, &credentials, &app))
        .await;
    let shown = viewer.and_then(|viewer| show(call, &viewer, page.clone().into()));
    let mut response = match shown {
        Ok(response) => response,
        Err(again) => {
            tracing::error!(request_id = call.request_id(), %again, "the error page could not be made");
            errors::bare(call, &stop)
        }
    };
    if let Stop::Refused(refusal) = &stop
        && let Some(seconds) = refusal.retry_after()
    {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    response
}

/// Makes the response of what a handler shows.
pub(super) fn show(call: &Call, viewer: &Viewer, shown: Shown) -> Answer {
    match shown {
        Shown::Page(page) => {
            let app = call.app();
            let ui = app.ui()?;
            let secure = app.config.is_secure_context();
            let mut chrome = Chrome::of(call, viewer, &page.head, &ui);
            let mut new_cookie = None;
            let browser = match call.credentials() {
                Credentials::Session(token) => Some(token.clone()),
                _ => cookies::read(call.req(), cookies::FORM, secure),
            };
            let browser = match browser {
                None if page.head.form => {
                    let secret = app.reference() + &app.reference();
                    new_cookie = Some(cookies::set(cookies::FORM, &secret, Some(6 * 3600), secure));
                    Some(secret)
                }
                other => other,
            };
            if let Some(browser) = browser {
                chrome.csrf = guard::form_token(app, &browser);
                chrome.once = app.reference();
            }
            let status = StatusCode::from_u16(page.head.status).unwrap_or_default();
            let html = ui.templates.render(*page, &chrome, &ui, viewer)?;
            let mut response = HttpResponse::build(status);
            response.insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"));
            response.insert_header((header::VARY, "Accept-Encoding, Cookie"));
            let nobody = *call.credentials() == Credentials::None
                && new_cookie.is_none()
                && status == StatusCode::OK;
            let nobody = nobody && call.entry().kept && !cookies::any(call.req());
            response.insert_header((header::CACHE_CONTROL, if nobody { PUBLIC } else { PRIVATE }));
            if let Some(cookie) = new_cookie {
                response.append_header((header::SET_COOKIE, cookie));
            }
            if chrome.flash.is_some() {
                response.append_header((
                    header::SET_COOKIE,
                    cookies::set(cookies::FLASH, "", Some(0), secure),
                ));
            }
            Ok(response.body(html))
        }
        Shown::Moved(path) => Ok(HttpResponse::PermanentRedirect()
            .insert_header((header::LOCATION, path))
            .insert_header((header::CACHE_CONTROL, PUBLIC))
            .finish()),
        Shown::See(way) => see(call, way),
        Shown::Bytes(raw) => Ok(bytes(call, raw)),
    }
}

/// For readers without an account: shared caches may keep it for some seconds, everybody asks again.
const PUBLIC: &str = "public, max-age=0, s-maxage=10, must-revalidate";
/// For everybody else.
const PRIVATE: &str = "private, no-store";

fn bytes(call: &Call, raw: Raw) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::from_u16(raw.status).unwrap_or_default());
    let cache_control = raw
        .cache
        .unwrap_or(if *call.credentials() == Credentials::None {
            PUBLIC
        } else {
            PRIVATE
        });
    // Whoever names its bytes itself has looked at the question already.
    let named = raw.headers.iter().any(|(name, _)| *name == "etag");
    let etag = cache::etag(&raw.bytes);
    let asked = call
        .header("if-none-match")
        .is_some_and(|tags| tags.split(',').any(|t| t.trim() == etag));
    response
        .insert_header((header::CONTENT_TYPE, raw.media_type))
        .insert_header((header::CACHE_CONTROL, cache_control));
    if !named {
        response.insert_header((header::ETAG, etag));
    }
    if let Some(at) = raw.modified {
        response.insert_header((header::LAST_MODIFIED, http_date(at)));
    }
    for (name, value) in raw.headers {
        response.insert_header((name, value));
    }
    if asked && !named && raw.status == 200 {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response.body(raw.bytes)
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(at: crate::kit::At) -> String {
    at.timestamp()
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

/// A redirect after something was done.
pub(super) fn see(call: &Call, way: See) -> Answer {
    let secure = call.app().config.is_secure_context();
    let path = if is_own_path(&way.path) {
        way.path.as_str()
    } else {
        "/"
    };
    let mut response = HttpResponse::SeeOther();
    response
        .insert_header((header::LOCATION, path))
        .insert_header((header::CACHE_CONTROL, PRIVATE));
    if let Some(key) = &way.flash {
        response.append_header((
            header::SET_COOKIE,
            cookies::set(cookies::FLASH, key, Some(60), secure),
        ));
    }
    if let Some(theme) = &way.theme {
        let age = if theme.is_empty() { 0 } else { 365 * 86_400 };
        response.append_header((
            header::SET_COOKIE,
            cookies::set(cookies::THEME, theme, Some(age), secure),
        ));
    }
    if let Some(size) = way.size {
        let age = if size.is_empty() { 0 } else { 365 * 86_400 };
        response.append_header((
            header::SET_COOKIE,
            cookies::set(cookies::SIZE, size, Some(age), secure),
        ));
    }
    if let Some(member) = way.known {
        let value = format!("{member}.{}", guard::known_token(call.app(), member));
        response.append_header((
            header::SET_COOKIE,
            cookies::set(cookies::KNOWN, &value, Some(365 * 86_400), secure),
        ));
    }
    match way.session.as_deref() {
        None => {}
        Some("") => {
            response.append_header((
                header::SET_COOKIE,
                cookies::set(cookies::SESSION, "", Some(0), secure),
            ));
        }
        Some(token) => {
            response.append_header((
                header::SET_COOKIE,
                cookies::set(cookies::SESSION, token, Some(180 * 86_400), secure),
            ));
            response.append_header((
                header::SET_COOKIE,
                cookies::set(cookies::FORM, "", Some(0), secure),
            ));
        }
    }
    Ok(response.finish())
}

/// A path of this house: one slash, no host, no control characters. Everything that redirects asks this (S38).
#[must_use]
pub fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
}

/// JSON with a status.
pub(super) fn json(status: u16, text: String) -> HttpResponse {
    HttpResponse::build(StatusCode::from_u16(status).unwrap_or_default())
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, PRIVATE))
        .body(text)
}

/// A status without words.
pub(super) fn empty(status: u16) -> HttpResponse {
    HttpResponse::build(StatusCode::from_u16(status).unwrap_or_default())
        .insert_header((header::CACHE_CONTROL, PRIVATE))
        .finish()
}

/// What answers where no row of the table does: a page for people, a problem document under `/api/`.
pub async fn nowhere(app: Arc<App>, req: HttpRequest, payload: Payload) -> HttpResponse {
    let known = super::routes::TABLE.iter().any(|e| {
        actix_web::dev::ResourceDef::new(e.path).is_match(req.path()) && req.method() != e.method
    });
    let entry: &'static Entry = match (req.path().starts_with("/api/"), known) {
        (false, false) => &errors::NOT_FOUND,
        (false, true) => &errors::WRONG_METHOD,
        (true, false) => &errors::API_NOT_FOUND,
        (true, true) => &errors::API_WRONG_METHOD,
    };
    let mut response = {
        let request_id = app.reference();
        drop(payload);
        let call = Call::new(app.clone(), req, entry, Bytes::new(), request_id.clone());
        let stop = match guard::host(call.req(), &app) {
            Err(stop) => stop,
            Ok(()) if known => Refusal::WrongMethod.into(),
            Ok(()) => Refusal::NotFound.into(),
        };
        let mut response = stopped(&call, stop).await;
        app.answered.count(entry.kind, response.status());
        headers::put(
            &mut response,
            headers::Opening::House,
            app.config.base_url.starts_with("https://"),
            &request_id,
        );
        response
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(
            header::ALLOW,
            header::HeaderValue::from_static("GET, HEAD, POST"),
        );
    }
    response
}
