//! The editable pages: privacy, imprint, accessibility.

use serde::{Deserialize, Serialize};

use crate::content::{RenderOptions, SourceProblem, check_source, render_document, summary};
use crate::db::Tx;
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::policy::Action;
use crate::site::{self, PageWords};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The longest page, in bytes of Markdown.
const MOST_BYTES: usize = 100_000;

/// An editable page as everybody reads it.
#[derive(Debug, Clone, Serialize)]
pub struct HousePage {
    slug: String,
    title: String,
    body_html: String,
    summary: String,
    updated_at: Option<At>,
    can_edit: bool,
}

impl Page for HousePage {
    const TEMPLATE: &'static str = "site/page";

    fn head(&self) -> Head {
        if self.updated_at.is_none() {
            return Head::new(&format!("site-page-{}", self.slug))
                .status(404)
                .no_index();
        }
        Head::text(&self.title)
            .description(&self.summary)
            .canonical(&format!("/pages/{}", self.slug))
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            slug: "imprint".to_owned(),
            title: String::new(),
            body_html: String::new(),
            summary: String::new(),
            updated_at: None,
            can_edit: false,
        };
        let usual = Self {
            slug: "privacy".to_owned(),
            title: "Privacy".to_owned(),
            body_html: "<p>We keep what you write.</p>".to_owned(),
            updated_at: Some(At(1_790_000_000_000_000)),
            ..empty.clone()
        };
        let worst = Self {
            title: "ש".repeat(255),
            can_edit: true,
            ..usual.clone()
        };
        let to_write = Self {
            can_edit: true,
            ..empty.clone()
        };
        vec![empty, usual, worst, to_write]
    }
}

fn known(slug: &str) -> Result<()> {
    if site::SLUGS.contains(&slug) {
        Ok(())
    } else {
        Err(Refusal::NotFound.into())
    }
}

/// Shows a page. One that is not written yet says so, and shows an admin where to write it.
pub async fn show(call: Call) -> Answer {
    let slug: String = call.segment("slug")?;
    known(&slug)?;
    call.page(move |tx, viewer| {
        let can_edit = viewer.can(&Action::EditPages);
        let found = site::seek_page(tx, &slug)?;
        let shown = match found {
            Some(page) => HousePage {
                slug: page.slug,
                summary: summary(&page.body_source.replace(['#', '*'], ""), 200),
                title: page.title,
                body_html: page.body_html,
                updated_at: Some(page.updated_at),
                can_edit,
            },
            None => HousePage {
                slug: slug.clone(),
                title: String::new(),
                body_html: String::new(),
                summary: String::new(),
                updated_at: None,
                can_edit,
            },
        };
        Ok(Shown::from(shown))
    })
    .await
}

/// What the form sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PageForm {
    #[serde(skip_serializing)]
    act: String,
    title: String,
    body: String,
    revision: i64,
}

/// The form of an editable page.
#[derive(Debug, Clone, Serialize)]
pub struct HousePageForm {
    slug: String,
    form: PageForm,
    preview_html: Option<String>,
    problems: Problems,
}

impl Page for HousePageForm {
    const TEMPLATE: &'static str = "site/page-edit";

    fn head(&self) -> Head {
        Head::new(&format!("site-page-{}", self.slug))
            .nav("admin")
            .no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            slug: "imprint".to_owned(),
            form: PageForm::default(),
            preview_html: None,
            problems: Problems::default(),
        };
        let usual = Self {
            slug: "privacy".to_owned(),
            form: PageForm {
                act: String::new(),
                title: "Privacy".to_owned(),
                body: "We keep what you write.".to_owned(),
                revision: 2,
            },
            preview_html: Some("<p>We keep what you write.</p>".to_owned()),
            ..empty.clone()
        };
        let worst = Self {
            form: PageForm {
                act: String::new(),
                title: "ש".repeat(255),
                body: "<script>".repeat(255),
                revision: 2,
            },
            problems: Problems::one("title", "needed"),
            ..empty.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Shows the form.
pub async fn write(call: Call) -> Answer {
    let slug: String = call.segment("slug")?;
    known(&slug)?;
    call.page(move |tx, viewer| {
        let found = site::seek_page(tx, &slug)?;
        let (title, body) = site::starting_text(&slug);
        let beginning = || PageForm {
            title: title.to_owned(),
            body: body.to_owned(),
            ..PageForm::default()
        };
        let form = found.map_or_else(beginning, |page| PageForm {
            act: String::new(),
            title: page.title,
            body: page.body_source,
            revision: page.revision,
        });
        form_page(viewer, &slug, form, None, Problems::default()).map(Shown::from)
    })
    .await
}

fn form_page(
    viewer: &Viewer,
    slug: &str,
    form: PageForm,
    preview_html: Option<String>,
    problems: Problems,
) -> Result<HousePageForm> {
    viewer.actor.may(&Action::EditPages)?;
    Ok(HousePageForm {
        slug: slug.to_owned(),
        form,
        preview_html,
        problems,
    })
}

fn words(body: &str, base_url: &str) -> Result<PageWords, Problems> {
    let body = body.replace("\r\n", "\n");
    let body = body.trim_end();
    if body.trim().is_empty() {
        return Err(Problems::one("body", "needed"));
    }
    check_source(body, MOST_BYTES).map_err(|problem| {
        let mut problems = Problems::default();
        match problem {
            SourceProblem::TooLong { max, .. } => {
                problems.add("body", "too-long", &[("most", max.to_string())]);
            }
            SourceProblem::Nul => problems.add("body", "nul", &[]),
            SourceProblem::TooDeep { line } => {
                problems.add("body", "too-deep", &[("line", line.to_string())]);
            }
        }
        problems
    })?;
    let options = RenderOptions {
        post_prefix: "h".to_owned(),
        base_url: base_url.to_owned(),
        ..RenderOptions::default()
    };
    Ok(PageWords {
        html: render_document(body, &options).html,
        source: body.to_owned(),
    })
}

/// Previews or saves, as the pressed button says.
pub async fn written(call: Call) -> Answer {
    let slug: String = call.segment("slug")?;
    known(&slug)?;
    let form: PageForm = call.form()?;
    let (body, base_url) = (form.body.clone(), call.app().config.base_url.clone());
    let words = call.compute(move || words(&body, &base_url)).await?;
    if form.act == "preview" {
        return call
            .page(move |_, viewer| {
                let (html, problems) = match &words {
                    Ok(words) => (Some(words.html.clone()), Problems::default()),
                    Err(problems) => (None, problems.clone()),
                };
                form_page(viewer, &slug, form.clone(), html, problems).map(Shown::from)
            })
            .await;
    }
    let (again, again_slug) = (form.clone(), slug.clone());
    call.submit(
        move |tx, viewer| {
            save(tx, viewer, &slug, &form, words.clone())?;
            Ok(See::to(format!("/pages/{slug}")).flash("site-page-saved"))
        },
        move |tx, viewer, problems| {
            let mut form = again.clone();
            if problems.of("body").is_some_and(|p| p.key == "stale-text") {
                // The next press of the button counts as having been told.
                form.revision = site::seek_page(tx, &again_slug)?.map_or(0, |page| page.revision);
            }
            form_page(viewer, &again_slug, form, None, problems.clone()).map(Shown::from)
        },
    )
    .await
}

fn save(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    slug: &str,
    form: &PageForm,
    words: Result<PageWords, Problems>,
) -> Result<()> {
    let saved = site::edit_page(tx, &viewer.actor, slug, &form.title, &words?, form.revision);
    match saved {
        Err(Stop::Refused(Refusal::Stale)) => Err(Stop::invalid("body", "stale-text")),
        other => other,
    }
}
