//! All categories at once, read in one query: few rows, and every question of sight needs all of them. Reads only.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::prelude::*;

use super::category::{self, Category, Grant, Outline, Who};
use super::limits::CATEGORIES;
use crate::db::Tx;
use crate::db::schema::{categories, category_grants};
use crate::kit::ids::{CategoryId, GroupId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::policy::{Actor, CategoryFacts, Sight};

/// Most lines of grants that are read; far above what [`CATEGORIES`] with a dozen lines each come to.
const GRANTS: i64 = 20_000;

/// Every category of the house, in the order of their positions.
#[derive(Debug, Clone, Default)]
pub struct Places {
    all: Arc<Vec<Category>>,
}

#[derive(Queryable)]
struct Row {
    id: CategoryId,
    parent: Option<CategoryId>,
    slug: String,
    name: String,
    description: String,
    colour: String,
    position: i64,
    lang: String,
    nominable: bool,
    closed: bool,
    thread_count: i64,
    post_count: i64,
    last_post_at: Option<At>,
    revision: i64,
    tag_limit: i64,
    allowed_tags: String,
}

type GrantRow = (Who, Option<GroupId>, bool, bool, bool, bool);

/// All categories with their grants: one query, and none where a reading transaction finds them kept.
///
/// # Errors
/// A fault where the database fails.
pub fn places(tx: &mut Tx<'_>) -> Result<Places> {
    Ok(tx.keep(fresh)?.as_ref().clone())
}

fn fresh(tx: &mut Tx<'_>) -> Result<Places> {
    let rows: Vec<(Row, Option<GrantRow>)> = categories::table
        .left_join(category_grants::table)
        .select((
            (
                categories::id,
                categories::parent_id,
                categories::slug,
                categories::name,
                categories::description,
                categories::colour,
                categories::position,
                categories::lang,
                categories::nominable,
                categories::closed,
                categories::thread_count,
                categories::post_count,
                categories::last_post_at,
                categories::revision,
                categories::tag_limit,
                categories::allowed_tags,
            ),
            (
                category_grants::who,
                category_grants::group_id,
                category_grants::may_see,
                category_grants::may_reply,
                category_grants::may_start,
                category_grants::may_moderate,
            )
                .nullable(),
        ))
        .order((categories::position, categories::id, category_grants::id))
        .limit(GRANTS)
        .load(tx.conn)?;
    let mut listed: Vec<(Row, Vec<Grant>)> = Vec::new();
    for (row, grant) in rows {
        if listed.last().is_none_or(|(last, _)| last.id != row.id) {
            listed.push((row, Vec::new()));
        }
        if let (Some((_, grants)), Some(grant)) = (listed.last_mut(), grant) {
            let (who, group, see, reply, start, moderate) = grant;
            grants.push(Grant {
                who,
                group,
                see,
                reply,
                start,
                moderate,
            });
        }
    }
    Ok(Places::of(listed))
}

/// The facts of every category.
///
/// # Errors
/// A fault where the database fails.
pub fn categories(tx: &mut Tx<'_>) -> Result<Vec<CategoryFacts>> {
    Ok(places(tx)?.facts())
}

/// The facts of one category.
///
/// # Errors
/// Not found where there is no such category.
pub fn category_facts(tx: &mut Tx<'_>, id: CategoryId) -> Result<CategoryFacts> {
    Ok(places(tx)?.find(id)?.facts.clone())
}

/// What this actor may see.
///
/// # Errors
/// A fault where the database fails.
pub fn sight(tx: &mut Tx<'_>, actor: &Actor) -> Result<Sight> {
    Ok(places(tx)?.sight(actor))
}

impl Places {
    fn of(listed: Vec<(Row, Vec<Grant>)>) -> Self {
        let by_id: HashMap<CategoryId, usize> = listed
            .iter()
            .enumerate()
            .map(|(index, (row, _))| (row.id, index))
            .collect();
        let find = |id: CategoryId| {
            by_id
                .get(&id)
                .and_then(|index| listed.get(*index))
                .map(outline)
        };
        let facts: Vec<CategoryFacts> = listed
            .iter()
            .map(|row| category::facts(&outline(row), find))
            .collect();
        let all = listed
            .into_iter()
            .zip(facts)
            .map(|((row, grants), facts)| Category {
                id: row.id,
                parent: row.parent,
                slug: row.slug,
                name: row.name,
                description: row.description,
                colour: row.colour,
                position: row.position,
                lang: row.lang,
                thread_count: row.thread_count,
                post_count: row.post_count,
                last_post_at: row.last_post_at,
                tag_limit: row.tag_limit,
                allowed_tags: row.allowed_tags,
                revision: row.revision,
                grants,
                facts,
            })
            .collect();
        Self { all: Arc::new(all) }
    }

    /// Every category, ordered by position.
    pub fn iter(&self) -> impl Iterator<Item = &Category> {
        self.all.iter()
    }

    /// The category, if there is one.
    #[must_use]
    pub fn seek(&self, id: CategoryId) -> Option<&Category> {
        self.all.iter().find(|c| c.id == id)
    }

    /// The category.
    ///
    /// # Errors
    /// Not found where there is no such category.
    pub fn find(&self, id: CategoryId) -> Result<&Category> {
        self.seek(id).or_not_found()
    }

    /// The facts of every category.
    #[must_use]
    pub fn facts(&self) -> Vec<CategoryFacts> {
        self.all.iter().map(|c| c.facts.clone()).collect()
    }

    /// What this actor may see.
    #[must_use]
    pub fn sight(&self, actor: &Actor) -> Sight {
        Sight::of(actor, &self.facts())
    }

    /// The categories that stand in this one, or at the top.
    pub fn children(&self, parent: Option<CategoryId>) -> impl Iterator<Item = &Category> {
        self.all.iter().filter(move |c| c.parent == parent)
    }

    /// True where another category still fits.
    #[must_use]
    pub(super) fn has_room(&self) -> bool {
        i64::try_from(self.all.len()).is_ok_and(|n| n < CATEGORIES)
    }
}

fn outline((row, grants): &(Row, Vec<Grant>)) -> Outline<'_> {
    Outline {
        id: row.id,
        parent: row.parent,
        grants,
        closed: row.closed,
        nominable: row.nominable,
    }
}
