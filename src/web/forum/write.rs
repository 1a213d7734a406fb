//! Starting a thread.

use serde::{Deserialize, Serialize};

use super::kept::kept;
use super::samples;
use crate::db::Tx;
use crate::forum::{self, NewThread, Tags, Title, Words};
use crate::kit::ids::CategoryId;
use crate::kit::{Problems, Refusal, Result};
use crate::policy::{Action, Actor};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The form for a new thread.
#[derive(Debug, Clone, Serialize)]
pub struct NewThreadPage {
    choices: Vec<Choice>,
    form: NewThreadForm,
    preview: String,
    problems: Problems,
}

/// A category that the writer may start a thread in.
#[derive(Debug, Clone, Serialize)]
struct Choice {
    id: CategoryId,
    name: String,
    chosen: bool,
}

/// What is typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct NewThreadForm {
    category: String,
    title: String,
    tags: String,
    body: String,
    #[serde(skip_serializing)]
    preview: String,
}

impl Page for NewThreadPage {
    const TEMPLATE: &'static str = "forum/new_thread";

    fn head(&self) -> Head {
        Head::new("forum-new-thread-title").nav("latest").form()
    }

    fn samples() -> Vec<Self> {
        let choice = |name: String, chosen| Choice {
            id: CategoryId(3),
            name,
            chosen,
        };
        let empty = Self {
            choices: vec![choice("Field notes".to_owned(), false)],
            form: NewThreadForm::default(),
            preview: String::new(),
            problems: Problems::default(),
        };
        let worst = Self {
            choices: vec![choice(samples::long_title(), true)],
            form: NewThreadForm {
                category: "3".to_owned(),
                title: samples::long_title(),
                tags: "birds, tides".to_owned(),
                body: "</textarea><b>".to_owned(),
                preview: String::new(),
            },
            preview: "<p>bold</p>".to_owned(),
            problems: Problems::one("title", "title-missing"),
        };
        let usual = Self {
            form: NewThreadForm {
                title: "A kingfisher".to_owned(),
                body: "It sat on the heron.".to_owned(),
                ..NewThreadForm::default()
            },
            preview: "<p>It sat on the heron.</p>".to_owned(),
            ..empty.clone()
        };
        vec![empty, usual, worst]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    category: String,
}

/// Shows the form.
pub async fn form(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let form = NewThreadForm {
            category: asked.category.clone(),
            ..NewThreadForm::default()
        };
        filled(tx, viewer, form, String::new(), Problems::default())
    })
    .await
}

fn filled(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    form: NewThreadForm,
    preview: String,
    problems: Problems,
) -> Result<Shown> {
    if matches!(viewer.actor, Actor::Guest) {
        return Err(Refusal::SignInFirst.into());
    }
    let places = forum::places(tx)?;
    let mut refused = None;
    let mut choices = Vec::new();
    for category in places.iter() {
        match viewer.actor.may(&Action::Start(&category.facts)) {
            Ok(()) => choices.push(Choice {
                id: category.id,
                name: category.name.clone(),
                chosen: category.id.to_string() == form.category,
            }),
            Err(stop) if viewer.can(&Action::SeeCategory(&category.facts)) => {
                refused = Some(stop);
            }
            Err(_) => {}
        }
    }
    // Nowhere to start: the reason says what to do about it. Whoever typed something keeps it all the same.
    match refused {
        Some(stop) if choices.is_empty() && form.body.is_empty() => Err(stop),
        _ => Ok(Shown::from(NewThreadPage {
            choices,
            form,
            preview,
            problems,
        })),
    }
}

/// Starts the thread, or shows what it will look like.
pub async fn start(call: Call) -> Answer {
    let form: NewThreadForm = call.form()?;
    let words = super::words::read(&call, &form.body).await?;
    if !form.preview.is_empty() {
        return call
            .page(move |tx, viewer| {
                let (preview, problems) = match &words {
                    Ok(words) => (words.html().to_owned(), Problems::default()),
                    Err(problems) => (String::new(), problems.clone()),
                };
                filled(tx, viewer, form.clone(), preview, problems)
            })
            .await;
    }
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let new = parsed(&form, words.clone())?;
            let started = kept(forum::start(tx, &viewer.actor, &new))?;
            Ok(See::to(started.path()).flash("thread-started"))
        },
        move |tx, viewer, problems| {
            filled(tx, viewer, again.clone(), String::new(), problems.clone())
        },
    )
    .await
}

/// Everything that is wrong with the form, found in one go.
fn parsed(form: &NewThreadForm, words: Result<Words, Problems>) -> Result<NewThread> {
    let mut problems = Problems::default();
    let mut note = |found: Problems| problems.0.extend(found.0);
    let category: Option<CategoryId> = form.category.parse().ok();
    if category.is_none() {
        note(Problems::one("category", "category-missing"));
    }
    let title = Title::parse(&form.title).map_err(&mut note).ok();
    let tags = Tags::parse(&form.tags).map_err(&mut note).ok();
    let words = words.map_err(&mut note).ok();
    match (category, title, words, tags) {
        (Some(category), Some(title), Some(words), Some(tags)) => Ok(NewThread {
            category,
            title,
            words,
            tags,
        }),
        _ => Err(problems.into()),
    }
}
