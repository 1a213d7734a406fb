//! Removing a picture of a post: which one, why, and what that will reach, said before it is done.

use serde::{Deserialize, Serialize};

use crate::content::uploads;
use crate::db::Tx;
use crate::forum;
use crate::guidelines::Numbered;
use crate::highlights;
use crate::kit::ids::{MediaId, PostId};
use crate::kit::{Problems, Result, Stop};
use crate::moderation::{self, Because};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

use super::report::rule_number;

/// What the form sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PictureForm {
    picture: String,
    rule: String,
    reason: String,
}

/// One picture of the post, and how far it has gone.
#[derive(Debug, Clone, Serialize)]
struct Line {
    id: MediaId,
    path: String,
    alt: String,
    width: i64,
    height: i64,
    /// Other uploads of the same bytes.
    copies: usize,
    /// Announcements with it that have not left.
    queued: i64,
    /// Announcements with it that stand outside.
    sent: i64,
}

/// Asks which picture is removed, and why.
#[derive(Debug, Clone, Serialize)]
pub struct PicturesPage {
    action: String,
    path: String,
    title: String,
    number: i64,
    pictures: Vec<Line>,
    rules: Vec<Numbered>,
    form: PictureForm,
    problems: Problems,
}

impl Page for PicturesPage {
    const TEMPLATE: &'static str = "moderation/pictures";

    fn head(&self) -> Head {
        Head::new("moderation-picture-title")
            .nav("desk")
            .no_index()
            .form()
    }

    fn samples() -> Vec<Self> {
        let line = Line {
            id: MediaId(4),
            path: "/media/4/x.webp".to_owned(),
            alt: "A heron at dawn".to_owned(),
            width: 900,
            height: 600,
            copies: 0,
            queued: 0,
            sent: 0,
        };
        let usual = Self {
            action: "/p/88/pictures".to_owned(),
            path: "/t/a-kingfisher/12/2".to_owned(),
            title: "A kingfisher in the courtyard".to_owned(),
            number: 2,
            pictures: vec![line.clone()],
            rules: Vec::new(),
            form: PictureForm::default(),
            problems: Problems::default(),
        };
        let empty = Self {
            pictures: Vec::new(),
            ..usual.clone()
        };
        let worst = Self {
            title: "ש".repeat(255),
            pictures: vec![
                Line {
                    alt: "<b>w".repeat(200),
                    copies: 12,
                    queued: 1,
                    sent: 3,
                    ..line.clone()
                },
                line,
            ],
            form: PictureForm {
                picture: "4".to_owned(),
                ..PictureForm::default()
            },
            problems: Problems::one("reason", "needed"),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: PostId,
    form: PictureForm,
    problems: Problems,
) -> Result<PicturesPage> {
    let law = forum::post_facts(tx, id)?;
    viewer.actor.may(&Action::HidePost(&law))?;
    let (thread, post) = forum::post(tx, &viewer.actor, id)?;
    let mut pictures = Vec::new();
    for upload in uploads::media_of(tx, id)? {
        // What stands behind doors that are closed to the reader is not counted either.
        let copies = forum::copies_to_treat(tx, &viewer.actor, upload.id)?;
        let copies: Vec<MediaId> = copies.into_iter().map(|(copy, _)| copy).collect();
        let (queued, sent) = highlights::reach_of_pictures(tx, &copies)?;
        pictures.push(Line {
            id: upload.id,
            path: uploads::path(upload.id, &upload.name),
            alt: upload.alt,
            width: upload.width,
            height: upload.height,
            copies: copies.len().saturating_sub(1),
            queued,
            sent,
        });
    }
    Ok(PicturesPage {
        action: format!("/p/{id}/pictures"),
        path: post.path,
        title: thread.title,
        number: post.number,
        pictures,
        rules: moderation::citable(tx)?,
        form,
        problems,
    })
}

/// Shows the pictures of a post.
pub async fn show(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let form = PictureForm::default();
        page(tx, viewer, id, form, Problems::default()).map(Shown::from)
    })
    .await
}

/// Removes the one that was chosen.
pub async fn remove(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let form: PictureForm = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let mut problems = Problems::default();
            let here = uploads::media_of(tx, id)?;
            let chosen = form.picture.parse().map(MediaId).ok();
            let chosen = chosen.filter(|wanted| here.iter().any(|one| one.id == *wanted));
            if chosen.is_none() {
                problems.add("picture", "choose", &[]);
            }
            if form.reason.trim().is_empty() && form.rule.trim().is_empty() {
                problems.add("reason", "needed", &[]);
            }
            problems.check()?;
            let chosen = chosen.ok_or_else(|| Stop::invalid("picture", "choose"))?;
            let because = Because {
                reason: form.reason.trim().to_owned(),
                rule: moderation::rule_today(tx, rule_number(&form.rule)?)?,
                item: None,
            };
            moderation::remove_picture(tx, &viewer.actor, chosen, &because)?;
            let (_, post) = forum::post(tx, &viewer.actor, id)?;
            Ok(See::to(post.path).flash("moderation-picture-removed"))
        },
        move |tx, viewer, problems| {
            page(tx, viewer, id, again.clone(), problems.clone()).map(Shown::from)
        },
    )
    .await
}
