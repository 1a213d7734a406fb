//! What a post said before.

use serde::Serialize;

use super::samples;
use crate::forum::{self, Line, Revision};
use crate::kit::ids::PostId;
use crate::members::Card;
use crate::web::{Answer, Call, Head, Page, Shown};

/// The revisions of a post.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionsPage {
    title: String,
    path: String,
    number: i64,
    revisions: Vec<Revision>,
}

impl Page for RevisionsPage {
    const TEMPLATE: &'static str = "forum/revisions";

    fn head(&self) -> Head {
        Head::new("forum-revisions-title").nav("latest").no_index()
    }

    fn samples() -> Vec<Self> {
        let line = |added, removed, text: &str| Line {
            added,
            removed,
            text: text.to_owned(),
        };
        let usual = Revision {
            number: 2,
            by: samples::card(),
            at: samples::THEN,
            note: "spelling".to_owned(),
            lines: vec![
                line(false, false, "It sat"),
                line(false, true, "on the hero"),
                line(true, false, "on the heron"),
            ],
        };
        let worst = Revision {
            number: 1,
            by: Card::nobody(),
            note: String::new(),
            lines: vec![line(true, false, &samples::long_title())],
            ..usual.clone()
        };
        let of = |title: String, revisions| Self {
            title,
            path: "/t/a-kingfisher/12/2".to_owned(),
            number: 2,
            revisions,
        };
        vec![
            of("A kingfisher".to_owned(), Vec::new()),
            of("A kingfisher".to_owned(), vec![usual.clone()]),
            of(samples::long_title(), vec![usual, worst]),
        ]
    }
}

/// Shows them.
pub async fn show(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let revisions = forum::revisions(tx, &viewer.actor, id)?;
        let (thread, post) = forum::post(tx, &viewer.actor, id)?;
        Ok(Shown::from(RevisionsPage {
            title: thread.title,
            path: post.path,
            number: post.number,
            revisions,
        }))
    })
    .await
}
