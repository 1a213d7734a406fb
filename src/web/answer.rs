//! What a handler answers with.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

use super::page::{Filled, Page};
use crate::kit::Result;

/// A finished response, or the way it stopped; the dispatcher turns the latter into a page or a problem document.
pub type Answer = Result<HttpResponse>;

/// Where to go after something was done: 303, with a word about it on the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct See {
    /// A path of this house.
    pub path: String,
    /// The sentence's key (`flash-…`).
    pub flash: Option<String>,
    /// A new session token, when somebody signed in; `Some("")` ends the session. Never stored among kept answers.
    #[serde(skip)]
    pub session: Option<String>,
    /// The member who signed in, for this browser to be known by next time.
    #[serde(skip)]
    pub known: Option<crate::kit::ids::MemberId>,
    /// The theme cookie, when a guest chose one.
    #[serde(skip)]
    pub theme: Option<String>,
    /// The cookie for the size of letters, when somebody chose one.
    #[serde(skip)]
    pub size: Option<&'static str>,
}

impl See {
    /// Go there; `path` begins with one slash.
    #[must_use]
    pub fn to(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            flash: None,
            session: None,
            known: None,
            theme: None,
            size: None,
        }
    }

    /// Say this on the next page; `key` is completed to `flash-{key}` in the locale.
    #[must_use]
    pub fn flash(mut self, key: &str) -> Self {
        self.flash = Some(key.to_owned());
        self
    }

    /// Sign this browser in.
    #[must_use]
    pub fn signed_in(mut self, token: String) -> Self {
        self.session = Some(token);
        self
    }

    /// Remember that this member has signed in from this browser.
    #[must_use]
    pub const fn known(mut self, member: crate::kit::ids::MemberId) -> Self {
        self.known = Some(member);
        self
    }

    /// Sign this browser out.
    #[must_use]
    pub fn signed_out(mut self) -> Self {
        self.session = Some(String::new());
        self
    }

    /// Remember how large the letters are to be on this device: a word of the stylesheet, or empty.
    #[must_use]
    pub const fn sized(mut self, size: &'static str) -> Self {
        self.size = Some(size);
        self
    }

    /// Remember a guest's theme: `light`, `dark` or empty.
    #[must_use]
    pub fn themed(mut self, theme: &str) -> Self {
        self.theme = Some(theme.to_owned());
        self
    }
}

/// What a handler shows.
#[derive(Debug, Clone)]
pub enum Shown {
    /// A page.
    Page(Box<Filled>),
    /// It lives somewhere else for good (308).
    Moved(String),
    /// Look there (303).
    See(See),
    /// Bytes of a media type, as feeds and pictures are.
    Bytes(Bytes),
}

/// Bytes with their media type and how long they may be kept.
#[derive(Debug, Clone)]
pub struct Bytes {
    /// Such as `application/atom+xml; charset=utf-8`.
    pub media_type: &'static str,
    /// The content.
    pub bytes: Vec<u8>,
    /// `Cache-Control`, where it differs from that of pages.
    pub cache: Option<&'static str>,
    /// When it last changed, for `Last-Modified`.
    pub modified: Option<crate::kit::At>,
    /// Further headers, such as `Link` or `Content-Disposition`.
    pub headers: Vec<(&'static str, String)>,
    /// The HTTP status.
    pub status: u16,
}

impl Bytes {
    /// Bytes of a media type.
    #[must_use]
    pub const fn new(media_type: &'static str, bytes: Vec<u8>) -> Self {
        Self {
            media_type,
            bytes,
            cache: None,
            modified: None,
            headers: Vec::new(),
            status: 200,
        }
    }
}

impl Shown {
    /// Shows a page.
    ///
    /// # Errors
    /// A fault where a field cannot be written as JSON.
    pub fn page<P: Page>(page: &P) -> Result<Self> {
        Ok(Self::Page(Box::new(Filled::of(page)?)))
    }

    /// Look there instead.
    #[must_use]
    pub fn see(path: impl Into<String>) -> Self {
        Self::See(See::to(path))
    }
}

/// Page structs are plain data with string keys, which JSON can always hold; should one not, the page says so
/// with an unknown template, which is a fault with a reference number like any other.
impl<P: Page> From<P> for Shown {
    fn from(page: P) -> Self {
        let filled = Filled::of(&page).unwrap_or_else(|_| Filled {
            template: "a page that cannot be written as JSON",
            head: page.head(),
            fields: serde_json::Value::Null,
        });
        Self::Page(Box::new(filled))
    }
}
