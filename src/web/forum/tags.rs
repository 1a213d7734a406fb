//! All tags.

use serde::Serialize;

use super::list::Asked;
use super::pager::Pager;
use super::samples;
use crate::forum::{self, TagCount};
use crate::web::{Answer, Call, Head, Page, Shown};

/// All tags by name.
#[derive(Debug, Clone, Serialize)]
pub struct TagsPage {
    tags: Vec<TagCount>,
    pager: Pager,
    #[serde(skip)]
    first: bool,
}

impl Page for TagsPage {
    const TEMPLATE: &'static str = "forum/tags";

    fn head(&self) -> Head {
        let head = Head::new("forum-tags-title")
            .nav("categories")
            .canonical("/tags");
        if self.first { head } else { head.no_index() }
    }

    fn samples() -> Vec<Self> {
        let tag = |name: String, threads| TagCount {
            path: "/tag/birds".to_owned(),
            name,
            threads,
        };
        let of = |tags, pager| Self {
            tags,
            pager,
            first: true,
        };
        vec![
            of(Vec::new(), Pager::default()),
            of(vec![tag("birds".to_owned(), 12)], Pager::default()),
            of(
                vec![tag(samples::long_title(), 1_000)],
                Pager::keyed("/tags", false, Some("birds")),
            ),
        ]
    }
}

/// Shows the tags that the reader finds threads by.
pub async fn list(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let places = forum::places(tx)?;
        let (tags, next) = forum::tag_list(tx, &viewer.actor, &places, &asked.after)?;
        let next = next.map(|key| {
            percent_encoding::utf8_percent_encode(&key, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        });
        Ok(Shown::from(TagsPage {
            tags,
            pager: Pager::keyed("/tags", asked.cursor().is_none(), next.as_deref()),
            first: asked.cursor().is_none(),
        }))
    })
    .await
}
