//! What feeds and sitemaps carry: what everybody may see, and nothing else. Reads only.

use diesel::prelude::*;

use super::path::{post_path, thread_path};
use super::places::places;
use super::seen::{posts_seen, threads_seen};
use crate::db::Tx;
use crate::db::schema::{posts, thread_tags, threads};
use crate::kit::ids::{CategoryId, MemberId, PostId, TagId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Refusal, Result};
use crate::members;
use crate::policy::{Action, Actor, PostState};

/// Entries in a feed.
const ENTRIES: i64 = 25;
/// Thread ids that one file of the sitemap covers.
const PER_FILE: i64 = 5_000;

/// One entry of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// The post it carries.
    pub post: PostId,
    /// Its thread.
    pub thread: ThreadId,
    /// The thread's title.
    pub title: String,
    /// Where to read on, under this house.
    pub path: String,
    /// Safe HTML.
    pub html: String,
    /// What its author is called; empty once erased.
    pub author: String,
    /// When it was written.
    pub published: At,
    /// When its words last changed.
    pub updated: At,
}

#[derive(Queryable)]
struct Row {
    post: PostId,
    number: i64,
    author: Option<MemberId>,
    html: String,
    created_at: At,
    edited_at: Option<At>,
    thread: ThreadId,
    title: String,
    slug: String,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        posts::id,
        posts::number,
        posts::author_id,
        posts::body_html,
        posts::created_at,
        posts::edited_at,
        threads::id,
        threads::title,
        threads::slug,
    )
}

/// The newest threads with their first posts, of the house or of one category.
///
/// # Errors
/// Not found where not everybody may see that category.
pub fn feed_of_threads(tx: &mut Tx<'_>, category: Option<CategoryId>) -> Result<Vec<FeedEntry>> {
    feed_of(tx, category, None)
}

/// The newest threads with a tag and their first posts.
///
/// # Errors
/// A fault where the database fails.
pub fn feed_of_tag(tx: &mut Tx<'_>, tag: TagId) -> Result<Vec<FeedEntry>> {
    feed_of(tx, None, Some(tag))
}

fn feed_of(
    tx: &mut Tx<'_>,
    category: Option<CategoryId>,
    tag: Option<TagId>,
) -> Result<Vec<FeedEntry>> {
    let places = places(tx)?;
    let sight = places.sight(&Actor::Guest);
    if let Some(id) = category
        && !sight.categories.contains(&id)
    {
        return Err(Refusal::NotFound.into());
    }
    let newest = threads::table
        .inner_join(posts::table.on(threads::first_post_id.eq(posts::id.nullable())))
        .filter(threads::state.eq(PostState::Visible))
        .filter(threads::unlisted.eq(false))
        .filter(threads_seen(&sight))
        .filter(posts_seen(&sight))
        .order((threads::created_at.desc(), threads::id.desc()))
        .limit(ENTRIES)
        .select(columns());
    let rows: Vec<Row> = match (category, tag) {
        (Some(id), _) => newest.filter(threads::category_id.eq(id)).load(tx.conn)?,
        (None, Some(tag)) => {
            let tagged = thread_tags::table
                .filter(thread_tags::tag_id.eq(tag))
                .select(thread_tags::thread_id);
            newest.filter(threads::id.eq_any(tagged)).load(tx.conn)?
        }
        (None, None) => newest.load(tx.conn)?,
    };
    entries(tx, rows, |row| thread_path(&row.slug, row.thread))
}

/// A thread's title and its newest posts.
///
/// # Errors
/// Not found where not everybody may see that thread.
pub fn feed_of_posts(
    tx: &mut Tx<'_>,
    thread: ThreadId,
) -> Result<(super::ThreadHeading, Vec<FeedEntry>)> {
    let law = super::thread_facts(tx, thread)?;
    Actor::Guest.may(&Action::SeeThread(&law))?;
    let rows: Vec<Row> = posts::table
        .inner_join(threads::table)
        .filter(posts::thread_id.eq(thread))
        .filter(posts::state.eq(PostState::Visible))
        .order(posts::number.desc())
        .limit(ENTRIES)
        .select(columns())
        .load(tx.conn)?;
    let heading = super::thread_line(tx, thread)?;
    let entries = entries(tx, rows, |row| post_path(&row.slug, row.thread, row.number))?;
    Ok((heading, entries))
}

fn entries(
    tx: &mut Tx<'_>,
    rows: Vec<Row>,
    path: impl Fn(&Row) -> String,
) -> Result<Vec<FeedEntry>> {
    let people: Vec<MemberId> = rows.iter().filter_map(|row| row.author).collect();
    let cards = members::cards(tx, &people)?;
    Ok(rows
        .into_iter()
        .map(|row| FeedEntry {
            post: row.post,
            thread: row.thread,
            path: path(&row),
            title: row.title,
            html: row.html,
            author: row
                .author
                .and_then(|id| cards.get(&id))
                .map(|card| card.display.clone())
                .unwrap_or_default(),
            published: row.created_at,
            updated: row.edited_at.unwrap_or(row.created_at),
        })
        .collect())
}

/// How many files the sitemap of threads has.
///
/// # Errors
/// A fault where the database fails.
pub fn sitemap_files(tx: &mut Tx<'_>) -> Result<i64> {
    let last: Option<ThreadId> = threads::table
        .order(threads::id.desc())
        .select(threads::id)
        .first(tx.conn)
        .optional()?;
    Ok(last.map_or(0, |id| (id.0 - 1).div_euclid(PER_FILE) + 1))
}

/// The threads that one file of the sitemap names: addresses and when they last changed. Files count from 1.
///
/// # Errors
/// Not found where there is no such file.
pub fn sitemap_file(tx: &mut Tx<'_>, file: i64) -> Result<Vec<(String, At)>> {
    let files = sitemap_files(tx)?;
    let file = (1..=files).contains(&file).then_some(file).or_not_found()?;
    let sight = places(tx)?.sight(&Actor::Guest);
    let rows: Vec<(ThreadId, String, At)> = threads::table
        .filter(threads::id.gt((file - 1) * PER_FILE))
        .filter(threads::id.le(file * PER_FILE))
        .filter(threads::state.eq(PostState::Visible))
        .filter(threads::unlisted.eq(false))
        .filter(threads_seen(&sight))
        .order(threads::id)
        .select((threads::id, threads::slug, threads::updated_at))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, slug, at)| (thread_path(&slug, id), at))
        .collect())
}
