//! What a page says of itself: title, description, canonical address, feeds, and where in the house it stands.

use serde::Serialize;
use serde_json::Value;

/// Words that are translated, or that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// A key of the locale, with what fills it.
    Key(String, Vec<(String, String)>),
    /// As it is.
    Text(String),
}

/// A feed that belongs to a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedLink {
    /// What it carries.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// Its media type.
    #[serde(rename = "type")]
    pub media_type: String,
}

/// A page's own words for the top of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub(super) title: Words,
    pub(super) description: Option<String>,
    pub(super) canonical: Option<String>,
    pub(super) nav: &'static str,
    pub(super) outward: bool,
    pub(super) index: bool,
    pub(super) form: bool,
    pub(super) og_type: &'static str,
    pub(super) lang: Option<String>,
    pub(super) json_ld: Option<Value>,
    pub(super) feeds: Vec<FeedLink>,
    pub(super) status: u16,
}

impl Head {
    fn with(title: Words) -> Self {
        Self {
            title,
            description: None,
            canonical: None,
            nav: "",
            outward: false,
            index: true,
            form: false,
            og_type: "website",
            lang: None,
            json_ld: None,
            feeds: Vec::new(),
            status: 200,
        }
    }

    /// A page whose title is a sentence of the locale.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self::with(Words::Key(key.to_owned(), Vec::new()))
    }

    /// A page whose title is a sentence of the locale with something filled in.
    #[must_use]
    pub fn filled(key: &str, args: &[(&str, &str)]) -> Self {
        let args = args
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Self::with(Words::Key(key.to_owned(), args))
    }

    /// A page whose title somebody wrote.
    #[must_use]
    pub fn text(title: &str) -> Self {
        Self::with(Words::Text(title.to_owned()))
    }

    /// Two sentences for search engines and previews.
    #[must_use]
    pub fn description(mut self, text: &str) -> Self {
        self.description = Some(text.to_owned());
        self
    }

    /// The one path under which this content should be known; made absolute by the responder.
    #[must_use]
    pub fn canonical(mut self, path: &str) -> Self {
        self.canonical = Some(path.to_owned());
        self
    }

    /// Which main tab is current: latest, categories, announcements, desk, outreach, admin.
    #[must_use]
    pub const fn nav(mut self, tab: &'static str) -> Self {
        self.nav = tab;
        self
    }

    /// What is done here leaves the community: the other colour and the band. Not for search engines.
    #[must_use]
    pub const fn outward(mut self) -> Self {
        self.outward = true;
        self.index = false;
        self
    }

    /// Not for search engines.
    #[must_use]
    pub const fn no_index(mut self) -> Self {
        self.index = false;
        self
    }

    /// Guests find a form here, so they get the cookie that guards it. Pages for reading never set one (law 9).
    #[must_use]
    pub const fn form(mut self) -> Self {
        self.form = true;
        self.index = false;
        self
    }

    /// An article rather than a list.
    #[must_use]
    pub const fn article(mut self) -> Self {
        self.og_type = "article";
        self
    }

    /// The language of the content where it differs from the interface.
    #[must_use]
    pub fn lang(mut self, lang: &str) -> Self {
        self.lang = Some(lang.to_owned()).filter(|l| !l.is_empty());
        self
    }

    /// Structured data for search engines.
    #[must_use]
    pub fn json_ld(mut self, data: Value) -> Self {
        self.json_ld = Some(data);
        self
    }

    /// A feed of this page.
    #[must_use]
    pub fn feed(mut self, title: &str, href: &str, media_type: &str) -> Self {
        self.feeds.push(FeedLink {
            title: title.to_owned(),
            href: href.to_owned(),
            media_type: media_type.to_owned(),
        });
        self
    }

    /// The HTTP status, where it is not 200.
    #[must_use]
    pub const fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}
