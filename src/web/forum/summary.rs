//! A long thread at a glance.

use serde::Serialize;

use super::samples;
use crate::forum::{self, Kept, Related, Summary, Voice};
use crate::kit::ids::ThreadId;
use crate::members::Card;
use crate::web::{Answer, Call, Head, Page, Shown};

/// Who talks in a thread, what many answered or kept, and threads about the same.
#[derive(Debug, Clone, Serialize)]
pub struct SummaryPage {
    summary: Summary,
}

impl Page for SummaryPage {
    const TEMPLATE: &'static str = "forum/summary";

    fn head(&self) -> Head {
        Head::filled(
            "forum-summary-title",
            &[("title", &self.summary.thread.title)],
        )
        .nav("latest")
        .canonical(&self.summary.thread.path)
        .no_index()
    }

    fn samples() -> Vec<Self> {
        let of = |thread, voices, kept, related| Self {
            summary: Summary {
                thread,
                voices,
                kept,
                related,
            },
        };
        let voice = |person| Voice { person, posts: 12 };
        let kept = |author, words| Kept {
            number: 7,
            path: "/t/a-kingfisher/12/7".to_owned(),
            author,
            words,
            reactions: samples::reactions(),
            saves: 3,
        };
        let related = |title| Related {
            title,
            path: "/t/herons/13".to_owned(),
        };
        vec![
            of(samples::thread(), Vec::new(), Vec::new(), Vec::new()),
            of(
                samples::thread(),
                vec![voice(samples::card())],
                vec![kept(samples::card(), "It sat there.".to_owned())],
                vec![related("Herons".to_owned())],
            ),
            of(
                samples::worst_thread(),
                vec![voice(Card::nobody())],
                vec![kept(Card::nobody(), samples::long_title())],
                vec![related(samples::long_title())],
            ),
        ]
    }
}

/// Shows a thread at a glance.
pub async fn show(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    let slug: String = call.segment("slug")?;
    call.page(move |tx, viewer| {
        let summary = forum::summary(tx, &viewer.actor, id)?;
        if slug != summary.thread.slug {
            return Ok(Shown::Moved(format!("{}/summary", summary.thread.path)));
        }
        Ok(Shown::from(SummaryPage { summary }))
    })
    .await
}
