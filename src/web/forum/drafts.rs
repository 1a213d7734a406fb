//! Drafts: saving, the list, going on with one; and the preview that the server's own renderer makes while one types.

use serde::{Deserialize, Serialize};

use super::polls::PollForm;
use super::samples;
use crate::db::Tx;
use crate::forum::{self, Draft, DraftWords};
use crate::kit::ids::{DraftId, ThreadId};
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::web::{Answer, Bytes, Call, Head, Page, See, Shown, Viewer};

/// Threads that are shown as alike.
pub(super) const ALIKE: usize = 5;

/// A thread that may be about the same.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Alike {
    title: String,
    path: String,
}

impl Alike {
    /// One to show in samples.
    pub(super) fn sample() -> Self {
        Self {
            title: samples::long_title(),
            path: "/t/a-kingfisher/12".to_owned(),
        }
    }
}

/// Threads that may be about the same as this one, which is about to be started.
pub(super) fn alike(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    title: &str,
    text: &str,
) -> Result<Vec<Alike>> {
    if title.trim().chars().count() < 4 {
        return Ok(Vec::new());
    }
    let title: String = title.chars().take(255).collect();
    let text: String = text.chars().take(2_000).collect();
    let found = forum::alike_threads(tx, &viewer.actor, &title, &text, None, ALIKE)?;
    let line = |(_, title, path)| Alike { title, path };
    Ok(found.into_iter().map(line).collect())
}

/// My drafts.
#[derive(Debug, Clone, Serialize)]
pub struct DraftsPage {
    items: Vec<Draft>,
}

fn sample() -> Draft {
    Draft {
        id: DraftId(3),
        thread: Some(ThreadId(12)),
        thread_title: "A kingfisher in the courtyard".to_owned(),
        path: "/t/a-kingfisher/12?draft=1#reply".to_owned(),
        title: String::new(),
        category: String::new(),
        tags: String::new(),
        body: "It sat on the bronze heron.".to_owned(),
        reply_to: String::new(),
        poll: String::new(),
        revision: 2,
        saved_at: samples::THEN,
    }
}

fn worst_sample() -> Draft {
    Draft {
        thread_title: String::new(),
        path: String::new(),
        body: "</textarea>".repeat(400),
        poll: "{\"poll_question\":\"</textarea>\"}".to_owned(),
        ..sample()
    }
}

impl Page for DraftsPage {
    const TEMPLATE: &'static str = "forum/drafts";

    fn head(&self) -> Head {
        Head::new("forum-drafts-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let new = Draft {
            thread: None,
            title: samples::long_title(),
            path: "/new-thread?draft=1".to_owned(),
            ..sample()
        };
        vec![
            Self { items: Vec::new() },
            Self {
                items: vec![sample()],
            },
            Self {
                items: vec![new, worst_sample()],
            },
        ]
    }
}

/// Shows my drafts.
pub async fn list(call: Call) -> Answer {
    call.page(|tx, viewer| {
        let items = forum::drafts_of(tx, &viewer.actor)?;
        Ok(Shown::from(DraftsPage { items }))
    })
    .await
}

/// One draft; scripts read it from here.
#[derive(Debug, Clone, Serialize)]
pub struct DraftPage {
    draft: Draft,
}

impl Page for DraftPage {
    const TEMPLATE: &'static str = "forum/draft";

    fn head(&self) -> Head {
        Head::new("forum-draft-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Draft {
            body: String::new(),
            ..sample()
        };
        let of = |draft| Self { draft };
        vec![of(empty), of(sample()), of(worst_sample())]
    }
}

/// `new-thread`, or `t12-reply`: the mark that a text field carries for its draft.
fn thread_of(key: &str) -> Result<Option<ThreadId>> {
    if key == "new-thread" {
        return Ok(None);
    }
    let number = key
        .strip_prefix('t')
        .and_then(|rest| rest.strip_suffix("-reply"))
        .and_then(|number| number.parse().ok())
        .filter(|number| *number > 0);
    match number {
        Some(number) => Ok(Some(ThreadId(number))),
        None => Err(Refusal::NotFound.into()),
    }
}

/// Shows a draft.
pub async fn show(call: Call) -> Answer {
    let key: String = call.segment("key")?;
    let thread = thread_of(&key)?;
    call.page(move |tx, viewer| {
        let draft = forum::draft_for(tx, &viewer.actor, thread)?;
        Ok(Shown::from(DraftPage { draft }))
    })
    .await
}

/// What a form for writing sends that is kept in a draft.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct DraftForm {
    title: String,
    category: String,
    tags: String,
    body: String,
    reply_to: String,
    #[serde(flatten)]
    poll: PollForm,
    draft_revision: String,
}

/// Saves a draft; the page that follows carries its number.
pub async fn save(call: Call) -> Answer {
    let key: String = call.segment("key")?;
    let thread = thread_of(&key)?;
    let form: DraftForm = call.form()?;
    call.act(move |tx, viewer| {
        let words = DraftWords {
            thread,
            title: form.title.clone(),
            category: form.category.clone(),
            tags: form.tags.clone(),
            body: form.body.clone(),
            reply_to: form.reply_to.clone(),
            poll: form.poll.kept()?,
        };
        let revision = form.draft_revision.parse().unwrap_or(0);
        let saved = forum::save_draft(tx, &viewer.actor, &words, revision)?;
        if saved == 0 {
            return Ok(See::to("/my/drafts"));
        }
        Ok(See::to(format!("/my/drafts/{key}")))
    })
    .await
}

/// Saves what stands in a form for writing, and leads to the list. `revision` is the saving that the form began with;
/// another draft that was put aside here since is not written over unseen.
pub(super) fn put_aside(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    words: &DraftWords,
    revision: &str,
) -> Result<See> {
    let revision = revision.parse().unwrap_or(0);
    match forum::save_draft(tx, &viewer.actor, words, revision) {
        Err(Stop::Refused(Refusal::Stale)) => Err(Stop::invalid("body", "draft-elsewhere")),
        other => other,
    }?;
    Ok(See::to("/my/drafts").flash("draft-saved"))
}

/// Lets a draft go.
pub async fn discard(call: Call) -> Answer {
    let id: DraftId = call.segment("id")?;
    call.act(move |tx, viewer| {
        forum::discard_draft(tx, &viewer.actor, id)?;
        Ok(See::to("/my/drafts").flash("draft-discarded"))
    })
    .await
}

/// What words will look like, and what is like them already.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PreviewPage {
    preview: String,
    alike: Vec<Alike>,
    problems: Problems,
}

impl Page for PreviewPage {
    const TEMPLATE: &'static str = "forum/preview";

    fn head(&self) -> Head {
        Head::new("forum-preview").no_index()
    }

    fn samples() -> Vec<Self> {
        vec![
            Self::default(),
            Self {
                preview: "<p>It sat on the bronze heron.</p>".to_owned(),
                ..Self::default()
            },
            Self {
                alike: vec![Alike::sample()],
                problems: Problems::one("body", "body-too-long"),
                ..Self::default()
            },
        ]
    }
}

/// Makes a preview. Nothing is written.
pub async fn preview(call: Call) -> Answer {
    let form: DraftForm = call.form()?;
    // Before anything costly is done.
    let (app, credentials) = (call.app().clone(), call.credentials().clone());
    call.app()
        .db
        .read(move |tx| {
            let viewer = Viewer::recognise(tx, &credentials, &app)?;
            viewer
                .actor
                .id()
                .map(drop)
                .ok_or(Refusal::SignInFirst.into())
        })
        .await?;
    let words = super::words::read(&call, &form.body).await?;
    call.page(move |tx, viewer| {
        let mut page = PreviewPage {
            alike: alike(tx, viewer, &form.title, "")?,
            ..PreviewPage::default()
        };
        match &words {
            Ok(words) => page.preview = words.html().to_owned(),
            Err(problems) if !form.body.trim().is_empty() => page.problems = problems.clone(),
            Err(_) => {}
        }
        Ok(page.into())
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Completing {
    kind: String,
    q: String,
}

/// What can be put in place of a beginning.
#[derive(Debug, Clone, Serialize)]
struct Completion {
    insert: String,
    label: String,
}

/// Names and emoji that begin like this, for scripts. Names are those of members, whom every member may look up.
pub async fn complete(call: Call) -> Answer {
    let asked: Completing = call.query()?;
    call.page(move |tx, viewer| {
        if viewer.actor.id().is_none() {
            return Err(Refusal::SignInFirst.into());
        }
        let beginning: String = asked.q.chars().take(40).collect();
        let found: Vec<Completion> = match asked.kind.as_str() {
            "emoji" => crate::content::emoji_like(&beginning)
                .into_iter()
                .map(|(name, sign)| Completion {
                    insert: sign.to_owned(),
                    label: format!("{sign} {name}"),
                })
                .collect(),
            _ => crate::members::named_like(tx, &beginning)?
                .into_iter()
                .map(|card| Completion {
                    insert: format!("@{}", card.name),
                    label: format!("{} @{}", card.display, card.name),
                })
                .collect(),
        };
        Ok(Shown::Bytes(Bytes::new(
            "application/json",
            serde_json::to_vec(&found)?,
        )))
    })
    .await
}
