//! A document as everybody reads it, with its history and, for members, the box to acknowledge it.

use serde::{Deserialize, Serialize};

use super::changes::{ComparedLine, compared};
use super::parts::{HistoryLine, history};
use super::path;
use crate::content::summary;
use crate::db::Tx;
use crate::guidelines::{self, Version};
use crate::kit::ids::VersionId;
use crate::kit::stop::Document;
use crate::kit::{At, Problems, Result, Stop};
use crate::policy::Action;
use crate::web::dispatch::is_own_path;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    version: Option<i64>,
    before: Option<i64>,
    next: String,
}

/// The version that is read.
#[derive(Debug, Clone, Serialize)]
struct Text {
    label: String,
    body_html: String,
    note: String,
    effective_at: Option<At>,
    changes_href: String,
    summary: String,
    in_force: bool,
    upcoming: bool,
}

/// What the reader has to do with it.
#[derive(Debug, Clone, Serialize)]
struct Acknowledgement {
    /// The version in force, which the form names.
    version: VersionId,
    label: String,
    /// When the reader acknowledged this major version.
    done_at: Option<At>,
    /// Acknowledged an earlier major version.
    before: bool,
    /// What is different since the version that the reader acknowledged.
    changed: Vec<ComparedLine>,
    /// What people call that version.
    since: String,
    next: String,
}

/// A version that waits for its day.
#[derive(Debug, Clone, Serialize)]
struct Upcoming {
    label: String,
    effective_at: Option<At>,
    href: String,
}

/// A document.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentPage {
    kind: Document,
    path: &'static str,
    text: Option<Text>,
    acknowledgement: Option<Acknowledgement>,
    upcoming: Option<Upcoming>,
    history: Vec<HistoryLine>,
    older: Option<String>,
    can_edit: bool,
    has_draft: bool,
    signed_in: bool,
    /// Writes by house style, and so reads it.
    reads_style: bool,
    pinned: bool,
    problems: Problems,
}

impl Page for DocumentPage {
    const TEMPLATE: &'static str = "guidelines/document";

    fn head(&self) -> Head {
        let head = Head::new(&format!("guidelines-title-{}", self.kind)).article();
        let head = match &self.text {
            Some(text) => head.description(&text.summary).canonical(self.path),
            None => head.no_index(),
        };
        if self.pinned { head.no_index() } else { head }
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            kind: Document::Messaging,
            path: path(Document::Messaging),
            text: None,
            acknowledgement: None,
            upcoming: None,
            history: Vec::new(),
            older: None,
            can_edit: false,
            has_draft: false,
            signed_in: false,
            reads_style: false,
            pinned: false,
            problems: Problems::default(),
        };
        let text = Text {
            label: "2.1".to_owned(),
            body_html: "<h2>Rules</h2><p>Speak to the person.</p>".to_owned(),
            note: "Said more plainly what a report is.".to_owned(),
            effective_at: Some(At(1_790_000_000_000_000)),
            changes_href: "/guidelines/community/changes/3".to_owned(),
            summary: "Speak to the person.".to_owned(),
            in_force: true,
            upcoming: false,
        };
        let asked = Acknowledgement {
            version: VersionId(3),
            label: "2.1".to_owned(),
            done_at: None,
            before: true,
            changed: compared("One.\nTwo.", "One.\nThree."),
            since: "1.0".to_owned(),
            next: "/t/a-kingfisher/12".to_owned(),
        };
        let usual = Self {
            kind: Document::Community,
            path: path(Document::Community),
            text: Some(text.clone()),
            acknowledgement: Some(asked.clone()),
            history: vec![
                HistoryLine::sample("2.1", "Said more plainly what a report is.", true),
                HistoryLine::sample("1.0", "", false),
            ],
            signed_in: true,
            reads_style: true,
            ..empty.clone()
        };
        let worst = Self {
            kind: Document::Charter,
            path: path(Document::Charter),
            text: Some(Text {
                note: "ש".repeat(255),
                in_force: false,
                upcoming: true,
                ..text
            }),
            acknowledgement: Some(Acknowledgement {
                done_at: Some(At(1_790_000_000_000_000)),
                ..asked
            }),
            upcoming: Some(Upcoming {
                label: "3.0".to_owned(),
                effective_at: Some(At(1_800_000_000_000_000)),
                href: "/charter?version=4".to_owned(),
            }),
            history: vec![HistoryLine::sample("3.0", &"w".repeat(255), false)],
            older: Some("/charter?before=2#history".to_owned()),
            can_edit: true,
            has_draft: true,
            pinned: true,
            problems: Problems::one("agree", "agree-first"),
            ..usual.clone()
        };
        let drafting = Self {
            can_edit: true,
            has_draft: true,
            signed_in: true,
            ..empty.clone()
        };
        vec![empty, usual, worst, drafting]
    }
}

/// Shows a document.
pub(super) async fn show(call: Call, kind: Document) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        found(tx, viewer, kind, &asked, Problems::default()).map(Shown::from)
    })
    .await
}

fn found(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    kind: Document,
    asked: &Asked,
    problems: Problems,
) -> Result<DocumentPage> {
    let current = guidelines::current(tx, kind)?;
    let read = match asked.version {
        Some(number) => Some(guidelines::version(tx, kind, number)?),
        None => current.clone(),
    };
    let upcoming = guidelines::upcoming(tx, kind)?;
    let can_edit = viewer.can(&Action::EditDocument(kind));
    let number = read.as_ref().map(|version| version.number);
    let (history, older) = history(tx, kind, asked.before, number)?;
    let path = path(kind);
    let acknowledgement = match &current {
        // Only below the text that is in force: nobody agrees to one that no longer holds.
        Some(version) if number == Some(version.number) => {
            acknowledgement(tx, viewer, version, &asked.next)?
        }
        _ => None,
    };
    Ok(DocumentPage {
        kind,
        path,
        text: read.map(|version| text(version, current.as_ref(), path, tx.now())),
        acknowledgement,
        upcoming: upcoming.map(|version| Upcoming {
            label: version.label(),
            effective_at: version.effective_at,
            href: format!("{path}?version={}", version.number),
        }),
        history,
        older,
        can_edit,
        has_draft: can_edit && guidelines::draft(tx, kind)?.is_some(),
        signed_in: viewer.actor.person().is_some(),
        reads_style: kind == Document::Messaging && super::style::may_read(viewer).is_ok(),
        pinned: asked.version.is_some() || asked.before.is_some(),
        problems,
    })
}

fn text(version: Version, current: Option<&Version>, path: &str, now: At) -> Text {
    let number = version.number;
    Text {
        label: version.label(),
        summary: summary(&version.body_source.replace(['#', '*'], ""), 200),
        note: version.change_note,
        effective_at: version.effective_at,
        changes_href: if number > 1 {
            format!("{path}/changes/{number}")
        } else {
            String::new()
        },
        in_force: current.is_some_and(|current| current.number == number),
        upcoming: version.effective_at.is_some_and(|at| at > now),
        body_html: version.body_html,
    }
}

fn acknowledgement(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    version: &Version,
    next: &str,
) -> Result<Option<Acknowledgement>> {
    let Some(me) = viewer.actor.id() else {
        return Ok(None);
    };
    let mine = guidelines::mine(tx, me, version.kind)?;
    let holds = mine.as_ref().filter(|mine| mine.major == version.major);
    let mut changed = Vec::new();
    let mut since = String::new();
    if let (Some(mine), None) = (&mine, holds) {
        let known = guidelines::by_id(tx, mine.version)?;
        changed = compared(&known.body_source, &version.body_source);
        since = known.label();
    }
    Ok(Some(Acknowledgement {
        version: version.id,
        label: version.label(),
        done_at: holds.map(|mine| mine.at),
        before: mine.is_some(),
        changed,
        since,
        next: if is_own_path(next) {
            next.to_owned()
        } else {
            String::new()
        },
    }))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Agreed {
    version: i64,
    agree: Option<String>,
    next: String,
}

/// Takes an acknowledgement.
pub(super) async fn acknowledge(call: Call, kind: Document) -> Answer {
    let form: Agreed = call.form()?;
    let asked = Asked {
        next: form.next.clone(),
        ..Asked::default()
    };
    call.submit(
        move |tx, viewer| {
            if form.agree.is_none() {
                return Err(Stop::invalid("agree", "agree-first"));
            }
            guidelines::acknowledge(tx, &viewer.actor, kind, VersionId(form.version))?;
            let next = if is_own_path(&form.next) {
                form.next.as_str()
            } else {
                path(kind)
            };
            Ok(See::to(next).flash("guidelines-acknowledged"))
        },
        move |tx, viewer, problems| {
            found(tx, viewer, kind, &asked, problems.clone()).map(Shown::from)
        },
    )
    .await
}
