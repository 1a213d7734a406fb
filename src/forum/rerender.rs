//! Rendering older posts again after the renderer has changed, a handful at a time.

use diesel::prelude::*;

use super::{index, words};
use crate::content::{RENDER_VERSION, Rendered};
use crate::db::schema::{post_revisions, posts};
use crate::db::{Lock, Tx, jobs};
use crate::kit::ids::{MemberId, PostId, ThreadId};
use crate::kit::{Event, Result};
use crate::members;

/// Posts that are rendered in one go: well within the 50 ms that a write may take.
const HANDFUL: i64 = 10;

/// The kind of the job that renders older posts again.
pub const RERENDER: &str = "forum.rerender";

/// Enqueues that job where there is something for it to do.
///
/// # Errors
/// A fault where the database fails.
pub fn rerender_if_needed(tx: &mut Tx<'_>) -> Result<()> {
    if older_renderings(tx)?.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    jobs::enqueue_at(tx, RERENDER, &(), now, Some(RERENDER))
}

/// A post that an older renderer has rendered.
#[derive(Debug, Clone)]
pub struct Older {
    post: PostId,
    revision: i64,
    source: String,
    known: Vec<String>,
}

/// The next few posts that an older renderer has rendered.
///
/// # Errors
/// A fault where the database fails.
pub fn older_renderings(tx: &mut Tx<'_>) -> Result<Vec<Older>> {
    let rows: Vec<(PostId, i64, String)> = posts::table
        .filter(posts::render_version.lt(i64::from(RENDER_VERSION)))
        .order((posts::render_version, posts::id))
        .limit(HANDFUL)
        .select((posts::id, posts::revision, posts::body_source))
        .load(tx.conn)?;
    rows.into_iter()
        .map(|(post, revision, source)| {
            let named = members::named(tx, &words::Words::called(&source))?;
            Ok(Older {
                post,
                revision,
                source,
                known: named.into_iter().map(|(_, name)| name).collect(),
            })
        })
        .collect()
}

impl Older {
    /// Renders it, away from any transaction.
    #[must_use]
    pub fn render(&self, base_url: &str) -> Rendered {
        words::render(&self.source, base_url, &self.known)
    }
}

/// Puts a new rendering in place, unless somebody edited the post meanwhile. Where its plain text came out differently,
/// whoever has quoted it is told as of an edit.
///
/// # Errors
/// A fault where the database fails.
pub fn rerendered(tx: &mut Tx<'_>, older: &Older, rendered: &Rendered) -> Result<()> {
    tx.lock(Lock::Post(older.post))?;
    let row: Option<(String, ThreadId, Option<MemberId>)> = posts::table
        .filter(posts::id.eq(older.post))
        .filter(posts::revision.eq(older.revision))
        .select((posts::body_text, posts::thread_id, posts::author_id))
        .first(tx.conn)
        .optional()?;
    let Some((text, thread, author)) = row else {
        return Ok(());
    };
    diesel::update(posts::table.find(older.post))
        .set((
            posts::body_html.eq(&rendered.html),
            posts::body_text.eq(&rendered.text),
            posts::render_version.eq(i64::from(RENDER_VERSION)),
        ))
        .execute(tx.conn)?;
    if text == rendered.text {
        return Ok(());
    }
    diesel::update(
        post_revisions::table
            .filter(post_revisions::post_id.eq(older.post))
            .filter(post_revisions::revision.eq(older.revision)),
    )
    .set(post_revisions::body_text.eq(&rendered.text))
    .execute(tx.conn)?;
    index::post(tx, older.post)?;
    tx.tell(&Event::PostEdited {
        post: older.post,
        thread,
        author,
        by: None,
        revision: older.revision,
    })
}
