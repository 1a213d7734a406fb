//! The desk: what waits for those who answer for the place.

use serde::Serialize;

use super::log::{LogLine, lines};
use crate::audit::{self, Wanted as Logged};
use crate::bridge;
use crate::kit::At;
use crate::moderation::{self, Subject, Wanted};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, Shown};

/// One waiting item.
#[derive(Debug, Clone, Serialize)]
struct Waiting {
    href: String,
    outward: bool,
    title: String,
    reports: i64,
    updated_at: At,
}

/// Something that does not stand outside as it was sent.
#[derive(Debug, Clone, Serialize)]
struct Differing {
    id: i64,
    differs: String,
    channel: String,
    seen_at: Option<i64>,
}

/// What waits.
#[derive(Debug, Clone, Serialize)]
pub struct DeskPage {
    reviews: Vec<Waiting>,
    more_reviews: bool,
    approves: bool,
    /// Announcements that were changed or removed outside.
    differing: Vec<Differing>,
    log: Vec<LogLine>,
}

impl Page for DeskPage {
    const TEMPLATE: &'static str = "moderation/desk";

    fn head(&self) -> Head {
        Head::new("moderation-desk-title").nav("desk").no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            reviews: Vec::new(),
            more_reviews: false,
            approves: false,
            differing: Vec::new(),
            log: Vec::new(),
        };
        let usual = Self {
            reviews: vec![Waiting {
                href: "/desk/review/4".to_owned(),
                outward: false,
                title: "A kingfisher in the courtyard".to_owned(),
                reports: 1,
                updated_at: At(1_790_000_000_000_000),
            }],
            approves: true,
            log: LogLine::samples(),
            ..empty.clone()
        };
        let worst = Self {
            reviews: vec![Waiting {
                href: "/desk/highlights/4".to_owned(),
                outward: true,
                title: "ש".repeat(255),
                reports: 1_000,
                updated_at: At(0),
            }],
            more_reviews: true,
            differing: ["changed", "gone"]
                .map(|differs| Differing {
                    id: 12,
                    differs: differs.to_owned(),
                    channel: "ש".repeat(255),
                    seen_at: Some(1_790_000_000_000_000),
                })
                .to_vec(),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Shows what waits.
pub async fn show(call: Call) -> Answer {
    call.page(|tx, viewer| {
        let queue = moderation::queue(tx, &viewer.actor, Wanted::Waiting, None, 8)?;
        let titles = super::titles(tx, &queue.items)?;
        let recent = audit::list(tx, &Logged::default(), 8)?;
        Ok(Shown::from(DeskPage {
            more_reviews: queue.next.is_some(),
            reviews: queue
                .items
                .into_iter()
                .map(|item| Waiting {
                    href: super::href(&item),
                    outward: matches!(item.subject, Subject::Highlight(_)),
                    title: super::title(&item, &titles),
                    reports: item.reports,
                    updated_at: item.updated_at,
                })
                .collect(),
            approves: viewer.can(&Action::SeeApprovals),
            differing: match viewer.can(&Action::SeeOutreach) {
                true => bridge::differences(tx, &viewer.actor)?,
                false => Vec::new(),
            }
            .into_iter()
            .map(|line| Differing {
                id: line.id.0,
                differs: line.looks,
                channel: line.channel_name,
                seen_at: line.seen_at.map(|at| at.0),
            })
            .collect(),
            log: lines(tx, recent)?,
        }))
    })
    .await
}
