//! Learning, champions and what stands beside the messaging guidelines, for programs.
//!
//! Long because the bodies and answers of these addresses stand beside their handlers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forum::List;
use crate::guidelines::{self, Missing};
use crate::highlights::{self, Example, Note, NoteKind, NoteWords, Suggestion, SuggestionState};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{AnnouncementId, HighlightId};
use crate::kit::stop::{Document, OrRefuse};
use crate::kit::{At, Result, Stop};
use crate::members;
use crate::policy::Action;
use crate::web::highlights::frame_words;
use crate::web::{Answer, Call, Viewer};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
    /// `missing`, or `answered`.
    show: String,
}

/// A note under an announcement.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiNote {
    id: i64,
    announcement_id: i64,
    author_id: Option<i64>,
    /// `worked` or `better`.
    kind: &'static str,
    because: String,
    /// The number of the rule of the messaging guidelines that it rests on.
    rule: Option<i64>,
    example: bool,
    created_at: String,
}

impl From<Note> for ApiNote {
    fn from(note: Note) -> Self {
        Self {
            id: note.id,
            announcement_id: note.announcement.0,
            author_id: note.author.map(|id| id.0),
            kind: note.kind.as_str(),
            because: note.words,
            rule: note.rule_number,
            example: note.picked_at.is_some(),
            created_at: note.created_at.rfc3339(),
        }
    }
}

/// The notes under a sent announcement.
#[utoipa::path(get, path = "/api/v1/announcements/{id}/notes", tag = "learning", params(("id" = i64, Path)),
    responses((status = 200, body = List<ApiNote>), (status = 403), (status = 404)))]
pub async fn notes(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    call.api_read(move |tx, viewer| {
        let (_, notes) = highlights::notes_of(tx, &viewer.actor, id)?;
        Ok(List {
            items: notes.into_iter().map(ApiNote::from).collect::<Vec<_>>(),
            next: None,
        })
    })
    .await
}

/// A note to be left.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// `worked` or `better`.
    #[schema(value_type = String)]
    kind: NoteKind,
    because: String,
    /// The number of a rule of the messaging guidelines in force.
    #[serde(default)]
    rule: Option<i64>,
    /// May you be named, should it become an example?
    #[serde(default)]
    named: bool,
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Made {
    id: i64,
}

/// Leaves a note under a sent announcement.
#[utoipa::path(post, path = "/api/v1/announcements/{id}/notes", tag = "learning", params(("id" = i64, Path)),
    request_body = NewNote, responses((status = 201, body = Made), (status = 403), (status = 404), (status = 422)))]
pub async fn leave(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let new: NewNote = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let words = NoteWords {
            kind: Some(new.kind),
            words: new.because.clone(),
            rule: new.rule,
            named: new.named,
        };
        let id = highlights::leave_note(tx, &viewer.actor, id, &words)?;
        Ok(Made { id })
    })
    .await
}

/// An example beside the messaging guidelines.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiExample {
    id: i64,
    /// `worked`: this; `better`: rather that.
    kind: &'static str,
    said: String,
    rather: String,
    because: String,
    rule: Option<i64>,
    /// The handle of whoever noted it, where they agreed to be named.
    by: Option<String>,
}

impl From<Example> for ApiExample {
    fn from(example: Example) -> Self {
        Self {
            id: example.note,
            kind: example.kind.as_str(),
            said: example.said,
            rather: example.rather,
            because: example.because,
            rule: example.rule.map(|rule| rule.number),
            by: example.by.map(|card| card.name),
        }
    }
}

/// The examples, newest first. Everybody may read them.
#[utoipa::path(get, path = "/api/v1/guidelines/messaging/examples", tag = "learning",
    responses((status = 200, body = List<ApiExample>)))]
pub async fn examples(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.api_read(move |tx, _| {
        let (found, next) = highlights::examples(tx, Cursor::decode(&asked.after).as_ref())?;
        let items = found.into_iter().map(ApiExample::from);
        Ok(List {
            items: items.collect::<Vec<_>>(),
            next: next.map(|next| next.encode()),
        })
    })
    .await
}

/// What an example is made with.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewExample {
    /// What could have been said rather; needed where the note says how it could be better.
    rather: String,
}

/// Makes an example of a note, or changes the one that was made of it.
#[utoipa::path(post, path = "/api/v1/notes/{id}/example", tag = "learning", params(("id" = i64, Path)),
    request_body = NewExample, responses((status = 200, body = ApiExample), (status = 403), (status = 404), (status = 422)))]
pub async fn make_example(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    let new: NewExample = call.json_if_any()?;
    let ui = call.app().ui()?;
    call.api_write(200, move |tx, viewer| {
        let nameless = frame_words(&ui, &viewer.settings).nameless;
        highlights::pick(tx, &viewer.actor, id, &new.rather, &nameless)?;
        highlights::example(tx, id).map(ApiExample::from)
    })
    .await
}

/// Takes an example off the page; the note stays.
#[utoipa::path(delete, path = "/api/v1/notes/{id}/example", tag = "learning", params(("id" = i64, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub async fn unmake_example(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        highlights::unpick(tx, &viewer.actor, id).map(drop)
    })
    .await
}

/// Removes a note: one's own, or for those who keep the messaging guidelines any.
#[utoipa::path(delete, path = "/api/v1/notes/{id}", tag = "learning", params(("id" = i64, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub async fn remove_note(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        highlights::remove_note(tx, &viewer.actor, id).map(drop)
    })
    .await
}

/// A champion who agreed to be named.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiChampion {
    id: i64,
    name: String,
    display_name: String,
}

/// The champions who agreed to be named.
#[utoipa::path(get, path = "/api/v1/champions", tag = "learning", responses((status = 200, body = List<ApiChampion>)))]
pub async fn champions(call: Call) -> Answer {
    call.api_read(move |tx, _| {
        let items = members::champions(tx)?
            .into_iter()
            .map(|(card, _)| ApiChampion {
                id: card.id.0,
                name: card.name,
                display_name: card.display,
            });
        Ok(List {
            items: items.collect::<Vec<_>>(),
            next: None,
        })
    })
    .await
}

/// Whether the champions' page may name you.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    named: bool,
}

/// A champion agrees to be named, or takes it back.
#[utoipa::path(post, path = "/api/v1/champions/name", tag = "learning", request_body = Named,
    responses((status = 200, body = Named), (status = 403)))]
pub async fn name_me(call: Call) -> Answer {
    let new: Named = call.json()?;
    call.api_write(200, move |tx, viewer| {
        members::name_me(tx, &viewer.actor, new.named)?;
        Ok(new)
    })
    .await
}

/// A suggested text.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiSuggestion {
    id: i64,
    highlight_id: i64,
    author_id: Option<i64>,
    text: String,
    note: String,
    /// `open`, `taken` or `set_aside`.
    state: &'static str,
    answer: String,
    created_at: String,
}

impl From<Suggestion> for ApiSuggestion {
    fn from(one: Suggestion) -> Self {
        Self {
            id: one.id,
            highlight_id: one.highlight.0,
            author_id: one.author.map(|id| id.0),
            text: one.words,
            note: one.note,
            state: one.state.as_str(),
            answer: one.answer,
            created_at: one.created_at.rfc3339(),
        }
    }
}

/// A text to be suggested.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSuggestion {
    text: String,
    #[serde(default)]
    note: String,
}

/// Suggests a text for an approved highlight.
#[utoipa::path(post, path = "/api/v1/highlights/{id}/suggestions", tag = "learning", params(("id" = i64, Path)),
    request_body = NewSuggestion, responses((status = 201, body = Made), (status = 403), (status = 404), (status = 422)))]
pub async fn suggest(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let new: NewSuggestion = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let id = highlights::suggest(tx, &viewer.actor, id, &new.text, &new.note)?;
        Ok(Made { id })
    })
    .await
}

/// What champions suggest: those that wait, or with `show=answered` those that were answered.
#[utoipa::path(get, path = "/api/v1/suggestions", tag = "learning",
    responses((status = 200, body = List<ApiSuggestion>), (status = 403)))]
pub async fn suggestions(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.api_read(move |tx, viewer| {
        let after = Cursor::decode(&asked.after).and_then(|c| c.as_one());
        let open = asked.show != "answered";
        let (found, next) = highlights::suggestions(tx, &viewer.actor, open, after)?;
        let items = found.into_iter().map(|(one, _)| ApiSuggestion::from(one));
        Ok(List {
            items: items.collect::<Vec<_>>(),
            next: next.map(|id| Cursor::one(id).encode()),
        })
    })
    .await
}

/// What becomes of a suggested text.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionAnswer {
    /// `taken` or `set_aside`.
    #[schema(value_type = String)]
    state: SuggestionState,
    #[serde(default)]
    answer: String,
}

/// Takes a suggested text, or sets it aside.
#[utoipa::path(post, path = "/api/v1/suggestions/{id}/answer", tag = "learning", params(("id" = i64, Path)),
    request_body = SuggestionAnswer, responses((status = 200, body = ApiSuggestion), (status = 403), (status = 409)))]
pub async fn answer(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    let new: SuggestionAnswer = call.json()?;
    if new.state == SuggestionState::Open {
        return Err(Stop::invalid("state", "choose"));
    }
    call.api_write(200, move |tx, viewer| {
        highlights::answer_suggestion(tx, &viewer.actor, id, new.state, &new.answer)
            .map(ApiSuggestion::from)
    })
    .await
}

/// Somebody who acknowledged a document, or has yet to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiAcknowledged {
    member_id: i64,
    name: String,
    /// The major version acknowledged; 0 where there was none.
    major: i64,
    at: Option<String>,
    reminded: i64,
    reminded_at: Option<String>,
}

fn missing_line(missing: Missing) -> ApiAcknowledged {
    ApiAcknowledged {
        member_id: missing.who.card.id.0,
        name: missing.who.card.name,
        major: missing.who.major,
        at: None,
        reminded: missing.times,
        reminded_at: missing.reminded_at.map(At::rfc3339),
    }
}

fn kind(call: &Call) -> Result<Document> {
    let word: String = call.segment("kind")?;
    Document::parse(&word).or_not_found()
}

/// Lines on one page.
const PER_PAGE: i64 = 100;

/// Who acknowledged the major version in force, or with `show=missing` who has yet to.
#[utoipa::path(get, path = "/api/v1/guidelines/{kind}/acknowledgements", tag = "guidelines", params(("kind" = String, Path)),
    responses((status = 200, body = List<ApiAcknowledged>), (status = 403)))]
pub async fn acknowledgements(call: Call) -> Answer {
    let kind = kind(&call)?;
    let asked: Asked = call.query()?;
    call.api_read(move |tx, viewer| {
        let after = Cursor::decode(&asked.after);
        if asked.show == "missing" {
            let (found, next) =
                guidelines::missing(tx, &viewer.actor, kind, after.as_ref(), PER_PAGE)?;
            return Ok(List {
                items: found.into_iter().map(missing_line).collect::<Vec<_>>(),
                next: next.map(|next| next.encode()),
            });
        }
        viewer.actor.may(&Action::SeeAcknowledgements(kind))?;
        let major = guidelines::current(tx, kind)?.or_not_found()?.major;
        let after = after.and_then(|c| c.as_one());
        let found = guidelines::acknowledged_by(tx, &viewer.actor, (kind, major), after, PER_PAGE)?;
        let full = i64::try_from(found.len()).unwrap_or(0) == PER_PAGE;
        let next = found.last().filter(|_| full).map(|last| last.id);
        let ids: Vec<_> = found.iter().map(|line| line.member).collect();
        let cards = members::cards(tx, &ids)?;
        let items = found.into_iter().map(|line| ApiAcknowledged {
            member_id: line.member.0,
            name: cards
                .get(&line.member)
                .map(|card| card.name.clone())
                .unwrap_or_default(),
            major,
            at: Some(line.at.rfc3339()),
            reminded: 0,
            reminded_at: None,
        });
        Ok(List {
            items: items.collect::<Vec<_>>(),
            next: next.map(|id| Cursor::one(id).encode()),
        })
    })
    .await
}

/// That reminders are on their way.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reminding {
    reminding: bool,
}

/// Reminds those who have yet to acknowledge: at most once a day for all, once a week and three times for each.
#[utoipa::path(post, path = "/api/v1/guidelines/{kind}/reminders", tag = "guidelines", params(("kind" = String, Path)),
    responses((status = 202, body = Reminding), (status = 403), (status = 429)))]
pub async fn remind(call: Call) -> Answer {
    let kind = kind(&call)?;
    call.api_write(202, move |tx, viewer| {
        guidelines::remind(tx, &viewer.actor, kind)?;
        Ok(Reminding { reminding: true })
    })
    .await
}

/// What members come here to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiStatement {
    id: i64,
    words: String,
    who: String,
}

fn may_read(viewer: &Viewer) -> Result<()> {
    if viewer.can(&Action::SuggestText) {
        return Ok(());
    }
    viewer.actor.may(&Action::SeeOutreach)
}

/// The problem statements, for those who write.
#[utoipa::path(get, path = "/api/v1/guidelines/messaging/problems", tag = "guidelines",
    responses((status = 200, body = List<ApiStatement>), (status = 403)))]
pub async fn problems(call: Call) -> Answer {
    call.api_read(move |tx, viewer| {
        may_read(viewer)?;
        let items = guidelines::problem_statements(tx)?
            .into_iter()
            .map(|one| ApiStatement {
                id: one.id,
                words: one.words,
                who: one.who,
            });
        Ok(List {
            items: items.collect::<Vec<_>>(),
            next: None,
        })
    })
    .await
}

/// A statement to be written down.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStatement {
    words: String,
    #[serde(default)]
    who: String,
}

/// Writes a problem statement down.
#[utoipa::path(post, path = "/api/v1/guidelines/messaging/problems", tag = "guidelines", request_body = NewStatement,
    responses((status = 201, body = Made), (status = 403), (status = 422)))]
pub async fn add_problem(call: Call) -> Answer {
    let new: NewStatement = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let id = guidelines::add_statement(tx, &viewer.actor, &new.words, &new.who)?;
        Ok(Made { id })
    })
    .await
}

/// Changes a problem statement.
#[utoipa::path(patch, path = "/api/v1/guidelines/messaging/problems/{id}", tag = "guidelines", params(("id" = i64, Path)),
    request_body = NewStatement, responses((status = 200, body = ApiStatement), (status = 403), (status = 404), (status = 422)))]
pub async fn change_problem(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    let new: NewStatement = call.json()?;
    call.api_write(200, move |tx, viewer| {
        guidelines::change_statement(tx, &viewer.actor, id, &new.words, &new.who)?;
        Ok(ApiStatement {
            id,
            words: new.words.trim().to_owned(),
            who: new.who.trim().to_owned(),
        })
    })
    .await
}

/// Takes a problem statement out.
#[utoipa::path(delete, path = "/api/v1/guidelines/messaging/problems/{id}", tag = "guidelines", params(("id" = i64, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub async fn remove_problem(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        guidelines::remove_statement(tx, &viewer.actor, id)
    })
    .await
}
