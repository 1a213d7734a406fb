//! What was decided about my own words and account, and how to appeal; also by the link of a letter, for whoever cannot
//! sign in.

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::guidelines::Numbered;
use crate::highlights::{self, Answer as Say};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{DecisionId, HighlightId};
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::members;
use crate::moderation::{self, APPEAL_DAYS, AppealLine, AppealState, Cited, Rulebook, Told};
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

impl Line {
    fn sample(at: At) -> Self {
        Self {
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
        }
    }
}

/// My appeal.
#[derive(Debug, Clone, Serialize)]
struct AppealShown {
    words: String,
    state: AppealState,
    answer: String,
    at: At,
}

/// Words that somebody agreed to have said outside.
#[derive(Debug, Clone, Serialize)]
struct Agreed {
    highlight: HighlightId,
    title: String,
    words: Vec<String>,
}

impl Agreed {
    fn all(tx: &mut Tx<'_>, letter: (DecisionId, &str)) -> Result<Vec<Self>> {
        let member = moderation::shut_out_by_letter(tx, letter)?;
        let actor = members::actor(tx, member)?;
        let found = highlights::live_consents(tx, &actor)?;
        let one = |(highlight, title, words)| Self {
            highlight,
            title,
            words,
        };
        Ok(found.into_iter().map(one).collect())
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            highlight: HighlightId(7),
            title: "ש".repeat(255),
            words: vec!["This morning a kingfisher.".into(), "w".repeat(255)],
        }]
    }
}

/// What was decided.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionsPage {
    lines: Vec<Line>,
    next: Option<String>,
    days: i64,
    /// Which decision the typed words are about.
    open: i64,
    /// Where the forms lead: one's own page, or the letter's.
    letter: String,
    /// Until when the reader is suspended, who cannot sign in and reads by the letter.
    suspended: Option<At>,
    /// That suspension has no end.
    for_good: bool,
    /// What the reader agreed to and may take back, while they cannot sign in to do so.
    agreed: Vec<Agreed>,
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
            letter: String::new(),
            suspended: None,
            for_good: false,
            agreed: Vec::new(),
            words: String::new(),
            problems: Problems::default(),
        };
        let line = Line::sample(at);
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
            letter: "/appeal/4/abc".to_owned(),
            suspended: Some(at),
            agreed: Agreed::samples(),
            words: "ש".repeat(255),
            problems: Problems::one("words", "needed"),
            ..empty.clone()
        };
        let shut_out = Self {
            suspended: Some(At(i64::MAX)),
            for_good: true,
            letter: "/appeal/4/abc".to_owned(),
            ..usual.clone()
        };
        vec![empty, usual, worst, shut_out]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
}

fn lines(tx: &mut Tx<'_>, found: Vec<(Told, Option<AppealLine>)>) -> Result<Vec<Line>> {
    let cited = found.iter().filter_map(|(told, _)| Cited::of(told.rule));
    let book = Rulebook::of(tx, cited)?;
    let now = tx.now();
    let line = |(told, appeal)| line(now, &book, told, appeal);
    Ok(found.into_iter().map(line).collect())
}

fn line(now: At, book: &Rulebook, told: Told, appeal: Option<AppealLine>) -> Line {
    let rule = Cited::of(told.rule).and_then(|cited| book.words(cited));
    let open = told.undone_at.is_none() && appeal.is_none() && told.appeal_until() > now;
    let seen = !matches!(told.what.as_str(), "delete" | "thread_delete");
    Line {
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
    }
}

fn page(tx: &mut Tx<'_>, viewer: &Viewer, after: &str) -> Result<DecisionsPage> {
    let before = Cursor::decode(after).and_then(|cursor| cursor.as_one());
    let mut found =
        moderation::my_decisions(tx, &viewer.actor, before.map(DecisionId), PER_PAGE + 1)?;
    let next = turned(&mut found, "/my/decisions");
    Ok(DecisionsPage {
        lines: lines(tx, found)?,
        next,
        days: APPEAL_DAYS,
        open: 0,
        letter: String::new(),
        suspended: None,
        for_good: false,
        agreed: Vec::new(),
        words: String::new(),
        problems: Problems::default(),
    })
}

fn turned(found: &mut Vec<(Told, Option<AppealLine>)>, path: &str) -> Option<String> {
    Cursor::turn(found, PER_PAGE, |(last, _)| Cursor::one(last.id.0))
        .map(|next| format!("{path}?after={}", next.encode()))
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
    /// Which decision, where a letter opens several; its own where it is not said.
    decision: String,
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

fn letter_page(
    tx: &mut Tx<'_>,
    (id, proof): (DecisionId, &str),
    after: &str,
) -> Result<DecisionsPage> {
    let before = Cursor::decode(after).and_then(|cursor| cursor.as_one());
    let before = before.map(DecisionId);
    let mut opened = moderation::decisions_by_letter(tx, (id, proof), before, PER_PAGE + 1)?;
    let letter = format!("/appeal/{id}/{proof}");
    let next = turned(&mut opened.lines, &letter);
    let lines = lines(tx, opened.lines)?;
    let agreed = match opened.suspended {
        Some(_) => Agreed::all(tx, (id, proof))?,
        None => Vec::new(),
    };
    Ok(DecisionsPage {
        lines,
        next,
        days: APPEAL_DAYS,
        open: id.0,
        letter,
        suspended: opened.suspended,
        for_good: opened.suspended.is_some_and(|until| until.0 == i64::MAX),
        agreed,
        words: String::new(),
        problems: Problems::default(),
    })
}

/// Shows the decision that a letter is about; to whoever is suspended, all that was decided about them.
pub async fn by_letter(call: Call) -> Answer {
    let (id, proof): (DecisionId, String) = (call.segment("id")?, call.segment("proof")?);
    let asked: Asked = call.query()?;
    call.page(move |tx, _| letter_page(tx, (id, &proof), &asked.after).map(Shown::from))
        .await
}

/// Appeals with the proof from the letter.
pub async fn appeal_by_letter(call: Call) -> Answer {
    let (id, proof): (DecisionId, String) = (call.segment("id")?, call.segment("proof")?);
    let form: AppealForm = call.form()?;
    let against = form.decision.parse().map_or(id, DecisionId);
    let (typed, again) = (form.words.clone(), proof.clone());
    call.submit(
        move |tx, _| {
            moderation::appeal_by_letter(tx, (id, &proof), against, &form.words)
                .map_err(why_not)?;
            Ok(See::to(format!("/appeal/{id}/{proof}")).flash("moderation-appealed"))
        },
        move |tx, _, problems| {
            let mut page = letter_page(tx, (id, &again), "")?;
            page.open = against.0;
            page.words.clone_from(&typed);
            page.problems = problems.clone();
            Ok(Shown::from(page))
        },
    )
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct TakeBackForm {
    highlight: String,
}

/// Takes words back with the proof from the letter: whoever is suspended keeps that right.
pub async fn take_back_by_letter(call: Call) -> Answer {
    let (id, proof): (DecisionId, String) = (call.segment("id")?, call.segment("proof")?);
    let form: TakeBackForm = call.form()?;
    call.act(move |tx, _| {
        let member = moderation::shut_out_by_letter(tx, (id, &proof))?;
        let highlight = form.highlight.parse().map(HighlightId);
        let highlight = highlight.map_err(|_| Refusal::NotFound)?;
        let actor = members::actor(tx, member)?;
        highlights::answer(tx, &actor, highlight, Say::Withdraw, None)?;
        Ok(See::to(format!("/appeal/{id}/{proof}")).flash("consent-withdrawn"))
    })
    .await
}
