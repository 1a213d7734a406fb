//! What members come here to do, in their words: read by those who write, kept by those who keep the messaging guidelines.

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::guidelines;
use crate::kit::stop::Document;
use crate::kit::{Problems, Result};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Where the list stands.
const PATH: &str = "/guidelines/messaging/problems";

/// What the forms send.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StatementForm {
    /// `remove`, or nothing.
    #[serde(skip_serializing)]
    act: String,
    words: String,
    who: String,
}

/// One statement.
#[derive(Debug, Clone, Serialize)]
struct Line {
    id: i64,
    words: String,
    who: String,
}

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct ProblemsPage {
    lines: Vec<Line>,
    can_edit: bool,
    /// The statement that is being changed, or none for a new one.
    open: Option<i64>,
    form: StatementForm,
    problems: Problems,
}

impl Page for ProblemsPage {
    const TEMPLATE: &'static str = "guidelines/problems";

    fn head(&self) -> Head {
        Head::new("guidelines-problems-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let line = Line {
            id: 3,
            words: "I found a shoe box of letters and cannot read them.".to_owned(),
            who: "a grandson".to_owned(),
        };
        let empty = Self {
            lines: Vec::new(),
            can_edit: false,
            open: None,
            form: StatementForm::default(),
            problems: Problems::default(),
        };
        let usual = Self {
            lines: vec![line.clone()],
            can_edit: true,
            ..empty.clone()
        };
        let worst = Self {
            lines: vec![Line {
                words: "ש".repeat(400),
                who: String::new(),
                ..line
            }],
            open: Some(3),
            form: StatementForm {
                words: "<b>ש".repeat(255),
                ..StatementForm::default()
            },
            problems: Problems::one("words", "needed"),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    id: Option<i64>,
}

fn page(tx: &mut Tx<'_>, viewer: &Viewer, open: Option<i64>) -> Result<ProblemsPage> {
    super::style::may_read(viewer)?;
    let can_edit = viewer.can(&Action::EditDocument(Document::Messaging));
    let lines: Vec<Line> = guidelines::problem_statements(tx)?
        .into_iter()
        .map(|one| Line {
            id: one.id,
            words: one.words,
            who: one.who,
        })
        .collect();
    let chosen = lines.iter().find(|line| Some(line.id) == open && can_edit);
    let form = chosen.map_or_else(StatementForm::default, |line| StatementForm {
        words: line.words.clone(),
        who: line.who.clone(),
        ..StatementForm::default()
    });
    Ok(ProblemsPage {
        open: chosen.map(|line| line.id),
        lines,
        can_edit,
        form,
        problems: Problems::default(),
    })
}

/// Shows the list.
pub async fn show(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| page(tx, viewer, asked.id).map(Shown::from))
        .await
}

/// Writes one down.
pub async fn add(call: Call) -> Answer {
    write(call, None).await
}

/// Changes or removes one.
pub async fn change(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    write(call, Some(id)).await
}

async fn write(call: Call, id: Option<i64>) -> Answer {
    let form: StatementForm = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            match id {
                None => {
                    guidelines::add_statement(tx, &viewer.actor, &form.words, &form.who)?;
                }
                Some(id) if form.act == "remove" => {
                    guidelines::remove_statement(tx, &viewer.actor, id)?;
                }
                Some(id) => {
                    guidelines::change_statement(tx, &viewer.actor, id, &form.words, &form.who)?;
                }
            }
            Ok(See::to(PATH).flash("guidelines-problems-saved"))
        },
        move |tx, viewer, problems| {
            let mut page = page(tx, viewer, id)?;
            page.form = again.clone();
            page.problems = problems.clone();
            Ok(Shown::from(page))
        },
    )
    .await
}
