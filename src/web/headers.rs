//! The headers that every answer carries, errors included.

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};

/// Nothing is loaded from anywhere else, nothing runs inline, nobody frames us.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    font-src 'none'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; manifest-src 'self'";

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
pub fn put(response: &mut HttpResponse, https: bool, request_id: &str) {
    let headers = response.headers_mut();
    for (name, value) in EVERY {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
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
