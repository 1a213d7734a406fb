//! The admins' page of categories: making them, changing them, who may do what in them, and their order.
//!
//! Long because one form has many fields, and what is read is checked beside it.

use serde::{Deserialize, Serialize};

use super::grants;
use super::kept::kept;
use super::samples;
use crate::db::Tx;
use crate::forum::{self, Category, CategoryDraft, Direction};
use crate::kit::ids::{CategoryId, GroupId};
use crate::kit::{Problems, Refusal, Result};
use crate::members;
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// All categories, for admins.
#[derive(Debug, Clone, Serialize)]
pub struct ManageCategoriesPage {
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    id: CategoryId,
    name: String,
    path: String,
    inner: bool,
    threads: i64,
    public: bool,
    closed: bool,
    nominable: bool,
    first: bool,
    last: bool,
}

impl Page for ManageCategoriesPage {
    const TEMPLATE: &'static str = "forum/manage_categories";

    fn head(&self) -> Head {
        Head::new("forum-manage-title").nav("admin").no_index()
    }

    fn samples() -> Vec<Self> {
        let row = |name: String, inner| Row {
            id: CategoryId(3),
            name,
            path: "/c/x/3".to_owned(),
            inner,
            threads: 62,
            public: !inner,
            closed: inner,
            nominable: !inner,
            first: !inner,
            last: inner,
        };
        vec![
            Self { rows: Vec::new() },
            Self {
                rows: vec![row("Field notes".to_owned(), false)],
            },
            Self {
                rows: vec![
                    row("Field notes".to_owned(), false),
                    row(samples::long_title(), true),
                ],
            },
        ]
    }
}

/// Shows them in their order, each followed by those in it.
pub async fn list(call: Call) -> Answer {
    call.page(|tx, viewer| {
        viewer.actor.may(&Action::ManageCategories)?;
        let places = forum::places(tx)?;
        let mut rows = Vec::new();
        let tops: Vec<&Category> = places.children(None).collect();
        for (at, top) in tops.iter().enumerate() {
            rows.push(row(top, at, tops.len()));
            let inner: Vec<&Category> = places.children(Some(top.id)).collect();
            for (at, child) in inner.iter().enumerate() {
                rows.push(row(child, at, inner.len()));
            }
        }
        Ok(Shown::from(ManageCategoriesPage { rows }))
    })
    .await
}

fn row(category: &Category, at: usize, of: usize) -> Row {
    Row {
        id: category.id,
        name: category.name.clone(),
        path: category.path(),
        inner: category.parent.is_some(),
        threads: category.thread_count,
        public: category.facts.is_public(),
        closed: category.facts.closed,
        nominable: category.facts.nominable,
        first: at == 0,
        last: at + 1 == of,
    }
}

/// The form of a category.
#[derive(Debug, Clone, Serialize)]
pub struct ManageCategoryPage {
    /// 0 for a new one.
    id: i64,
    form: CategoryForm,
    parents: Vec<Parent>,
    circles: Vec<grants::Circle>,
    problems: Problems,
}

#[derive(Debug, Clone, Serialize)]
struct Parent {
    id: CategoryId,
    name: String,
    chosen: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
struct CategoryForm {
    name: String,
    description: String,
    colour: String,
    lang: String,
    parent: String,
    nominable: String,
    closed: String,
    tag_limit: String,
    allowed_tags: String,
    revision: i64,
    grants: Vec<String>,
}

impl Default for CategoryForm {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            colour: "#0b5d5e".to_owned(),
            lang: String::new(),
            parent: String::new(),
            nominable: String::new(),
            closed: String::new(),
            tag_limit: "5".to_owned(),
            allowed_tags: String::new(),
            revision: 0,
            grants: Vec::new(),
        }
    }
}

impl Page for ManageCategoryPage {
    const TEMPLATE: &'static str = "forum/manage_category";

    fn head(&self) -> Head {
        let key = if self.id == 0 {
            "forum-manage-new"
        } else {
            "forum-manage-edit"
        };
        Head::new(key).nav("admin").form()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            id: 0,
            form: CategoryForm::default(),
            parents: Vec::new(),
            circles: grants::circles(&[], &[]),
            problems: Problems::default(),
        };
        let worst = Self {
            id: 3,
            form: CategoryForm {
                name: samples::long_title(),
                nominable: "1".to_owned(),
                closed: "1".to_owned(),
                ..CategoryForm::default()
            },
            parents: vec![Parent {
                id: CategoryId(1),
                name: samples::long_title(),
                chosen: true,
            }],
            circles: grants::circles(
                &[members::Group {
                    id: GroupId(1),
                    name: samples::long_title(),
                    description: String::new(),
                }],
                &["group-1.see".to_owned()],
            ),
            problems: Problems::one("name", "needed"),
        };
        let usual = Self {
            form: CategoryForm {
                name: "Field notes".to_owned(),
                nominable: "1".to_owned(),
                ..CategoryForm::default()
            },
            problems: Problems::default(),
            ..worst.clone()
        };
        vec![empty, usual, worst]
    }
}

impl CategoryForm {
    fn of(category: &Category) -> Self {
        let tick = |yes: bool| if yes { "1".to_owned() } else { String::new() };
        Self {
            name: category.name.clone(),
            description: category.description.clone(),
            colour: category.colour.clone(),
            lang: category.lang.clone(),
            parent: category.parent.map_or_else(String::new, |p| p.to_string()),
            nominable: tick(category.facts.nominable),
            closed: tick(category.facts.closed),
            tag_limit: category.tag_limit.to_string(),
            allowed_tags: category.allowed_tags.clone(),
            revision: category.revision,
            grants: grants::ticked(&category.grants),
        }
    }

    /// What the form says, with its ticks read against the groups there are.
    fn draft(&self, groups: &[members::Group]) -> CategoryDraft {
        CategoryDraft {
            parent: self.parent.parse().ok(),
            name: self.name.clone(),
            description: self.description.clone(),
            colour: self.colour.clone(),
            lang: self.lang.clone(),
            nominable: !self.nominable.is_empty(),
            closed: !self.closed.is_empty(),
            tag_limit: self.tag_limit.trim().parse().unwrap_or(-1),
            allowed_tags: self.allowed_tags.clone(),
            grants: grants::read(groups, &self.grants),
        }
    }
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: Option<CategoryId>,
    typed: Option<&CategoryForm>,
) -> Result<ManageCategoryPage> {
    viewer.actor.may(&Action::ManageCategories)?;
    let places = forum::places(tx)?;
    let groups = members::groups(tx)?;
    let form = match (typed, id) {
        (Some(typed), _) => typed.clone(),
        (None, Some(id)) => CategoryForm::of(places.find(id)?),
        (None, None) => CategoryForm {
            nominable: "1".to_owned(),
            ..CategoryForm::default()
        },
    };
    let parents = places
        .children(None)
        .filter(|c| Some(c.id) != id)
        .map(|c| Parent {
            id: c.id,
            name: c.name.clone(),
            chosen: c.id.to_string() == form.parent,
        });
    Ok(ManageCategoryPage {
        id: id.map_or(0, |id| id.0),
        parents: parents.collect(),
        circles: grants::circles(&groups, &form.grants),
        form,
        problems: Problems::default(),
    })
}

/// Shows the form of a new category.
pub async fn new(call: Call) -> Answer {
    call.page(|tx, viewer| Ok(page(tx, viewer, None, None)?.into()))
        .await
}

/// Shows a category's form.
pub async fn form(call: Call) -> Answer {
    let id: CategoryId = call.segment("id")?;
    call.page(move |tx, viewer| Ok(page(tx, viewer, Some(id), None)?.into()))
        .await
}

/// Makes a category.
pub async fn create(call: Call) -> Answer {
    save(call, None).await
}

/// Changes a category.
pub async fn change(call: Call) -> Answer {
    let id: CategoryId = call.segment("id")?;
    save(call, Some(id)).await
}

async fn save(call: Call, id: Option<CategoryId>) -> Answer {
    let form: CategoryForm = call.form()?;
    let typed = form.clone();
    call.submit(
        move |tx, viewer| {
            let draft = form.draft(&members::groups(tx)?);
            let actor = &viewer.actor;
            match id {
                None => kept(forum::create_category(tx, actor, &draft)).map(drop)?,
                Some(id) => kept(forum::change_category(tx, actor, id, &draft, form.revision))?,
            }
            Ok(See::to("/admin/categories").flash("category-saved"))
        },
        move |tx, viewer, problems| {
            let mut again = page(tx, viewer, id, Some(&typed))?;
            if let Some(id) = id {
                again.form.revision = forum::places(tx)?.find(id)?.revision;
            }
            again.problems = problems.clone();
            Ok(Shown::from(again))
        },
    )
    .await
}

/// Moves a category up or down.
pub async fn order(call: Call) -> Answer {
    let (id, way): (CategoryId, String) = (call.segment("id")?, call.segment("way")?);
    let direction = match way.as_str() {
        "up" => Direction::Up,
        "down" => Direction::Down,
        _ => return Err(Refusal::NotFound.into()),
    };
    call.act(move |tx, viewer| {
        forum::order_category(tx, &viewer.actor, id, direction)?;
        Ok(See::to("/admin/categories").flash("category-saved"))
    })
    .await
}
