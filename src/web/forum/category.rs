//! The categories side by side, and one of them.

use serde::Serialize;

use super::list::Asked;
use super::pager::Pager;
use super::samples;
use crate::forum::{
    self, CategoryCard, CategoryTag, LatestThread, Level, Listing, PER_LIST, ThreadItem,
};
use crate::kit::ids::CategoryId;
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, Shown};

/// All categories.
#[derive(Debug, Clone, Serialize)]
pub struct CategoriesPage {
    cards: Vec<CategoryCard>,
    can_manage: bool,
}

fn sample_card() -> CategoryCard {
    CategoryCard {
        id: CategoryId(3),
        name: "Field notes".to_owned(),
        description: "Birds, tides, rust: what you saw at the harbour.".to_owned(),
        path: "/c/field-notes/3".to_owned(),
        lang: "en".to_owned(),
        threads: 62,
        posts: 811,
        closed_circle: false,
        children: vec![samples::category()],
        latest: Some(LatestThread {
            title: "A kingfisher in the courtyard".to_owned(),
            path: "/t/a-kingfisher/12".to_owned(),
            at: samples::THEN,
        }),
    }
}

fn worst_card() -> CategoryCard {
    CategoryCard {
        name: samples::long_title(),
        description: String::new(),
        lang: String::new(),
        threads: 0,
        posts: 0,
        closed_circle: true,
        children: Vec::new(),
        latest: None,
        ..sample_card()
    }
}

impl Page for CategoriesPage {
    const TEMPLATE: &'static str = "forum/categories";

    fn head(&self) -> Head {
        Head::new("forum-categories-title")
            .nav("categories")
            .canonical("/categories")
    }

    fn samples() -> Vec<Self> {
        let of = |cards, can_manage| Self { cards, can_manage };
        vec![
            of(Vec::new(), false),
            of(Vec::new(), true),
            of(vec![sample_card(), worst_card()], true),
        ]
    }
}

/// Shows all categories that the reader sees.
pub async fn overview(call: Call) -> Answer {
    call.page(|tx, viewer| {
        let places = forum::places(tx)?;
        let cards = forum::overview(tx, &viewer.actor, &places, None)?;
        let can_manage = viewer.can(&Action::ManageCategories);
        Ok(Shown::from(CategoriesPage { cards, can_manage }))
    })
    .await
}

/// One category.
#[derive(Debug, Clone, Serialize)]
pub struct CategoryPage {
    id: CategoryId,
    name: String,
    description: String,
    path: String,
    parent: Option<CategoryTag>,
    children: Vec<CategoryCard>,
    items: Vec<ThreadItem>,
    pager: Pager,
    can_start: bool,
    can_manage: bool,
    public: bool,
    closed: bool,
    /// What a member chose for it.
    level: Option<Level>,
    #[serde(skip)]
    lang: String,
    #[serde(skip)]
    first: bool,
}

impl Page for CategoryPage {
    const TEMPLATE: &'static str = "forum/category";

    fn head(&self) -> Head {
        let head = Head::text(&self.name)
            .nav("categories")
            .canonical(&self.path)
            .description(&self.description)
            .lang(&self.lang);
        let head = if self.first { head } else { head.no_index() };
        if !self.public {
            return head.no_index();
        }
        let feed = |ending: &str| format!("{}.{ending}", self.path);
        head.feed("RSS", &feed("rss"), "application/rss+xml")
            .feed("Atom", &feed("atom"), "application/atom+xml")
            .feed("JSON", &feed("json"), "application/feed+json")
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            id: CategoryId(3),
            name: "Field notes".to_owned(),
            description: "Birds, tides, rust.".to_owned(),
            path: "/c/field-notes/3".to_owned(),
            parent: Some(samples::category()),
            children: vec![sample_card()],
            items: samples::items(),
            pager: Pager::keyed("/c/field-notes/3", true, Some("AQ")),
            can_start: true,
            can_manage: true,
            public: true,
            closed: false,
            level: Some(Level::Tracking),
            lang: "en".to_owned(),
            first: true,
        };
        let empty = Self {
            children: Vec::new(),
            items: Vec::new(),
            pager: Pager::default(),
            ..usual.clone()
        };
        let worst = Self {
            name: samples::long_title(),
            description: String::new(),
            parent: None,
            children: vec![worst_card()],
            can_start: false,
            can_manage: false,
            public: false,
            closed: true,
            level: None,
            ..usual.clone()
        };
        vec![usual, empty, worst]
    }
}

/// Shows one category.
pub async fn show(call: Call) -> Answer {
    let (id, slug): (CategoryId, String) = (call.segment("id")?, call.segment("slug")?);
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let places = forum::places(tx)?;
        let actor = &viewer.actor;
        let category = places.find(id)?;
        actor.may(&Action::SeeCategory(&category.facts))?;
        let path = category.path();
        if slug != category.slug {
            return Ok(Shown::Moved(path));
        }
        let listing = Listing::Category(id);
        let mut list = forum::list(tx, actor, &places, listing, asked.cursor(), PER_LIST)?;
        forum::mark_new(tx, actor, viewer.joined, &mut list.items)?;
        let parent = category.parent.and_then(|id| places.seek(id));
        Ok(Shown::from(CategoryPage {
            id,
            name: category.name.clone(),
            description: category.description.clone(),
            parent: parent.map(|p| CategoryTag {
                id: p.id,
                name: p.name.clone(),
                path: p.path(),
            }),
            children: forum::overview(tx, actor, &places, Some(id))?,
            items: list.items,
            pager: Pager::keyed(&path, asked.cursor().is_none(), list.next.as_deref()),
            can_start: viewer.could(&Action::Start(&category.facts)),
            can_manage: actor.can(&Action::ManageCategories),
            public: category.facts.is_public(),
            closed: category.facts.closed,
            level: forum::category_level(tx, actor.id(), id)?,
            lang: category.lang.clone(),
            first: asked.cursor().is_none(),
            path,
        }))
    })
    .await
}
