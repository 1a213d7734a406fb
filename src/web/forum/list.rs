//! Latest, new, unread, and the threads of a tag; marking a list as read.

use serde::{Deserialize, Serialize};

use super::pager::Pager;
use super::samples;
use crate::forum::{self, Level, Listing, PER_LIST, Pile, Standing, ThreadItem};
use crate::kit::Refusal;
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown};

/// A list of threads.
#[derive(Debug, Clone, Serialize)]
pub struct ListPage {
    /// `latest`, `new`, `unread` or `tag`.
    kind: &'static str,
    tag: String,
    items: Vec<ThreadItem>,
    pager: Pager,
    can_start: bool,
    /// What is new and unread to a member; nothing for guests.
    counts: Option<Counts>,
    /// What a member chose for the tag.
    level: Option<Level>,
    #[serde(skip)]
    canonical: String,
    #[serde(skip)]
    first: bool,
}

/// How much of both lists waits for a member, as it is written beside their names.
#[derive(Debug, Clone, Default, Serialize)]
struct Counts {
    fresh: String,
    unread: String,
    /// The list that is shown was marked as read a moment ago.
    undo: bool,
}

impl Counts {
    fn of(standing: &Standing, kind: &str) -> Self {
        let label = |n: i64| match n {
            0 => String::new(),
            n if n >= forum::COUNTED => "99+".to_owned(),
            n => n.to_string(),
        };
        Self {
            fresh: label(standing.fresh),
            unread: label(standing.unread),
            undo: match kind {
                "new" => standing.undo_fresh,
                "unread" => standing.undo_unread,
                _ => false,
            },
        }
    }
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "forum/list";

    fn head(&self) -> Head {
        let head = match self.kind {
            "tag" => Head::filled("forum-tag-title", &[("tag", &self.tag)]),
            "new" => Head::new("forum-new-title"),
            "unread" => return Head::new("forum-unread-title").nav("latest").no_index(),
            _ => Head::new("forum-latest-title"),
        };
        let head = head.nav("latest").canonical(&self.canonical);
        // Later pages shift with every reply; search engines find threads by the sitemap.
        let head = if self.first { head } else { head.no_index() };
        if self.kind == "tag" {
            let feed = |ending: &str| format!("{}.{ending}", self.canonical);
            return head
                .feed("RSS", &feed("rss"), "application/rss+xml")
                .feed("Atom", &feed("atom"), "application/atom+xml")
                .feed("JSON", &feed("json"), "application/feed+json");
        }
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
            counts: (kind != "latest").then(|| Counts {
                fresh: "99+".to_owned(),
                unread: "7".to_owned(),
                undo: true,
            }),
            level: Some(Level::Watching),
            canonical: "/latest".to_owned(),
            first: true,
        };
        vec![
            of("latest", Vec::new(), Pager::default()),
            of("tag", Vec::new(), Pager::default()),
            of("unread", Vec::new(), Pager::default()),
            of("unread", samples::items(), Pager::default()),
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

/// What a member never opened; for guests what was started last.
pub async fn new(call: Call) -> Answer {
    show(call, Listing::New, "new", "/new").await
}

/// What a member follows and has not read to its end.
pub async fn unread(call: Call) -> Answer {
    show(call, Listing::Unread, "unread", "/unread").await
}

async fn show(call: Call, listing: Listing, kind: &'static str, path: &'static str) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let places = forum::places(tx)?;
        let actor = &viewer.actor;
        if listing == Listing::Unread && actor.id().is_none() {
            return Err(Refusal::SignInFirst.into());
        }
        let standing = forum::standing(tx, actor, &places, viewer.joined)?;
        let listing = match (listing, &standing) {
            (Listing::New, Some(standing)) => Listing::Fresh(standing.since),
            (other, _) => other,
        };
        let mut list = forum::list(tx, actor, &places, listing, asked.cursor(), PER_LIST)?;
        if let Some(standing) = &standing {
            standing.mark(actor, &mut list.items);
        }
        let can_start = places
            .iter()
            .any(|c| viewer.could(&Action::Start(&c.facts)));
        Ok(Shown::from(ListPage {
            kind,
            tag: String::new(),
            items: list.items,
            pager: Pager::keyed(path, asked.cursor().is_none(), list.next.as_deref()),
            can_start,
            counts: standing.map(|standing| Counts::of(&standing, kind)),
            level: None,
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
        let actor = &viewer.actor;
        let mut list = forum::list(
            tx,
            actor,
            &places,
            Listing::Tag(id),
            asked.cursor(),
            PER_LIST,
        )?;
        forum::mark_new(tx, actor, viewer.joined, &mut list.items)?;
        if list.items.is_empty() {
            return Err(Refusal::NotFound.into());
        }
        // After that: even the way to the right spelling tells that there is such a tag.
        if written != name {
            return Ok(Shown::Moved(path));
        }
        Ok(Shown::from(ListPage {
            kind: "tag",
            tag: written,
            items: list.items,
            pager: Pager::keyed(&path, asked.cursor().is_none(), list.next.as_deref()),
            can_start: false,
            counts: None,
            level: forum::tag_level(tx, actor.id(), id)?,
            canonical: path,
            first: asked.cursor().is_none(),
        }))
    })
    .await
}

/// Marks everything new as read.
pub async fn read_new(call: Call) -> Answer {
    marked(call, Pile::Fresh, "/new").await
}

/// Marks everything unread as read.
pub async fn read_unread(call: Call) -> Answer {
    marked(call, Pile::Unread, "/unread").await
}

async fn marked(call: Call, pile: Pile, path: &'static str) -> Answer {
    call.act(move |tx, viewer| {
        forum::mark_all_read(tx, &viewer.actor, pile)?;
        Ok(See::to(path).flash("all-read"))
    })
    .await
}

/// Takes the marking of what was new back.
pub async fn undo_new(call: Call) -> Answer {
    undone(call, Pile::Fresh, "/new").await
}

/// Takes the marking of what was unread back.
pub async fn undo_unread(call: Call) -> Answer {
    undone(call, Pile::Unread, "/unread").await
}

async fn undone(call: Call, pile: Pile, path: &'static str) -> Answer {
    call.act(move |tx, viewer| {
        forum::undo_all_read(tx, &viewer.actor, pile)?;
        Ok(See::to(path).flash("all-read-undone"))
    })
    .await
}
