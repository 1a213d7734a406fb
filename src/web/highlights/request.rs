//! `/outreach/requests/{id}`: one request for voices, its answers, and what was brought.

use serde::{Deserialize, Serialize};

use super::parts::{SAMPLE, Who};
use crate::db::Tx;
use crate::highlights::{self, Offer, RequestView, VoiceAnswer};
use crate::kit::ids::{HighlightId, VoiceRequestId};
use crate::kit::{Problems, Result, Stop};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Serialize)]
struct Said {
    by: Who,
    answer: &'static str,
    note: String,
    sentence: String,
    at: i64,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Brought {
    id: i64,
    title: String,
    state: &'static str,
    usable: bool,
    chosen: bool,
}

impl Brought {
    fn of(offer: &Offer, chosen: bool) -> Self {
        Self {
            id: offer.highlight.0,
            title: offer.title.clone(),
            state: offer.state.as_str(),
            usable: offer.state == highlights::State::Approved,
            chosen,
        }
    }
}

#[derive(Debug, Clone, Default, Serialize)]
struct Sentence {
    number: usize,
    text: String,
    chosen: bool,
}

/// The fields of the form for answering.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    answer: String,
    note: String,
    sentence: usize,
    offer: Vec<i64>,
    revision: i64,
}

/// One request.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RequestPage {
    id: i64,
    title: String,
    wish: String,
    voices: i64,
    state: &'static str,
    waits: bool,
    late: bool,
    due_at: i64,
    wall: String,
    zone: String,
    created_at: i64,
    revision: i64,
    asked_by: Who,
    taken_by: Who,
    category: String,
    category_path: String,
    answers: Vec<Said>,
    brought: usize,
    offers: Vec<Brought>,
    choices: Vec<Brought>,
    charter: String,
    sentences: Vec<Sentence>,
    can_answer: bool,
    can_ask: bool,
    can_use: bool,
    /// Moderators see what is offered before it is in the library.
    sees_all: bool,
    form: AnswerForm,
    problems: Problems,
}

impl Page for RequestPage {
    const TEMPLATE: &'static str = "highlights/request";

    fn head(&self) -> Head {
        let nav = if self.can_ask { "outreach" } else { "desk" };
        Head::text(&self.title).nav(nav).no_index().form()
    }

    fn samples() -> Vec<Self> {
        let brought = Brought {
            id: 7,
            title: "A kingfisher".into(),
            state: "approved",
            usable: true,
            chosen: true,
        };
        let usual = Self {
            id: 3,
            title: "Three voices on the garden".into(),
            wish: "For the leaflet.".into(),
            voices: 3,
            state: "proposed",
            waits: true,
            late: true,
            due_at: SAMPLE.0,
            wall: "2026-11-27 12:00".into(),
            zone: "UTC".into(),
            created_at: SAMPLE.0,
            revision: 2,
            asked_by: Who::sample(),
            taken_by: Who::sample(),
            category: "Garden".into(),
            category_path: "/c/garden/3".into(),
            answers: vec![Said {
                by: Who::sample(),
                answer: "propose",
                note: "Rather these.".into(),
                sentence: "Nobody is an audience here.".into(),
                at: SAMPLE.0,
            }],
            brought: 1,
            offers: vec![brought.clone()],
            choices: vec![brought],
            charter: "2.1".into(),
            sentences: vec![Sentence {
                number: 1,
                text: "Nobody is an audience here.".into(),
                chosen: true,
            }],
            can_answer: true,
            can_ask: true,
            can_use: true,
            sees_all: true,
            form: AnswerForm::default(),
            problems: Problems::one("sentence", "request-cite"),
        };
        let over = Self {
            title: "م".repeat(255),
            state: "declined",
            answers: vec![Said {
                answer: "decline",
                ..Said::default()
            }],
            ..Self::default()
        };
        let empty = Self {
            state: "open",
            ..Self::default()
        };
        vec![empty, usual, over]
    }
}

fn opened(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: VoiceRequestId,
    form: AnswerForm,
    problems: Problems,
) -> Result<RequestPage> {
    let view: RequestView = highlights::request(tx, &viewer.actor, id)?;
    let can_answer = viewer.can(&Action::AnswerVoices) && view.row.state.waits();
    let charter = if can_answer {
        highlights::charter_sentences(tx)?
    } else {
        None
    };
    let sentences = charter.iter().flat_map(|charter| {
        charter
            .sentences
            .iter()
            .enumerate()
            .map(|(place, text)| Sentence {
                number: place + 1,
                text: text.clone(),
                chosen: place + 1 == form.sentence,
            })
    });
    let (category, category_path) = view.category.unwrap_or_default();
    let row = view.row;
    Ok(RequestPage {
        id: id.0,
        waits: row.state.waits(),
        late: row.state.waits() && row.due_at < tx.now(),
        state: row.state.as_str(),
        title: row.title,
        wish: row.wish,
        voices: row.voices,
        due_at: row.due_at.0,
        wall: row.wall_time.replace('T', " "),
        zone: row.zone,
        created_at: row.created_at.0,
        revision: row.revision,
        asked_by: Who::of(&view.asked_by),
        taken_by: view.taken_by.as_ref().map(Who::of).unwrap_or_default(),
        category,
        category_path,
        answers: view
            .answers
            .iter()
            .map(|a| Said {
                by: Who::of(&a.by),
                answer: a.answer.as_str(),
                note: a.note.clone(),
                sentence: a.sentence.clone(),
                at: a.at.0,
            })
            .collect(),
        brought: view.offers.len(),
        offers: view.offers.iter().map(|o| Brought::of(o, false)).collect(),
        choices: view
            .choices
            .iter()
            .map(|o| Brought::of(o, form.offer.contains(&o.highlight.0)))
            .collect(),
        sentences: sentences.collect(),
        charter: charter.map(|c| c.label).unwrap_or_default(),
        can_answer,
        can_ask: viewer.can(&Action::AskForVoices),
        can_use: viewer.can(&Action::SeeLibrary),
        sees_all: viewer.can(&Action::SeeApprovals),
        form,
        problems,
    })
}

/// Shows one request.
pub async fn show(call: Call) -> Answer {
    let id: VoiceRequestId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let page = opened(tx, viewer, id, AnswerForm::default(), Problems::default())?;
        Ok(Shown::from(page))
    })
    .await
}

/// Answers it.
pub async fn answer(call: Call) -> Answer {
    let id: VoiceRequestId = call.segment("id")?;
    let form: AnswerForm = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let Some(answer) = VoiceAnswer::parse(&form.answer) else {
                return Err(Stop::invalid("answer", "request-answer"));
            };
            let offers: Vec<HighlightId> = form.offer.iter().copied().map(HighlightId).collect();
            let said = (answer, form.note.as_str(), Some(form.sentence));
            highlights::answer_request(tx, &viewer.actor, id, form.revision, said, &offers)?;
            Ok(See::to(format!("/outreach/requests/{id}")).flash("voices-answered"))
        },
        move |tx, viewer, problems| {
            let page = opened(tx, viewer, id, again.clone(), problems.clone())?;
            Ok(Shown::from(page))
        },
    )
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct CloseForm {
    revision: i64,
    done: String,
}

/// Closes it.
pub async fn close(call: Call) -> Answer {
    let id: VoiceRequestId = call.segment("id")?;
    let form: CloseForm = call.form()?;
    call.act(move |tx, viewer| {
        let done = form.done == "1";
        highlights::close_request(tx, &viewer.actor, id, form.revision, done)?;
        Ok(See::to(format!("/outreach/requests/{id}")).flash("voices-closed"))
    })
    .await
}
