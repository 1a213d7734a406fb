//! Finding posts, with everything a page of results shows of them. Reads only.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::Serialize;

use super::list::{CategoryTag, seen_tag};
use super::path::{category_path, post_path, thread_path};
use super::places::{Places, places};
use crate::content;
use crate::db::Tx;
use crate::db::schema::{posts, threads};
use crate::kit::ids::{CategoryId, MemberId, PostId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result, Stop};
use crate::members::{self, Card};
use crate::policy::Actor;
use crate::search::{self, Filter, Found, Order, Piece, Query, snippet};

/// Characters of a post that are shown.
const WORDS: usize = 260;

/// What somebody asks for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// What was typed.
    pub text: String,
    /// In this thread only.
    pub thread: Option<ThreadId>,
    /// In which order.
    pub order: Order,
    /// Where an earlier page ended.
    pub after: Option<String>,
    /// The zone in which days begin.
    pub zone: String,
}

/// A part of a question that finds nothing as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// `member`, `tag`, `category` or `unclear`.
    pub about: &'static str,
    /// What was typed.
    pub word: String,
}

/// A post that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundPost {
    /// Which one.
    pub id: PostId,
    /// Its permalink.
    pub path: String,
    /// Its number in the thread.
    pub number: i64,
    /// It began the thread.
    pub started: bool,
    /// Its thread's title.
    pub title: Vec<Piece>,
    /// The thread has an answer.
    pub solved: bool,
    /// Where the thread stands.
    pub category: CategoryTag,
    /// Who wrote it.
    pub author: Card,
    /// The part of it that shows why it was found.
    pub words: Vec<Piece>,
    /// When it was written.
    pub at: At,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SearchPage {
    /// Nothing was asked for yet.
    pub blank: bool,
    /// Its posts.
    pub items: Vec<FoundPost>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// How many there are, on the first page.
    pub count: Option<i64>,
    /// There are more than were counted.
    pub more: bool,
    /// Parts of the question that were not understood or name nobody.
    pub notes: Vec<Note>,
}

type Row = (
    PostId,
    i64,
    Option<MemberId>,
    String,
    At,
    ThreadId,
    String,
    String,
    Option<CategoryId>,
    Option<PostId>,
);

/// Searches what this actor may see.
///
/// # Errors
/// Unreadable where the cursor is not ours.
pub fn search(tx: &mut Tx<'_>, actor: &Actor, asked: &Asked, most: i64) -> Result<SearchPage> {
    let query = Query::parse(&asked.text, &asked.zone);
    let mut page = SearchPage {
        notes: query
            .unclear
            .iter()
            .map(|word| Note {
                about: "unclear",
                word: word.clone(),
            })
            .collect(),
        ..SearchPage::default()
    };
    if query.is_empty() {
        page.blank = true;
        return Ok(page);
    }
    let places = places(tx)?;
    let Some(filter) = filter(tx, &places, actor, asked, &query, &mut page.notes)? else {
        page.count = Some(0);
        return Ok(page);
    };
    let sight = places.sight(actor);
    let after = asked.after.as_deref();
    let found = search::find(tx, &sight, &query, &filter, asked.order, after, most)?;
    page.items = fill(tx, &places, &query, &found)?;
    (page.next, page.count, page.more) = (found.next, found.count, found.more);
    Ok(page)
}

/// Looks names up; nothing where one of them is nobody's.
fn filter(
    tx: &mut Tx<'_>,
    places: &Places,
    actor: &Actor,
    asked: &Asked,
    query: &Query,
    notes: &mut Vec<Note>,
) -> Result<Option<Filter>> {
    let mut filter = Filter {
        thread: asked.thread,
        ..Filter::default()
    };
    let mut nobody = false;
    let mut missing = |about: &'static str, word: &str| {
        nobody = true;
        notes.push(Note {
            about,
            word: word.to_owned(),
        });
    };
    if let Some(name) = &query.author {
        match members::seek_by_name(tx, name)? {
            Some(card) => filter.author = Some(card.id),
            None => missing("member", name),
        }
    }
    for name in &query.tags {
        match seen_tag(tx, actor, places, name) {
            Ok((id, _)) => filter.tags.push(id),
            Err(Stop::Refused(_)) => missing("tag", name),
            Err(stop) => return Err(stop),
        }
    }
    if let Some(name) = &query.category {
        let inside = within(places, actor, name);
        if inside.is_empty() {
            missing("category", name);
        }
        filter.categories = Some(inside);
    }
    Ok((!nobody).then_some(filter))
}

/// The category of this name or slug, as far as the actor sees it, and those inside it.
fn within(places: &Places, actor: &Actor, name: &str) -> Vec<CategoryId> {
    let wanted = name.to_lowercase();
    let sight = places.sight(actor);
    let seen = |id: CategoryId| sight.categories.contains(&id);
    let Some(top) = places
        .iter()
        .filter(|c| seen(c.id))
        .find(|c| c.slug.to_lowercase() == wanted || c.name.to_lowercase() == wanted)
    else {
        return Vec::new();
    };
    let mut inside = vec![top.id];
    // Children of children: as often round as there are categories at most.
    loop {
        let more: Vec<CategoryId> = places
            .iter()
            .filter(|c| c.parent.is_some_and(|p| inside.contains(&p)) && !inside.contains(&c.id))
            .map(|c| c.id)
            .collect();
        if more.is_empty() {
            return inside;
        }
        inside.extend(more);
    }
}

fn fill(tx: &mut Tx<'_>, places: &Places, query: &Query, found: &Found) -> Result<Vec<FoundPost>> {
    let ids: Vec<PostId> = found.hits.iter().map(|hit| hit.post).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = posts::table
        .inner_join(threads::table)
        .filter(posts::id.eq_any(ids.clone()))
        .select((
            posts::id,
            posts::number,
            posts::author_id,
            posts::body_html,
            posts::created_at,
            threads::id,
            threads::slug,
            threads::title,
            threads::category_id,
            threads::answer_post_id,
        ))
        .load(tx.conn)?;
    let people: Vec<MemberId> = rows.iter().filter_map(|row| row.2).collect();
    let cards = members::cards(tx, &people)?;
    let mut by_id: HashMap<PostId, Row> = rows.into_iter().map(|row| (row.0, row)).collect();
    let mut items = Vec::with_capacity(ids.len());
    for row in ids.iter().filter_map(|id| by_id.remove(id)) {
        let (id, number, author, html, at, thread, slug, title, category, answer) = row;
        let category = places.find(category.or_not_found()?)?;
        items.push(FoundPost {
            id,
            path: if number == 1 {
                thread_path(&slug, thread)
            } else {
                post_path(&slug, thread, number)
            },
            number,
            started: number == 1,
            title: snippet(&title, query, 200),
            solved: answer.is_some(),
            category: CategoryTag {
                id: category.id,
                name: category.name.clone(),
                path: category_path(&category.slug, category.id),
            },
            author: author
                .and_then(|id| cards.get(&id).cloned())
                .unwrap_or_else(Card::nobody),
            words: snippet(&content::open_words(&html), query, WORDS),
            at,
        });
    }
    Ok(items)
}

/// Threads this actor may see that are about the same as a title and a text, the likeliest first: title and address.
///
/// # Errors
/// A fault where the database fails.
pub fn alike_threads(
    tx: &mut Tx<'_>,
    actor: &Actor,
    title: &str,
    text: &str,
    besides: Option<ThreadId>,
    most: usize,
) -> Result<Vec<(ThreadId, String, String)>> {
    let places = places(tx)?;
    let sight = places.sight(actor);
    let ids = search::alike(tx, &sight, title, text, besides, most)?;
    let rows: Vec<(ThreadId, String, String)> = threads::table
        .filter(threads::id.eq_any(ids.clone()))
        .select((threads::id, threads::title, threads::slug))
        .load(tx.conn)?;
    Ok(ids
        .iter()
        .filter_map(|id| rows.iter().find(|row| row.0 == *id))
        .map(|(id, title, slug)| (*id, title.clone(), thread_path(slug, *id)))
        .collect())
}
