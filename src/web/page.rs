//! A page is a typed struct with samples; one test renders every page with every sample.

use serde::Serialize;
use serde_json::Value;

use super::head::Head;

/// What a template needs, as a type. Chrome (viewer, counts, form guard, language) is added by the responder.
pub trait Page: Serialize {
    /// The template's name under `templates/`, without the ending.
    const TEMPLATE: &'static str;

    /// Title, description, canonical address, tab.
    fn head(&self) -> Head;

    /// At least: empty, usual, worst (255 graphemes, right-to-left, erased author, no permissions).
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// A page with its type forgotten, ready for its template.
#[derive(Debug, Clone)]
pub struct Filled {
    /// Which template.
    pub template: &'static str,
    /// What the page says of itself.
    pub head: Head,
    /// Its fields.
    pub fields: Value,
}

impl Filled {
    /// Takes a page apart.
    ///
    /// # Errors
    /// A fault where a field cannot be written as JSON.
    pub fn of<P: Page>(page: &P) -> crate::kit::Result<Self> {
        Ok(Self {
            template: P::TEMPLATE,
            head: page.head(),
            fields: serde_json::to_value(page)?,
        })
    }
}

/// A page in the list of all pages: its name, its template and its samples.
pub struct Listed {
    /// The type's name.
    pub name: &'static str,
    /// Its template.
    pub template: &'static str,
    /// Makes the samples.
    pub samples: fn() -> Vec<crate::kit::Result<Filled>>,
}

/// Lists a page for `pages.rs`.
#[must_use]
pub fn listed<P: Page>() -> Listed {
    Listed {
        name: std::any::type_name::<P>(),
        template: P::TEMPLATE,
        samples: || P::samples().iter().map(Filled::of).collect(),
    }
}
