//! The cookies there are: session, form guard, flash, theme, text size, and who has signed in here before. Nothing else is ever set.

use actix_web::HttpRequest;
use actix_web::http::header;

/// The session of a signed-in browser.
pub const SESSION: &str = "loggia";
/// The secret that guards a guest's forms.
pub const FORM: &str = "loggia-form";
/// A word for the next page.
pub const FLASH: &str = "loggia-flash";
/// Which member has signed in from this browser before, so that strangers who try passwords cannot keep the owner out.
pub const KNOWN: &str = "loggia-known";
/// A guest's theme.
pub const THEME: &str = "loggia-theme";

/// How large a reader likes the letters on this device.
pub const SIZE: &str = "loggia-size";

/// The full name: with the `__Host-` prefix wherever browsers accept it.
#[must_use]
pub fn full_name(name: &str, secure: bool) -> String {
    if secure {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

/// A cookie's value as the browser sent it.
#[must_use]
pub fn read(req: &HttpRequest, name: &str, secure: bool) -> Option<String> {
    let wanted = full_name(name, secure);
    for header in req.headers().get_all(header::COOKIE) {
        let Ok(text) = header.to_str() else { continue };
        for pair in text.split(';') {
            if let Some((key, value)) = pair.trim().split_once('=')
                && key == wanted
                && !value.is_empty()
            {
                return Some(value.to_owned());
            }
        }
    }
    None
}

/// Does the request carry any cookie of ours?
#[must_use]
pub fn any(req: &HttpRequest) -> bool {
    req.headers()
        .get_all(header::COOKIE)
        .any(|h| h.to_str().map_or(true, |t| t.contains("loggia")))
}

/// The text of a `Set-Cookie` header. `max_age` in seconds; 0 removes the cookie; `None` lasts as long as the browser.
#[must_use]
pub fn set(name: &str, value: &str, max_age: Option<i64>, secure: bool) -> String {
    let mut text = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax",
        full_name(name, secure)
    );
    if secure {
        text.push_str("; Secure");
    }
    if let Some(seconds) = max_age {
        text.push_str(&format!("; Max-Age={seconds}"));
    }
    text
}
