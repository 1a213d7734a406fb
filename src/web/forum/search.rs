//! Searching: one box, its operators, and what was found.

use serde::{Deserialize, Serialize};

use super::pager::Pager;
use super::samples;
use crate::forum::{self, FoundPost, Note, SearchPage};
use crate::kit::ids::{PostId, ThreadId};
use crate::members::Card;
use crate::search::{Order, Piece};
use crate::web::{Answer, Call, Head, Page, Shown};

/// Posts on a page of results.
pub(super) const PER_SEARCH: i64 = 20;

/// What was found, or how to ask.
#[derive(Debug, Clone, Serialize)]
pub struct ResultsPage {
    /// What was typed.
    q: String,
    newest: bool,
    /// The thread that is searched alone: its number, title and address.
    thread: Option<(i64, String, String)>,
    found: SearchPage,
    pager: Pager,
    /// The addresses of the same question in the other order.
    by_best: String,
    by_newest: String,
}

impl Page for ResultsPage {
    const TEMPLATE: &'static str = "forum/search";

    fn head(&self) -> Head {
        let head = if self.q.is_empty() {
            Head::new("forum-search-title")
        } else {
            Head::filled("forum-search-title-of", &[("q", &self.q)])
        };
        head.nav("search").no_index()
    }

    fn samples() -> Vec<Self> {
        let of = |q: &str, found: SearchPage| Self {
            q: q.to_owned(),
            newest: false,
            thread: None,
            found,
            pager: Pager::default(),
            by_best: "/search?q=heron".to_owned(),
            by_newest: "/search?q=heron&order=newest".to_owned(),
        };
        let nothing = SearchPage {
            count: Some(0),
            notes: ["member", "tag", "category", "unclear"]
                .map(|about| Note {
                    about,
                    word: samples::long_title(),
                })
                .to_vec(),
            ..SearchPage::default()
        };
        let piece = |text: &str, hit| Piece {
            text: text.to_owned(),
            hit,
        };
        let usual = FoundPost {
            id: PostId(88),
            path: "/t/a-kingfisher/12/2".to_owned(),
            number: 2,
            started: false,
            title: vec![piece("A kingfisher in the courtyard", false)],
            solved: true,
            category: samples::category(),
            author: samples::card(),
            words: vec![
                piece("It sat on the bronze ", false),
                piece("heron", true),
                piece(" for an hour.", false),
            ],
            at: samples::THEN,
        };
        let worst = FoundPost {
            started: true,
            title: vec![piece(&samples::long_title(), true)],
            author: Card::nobody(),
            words: vec![piece(&samples::long_title(), true)],
            ..usual.clone()
        };
        let some = SearchPage {
            items: vec![usual, worst],
            count: Some(500),
            more: true,
            ..SearchPage::default()
        };
        let blank = SearchPage {
            blank: true,
            ..SearchPage::default()
        };
        let mut within = of("heron", some.clone());
        within.thread = Some((12, samples::long_title(), "/t/a-kingfisher/12".to_owned()));
        within.newest = true;
        within.pager = Pager {
            shown: true,
            prev: "/search?q=heron".to_owned(),
            next: "/search?q=heron&after=AQ".to_owned(),
            pages: Vec::new(),
        };
        vec![
            of("", blank),
            of("heron", some),
            of(&samples::long_title(), nothing),
            within,
        ]
    }
}

/// What stands behind `/search`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Question {
    q: String,
    /// `newest`; anything else is by rank.
    order: String,
    /// In this thread only.
    thread: Option<ThreadId>,
    after: String,
}

impl Question {
    fn address(&self, order: &str, after: &str) -> String {
        let mut pairs = vec![("q", self.q.clone())];
        pairs.extend(self.thread.map(|id| ("thread", id.to_string())));
        pairs.extend((order == "newest").then(|| ("order", order.to_owned())));
        pairs.extend((!after.is_empty()).then(|| ("after", after.to_owned())));
        let query = serde_urlencoded::to_string(&pairs).unwrap_or_default();
        format!("/search?{query}")
    }
}

/// The search box with its results.
pub async fn show(call: Call) -> Answer {
    let question: Question = call.query()?;
    call.page(move |tx, viewer| {
        let newest = question.order == "newest";
        let thread = match question.thread {
            Some(id) => {
                let view = forum::thread_view(tx, &viewer.actor, id)?;
                Some((id.0, view.title, view.path))
            }
            None => None,
        };
        let asked = forum::Asked {
            text: question.q.clone(),
            thread: question.thread,
            order: if newest { Order::Newest } else { Order::Best },
            after: Some(question.after.clone()).filter(|key| !key.is_empty()),
            zone: viewer.zone.clone(),
        };
        let found = forum::search(tx, &viewer.actor, &asked, PER_SEARCH)?;
        let order = question.order.as_str();
        let next = found.next.as_deref();
        let first = question.after.is_empty();
        let pager = Pager {
            shown: !first || next.is_some(),
            prev: if first {
                String::new()
            } else {
                question.address(order, "")
            },
            next: next.map_or_else(String::new, |key| question.address(order, key)),
            pages: Vec::new(),
        };
        Ok(Shown::from(ResultsPage {
            q: question.q.trim().to_owned(),
            newest,
            thread,
            by_best: question.address("", ""),
            by_newest: question.address("newest", ""),
            found,
            pager,
        }))
    })
    .await
}
