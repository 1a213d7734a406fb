//! The categories side by side, each with its counts and its last thread. Reads only.

use diesel::prelude::*;
use serde::Serialize;

use super::category::Category;
use super::list::CategoryTag;
use super::path::post_anchor_path;
use super::places::Places;
use crate::db::Tx;
use crate::db::schema::threads;
use crate::kit::ids::{CategoryId, ThreadId};
use crate::kit::{At, Result};
use crate::policy::{Action, Actor, PostState};

/// A category as readers choose it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryCard {
    /// Which one.
    pub id: CategoryId,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its address.
    pub path: String,
    /// The language spoken there; empty: the site's.
    pub lang: String,
    /// Visible threads.
    pub threads: i64,
    /// Visible posts.
    pub posts: i64,
    /// Not everybody sees it.
    pub closed_circle: bool,
    /// The categories in it that this reader sees.
    pub children: Vec<CategoryTag>,
    /// What was last talked about.
    pub latest: Option<LatestThread>,
}

/// What was last talked about in a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LatestThread {
    /// The thread's title.
    pub title: String,
    /// Where the last post stands.
    pub path: String,
    /// When it was written.
    pub at: At,
}

/// The top categories that this actor sees, with those in them; or those in one category.
///
/// # Errors
/// A fault where the database fails.
pub fn overview(
    tx: &mut Tx<'_>,
    actor: &Actor,
    places: &Places,
    parent: Option<CategoryId>,
) -> Result<Vec<CategoryCard>> {
    let sees = |c: &&Category| actor.can(&Action::SeeCategory(&c.facts));
    let mut cards = Vec::new();
    for category in places.children(parent).filter(sees) {
        let children = places.children(Some(category.id)).filter(sees);
        let latest = match category.last_post_at {
            Some(_) => latest(tx, category.id)?,
            None => None,
        };
        cards.push(CategoryCard {
            id: category.id,
            name: category.name.clone(),
            description: category.description.clone(),
            path: category.path(),
            lang: category.lang.clone(),
            threads: category.thread_count,
            posts: category.post_count,
            closed_circle: !category.facts.is_public(),
            children: children.map(tag).collect(),
            latest,
        });
    }
    Ok(cards)
}

/// A category named beside something else.
pub(super) fn tag(category: &Category) -> CategoryTag {
    CategoryTag {
        id: category.id,
        name: category.name.clone(),
        path: category.path(),
    }
}

/// One step into the index for pinned threads and one for the others.
fn latest(tx: &mut Tx<'_>, category: CategoryId) -> Result<Option<LatestThread>> {
    let mut found: Option<LatestThread> = None;
    for pinned in [false, true] {
        let row: Option<(ThreadId, String, String, i64, At)> = threads::table
            .filter(threads::category_id.eq(category))
            .filter(threads::state.eq(PostState::Visible))
            .filter(threads::unlisted.eq(false))
            .filter(threads::pinned.eq(pinned))
            .order((threads::last_post_at.desc(), threads::id.desc()))
            .select((
                threads::id,
                threads::title,
                threads::slug,
                threads::last_post_number,
                threads::last_post_at,
            ))
            .first(tx.conn)
            .optional()?;
        if let Some((id, title, slug, number, at)) = row
            && found.as_ref().is_none_or(|other| other.at < at)
        {
            let path = post_anchor_path(&slug, id, number.max(1));
            found = Some(LatestThread { title, path, at });
        }
    }
    Ok(found)
}
