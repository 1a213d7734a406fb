//! Starting a thread.

use serde::{Deserialize, Serialize};

use super::drafts::{self, Alike};
use super::kept::kept;
use super::polls::{self, KindChoice, PollForm};
use super::samples;
use crate::db::Tx;
use crate::forum::{self, DraftWords, NewThread, PollDraft, Tags, Title, Words};
use crate::kit::ids::CategoryId;
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::moderation;
use crate::policy::{Action, Actor};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The form for a new thread.
#[derive(Debug, Clone, Serialize)]
pub struct NewThreadPage {
    choices: Vec<Choice>,
    form: NewThreadForm,
    preview: String,
    kinds: Vec<KindChoice>,
    alike: Vec<Alike>,
    draft_revision: i64,
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
    #[serde(flatten)]
    poll: PollForm,
    /// When the form was first shown, in seconds.
    shown: String,
    #[serde(skip_serializing)]
    preview: String,
    #[serde(skip_serializing)]
    draft: String,
    #[serde(skip_serializing)]
    draft_revision: String,
}

impl NewThreadForm {
    /// Whether there are words in it that would be lost.
    fn is_typed(&self) -> bool {
        !self.body.is_empty() || !self.title.is_empty() || !self.poll.is_empty()
    }

    fn draft_words(&self) -> Result<DraftWords> {
        Ok(DraftWords {
            thread: None,
            title: self.title.clone(),
            category: self.category.clone(),
            tags: self.tags.clone(),
            body: self.body.clone(),
            reply_to: String::new(),
            poll: self.poll.kept()?,
        })
    }
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
            kinds: polls::kinds(&PollForm::default()),
            alike: Vec::new(),
            draft_revision: 0,
            problems: Problems::default(),
        };
        let worst = Self {
            choices: vec![choice(samples::long_title(), true)],
            form: NewThreadForm {
                category: "3".to_owned(),
                title: samples::long_title(),
                tags: "birds, tides".to_owned(),
                body: "</textarea><b>".to_owned(),
                poll: PollForm {
                    poll_question: samples::long_title(),
                    poll_options: "</textarea>".to_owned(),
                    ..PollForm::default()
                },
                shown: "1790000000".to_owned(),
                ..NewThreadForm::default()
            },
            preview: "<p>bold</p>".to_owned(),
            kinds: polls::kinds(&PollForm::default()),
            alike: vec![Alike::sample()],
            draft_revision: 3,
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
    draft: String,
}

/// Shows the form.
pub async fn form(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let mut form = NewThreadForm {
            category: asked.category.clone(),
            ..NewThreadForm::default()
        };
        if !asked.draft.is_empty() {
            drafted(tx, viewer, &mut form)?;
        }
        filled(tx, viewer, form, String::new(), Problems::default())
    })
    .await
}

/// What was put aside here, or on another device; nothing where it was sent or discarded since.
fn drafted(tx: &mut Tx<'_>, viewer: &Viewer, form: &mut NewThreadForm) -> Result<()> {
    match forum::draft_for(tx, &viewer.actor, None) {
        Ok(draft) => {
            form.title = draft.title;
            form.category = draft.category;
            form.tags = draft.tags;
            form.body = draft.body;
            form.poll = PollForm::from_kept(&draft.poll);
            form.draft_revision = draft.revision.to_string();
            Ok(())
        }
        Err(Stop::Refused(Refusal::NotFound)) => Ok(()),
        Err(stop) => Err(stop),
    }
}

fn filled(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    mut form: NewThreadForm,
    preview: String,
    problems: Problems,
) -> Result<Shown> {
    if form.shown.is_empty() {
        form.shown = moderation::opened_now(tx, &viewer.actor);
    }
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
                // What was chosen stays chosen: the reason may be gone when the form is sent again.
                if category.id.to_string() == form.category && form.is_typed() {
                    choices.push(Choice {
                        id: category.id,
                        name: category.name.clone(),
                        chosen: true,
                    });
                }
                refused = Some(stop);
            }
            Err(_) => {}
        }
    }
    // Nowhere to start: the reason says what to do about it. Whoever typed something keeps it all the same.
    match refused {
        Some(stop) if choices.is_empty() && !form.is_typed() => Err(stop),
        _ => Ok(Shown::from(NewThreadPage {
            choices,
            kinds: polls::kinds(&form.poll),
            alike: if preview.is_empty() {
                Vec::new()
            } else {
                drafts::alike(tx, viewer, &form.title, &form.body)?
            },
            draft_revision: form.draft_revision.parse().unwrap_or(0),
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
            if !form.draft.is_empty() {
                return drafts::put_aside(tx, viewer, &form.draft_words()?, &form.draft_revision);
            }
            let (new, poll) = parsed(&form, words.clone())?;
            let started = kept(forum::start(tx, &viewer.actor, &new))?;
            if let Some(poll) = &poll {
                kept(forum::put_poll(tx, &viewer.actor, started.post, poll))?;
            }
            moderation::hold_if_fast(tx, &viewer.actor, started.post, &form.shown)?;
            Ok(See::to(started.path()).flash("thread-started"))
        },
        move |tx, viewer, problems| {
            filled(tx, viewer, again.clone(), String::new(), problems.clone())
        },
    )
    .await
}

/// Everything that is wrong with the form, found in one go.
fn parsed(
    form: &NewThreadForm,
    words: Result<Words, Problems>,
) -> Result<(NewThread, Option<PollDraft>)> {
    let mut problems = Problems::default();
    let mut note = |found: Problems| problems.0.extend(found.0);
    let category: Option<CategoryId> = form.category.parse().ok();
    if category.is_none() {
        note(Problems::one("category", "category-missing"));
    }
    let title = Title::parse(&form.title).map_err(&mut note).ok();
    let tags = Tags::parse(&form.tags).map_err(&mut note).ok();
    let words = words.map_err(&mut note).ok();
    let poll = if form.poll.is_empty() {
        Some(None)
    } else {
        form.poll.draft().map_err(&mut note).ok().map(Some)
    };
    match (category, title, words, tags, poll) {
        (Some(category), Some(title), Some(words), Some(tags), Some(poll)) => {
            let new = NewThread {
                category,
                title,
                words,
                tags,
            };
            Ok((new, poll))
        }
        _ => Err(problems.into()),
    }
}
