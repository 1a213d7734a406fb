//! Suggesting a text for something that was approved: the list, and the form with the rules' report.

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::guidelines::{self, Text, Voice};
use crate::highlights::{self, Suggestion};
use crate::kit::cursor::Cursor;
use crate::kit::ids::HighlightId;
use crate::kit::{At, Problems, Result};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
}

/// Something that a text can be suggested for.
#[derive(Debug, Clone, Serialize)]
struct Wanted {
    id: HighlightId,
    title: String,
    words: Vec<String>,
}

/// One of the reader's own suggestions.
#[derive(Debug, Clone, Serialize)]
struct Mine {
    words: String,
    state: &'static str,
    answer: String,
    at: At,
}

impl From<Suggestion> for Mine {
    fn from(one: Suggestion) -> Self {
        Self {
            words: one.words,
            state: one.state.as_str(),
            answer: one.answer,
            at: one.created_at,
        }
    }
}

/// What texts can be suggested for.
#[derive(Debug, Clone, Serialize)]
pub struct TextsPage {
    wanted: Vec<Wanted>,
    next: Option<String>,
    mine: Vec<Mine>,
}

impl Page for TextsPage {
    const TEMPLATE: &'static str = "highlights/texts";

    fn head(&self) -> Head {
        Head::new("champions-texts-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            wanted: Vec::new(),
            next: None,
            mine: Vec::new(),
        };
        let wanted = Wanted {
            id: HighlightId(7),
            title: "A kingfisher".to_owned(),
            words: vec!["This morning a kingfisher sat on the bronze heron.".to_owned()],
        };
        let mine = Mine {
            words: "Who sat there? “…”".to_owned(),
            state: "open",
            answer: String::new(),
            at: At(1_790_000_000_000_000),
        };
        let usual = Self {
            wanted: vec![wanted.clone()],
            mine: vec![mine.clone()],
            ..empty.clone()
        };
        let worst = Self {
            wanted: vec![Wanted {
                title: "ש".repeat(255),
                words: vec!["w".repeat(600), String::new()],
                ..wanted
            }],
            next: Some("/champions/texts?after=x".to_owned()),
            mine: vec![Mine {
                words: "م".repeat(2_000),
                state: "set_aside",
                answer: "<b>".repeat(100),
                ..mine
            }],
        };
        vec![empty, usual, worst]
    }
}

/// Lists what texts can be suggested for, and what became of one's own.
pub async fn list(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let after = Cursor::decode(&asked.after);
        let (found, next) = highlights::suggestible(tx, &viewer.actor, after.as_ref())?;
        let mine = highlights::my_suggestions(tx, &viewer.actor)?;
        Ok(Shown::from(TextsPage {
            wanted: found
                .into_iter()
                .map(|(highlight, words)| Wanted {
                    id: highlight.id,
                    title: highlight.title,
                    words,
                })
                .collect(),
            next: next.map(|next| format!("/champions/texts?after={}", next.encode())),
            mine: mine.into_iter().map(Mine::from).collect(),
        }))
    })
    .await
}

/// What the form sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TextForm {
    text: String,
    note: String,
    /// `check`, or nothing.
    #[serde(skip_serializing)]
    act: String,
}

/// One finding of the rules.
#[derive(Debug, Clone, Serialize)]
struct Found {
    level: &'static str,
    sentence: Problems,
    better: String,
}

/// The form for a text.
#[derive(Debug, Clone, Serialize)]
pub struct TextPage {
    id: HighlightId,
    title: String,
    words: Vec<String>,
    form: TextForm,
    checked: bool,
    findings: Vec<Found>,
    problems: Problems,
}

impl Page for TextPage {
    const TEMPLATE: &'static str = "highlights/text";

    fn head(&self) -> Head {
        Head::new("champions-text-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            id: HighlightId(7),
            title: "A kingfisher".to_owned(),
            words: Vec::new(),
            form: TextForm::default(),
            checked: false,
            findings: Vec::new(),
            problems: Problems::default(),
        };
        let usual = Self {
            words: vec!["This morning a kingfisher sat on the bronze heron.".to_owned()],
            checked: true,
            ..empty.clone()
        };
        let words = "COME AND SEE the best @seal";
        let worst = Self {
            title: "ש".repeat(255),
            form: TextForm {
                text: words.repeat(20),
                note: "م".repeat(400),
                ..TextForm::default()
            },
            findings: findings(&guidelines::HouseStyle::default(), &[], words),
            problems: Problems::one("text", "needed"),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// What the rules say to a suggested text. How people are named is looked at when it is used: a champion is not told who
/// asked for which name.
fn findings(style: &guidelines::HouseStyle, words: &[String], text: &str) -> Vec<Found> {
    let voices: Vec<Voice> = words
        .iter()
        .map(|excerpt| Voice {
            excerpt: Some(excerpt.clone()),
            ..Voice::default()
        })
        .collect();
    let text = Text {
        words: text,
        voices: &voices,
        ..Text::default()
    };
    let report = guidelines::check(style, &text);
    report
        .findings
        .iter()
        .map(|finding| Found {
            level: finding.level.as_str(),
            sentence: finding.problem("text"),
            better: finding.better.clone().unwrap_or_default(),
        })
        .collect()
}

fn page(tx: &mut Tx<'_>, viewer: &Viewer, id: HighlightId, form: TextForm) -> Result<TextPage> {
    let (highlight, words) = highlights::suggestible_one(tx, &viewer.actor, id)?;
    let checked = form.act == "check" && !form.text.trim().is_empty();
    let style = guidelines::house_style(tx)?;
    let findings = if checked {
        findings(&style, &words, &form.text)
    } else {
        Vec::new()
    };
    Ok(TextPage {
        id,
        title: highlight.title,
        words,
        form,
        checked,
        findings,
        problems: Problems::default(),
    })
}

/// Shows the form.
pub async fn form(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    call.page(move |tx, viewer| page(tx, viewer, id, TextForm::default()).map(Shown::from))
        .await
}

/// Checks a text, or suggests it.
pub async fn suggest(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: TextForm = call.form()?;
    if form.act == "check" {
        return call
            .page(move |tx, viewer| page(tx, viewer, id, form.clone()).map(Shown::from))
            .await;
    }
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            highlights::suggest(tx, &viewer.actor, id, &form.text, &form.note)?;
            Ok(See::to("/champions/texts").flash("champions-suggested"))
        },
        move |tx, viewer, problems| {
            let mut page = page(tx, viewer, id, again.clone())?;
            page.problems = problems.clone();
            Ok(Shown::from(page))
        },
    )
    .await
}
