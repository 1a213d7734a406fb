//! Latest, new, and the threads of a tag.

use serde::{Deserialize, Serialize};

use super::pager::Pager;
use super::samples;
use crate::forum::{self, Listing, PER_LIST, ThreadItem};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, Shown};

/// A list of threads.
#[derive(Debug, Clone, Serialize)]
pub struct ListPage {
    /// `latest`, `new` or `tag`.
    kind: &'static str,
    tag: String,
    items: Vec<ThreadItem>,
    pager: Pager,
    can_start: bool,
    #[serde(skip)]
    canonical: String,
    #[serde(skip)]
    first: bool,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "forum/list";

    fn head(&self) -> Head {
        let head = match self.kind {
            "tag" => Head::filled("forum-tag-title", &[("tag", &self.tag)]),
            "new" => Head::new("forum-new-title"),
            _ => Head::new("forum-latest-title"),
        };
        let head = head.nav("latest").canonical(&self.canonical);
        // Later pages shift with every reply; search engines find threads by the sitemap.
        let head = if self.first { head } else { head.no_index() };
        head.feed("RSS", "/latest.rss", "application/rss+xml")
            .feed("Atom", "/latest.atom", "application/atom+xml")
            .feed("JSON", "/latest.json", "application/feed+json")
    }

    fn samples() -> Vec<Self> {
        let of = |kind, items, pager| Self {
            kind,
            tag: samples::tag().name,
            items,
            pager,
            can_start: kind != "tag",
            canonical: "/latest".to_owned(),
            first: true,
        };
        vec![
            of("latest", Vec::new(), Pager::default()),
            of("tag", Vec::new(), Pager::default()),
            of(
                "new",
                samples::items(),
                Pager::keyed("/new", false, Some("AQ")),
            ),
            of(
                "tag",
                samples::items(),
                Pager::keyed("/tag/birds", true, Some("AQ")),
            ),
        ]
    }
}

/// Where a list goes on.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub after: String,
}

impl Asked {
    /// The key after which the page begins, where one was given.
    pub fn cursor(&self) -> Option<&str> {
        Some(self.after.as_str()).filter(|key| !key.is_empty())
    }
}

/// What is being talked about: the front page.
pub async fn latest(call: Call) -> Answer {
    show(call, Listing::Latest, "latest", "/latest").await
}

/// What was started last.
pub async fn new(call: Call) -> Answer {
    show(call, Listing::New, "new", "/new").await
}

async fn show(call: Call, listing: Listing, kind: &'static str, path: &'static str) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let places = forum::places(tx)?;
        let actor = &viewer.actor;
        let list = forum::list(tx, actor, &places, listing, asked.cursor(), PER_LIST)?;
        let can_start = places
            .iter()
            .any(|c| viewer.could(&Action::Start(&c.facts)));
        Ok(Shown::from(ListPage {
            kind,
            tag: String::new(),
            items: list.items,
            pager: Pager::keyed(path, asked.cursor().is_none(), list.next.as_deref()),
            can_start,
            canonical: path.to_owned(),
            first: asked.cursor().is_none(),
        }))
    })
    .await
}

/// The threads of a tag. A tag without any thread that the reader sees is not there.
pub async fn tag(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let places = forum::places(tx)?;
        let (id, written) = forum::find_tag(tx, &name)?;
        let path = forum::tag_path(&written);
        if written != name {
            return Ok(Shown::Moved(path));
        }
        let actor = &viewer.actor;
        let list = forum::list(
            tx,
            actor,
            &places,
            Listing::Tag(id),
            asked.cursor(),
            PER_LIST,
        )?;
        if list.items.is_empty() {
            return Err(crate::kit::Refusal::NotFound.into());
        }
        Ok(Shown::from(ListPage {
            kind: "tag",
            tag: written,
            items: list.items,
            pager: Pager::keyed(&path, asked.cursor().is_none(), list.next.as_deref()),
            can_start: false,
            canonical: path,
            first: asked.cursor().is_none(),
        }))
    })
    .await
}
