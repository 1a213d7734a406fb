//! Lists of threads: latest, new, unread, of a category, of a tag. Reads only.
//!
//! Lists show what is visible; what is hidden or deleted is found where it stands. They go on by key, so that a deep
//! page costs what the first one costs and nothing is doubled when somebody posts in between.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};
use serde::Serialize;

use super::path::{category_path, post_anchor_path, tag_path, thread_path};
use super::places::Places;
use super::reading;
use super::seen::threads_seen;
use crate::db::schema::{tags, thread_tags, threads};
use crate::db::{Conn, Tx};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, MemberId, PostId, TagId, ThreadId};
use crate::kit::names::name_key;
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Refusal, Result};
use crate::members::{self, Card};
use crate::policy::{Actor, PostState, Sight};

/// Threads on a page of a list.
pub const PER_LIST: i64 = 30;
/// Most pinned threads of a category; all of them stand before the others.
pub(super) const PINNED: i64 = 20;

/// Which threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// All of them, the last activity first.
    Latest,
    /// All of them, the newest first.
    New,
    /// Those that the reader never opened, started since then, the newest first.
    Fresh(At),
    /// Those that the reader follows and in which somebody spoke since, the last activity first.
    Unread,
    /// Those of one category, pinned ones first, then the last activity.
    Category(CategoryId),
    /// Those with one tag, the last activity first.
    Tag(TagId),
}

/// A category named beside something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryTag {
    /// Which one.
    pub id: CategoryId,
    /// What it is called.
    pub name: String,
    /// Its address.
    pub path: String,
}

/// A tag named beside something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TagLink {
    /// The tag.
    pub name: String,
    /// Its address.
    pub path: String,
}

/// A thread in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThreadItem {
    /// Which one.
    pub id: ThreadId,
    /// Its title.
    pub title: String,
    /// The decorative part of its address.
    pub slug: String,
    /// Its address.
    pub path: String,
    /// Where its title leads: to the first post that the reader has not read.
    pub entrance: String,
    /// The last number that the reader read; 0 where it was never opened.
    pub last_read: i64,
    /// Posts after that one, where the thread was opened.
    pub unread: i64,
    /// The reader never opened it, and it is not old.
    pub fresh: bool,
    /// Where it stands.
    pub category: CategoryTag,
    /// What it is found by.
    pub tags: Vec<TagLink>,
    /// Who started it.
    pub author: Card,
    /// Who started it and who spoke last, once each.
    pub faces: Vec<Card>,
    /// Visible posts but the first.
    pub replies: i64,
    /// When it was started.
    pub created_at: At,
    /// When somebody last spoke.
    pub last_at: At,
    /// Where that stands.
    pub last_path: String,
    /// Stands at the top of its category.
    pub pinned: bool,
    /// Takes no replies.
    pub locked: bool,
    /// One reply is marked as the answer.
    pub solved: bool,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThreadList {
    /// Its threads.
    pub items: Vec<ThreadItem>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A row as it is read.
#[derive(Debug, Clone, Queryable)]
struct Row {
    id: ThreadId,
    title: String,
    slug: String,
    category: Option<CategoryId>,
    author: Option<MemberId>,
    last_author: Option<MemberId>,
    post_count: i64,
    last_number: i64,
    created_at: At,
    last_at: At,
    pinned: bool,
    locked: bool,
    answer: Option<PostId>,
}

/// What the reader has read of a thread: the last number, and how many visible posts stand behind it.
type Mine = (Option<i64>, Option<i64>);

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        threads::id,
        threads::title,
        threads::slug,
        threads::category_id,
        threads::author_id,
        threads::last_author_id,
        threads::post_count,
        threads::last_post_number,
        threads::created_at,
        threads::last_post_at,
        threads::pinned,
        threads::locked,
        threads::answer_post_id,
    )
}

/// One page of a list for this actor. `after` is what an earlier page gave as its `next`; `most` is clamped to 1..=100.
///
/// # Errors
/// Not found where the category is not the actor's to see; unreadable where the cursor is not ours.
pub fn list(
    tx: &mut Tx<'_>,
    actor: &Actor,
    places: &Places,
    listing: Listing,
    after: Option<&str>,
    most: i64,
) -> Result<ThreadList> {
    let sight = places.sight(actor);
    if let Listing::Category(id) = listing
        && !sight.categories.contains(&id)
    {
        return Err(Refusal::NotFound.into());
    }
    let most = most.clamp(1, 100);
    let after = after.map(cursor).transpose()?;
    let mut rows = Vec::new();
    if matches!(listing, Listing::Category(_)) && after.is_none() {
        rows = load(tx, &sight, listing, true, None, PINNED)?;
    }
    let pinned = rows.len();
    rows.extend(load(tx, &sight, listing, false, after, most + 1)?);
    let more = rows.len() - pinned > usize::try_from(most).unwrap_or(usize::MAX);
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|(row, _)| {
        let key = match listing {
            Listing::New | Listing::Fresh(_) => row.created_at,
            Listing::Latest | Listing::Unread | Listing::Category(_) | Listing::Tag(_) => {
                row.last_at
            }
        };
        Cursor::two(key.0, row.id.0).encode()
    });
    let items = fill(tx, places, rows)?;
    Ok(ThreadList { items, next })
}

fn cursor(text: &str) -> Result<(i64, i64)> {
    Cursor::decode(text)
        .and_then(|c| c.as_two())
        .ok_or_else(|| Refusal::Unreadable("cursor").into())
}

type Backend = <Conn as diesel::Connection>::Backend;

fn load(
    tx: &mut Tx<'_>,
    sight: &Sight,
    listing: Listing,
    pinned: bool,
    after: Option<(i64, i64)>,
    most: i64,
) -> Result<Vec<(Row, Mine)>> {
    let mut query = threads::table
        .filter(threads_seen(sight))
        .filter(threads::unlisted.eq(false))
        .into_boxed::<Backend>();
    query = match listing {
        // Few rows, found from the reader's own: the text put together keeps SQLite from walking along all threads.
        Listing::Unread => query.filter(sql::<Bool>("(threads.state || '') = 'visible'")),
        _ => query.filter(threads::state.eq(PostState::Visible)),
    };
    match (listing, sight.me) {
        (Listing::Latest | Listing::New, Some(me)) => {
            query = query.filter(sql::<Bool>(&reading::not_muted(me)));
        }
        (Listing::Fresh(since), Some(me)) => {
            query = query.filter(sql::<Bool>(&reading::unopened(me, since)));
        }
        (Listing::Unread, Some(me)) => query = query.filter(sql::<Bool>(&reading::unread(me))),
        (Listing::Fresh(_) | Listing::Unread, None) => return Ok(Vec::new()),
        _ => {}
    }
    match listing {
        Listing::Latest | Listing::New | Listing::Fresh(_) | Listing::Unread => {}
        Listing::Category(id) => {
            query = query
                .filter(threads::category_id.eq(id))
                .filter(threads::pinned.eq(pinned));
        }
        Listing::Tag(id) => {
            let tagged = thread_tags::table
                .filter(thread_tags::tag_id.eq(id))
                .select(thread_tags::thread_id);
            query = query.filter(threads::id.eq_any(tagged));
        }
    }
    let query = match (listing, after) {
        (Listing::New | Listing::Fresh(_), Some((at, id))) => query
            .filter(threads::created_at.le(At(at)))
            .filter(threads::created_at.lt(At(at)).or(threads::id.lt(id))),
        (_, Some((at, id))) => query
            .filter(threads::last_post_at.le(At(at)))
            .filter(threads::last_post_at.lt(At(at)).or(threads::id.lt(id))),
        (_, None) => query,
    };
    let query = match listing {
        Listing::New | Listing::Fresh(_) => {
            query.order((threads::created_at.desc(), threads::id.desc()))
        }
        Listing::Latest | Listing::Unread | Listing::Category(_) | Listing::Tag(_) => {
            query.order((threads::last_post_at.desc(), threads::id.desc()))
        }
    };
    let read = sql::<Nullable<BigInt>>(&reading::last_read(sight.me));
    let behind = sql::<Nullable<BigInt>>(&reading::posts_behind(sight.me));
    Ok(query
        .select((columns(), (read, behind)))
        .limit(most)
        .load(tx.conn)?)
}

/// Completes rows with their authors and tags: one query each for all of them.
fn fill(tx: &mut Tx<'_>, places: &Places, rows: Vec<(Row, Mine)>) -> Result<Vec<ThreadItem>> {
    let people: Vec<MemberId> = rows
        .iter()
        .flat_map(|(row, _)| [row.author, row.last_author])
        .flatten()
        .collect();
    let cards = members::cards(tx, &people)?;
    let ids: Vec<ThreadId> = rows.iter().map(|(row, _)| row.id).collect();
    let mut tags = tags_of(tx, &ids)?;
    let card = |id: Option<MemberId>| {
        id.and_then(|id| cards.get(&id).cloned())
            .unwrap_or_else(Card::nobody)
    };
    rows.into_iter()
        .map(|(row, (read, behind))| {
            let category = places.find(row.category.or_not_found()?)?;
            let author = card(row.author);
            let mut faces = vec![author.clone()];
            if row.last_author != row.author && row.last_number > 0 {
                faces.push(card(row.last_author));
            }
            let read = read.unwrap_or(0);
            let mut item = ThreadItem {
                id: row.id,
                path: thread_path(&row.slug, row.id),
                entrance: String::new(),
                last_read: read,
                unread: if read > 0 { behind.unwrap_or(0) } else { 0 },
                fresh: false,
                last_path: post_anchor_path(&row.slug, row.id, row.last_number.max(1)),
                title: row.title,
                slug: row.slug,
                category: CategoryTag {
                    id: category.id,
                    name: category.name.clone(),
                    path: category_path(&category.slug, category.id),
                },
                tags: tags.remove(&row.id).unwrap_or_default(),
                author,
                faces,
                replies: (row.post_count - 1).max(0),
                created_at: row.created_at,
                last_at: row.last_at,
                pinned: row.pinned,
                locked: row.locked,
                solved: row.answer.is_some(),
            };
            item.entrance = reading::entrance(&item, row.last_number);
            Ok(item)
        })
        .collect()
}

/// The tags of these threads.
pub(super) fn tags_of(
    tx: &mut Tx<'_>,
    ids: &[ThreadId],
) -> Result<HashMap<ThreadId, Vec<TagLink>>> {
    let mut found: HashMap<ThreadId, Vec<TagLink>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows: Vec<(ThreadId, String)> = thread_tags::table
        .inner_join(tags::table)
        .filter(thread_tags::thread_id.eq_any(ids.to_vec()))
        .order(tags::name)
        .select((thread_tags::thread_id, tags::name))
        .load(tx.conn)?;
    for (thread, name) in rows {
        let path = tag_path(&name);
        found
            .entry(thread)
            .or_default()
            .push(TagLink { name, path });
    }
    Ok(found)
}

/// The tag of this name as it is written.
///
/// # Errors
/// Not found where there is no such tag.
pub fn find_tag(tx: &mut Tx<'_>, name: &str) -> Result<(TagId, String)> {
    tags::table
        .filter(tags::name_key.eq(name_key(name)))
        .select((tags::id, tags::name))
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

/// The tag of this name, where it stands at a thread that the actor sees on lists: the names of others tell of what is
/// talked about behind closed doors.
///
/// # Errors
/// Not found where there is no such tag for this actor.
pub fn seen_tag(
    tx: &mut Tx<'_>,
    actor: &Actor,
    places: &Places,
    name: &str,
) -> Result<(TagId, String)> {
    let found = find_tag(tx, name)?;
    let some = list(tx, actor, places, Listing::Tag(found.0), None, 1)?;
    some.items.first().or_not_found()?;
    Ok(found)
}
