//! `/outreach/collections`: named sets of highlights.

use serde::{Deserialize, Serialize};

use super::parts::{Pager, SAMPLE, Who, pager};
use crate::db::Tx;
use crate::highlights;
use crate::kit::cursor::Cursor;
use crate::kit::ids::CollectionId;
use crate::kit::{Problems, Result};
use crate::members;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Serialize)]
struct Line {
    id: i64,
    name: String,
    note: String,
    by: Who,
    at: i64,
    items: i64,
}

/// The list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CollectionsPage {
    lines: Vec<Line>,
    name: String,
    note: String,
    problems: Problems,
    pager: Option<Pager>,
}

impl Page for CollectionsPage {
    const TEMPLATE: &'static str = "highlights/collections";

    fn head(&self) -> Head {
        Head::new("highlights-collections-title")
            .nav("outreach")
            .outward()
            .form()
    }

    fn samples() -> Vec<Self> {
        let line = Line {
            id: 3,
            name: "Winter opening".into(),
            note: "For the press evening.".into(),
            by: Who::sample(),
            at: SAMPLE.0,
            items: 4,
        };
        let bare = Line {
            name: "م".repeat(80),
            ..Line::default()
        };
        vec![
            Self::default(),
            Self {
                lines: vec![line.clone()],
                ..Self::default()
            },
            Self {
                lines: vec![line, bare],
                name: "م".repeat(255),
                problems: Problems::one("name", "needed"),
                pager: pager(Some("?after=x".into())),
                ..Self::default()
            },
        ]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    after: String,
}

fn made(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    after: Option<Cursor>,
    form: &Form,
    problems: Problems,
) -> Result<CollectionsPage> {
    let (all, next) = highlights::collections(tx, &viewer.actor, after)?;
    let people: Vec<_> = all.iter().filter_map(|c| c.created_by).collect();
    let cards = members::cards(tx, &people)?;
    let lines = all
        .into_iter()
        .map(|c| Line {
            id: c.id.0,
            by: c
                .created_by
                .and_then(|id| cards.get(&id))
                .map(Who::of)
                .unwrap_or_default(),
            name: c.name,
            note: c.note,
            at: c.created_at.0,
            items: c.items,
        })
        .collect();
    Ok(CollectionsPage {
        lines,
        name: form.name.clone(),
        note: form.note.clone(),
        problems,
        pager: pager(next.map(|c| format!("/outreach/collections?after={}", c.encode()))),
    })
}

/// Shows the list.
pub async fn list(call: Call) -> Answer {
    let query: ListQuery = call.query()?;
    let after = Cursor::decode(&query.after);
    call.page(move |tx, viewer| {
        let (form, problems) = (Form::default(), Problems::default());
        Ok(Shown::from(made(tx, viewer, after, &form, problems)?))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Form {
    name: String,
    note: String,
}

/// Makes a collection.
pub async fn make(call: Call) -> Answer {
    let form: Form = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            highlights::make_collection(tx, &viewer.actor, &form.name, &form.note)?;
            Ok(See::to("/outreach/collections").flash("collection-made"))
        },
        move |tx, viewer, problems| {
            let page = made(tx, viewer, None, &again, problems.clone())?;
            Ok(Shown::from(page))
        },
    )
    .await
}

/// Calls a collection otherwise.
pub async fn change(call: Call) -> Answer {
    let id: CollectionId = call.segment("id")?;
    let form: Form = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            highlights::change_collection(tx, &viewer.actor, id, &form.name, &form.note)?;
            Ok(See::to("/outreach/collections").flash("collection-changed"))
        },
        move |tx, viewer, problems| {
            let page = made(tx, viewer, None, &again, problems.clone())?;
            Ok(Shown::from(page))
        },
    )
    .await
}

/// Takes a collection away.
pub async fn remove(call: Call) -> Answer {
    let id: CollectionId = call.segment("id")?;
    call.act(move |tx, viewer| {
        highlights::remove_collection(tx, &viewer.actor, id)?;
        Ok(See::to("/outreach/collections").flash("collection-removed"))
    })
    .await
}
