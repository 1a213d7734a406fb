//! The form for the next version.

use serde::{Deserialize, Serialize};

use super::changes::{ComparedLine, compared};
use super::path;
use crate::db::Tx;
use crate::guidelines::{self, State};
use crate::kit::ids::VersionId;
use crate::kit::stop::Document;
use crate::kit::{At, Problems, Result};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, Shown, Viewer};

/// What the form sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditForm {
    /// `preview`, `save`, `publish` or `drop`.
    #[serde(skip_serializing)]
    pub(super) act: String,
    /// Markdown.
    pub(super) body: String,
    /// `major` or `minor`.
    pub(super) change: String,
    /// What changed.
    pub(super) note: String,
    /// The day from which it is in force; empty: at once.
    pub(super) effective_on: String,
    /// The fingerprint of the text the form was made from.
    pub(super) base: String,
}

/// A version that waits for its day.
#[derive(Debug, Clone, Serialize)]
struct Waiting {
    id: VersionId,
    label: String,
    effective_at: Option<At>,
}

/// The form for the next version.
#[derive(Debug, Clone, Serialize)]
pub struct EditPage {
    kind: Document,
    path: &'static str,
    form: EditForm,
    in_force: Option<String>,
    waiting: Option<Waiting>,
    is_draft: bool,
    preview_html: Option<String>,
    /// What a colleague's text says otherwise than this form, where somebody saved meanwhile.
    meanwhile: Vec<ComparedLine>,
    problems: Problems,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "guidelines/edit";

    fn head(&self) -> Head {
        Head::new(&format!("guidelines-edit-title-{}", self.kind)).no_index()
    }

    fn samples() -> Vec<Self> {
        let first = Self {
            kind: Document::Messaging,
            path: path(Document::Messaging),
            form: EditForm::default(),
            in_force: None,
            waiting: None,
            is_draft: false,
            preview_html: None,
            meanwhile: Vec::new(),
            problems: Problems::default(),
        };
        let usual = Self {
            kind: Document::Community,
            path: path(Document::Community),
            form: EditForm {
                body: "Speak to the person.".to_owned(),
                change: "minor".to_owned(),
                base: "ab12".to_owned(),
                ..EditForm::default()
            },
            in_force: Some("1.0".to_owned()),
            is_draft: true,
            preview_html: Some("<p>Speak to the person.</p>".to_owned()),
            ..first.clone()
        };
        let worst = Self {
            kind: Document::Charter,
            path: path(Document::Charter),
            form: EditForm {
                body: "<script>ש".repeat(255),
                note: "ש".repeat(600),
                change: "neither".to_owned(),
                effective_on: "yesterday".to_owned(),
                ..EditForm::default()
            },
            waiting: Some(Waiting {
                id: VersionId(4),
                label: "3.0".to_owned(),
                effective_at: Some(At(1_800_000_000_000_000)),
            }),
            meanwhile: compared("One.\nTwo.", "One.\nThree."),
            problems: Problems::one("body", "stale-text"),
            ..usual.clone()
        };
        vec![first, usual, worst]
    }
}

/// Shows the form with the draft, or with the text in force.
pub(super) async fn show(call: Call, kind: Document) -> Answer {
    call.page(move |tx, viewer| {
        viewer.actor.may(&Action::EditDocument(kind))?;
        let stands = guidelines::base_of(tx, kind)?;
        let form = stands.map_or_else(EditForm::default, |version| EditForm {
            base: version.fingerprint(),
            body: version.body_source,
            change: "minor".to_owned(),
            ..EditForm::default()
        });
        page(tx, viewer, kind, form, None, &Problems::default()).map(Shown::from)
    })
    .await
}

/// The page with what was typed; a form made from another text than the one that stands is shown what that text says.
pub(super) fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    kind: Document,
    mut form: EditForm,
    preview_html: Option<String>,
    problems: &Problems,
) -> Result<EditPage> {
    viewer.actor.may(&Action::EditDocument(kind))?;
    let stands = guidelines::base_of(tx, kind)?;
    let base = stands.as_ref().map(guidelines::Version::fingerprint);
    let mut meanwhile = Vec::new();
    if let (Some(version), Some(base)) = (&stands, &base)
        && form.base != *base
    {
        // The next press of the button counts as having seen this.
        meanwhile = compared(&version.body_source, &form.body.replace("\r\n", "\n"));
        form.base.clone_from(base);
    }
    let waiting = guidelines::upcoming(tx, kind)?.map(|version| Waiting {
        id: version.id,
        label: version.label(),
        effective_at: version.effective_at,
    });
    Ok(EditPage {
        kind,
        path: path(kind),
        form,
        in_force: guidelines::current(tx, kind)?.map(|version| version.label()),
        waiting,
        is_draft: stands.is_some_and(|version| version.state == State::Draft),
        preview_html,
        meanwhile,
        problems: problems.clone(),
    })
}
