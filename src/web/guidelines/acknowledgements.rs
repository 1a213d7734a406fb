//! Who acknowledged the version in force, for those who keep the document.

use serde::{Deserialize, Serialize};

use super::path;
use crate::guidelines;
use crate::kit::At;
use crate::kit::cursor::Cursor;
use crate::kit::stop::{Document, OrRefuse};
use crate::members::{self, Card};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, Shown};

/// Members on one page.
const PER_PAGE: i64 = 50;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
}

/// One member who acknowledged.
#[derive(Debug, Clone, Serialize)]
struct Line {
    member: Card,
    at: At,
}

/// Who acknowledged the version in force.
#[derive(Debug, Clone, Serialize)]
pub struct AcknowledgementsPage {
    kind: Document,
    path: &'static str,
    label: String,
    count: i64,
    lines: Vec<Line>,
    next: Option<String>,
}

impl Page for AcknowledgementsPage {
    const TEMPLATE: &'static str = "guidelines/acknowledgements";

    fn head(&self) -> Head {
        Head::new("guidelines-acknowledgements-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let line = Line {
            member: Card::nobody(),
            at: At(1_790_000_000_000_000),
        };
        let empty = Self {
            kind: Document::Messaging,
            path: path(Document::Messaging),
            label: "1.0".to_owned(),
            count: 0,
            lines: Vec::new(),
            next: None,
        };
        let usual = Self {
            count: 1,
            lines: vec![line.clone()],
            ..empty.clone()
        };
        let mut long = Card::nobody();
        long.name = "w".repeat(40);
        long.display = "ש".repeat(255);
        let worst = Self {
            count: 123_456,
            lines: vec![Line {
                member: long,
                ..line
            }],
            next: Some("/guidelines/messaging/acknowledgements?after=x".to_owned()),
            ..empty.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Lists who acknowledged the version in force.
pub(super) async fn show(call: Call, kind: Document) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        viewer.actor.may(&Action::SeeAcknowledgements(kind))?;
        let version = guidelines::current(tx, kind)?.or_not_found()?;
        let after = Cursor::decode(&asked.after).and_then(|cursor| cursor.as_one());
        let mut found =
            guidelines::acknowledged_by(tx, &viewer.actor, version.id, after, PER_PAGE + 1)?;
        let page = usize::try_from(PER_PAGE).unwrap_or(0);
        let more = found.len() > page;
        found.truncate(page);
        let path = path(kind);
        let next = found.last().filter(|_| more).map(|last| {
            format!(
                "{path}/acknowledgements?after={}",
                Cursor::one(last.id).encode()
            )
        });
        let ids: Vec<_> = found.iter().map(|line| line.member).collect();
        let cards = members::cards(tx, &ids)?;
        let lines = found.iter().map(|line| Line {
            member: cards
                .get(&line.member)
                .cloned()
                .unwrap_or_else(Card::nobody),
            at: line.at,
        });
        Ok(Shown::from(AcknowledgementsPage {
            kind,
            path,
            label: version.label(),
            count: guidelines::acknowledged_count(tx, version.id)?,
            lines: lines.collect(),
            next,
        }))
    })
    .await
}
