//! `/p/{id}/nominate`: choosing words of a post, by sentence, and saying why they are worth telling.

use serde::{Deserialize, Serialize};

use super::parts::Who;
use crate::content;
use crate::db::Tx;
use crate::forum;
use crate::highlights::{self, QuoteWish, Run, Wish};
use crate::kit::ids::PostId;
use crate::kit::{Problems, Result};
use crate::members::{self, Card};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The form's fields.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    from: usize,
    to: usize,
    excerpt: String,
    title: String,
    reason: String,
    audience: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Sentence {
    number: usize,
    text: String,
    from: bool,
    to: bool,
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NominatePage {
    post: i64,
    path: String,
    thread: String,
    author: Who,
    own: bool,
    sentences: Vec<Sentence>,
    form: Form,
    problems: Problems,
}

impl Page for NominatePage {
    const TEMPLATE: &'static str = "highlights/nominate";

    fn head(&self) -> Head {
        Head::new("highlights-nominate-title").outward().form()
    }

    fn samples() -> Vec<Self> {
        let sentence = |number, text: &str| Sentence {
            number,
            text: text.into(),
            from: number == 1,
            to: number == 2,
        };
        let usual = Self {
            post: 2,
            path: "/t/kingfisher/12/2".into(),
            thread: "A kingfisher in the courtyard".into(),
            author: Who::sample(),
            own: true,
            sentences: vec![
                sentence(1, "This morning."),
                sentence(2, "م".repeat(255).as_str()),
            ],
            ..Self::default()
        };
        let wrong = Self {
            problems: Problems::one("excerpt", "excerpt-not-there"),
            ..usual.clone()
        };
        vec![Self::default(), usual, wrong]
    }
}

fn made(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    post: PostId,
    mut form: Form,
    problems: Problems,
) -> Result<NominatePage> {
    let facts = forum::post_facts(tx, post)?;
    viewer.actor.may(&Action::Nominate(&facts))?;
    let said = forum::said(tx, post)?;
    let author = match said.author {
        Some(author) => members::cards(tx, &[author])?.remove(&author),
        None => None,
    };
    let author = author.unwrap_or_else(Card::nobody);
    if form.from == 0 {
        (form.from, form.to) = (1, 1);
    }
    let sentences = content::sentences(&said.text)
        .into_iter()
        .zip(1..)
        .map(|(range, number)| Sentence {
            number,
            text: said.text.get(range).unwrap_or_default().to_owned(),
            from: number == form.from,
            to: number == form.to,
        })
        .collect();
    Ok(NominatePage {
        post: post.0,
        path: forum::post_path(&said.slug, said.thread, said.number),
        thread: said.title,
        own: viewer.actor.id().is_some() && viewer.actor.id() == said.author,
        author: Who::of(&author),
        sentences,
        form,
        problems,
    })
}

/// Shows the form.
pub async fn form(call: Call) -> Answer {
    let post: PostId = call.segment("id")?;
    let form: Form = call.query()?;
    call.page(move |tx, viewer| {
        Ok(Shown::from(made(
            tx,
            viewer,
            post,
            form.clone(),
            Problems::default(),
        )?))
    })
    .await
}

/// Nominates.
pub async fn nominate(call: Call) -> Answer {
    let post: PostId = call.segment("id")?;
    let form: Form = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let run = if form.excerpt.trim().is_empty() {
                Run::Sentences {
                    first: form.from.saturating_sub(1),
                    last: form.to.saturating_sub(1),
                }
            } else {
                Run::Words(form.excerpt.clone())
            };
            let wish = Wish {
                title: form.title.clone(),
                reason: form.reason.clone(),
                audience: form.audience.clone(),
                quotes: vec![QuoteWish { post, run }],
                thread: None,
                named: Vec::new(),
            };
            let id = highlights::nominate(tx, &viewer.actor, &wish, None)?;
            let own = forum::said(tx, post)?.author == viewer.actor.id();
            // Own words are asked about like anybody's, only sooner.
            let path = if own {
                format!("/my/consents/{id}")
            } else {
                format!("/highlights/{id}")
            };
            Ok(See::to(path).flash("highlight-nominated"))
        },
        move |tx, viewer, problems| {
            Ok(Shown::from(made(
                tx,
                viewer,
                post,
                again.clone(),
                problems.clone(),
            )?))
        },
    )
    .await
}
