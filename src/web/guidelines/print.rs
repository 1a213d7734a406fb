//! Documents for paper: the text alone, and the charter as one slide for the meeting in which colleagues ask what the
//! community is for.

use serde::Serialize;

use super::path;
use crate::guidelines::{self, Section, Slide};
use crate::kit::At;
use crate::kit::stop::{Document, OrRefuse};
use crate::web::{Answer, Call, Head, Page, Shown};

/// The text of the version in force, with nothing around it.
#[derive(Debug, Clone, Serialize)]
pub struct PrintPage {
    kind: Document,
    path: &'static str,
    address: String,
    label: String,
    effective_at: Option<At>,
    body_html: String,
}

impl Page for PrintPage {
    const TEMPLATE: &'static str = "guidelines/print";

    fn head(&self) -> Head {
        Head::new(&format!("guidelines-title-{}", self.kind))
            .canonical(self.path)
            .no_index()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            kind: Document::Community,
            path: path(Document::Community),
            address: "https://commons.example/guidelines/community".to_owned(),
            label: "2.1".to_owned(),
            effective_at: Some(At(1_790_000_000_000_000)),
            body_html: "<ol><li>Speak to the person.</li></ol>".to_owned(),
        };
        let empty = Self {
            body_html: String::new(),
            effective_at: None,
            ..usual.clone()
        };
        let worst = Self {
            body_html: format!("<p>{}</p>", "ש".repeat(2_000)),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Shows the text for paper.
pub(super) async fn show(call: Call, kind: Document) -> Answer {
    call.page(move |tx, _| {
        let version = guidelines::current(tx, kind)?.or_not_found()?;
        Ok(Shown::from(PrintPage {
            kind,
            path: path(kind),
            address: tx.link(path(kind)),
            label: version.label(),
            effective_at: version.effective_at,
            body_html: version.body_html,
        }))
    })
    .await
}

/// The charter on one slide.
#[derive(Debug, Clone, Serialize)]
pub struct SlidePage {
    site: String,
    address: String,
    label: String,
    slide: Slide,
}

impl Page for SlidePage {
    const TEMPLATE: &'static str = "guidelines/slide";

    fn head(&self) -> Head {
        Head::new("guidelines-slide-title")
            .canonical("/charter")
            .no_index()
    }

    fn samples() -> Vec<Self> {
        let section = |title: &str, points: &[&str]| Section {
            title: title.to_owned(),
            points: points.iter().map(|p| (*p).to_owned()).collect(),
        };
        let usual = Self {
            site: "Harbour Museum Commons".to_owned(),
            address: "https://commons.example/charter".to_owned(),
            label: "1.0".to_owned(),
            slide: Slide {
                lead: "Merrowby had a harbour long before it had a museum".to_owned(),
                sections: vec![
                    section("What the Commons is", &["A place", "A working table"]),
                    section("What it is not", &["It is not a channel"]),
                ],
            },
        };
        let empty = Self {
            slide: Slide::default(),
            ..usual.clone()
        };
        let long = "ש".repeat(255);
        let worst = Self {
            slide: Slide {
                lead: long.clone(),
                sections: vec![
                    section(&long, &[long.as_str(); 7]),
                    section(&long, &[]),
                    section("", &[long.as_str()]),
                ],
            },
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Shows the charter as one slide.
pub async fn slide(call: Call) -> Answer {
    call.page(move |tx, viewer| {
        let version = guidelines::current(tx, Document::Charter)?.or_not_found()?;
        Ok(Shown::from(SlidePage {
            site: viewer.settings.name.clone(),
            address: tx.link("/charter"),
            label: version.label(),
            slide: version.slide(),
        }))
    })
    .await
}
