//! Requests for voices by API.

use serde::{Deserialize, Serialize};

use super::compose::WhenBody;
use super::highlights::{List, ListQuery};
use crate::highlights::{self, RequestView, VoiceAnswer, VoiceWish};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, HighlightId, MemberId, VoiceRequestId};
use crate::kit::{At, Refusal, Stop};
use crate::web::{Answer, Call};

#[derive(Debug, Clone, Serialize)]
struct LineJson {
    id: VoiceRequestId,
    title: String,
    state: &'static str,
    voices: i64,
    brought: i64,
    due_at: String,
    asked_by: Option<MemberId>,
    taken_by: Option<MemberId>,
    revision: i64,
}

/// `GET /api/v1/requests?status=waiting|over`
#[utoipa::path(get, path = "/api/v1/requests", tag = "requests", params(("status" = Option<String>, Query), ("after" = Option<String>, Query)), responses((status = 200), (status = 403)))]
pub async fn list(call: Call) -> Answer {
    let query: ListQuery = call.query()?;
    let after = match query.after.as_str() {
        "" => None,
        text => Some(Cursor::decode(text).ok_or(Refusal::Unreadable("cursor"))?),
    };
    call.api_read(move |tx, viewer| {
        let waiting = query.status != "over";
        let (lines, next) = highlights::requests(tx, &viewer.actor, waiting, after)?;
        let items = lines
            .iter()
            .map(|line| LineJson {
                id: line.row.id,
                title: line.row.title.clone(),
                state: line.row.state.as_str(),
                voices: line.row.voices,
                brought: line.offers,
                due_at: line.row.due_at.rfc3339(),
                asked_by: line.row.asked_by,
                taken_by: line.row.taken_by,
                revision: line.row.revision,
            })
            .collect::<Vec<_>>();
        Ok(List {
            items,
            next: next.map(|c| c.encode()),
        })
    })
    .await
}

#[derive(Debug, Clone, Serialize)]
struct AnswerJson {
    by: String,
    answer: &'static str,
    note: String,
    charter_sentence: String,
    at: String,
}

#[derive(Debug, Clone, Serialize)]
struct OfferJson {
    highlight_id: HighlightId,
    title: String,
    state: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct RequestJson {
    id: VoiceRequestId,
    title: String,
    wish: String,
    voices: i64,
    category_id: Option<CategoryId>,
    state: &'static str,
    due_at: String,
    wall_time: String,
    zone: String,
    revision: i64,
    answers: Vec<AnswerJson>,
    offers: Vec<OfferJson>,
}

fn request_json(view: RequestView) -> RequestJson {
    RequestJson {
        id: view.row.id,
        title: view.row.title,
        wish: view.row.wish,
        voices: view.row.voices,
        category_id: view.row.category,
        state: view.row.state.as_str(),
        due_at: view.row.due_at.rfc3339(),
        wall_time: view.row.wall_time,
        zone: view.row.zone,
        revision: view.row.revision,
        answers: view
            .answers
            .into_iter()
            .map(|a| AnswerJson {
                by: a.by.name,
                answer: a.answer.as_str(),
                note: a.note,
                charter_sentence: a.sentence,
                at: At::rfc3339(a.at),
            })
            .collect(),
        offers: view
            .offers
            .into_iter()
            .map(|o| OfferJson {
                highlight_id: o.highlight,
                title: o.title,
                state: o.state.as_str(),
            })
            .collect(),
    }
}

/// `GET /api/v1/requests/{id}`
#[utoipa::path(get, path = "/api/v1/requests/{id}", tag = "requests", params(("id" = i64, Path)), responses((status = 200), (status = 403), (status = 404)))]
pub async fn show(call: Call) -> Answer {
    let id: VoiceRequestId = call.segment("id")?;
    call.api_read(move |tx, viewer| Ok(request_json(highlights::request(tx, &viewer.actor, id)?)))
        .await
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WishBody {
    title: String,
    wish: String,
    /// How many voices, 1 to 20.
    voices: i64,
    #[serde(default)]
    category_id: Option<i64>,
    /// By when: `{"wall_time": "2026-11-27T12:00"}` or `{"scheduled_at": …}`.
    due: WhenBody,
}

/// `POST /api/v1/requests`
#[utoipa::path(post, path = "/api/v1/requests", tag = "requests", request_body = WishBody, responses((status = 201), (status = 403), (status = 422)))]
pub async fn ask(call: Call) -> Answer {
    let body: WishBody = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let wish = VoiceWish {
            title: body.title.clone(),
            wish: body.wish.clone(),
            voices: body.voices,
            category: body.category_id.map(CategoryId),
            due: body.due.when()?,
        };
        let id = highlights::ask_for_voices(tx, &viewer.actor, &wish)?;
        Ok(request_json(highlights::request(tx, &viewer.actor, id)?))
    })
    .await
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    /// `accept`, `decline` or `propose`.
    answer: String,
    #[serde(default)]
    note: String,
    /// The number of a sentence of the charter, from 1.
    #[serde(default)]
    charter_sentence: Option<usize>,
    /// Highlights brought along.
    #[serde(default)]
    highlights: Vec<i64>,
    revision: i64,
}

/// `POST /api/v1/requests/{id}/answers`
#[utoipa::path(post, path = "/api/v1/requests/{id}/answers", tag = "requests", request_body = AnswerBody, params(("id" = i64, Path)), responses((status = 201), (status = 403), (status = 409), (status = 422)))]
pub async fn answer(call: Call) -> Answer {
    let id: VoiceRequestId = call.segment("id")?;
    let body: AnswerBody = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let Some(answer) = VoiceAnswer::parse(&body.answer) else {
            return Err(Stop::invalid("answer", "request-answer"));
        };
        let offers: Vec<HighlightId> = body.highlights.iter().copied().map(HighlightId).collect();
        let said = (answer, body.note.as_str(), body.charter_sentence);
        highlights::answer_request(tx, &viewer.actor, id, body.revision, said, &offers)?;
        Ok(request_json(highlights::request(tx, &viewer.actor, id)?))
    })
    .await
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CloseBody {
    /// `true`: it is what was asked for; `false`: it is not needed any more.
    done: bool,
    revision: i64,
}

/// `POST /api/v1/requests/{id}/closing`
#[utoipa::path(post, path = "/api/v1/requests/{id}/closing", tag = "requests", request_body = CloseBody, params(("id" = i64, Path)), responses((status = 200), (status = 403), (status = 409)))]
pub async fn close(call: Call) -> Answer {
    let id: VoiceRequestId = call.segment("id")?;
    let body: CloseBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        highlights::close_request(tx, &viewer.actor, id, body.revision, body.done)?;
        Ok(request_json(highlights::request(tx, &viewer.actor, id)?))
    })
    .await
}

#[derive(Debug, Clone, Serialize)]
struct SentenceJson {
    number: usize,
    text: String,
}

/// `GET /api/v1/guidelines/charter/sentences`: what an answer can cite.
#[utoipa::path(get, path = "/api/v1/guidelines/charter/sentences", tag = "requests", responses((status = 200)))]
pub async fn sentences(call: Call) -> Answer {
    call.api_read(|tx, _| {
        let charter = highlights::charter_sentences(tx)?;
        let all = charter.into_iter().flat_map(|charter| charter.sentences);
        let items = all
            .enumerate()
            .map(|(place, text)| SentenceJson {
                number: place + 1,
                text,
            })
            .collect::<Vec<_>>();
        Ok(List { items, next: None })
    })
    .await
}
