//! Editing a post's words, and a thread's title and tags.

use serde::{Deserialize, Serialize};

use super::kept::{kept, with_refusal};
use super::samples;
use crate::db::Tx;
use crate::forum::{self, Heading, Tags, Title};
use crate::kit::ids::{PostId, ThreadId};
use crate::kit::{Problems, Result};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The form that edits a post.
#[derive(Debug, Clone, Serialize)]
pub struct EditPostPage {
    post: PostId,
    number: i64,
    title: String,
    path: String,
    own: bool,
    form: EditForm,
    preview: String,
    /// What stands there now, where somebody else edited it meanwhile.
    theirs: String,
    problems: Problems,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct EditForm {
    body: String,
    note: String,
    revision: i64,
    #[serde(skip_serializing)]
    preview: String,
}

impl Page for EditPostPage {
    const TEMPLATE: &'static str = "forum/edit_post";

    fn head(&self) -> Head {
        Head::new("forum-edit-post-title").nav("latest").form()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            post: PostId(88),
            number: 2,
            title: "A kingfisher in the courtyard".to_owned(),
            path: "/t/a-kingfisher/12/2".to_owned(),
            own: true,
            form: EditForm {
                body: "It sat on the heron.".to_owned(),
                revision: 1,
                ..EditForm::default()
            },
            preview: String::new(),
            theirs: String::new(),
            problems: Problems::default(),
        };
        let worst = Self {
            title: samples::long_title(),
            own: false,
            preview: "<p>It sat</p>".to_owned(),
            theirs: "</textarea>".to_owned(),
            problems: Problems::one("body", "body-missing"),
            ..usual.clone()
        };
        let empty = Self {
            form: EditForm::default(),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

fn edit_page(tx: &mut Tx<'_>, viewer: &Viewer, id: PostId) -> Result<EditPostPage> {
    let law = forum::post_facts(tx, id)?;
    viewer.actor.may(&Action::EditPost(&law))?;
    drawn(tx, viewer, id, viewer.actor.id() == law.author)
}

fn drawn(tx: &mut Tx<'_>, viewer: &Viewer, id: PostId, own: bool) -> Result<EditPostPage> {
    let (thread, post) = forum::post(tx, &viewer.actor, id)?;
    Ok(EditPostPage {
        post: id,
        number: post.number,
        title: thread.title,
        path: post.path,
        own,
        form: EditForm {
            body: post.source,
            note: String::new(),
            revision: post.revision,
            preview: String::new(),
        },
        preview: String::new(),
        theirs: String::new(),
        problems: Problems::default(),
    })
}

/// The form again, with what was typed. Where somebody else was quicker, their words stand beside it, and sending the
/// form again is meant to replace them. Where the writer may not edit any more, what was typed stands there all the same,
/// with the reason.
fn again(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: PostId,
    typed: &EditForm,
    problems: &Problems,
) -> Result<EditPostPage> {
    let law = forum::post_facts(tx, id)?;
    let may = viewer.actor.may(&Action::EditPost(&law));
    let allowed = may.is_ok();
    let problems = with_refusal(problems, may)?;
    let mut page = drawn(tx, viewer, id, viewer.actor.id() == law.author)?;
    let now = std::mem::replace(&mut page.form, typed.clone());
    if allowed && now.revision != typed.revision {
        page.theirs = now.body;
        page.form.revision = now.revision;
    }
    page.problems = problems;
    Ok(page)
}

/// Shows the form.
pub async fn post_form(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.page(move |tx, viewer| Ok(edit_page(tx, viewer, id)?.into()))
        .await
}

/// Edits the post, or shows what it will look like.
pub async fn edit_post(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let form: EditForm = call.form()?;
    let words = super::words::read(&call, &form.body).await?;
    if !form.preview.is_empty() {
        return call
            .page(move |tx, viewer| {
                let problems = words.clone().err().unwrap_or_default();
                let mut page = again(tx, viewer, id, &form, &problems)?;
                if let Ok(words) = &words {
                    page.preview = words.html().to_owned();
                }
                Ok(page.into())
            })
            .await;
    }
    let typed = form.clone();
    call.submit(
        move |tx, viewer| {
            let words = words.clone()?;
            let actor = &viewer.actor;
            kept(forum::edit_post(
                tx,
                actor,
                id,
                &words,
                form.revision,
                &form.note,
            ))?;
            let spot = forum::spot(tx, actor, id)?;
            let path = forum::post_anchor_path(&spot.slug, spot.thread, spot.number);
            Ok(See::to(path).flash("post-edited"))
        },
        move |tx, viewer, problems| Ok(again(tx, viewer, id, &typed, problems)?.into()),
    )
    .await
}

/// The form that changes a thread's title and tags.
#[derive(Debug, Clone, Serialize)]
pub struct EditThreadPage {
    thread: ThreadId,
    path: String,
    form: HeadingForm,
    /// Title and tags as somebody else saved them meanwhile.
    theirs: Option<HeadingForm>,
    problems: Problems,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct HeadingForm {
    title: String,
    tags: String,
    revision: i64,
}

impl Page for EditThreadPage {
    const TEMPLATE: &'static str = "forum/edit_thread";

    fn head(&self) -> Head {
        Head::new("forum-edit-thread-title").nav("latest").form()
    }

    fn samples() -> Vec<Self> {
        let of = |title: String, problems| Self {
            thread: ThreadId(12),
            path: "/t/a-kingfisher/12".to_owned(),
            form: HeadingForm {
                title,
                tags: "birds".to_owned(),
                revision: 1,
            },
            theirs: None,
            problems,
        };
        let worst = of(
            samples::long_title(),
            Problems::one("title", "title-missing"),
        );
        vec![
            of(String::new(), Problems::default()),
            of("A kingfisher".to_owned(), Problems::default()),
            Self {
                theirs: Some(worst.form.clone()),
                ..worst
            },
        ]
    }
}

fn heading_page(tx: &mut Tx<'_>, viewer: &Viewer, id: ThreadId) -> Result<EditThreadPage> {
    let law = forum::thread_facts(tx, id)?;
    viewer.actor.may(&Action::EditThread(&law))?;
    heading_drawn(tx, viewer, id)
}

fn heading_drawn(tx: &mut Tx<'_>, viewer: &Viewer, id: ThreadId) -> Result<EditThreadPage> {
    let thread = forum::thread_view(tx, &viewer.actor, id)?;
    let tags: Vec<String> = thread.tags.into_iter().map(|tag| tag.name).collect();
    Ok(EditThreadPage {
        thread: id,
        path: thread.path,
        form: HeadingForm {
            title: thread.title,
            tags: tags.join(", "),
            revision: thread.revision,
        },
        theirs: None,
        problems: Problems::default(),
    })
}

/// Shows the form.
pub async fn thread_form(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    call.page(move |tx, viewer| Ok(heading_page(tx, viewer, id)?.into()))
        .await
}

/// Changes title and tags.
pub async fn edit_thread(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    let form: HeadingForm = call.form()?;
    let typed = form.clone();
    call.submit(
        move |tx, viewer| {
            let mut problems = Problems::default();
            let title = Title::parse(&form.title).map_err(|p| problems.0.extend(p.0));
            let tags = Tags::parse(&form.tags).map_err(|p| problems.0.extend(p.0));
            let (Ok(title), Ok(tags)) = (title, tags) else {
                return Err(problems.into());
            };
            let heading = Heading {
                title,
                tags,
                revision: form.revision,
            };
            let slug = kept(forum::edit_thread(tx, &viewer.actor, id, &heading))?;
            Ok(See::to(forum::thread_path(&slug, id)).flash("thread-edited"))
        },
        move |tx, viewer, problems| {
            let law = forum::thread_facts(tx, id)?;
            let may = viewer.actor.may(&Action::EditThread(&law));
            let allowed = may.is_ok();
            let problems = with_refusal(problems, may)?;
            let mut page = heading_drawn(tx, viewer, id)?;
            let now = std::mem::replace(&mut page.form, typed.clone());
            // Sending the form again is meant to replace what somebody else saved, and is done with that in sight.
            if allowed && now.revision != typed.revision {
                page.form.revision = now.revision;
                page.theirs = Some(now);
            }
            page.problems = problems;
            Ok(Shown::from(page))
        },
    )
    .await
}
