//! `/my/uploads`: sending a picture with its description, and the line that puts it into a post.

use serde::{Deserialize, Serialize};

use crate::content::uploads::{self, MOST_BYTES, Picture, Upload};
use crate::db::Tx;
use crate::kit::cursor::Cursor;
use crate::kit::ids::MediaId;
use crate::kit::{Problems, Result, Stop};
use crate::web::multipart;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Pictures on a page.
const PER_PAGE: i64 = 24;

/// A picture as its owner sees it.
#[derive(Debug, Clone, Default, Serialize)]
struct Line {
    id: i64,
    path: String,
    /// One to show in the list.
    small: String,
    markdown: String,
    alt: String,
    width: i64,
    height: i64,
    kib: i64,
    post: Option<i64>,
    at: i64,
    new: bool,
}

fn line(upload: &Upload, new: Option<MediaId>) -> Line {
    let smaller = uploads::sizes(&upload.name)
        .map(|s| s.smaller)
        .unwrap_or_default();
    let small = smaller
        .first()
        .map_or(upload.name.as_str(), |(_, name)| name);
    Line {
        id: upload.id.0,
        path: upload.path(),
        small: uploads::path(upload.id, small),
        markdown: upload.markdown(),
        alt: upload.alt.clone(),
        width: upload.width,
        height: upload.height,
        kib: upload.bytes / 1024,
        post: upload.post.map(|id| id.0),
        at: upload.created_at.0,
        new: new == Some(upload.id),
    }
}

/// What I sent.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UploadsPage {
    lines: Vec<Line>,
    next: String,
    most_mib: usize,
    alt: String,
    problems: Problems,
}

impl Page for UploadsPage {
    const TEMPLATE: &'static str = "content/uploads";

    fn head(&self) -> Head {
        Head::new("content-uploads-title").no_index().form()
    }

    fn samples() -> Vec<Self> {
        let usual = Line {
            id: 12,
            path: "/media/12/k3-1600x1200.jpg".into(),
            small: "/media/12/k3-1600x1200-w480.jpg".into(),
            markdown: "![A heron](/media/12/k3-1600x1200.jpg)".into(),
            alt: "A heron".into(),
            width: 1_600,
            height: 1_200,
            kib: 412,
            post: Some(88),
            at: 1_790_000_000_000_000,
            new: true,
        };
        let worst = Line {
            alt: "م".repeat(255),
            markdown: format!("![{}](/media/13/k3-1x1.png)", "م".repeat(255)),
            post: None,
            new: false,
            ..usual.clone()
        };
        let empty = Self {
            most_mib: 10,
            ..Self::default()
        };
        let full = Self {
            lines: vec![usual, worst],
            next: "/my/uploads?after=x".into(),
            ..empty.clone()
        };
        let wrong = Self {
            alt: "م".repeat(255),
            problems: Problems::one("file", "upload-no-picture"),
            ..full.clone()
        };
        vec![empty, full, wrong]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
    new: Option<i64>,
}

fn made(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    asked: &Asked,
    alt: &str,
    problems: Problems,
) -> Result<UploadsPage> {
    let before = Cursor::decode(&asked.after).and_then(|c| c.as_one());
    let (found, next) = uploads::uploads_of(tx, &viewer.actor, before, PER_PAGE)?;
    let new = asked.new.map(MediaId);
    Ok(UploadsPage {
        lines: found.iter().map(|upload| line(upload, new)).collect(),
        next: next.map_or_else(String::new, |id| {
            format!("/my/uploads?after={}", Cursor::one(id).encode())
        }),
        most_mib: MOST_BYTES / 1024 / 1024,
        alt: alt.to_owned(),
        problems,
    })
}

/// Shows what I sent, and the form for more.
pub async fn list(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let page = made(tx, viewer, &asked, "", Problems::default())?;
        Ok(Shown::from(page))
    })
    .await
}

/// The picture and its description, from a form or a request of the API.
///
/// # Errors
/// Unreadable where the form is none; a problem with `file` where it holds no picture.
pub async fn received(call: &Call) -> Result<(String, std::result::Result<Picture, Stop>)> {
    let boundary = call
        .header("content-type")
        .and_then(multipart::boundary)
        .unwrap_or_default();
    let body = call.body();
    let fields = multipart::parts(&boundary, &body)?;
    let of = |name: &str| {
        fields
            .iter()
            .find(|part| part.name == name)
            .map(|part| part.bytes.to_vec())
            .unwrap_or_default()
    };
    let alt = String::from_utf8_lossy(&of("alt")).into_owned();
    let sent = of("file");
    let picture = call.compute(move || Picture::read(&sent)).await?;
    let picture = picture.map_err(|problem| Stop::invalid("file", problem.key()));
    Ok((alt, picture))
}

/// Writes the files, then the row; where the row is not taken, the files go again.
///
/// # Errors
/// What [`uploads::keep`] answers.
pub async fn kept(call: &Call, picture: Picture, alt: String) -> Result<Upload> {
    let store = call.app().media.clone();
    let actor = call.actor().await?;
    actor.may(&crate::policy::Action::Upload)?;
    let mut names = Vec::new();
    for (name, bytes) in picture.files.clone() {
        store.put(&name, bytes).await?;
        names.push(name);
    }
    let done = call
        .app()
        .db
        .write(move |tx| {
            // Read again: whoever was suspended a moment ago sends nothing more.
            let me = actor.id().ok_or(crate::kit::Refusal::SignInFirst)?;
            let actor = crate::members::actor(tx, me)?;
            uploads::keep(tx, &actor, &picture, &alt)
        })
        .await;
    if !matches!(&done, Ok(kept) if kept.new) {
        for name in names {
            store.drop_file(&name).await?;
        }
    }
    Ok(done?.upload)
}

/// Takes a picture.
pub async fn send(call: Call) -> Answer {
    let (alt, picture) = received(&call).await?;
    let outcome = match picture {
        Ok(picture) => kept(&call, picture, alt.clone()).await,
        Err(stop) => Err(stop),
    };
    let done = match outcome {
        Ok(upload) => Ok(upload),
        Err(Stop::Invalid(problems)) => Err(problems),
        Err(other) => return Err(other),
    };
    call.submit(
        move |_, _| match &done {
            Ok(upload) => {
                Ok(See::to(format!("/my/uploads?new={}", upload.id)).flash("upload-kept"))
            }
            Err(problems) => Err(problems.clone().into()),
        },
        move |tx, viewer, problems| {
            let page = made(tx, viewer, &Asked::default(), &alt, problems.clone())?;
            Ok(Shown::from(page))
        },
    )
    .await
}

/// Lets one go that stands in no post.
pub async fn drop_one(call: Call) -> Answer {
    let id: MediaId = call.segment("id")?;
    call.act(move |tx, viewer| {
        uploads::let_go(tx, &viewer.actor, id)?;
        Ok(See::to("/my/uploads").flash("upload-dropped"))
    })
    .await
}
