//! What was decided about my own words and account, and how to appeal; also by the link of a letter, for whoever cannot
//! sign in.

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::guidelines::Numbered;
use crate::kit::cursor::Cursor;
use crate::kit::ids::DecisionId;
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::moderation::{self, APPEAL_DAYS, AppealLine, AppealState, Told};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Decisions on one page.
const PER_PAGE: i64 = 20;

/// One decision as its member reads it.
#[derive(Debug, Clone, Serialize)]
struct Line {
    id: DecisionId,
    what: String,
    title: String,
    href: String,
    original: String,
    reason: String,
    rule: Option<Numbered>,
    at: At,
    undone_at: Option<At>,
    can_appeal: bool,
    appeal_until: At,
    appeal: Option<AppealShown>,
}

/// My appeal.
#[derive(Debug, Clone, Serialize)]
struct AppealShown {
    words: String,
    state: AppealState,
    answer: String,
    at: At,
}

/// What was decided.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionsPage {
    lines: Vec<Line>,
    next: Option<String>,
    days: i64,
    /// Which decision the typed words are about.
    open: i64,
    /// The way of the form: one's own page, or the letter's.
    proof: String,
    words: String,
    problems: Problems,
}

impl Page for DecisionsPage {
    const TEMPLATE: &'static str = "moderation/decisions";

    fn head(&self) -> Head {
        Head::new("moderation-decisions-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let at = At(1_790_000_000_000_000);
        let empty = Self {
            lines: Vec::new(),
            next: None,
            days: APPEAL_DAYS,
            open: 0,
            proof: String::new(),
            words: String::new(),
            problems: Problems::default(),
        };
        let line = Line {
            id: DecisionId(4),
            what: "return".to_owned(),
            title: "A kingfisher in the courtyard".to_owned(),
            href: "/p/88".to_owned(),
            original: "The nest is in the third arch.".to_owned(),
            reason: "Please leave out the place.".to_owned(),
            rule: None,
            at,
            undone_at: None,
            can_appeal: true,
            appeal_until: at,
            appeal: None,
        };
        let usual = Self {
            lines: [
                "hide",
                "delete",
                "warning",
                "silence",
                "suspension",
                "profile",
                "thread_hide",
                "thread_delete",
            ]
            .map(|what| Line {
                what: what.to_owned(),
                original: String::new(),
                ..line.clone()
            })
            .to_vec(),
            ..empty.clone()
        };
        let worst = Self {
            lines: vec![
                line.clone(),
                Line {
                    title: "ש".repeat(255),
                    reason: "<b>".repeat(255),
                    rule: Some(Numbered {
                        number: 7,
                        title: "w".repeat(255),
                        text: String::new(),
                    }),
                    undone_at: Some(at),
                    can_appeal: false,
                    appeal: Some(AppealShown {
                        words: "ש".repeat(255),
                        state: AppealState::Granted,
                        answer: "w".repeat(255),
                        at,
                    }),
                    ..line
                },
            ],
            next: Some("/my/decisions?after=x".to_owned()),
            open: 4,
            proof: "abc".to_owned(),
            words: "ש".repeat(255),
            problems: Problems::one("words", "needed"),
            ..empty.clone()
        };
        vec![empty, usual, worst]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
}

fn line(tx: &mut Tx<'_>, told: Told, appeal: Option<AppealLine>) -> Result<Line> {
    let rule = match told.rule {
        (Some(version), Some(number)) => moderation::words_of(
            tx,
            moderation::Cited {
                version: crate::kit::ids::VersionId(version),
                number,
            },
        )?,
        _ => None,
    };
    let open = told.undone_at.is_none() && appeal.is_none() && told.appeal_until() > tx.now();
    let seen = !matches!(told.what.as_str(), "delete" | "thread_delete");
    Ok(Line {
        id: told.id,
        href: match (told.post, told.thread) {
            (Some(post), _) if seen => format!("/p/{post}"),
            (None, Some(thread)) if seen => format!("/t/-/{thread}"),
            _ => String::new(),
        },
        appeal_until: told.appeal_until(),
        what: told.what,
        title: told.title.unwrap_or_default(),
        original: told.original.unwrap_or_default(),
        reason: told.reason.unwrap_or_default(),
        rule,
        at: told.at,
        undone_at: told.undone_at,
        can_appeal: open,
        appeal: appeal.map(|appeal| AppealShown {
            words: appeal.words.unwrap_or_default(),
            state: appeal.state,
            answer: appeal.answer.unwrap_or_default(),
            at: appeal.at,
        }),
    })
}

fn page(tx: &mut Tx<'_>, viewer: &Viewer, after: &str) -> Result<DecisionsPage> {
    let before = Cursor::decode(after).and_then(|cursor| cursor.as_one());
    let mut found =
        moderation::my_decisions(tx, &viewer.actor, before.map(DecisionId), PER_PAGE + 1)?;
    let next = Cursor::turn(&mut found, PER_PAGE, |(last, _)| Cursor::one(last.id.0))
        .map(|next| format!("/my/decisions?after={}", next.encode()));
    let mut lines = Vec::with_capacity(found.len());
    for (told, appeal) in found {
        lines.push(line(tx, told, appeal)?);
    }
    Ok(DecisionsPage {
        lines,
        next,
        days: APPEAL_DAYS,
        open: 0,
        proof: String::new(),
        words: String::new(),
        problems: Problems::default(),
    })
}

/// Shows what was decided about the reader's own things.
pub async fn list(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| page(tx, viewer, &asked.after).map(Shown::from))
        .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct AppealForm {
    words: String,
}

/// An appeal that was made, or whose time is over, is said plainly.
fn why_not(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(Refusal::WrongState("appealed")) => Stop::invalid("words", "appealed"),
        Stop::Refused(Refusal::WrongState("ended")) => Stop::invalid("words", "appeal-ended"),
        other => other,
    }
}

/// Appeals.
pub async fn appeal(call: Call) -> Answer {
    let id: DecisionId = call.segment("id")?;
    let form: AppealForm = call.form()?;
    let typed = form.words.clone();
    call.submit(
        move |tx, viewer| {
            moderation::appeal(tx, &viewer.actor, id, &form.words).map_err(why_not)?;
            Ok(See::to("/my/decisions").flash("moderation-appealed"))
        },
        move |tx, viewer, problems| {
            let mut page = page(tx, viewer, "")?;
            page.open = id.0;
            page.words.clone_from(&typed);
            page.problems = problems.clone();
            Ok(Shown::from(page))
        },
    )
    .await
}

fn letter_page(tx: &mut Tx<'_>, id: DecisionId, proof: &str) -> Result<DecisionsPage> {
    let told = moderation::proven(tx, id, proof)?;
    let line = line(tx, told, None)?;
    Ok(DecisionsPage {
        lines: vec![line],
        next: None,
        days: APPEAL_DAYS,
        open: id.0,
        proof: proof.to_owned(),
        words: String::new(),
        problems: Problems::default(),
    })
}

/// Shows the one decision that a letter is about.
pub async fn by_letter(call: Call) -> Answer {
    let (id, proof): (DecisionId, String) = (call.segment("id")?, call.segment("proof")?);
    call.page(move |tx, _| letter_page(tx, id, &proof).map(Shown::from))
        .await
}

/// Appeals with the proof from the letter.
pub async fn appeal_by_letter(call: Call) -> Answer {
    let (id, proof): (DecisionId, String) = (call.segment("id")?, call.segment("proof")?);
    let form: AppealForm = call.form()?;
    let (typed, again) = (form.words.clone(), proof.clone());
    call.submit(
        move |tx, _| {
            moderation::appeal_by_letter(tx, id, &proof, &form.words).map_err(why_not)?;
            Ok(See::to("/latest").flash("moderation-appealed"))
        },
        move |tx, _, problems| {
            let mut page = letter_page(tx, id, &again)?;
            page.words.clone_from(&typed);
            page.problems = problems.clone();
            Ok(Shown::from(page))
        },
    )
    .await
}
