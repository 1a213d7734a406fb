//! The headers that every answer carries, errors included.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};

/// Nothing is loaded from anywhere else, nothing runs inline, nobody frames us.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    font-src 'none'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; manifest-src 'self'";

/// The card for other people's websites: it may stand in any frame, runs nothing, and sends nothing.
const CARD_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; \
    frame-ancestors *";

/// Who may show what an address answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Nobody but this house.
    House,
    /// Any page, in a frame.
    Frame,
    /// What a page in a frame is made of: such a page counts as a stranger.
    Part,
}

/// Name and value of each; `tests` read this list too.
pub const EVERY: [(&str, &str); 7] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    ("x-frame-options", "DENY"),
];

/// Puts them on, and HSTS where the community is reached over https.
pub fn put(response: &mut HttpResponse, opening: Opening, https: bool, request_id: &str) {
    let headers = response.headers_mut();
    for (name, value) in EVERY {
        let name = HeaderName::from_static(name);
        // What members sent is shown under a stricter policy of its own.
        if name == CONTENT_SECURITY_POLICY && headers.contains_key(&name) {
            continue;
        }
        headers.insert(name, HeaderValue::from_static(value));
    }
    if opening != Opening::House {
        headers.insert(
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        );
    }
    if opening == Opening::Frame {
        headers.insert(
            HeaderName::from_static("content-security-policy"),
            HeaderValue::from_static(CARD_POLICY),
        );
        headers.remove("x-frame-options");
        // A recall empties it at once, whoever keeps copies.
        headers.insert(
            HeaderName::from_static("cache-control"),
            HeaderValue::from_static("no-cache"),
        );
    }
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(HeaderName::from_static("strict-transport-security"), year);
    }
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}
