//! What was said, for rooms above: the words of a post or of one of its revisions, and a thread's heading.

use std::collections::HashMap;

use diesel::prelude::*;

use super::facts::AT_ONCE;
use super::path::{post_path, thread_path};
use super::places::places;
use crate::content;
use crate::db::Tx;
use crate::db::schema::{post_revisions, posts, threads};
use crate::kit::ids::{CategoryId, MemberId, PostId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};

/// A post's words as they stand now, with what they stand in. Says nothing of who may see them: ask [`super::post_facts`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Which post.
    pub post: PostId,
    /// Its thread.
    pub thread: ThreadId,
    /// Its number there.
    pub number: i64,
    /// Who said it; `None` once erased.
    pub author: Option<MemberId>,
    /// The revision these words are.
    pub revision: i64,
    /// Safe HTML.
    pub html: String,
    /// Plain text.
    pub text: String,
    /// Plain text without what it quotes from others.
    pub own_words: String,
    /// The thread's title.
    pub title: String,
    /// The decorative part of the thread's address.
    pub slug: String,
    /// Where the thread stands.
    pub category: CategoryId,
    /// What that category is called.
    pub category_name: String,
    /// When the post was written.
    pub created_at: At,
    /// The language of the thread or category (BCP 47); empty: the site's.
    pub lang: String,
}

/// A thread as a line in somebody else's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadHeading {
    /// Which one.
    pub id: ThreadId,
    /// Its title.
    pub title: String,
    /// The decorative part of its address.
    pub slug: String,
    /// Its address under this house.
    pub path: String,
}

#[derive(Queryable)]
struct Row {
    post: PostId,
    thread: ThreadId,
    number: i64,
    author: Option<MemberId>,
    revision: i64,
    html: String,
    text: String,
    created_at: At,
    title: String,
    slug: String,
    category: Option<CategoryId>,
    lang: String,
}

/// What a post says now.
///
/// # Errors
/// Not found where there is no such post.
pub fn said(tx: &mut Tx<'_>, post: PostId) -> Result<Said> {
    let row: Row = posts::table
        .inner_join(threads::table)
        .filter(posts::id.eq(post))
        .select((
            posts::id,
            posts::thread_id,
            posts::number,
            posts::author_id,
            posts::revision,
            posts::body_html,
            posts::body_text,
            posts::created_at,
            threads::title,
            threads::slug,
            threads::category_id,
            threads::lang,
        ))
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    let places = places(tx)?;
    let category = places.find(row.category.or_not_found()?)?;
    let lang = [row.lang, category.lang.clone()]
        .into_iter()
        .find(|lang| !lang.is_empty());
    Ok(Said {
        post: row.post,
        thread: row.thread,
        number: row.number,
        author: row.author,
        revision: row.revision,
        own_words: content::own_words(&row.html),
        html: row.html,
        text: row.text,
        title: row.title,
        slug: row.slug,
        category: category.id,
        category_name: category.name.clone(),
        created_at: row.created_at,
        lang: lang.unwrap_or_default(),
    })
}

/// A post's words and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Plain text.
    pub text: String,
    /// Its address under this house.
    pub path: String,
}

/// The words of many posts; those that are not there are left out. Says nothing of who may see them: ask
/// [`super::facts_of_posts`].
///
/// # Errors
/// A fault where the database fails.
pub fn spoken_of(tx: &mut Tx<'_>, ids: &[PostId]) -> Result<HashMap<PostId, Spoken>> {
    let mut all = HashMap::new();
    for some in ids.chunks(AT_ONCE) {
        let rows: Vec<(PostId, ThreadId, i64, String, String)> = posts::table
            .inner_join(threads::table)
            .filter(posts::id.eq_any(some))
            .select((
                posts::id,
                posts::thread_id,
                posts::number,
                posts::body_text,
                threads::slug,
            ))
            .load(tx.conn)?;
        for (id, thread, number, text, slug) in rows {
            let path = post_path(&slug, thread, number);
            all.insert(id, Spoken { text, path });
        }
    }
    Ok(all)
}

/// The plain text of one revision of a post, if it is kept.
///
/// # Errors
/// A fault where the database fails.
pub fn said_at(tx: &mut Tx<'_>, post: PostId, revision: i64) -> Result<Option<String>> {
    Ok(post_revisions::table
        .filter(post_revisions::post_id.eq(post))
        .filter(post_revisions::revision.eq(revision))
        .select(post_revisions::body_text)
        .first(tx.conn)
        .optional()?)
}

/// A thread's title and address.
///
/// # Errors
/// Not found where there is no such thread.
pub fn thread_line(tx: &mut Tx<'_>, thread: ThreadId) -> Result<ThreadHeading> {
    let (title, slug): (String, String) = threads::table
        .find(thread)
        .select((threads::title, threads::slug))
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    let path = thread_path(&slug, thread);
    Ok(ThreadHeading {
        id: thread,
        title,
        slug,
        path,
    })
}
