//! A thread on paper: every post in a row, without buttons.

use serde::{Deserialize, Serialize};

use super::samples;
use crate::forum::{self, PostView, ThreadView};
use crate::kit::ids::ThreadId;
use crate::web::{Answer, Call, Head, Page, Shown};

/// Posts on one sheet; a longer thread has several.
const MOST: i64 = 100;

/// A thread to be printed.
#[derive(Debug, Clone, Serialize)]
pub struct PrintPage {
    thread: ThreadView,
    posts: Vec<PostView>,
    /// Where it goes on; empty at the end.
    next: String,
}

impl Page for PrintPage {
    const TEMPLATE: &'static str = "forum/print";

    fn head(&self) -> Head {
        Head::text(&self.thread.title)
            .nav("latest")
            .lang(&self.thread.lang)
            .canonical(&self.thread.path)
            .no_index()
    }

    fn samples() -> Vec<Self> {
        let of = |thread, posts, next: &str| Self {
            thread,
            posts,
            next: next.to_owned(),
        };
        let post = PostView {
            poll: None,
            ..samples::post()
        };
        vec![
            of(samples::thread(), Vec::new(), ""),
            of(samples::thread(), vec![post, samples::post()], ""),
            of(
                samples::worst_thread(),
                samples::worst_posts(),
                "/t/a-kingfisher/12/print?after=100",
            ),
        ]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: i64,
}

/// Shows it.
pub async fn show(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let (thread, posts, next) =
            forum::posts_after(tx, &viewer.actor, id, asked.after.max(0), MOST)?;
        let next = next.map_or_else(String::new, |number| {
            format!("{}/print?after={number}", thread.path)
        });
        Ok(Shown::from(PrintPage {
            thread,
            posts,
            next,
        }))
    })
    .await
}
