//! The library by API: finding, labels, collections, laying aside.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::highlights::List;
use crate::highlights::{self, Attribution, Entry, Label, Shelf, WantedEntries as Wanted};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, CollectionId, HighlightId};
use crate::kit::{At, Refusal};
use crate::policy::Action;
use crate::web::{Answer, Call};

#[derive(Debug, Clone, Serialize)]
struct QuoteJson {
    excerpt: String,
    attribution: Attribution,
    attributed_as: Option<String>,
}

/// One entry of the library. Its words are shown to be looked at; taking them out is a pull.
#[derive(Debug, Clone, Serialize)]
struct EntryJson {
    id: HighlightId,
    status: &'static str,
    version: i64,
    title: String,
    audience: String,
    lang: String,
    category: String,
    topics: Vec<String>,
    collections: Vec<CollectionJson>,
    quotes: Vec<QuoteJson>,
    channels: Vec<&'static str>,
    by_hand: bool,
    evergreen: bool,
    with_picture: bool,
    embargo_until: Option<String>,
    expires_at: Option<String>,
    approved_at: Option<String>,
    said: usize,
    taken: i64,
}

#[derive(Debug, Clone, Serialize)]
struct CollectionJson {
    id: CollectionId,
    name: String,
}

fn entry_json(entry: Entry) -> EntryJson {
    let highlight = entry.highlight;
    EntryJson {
        id: highlight.id,
        status: highlight.state.as_str(),
        version: highlight.version,
        title: highlight.title,
        audience: highlight.audience,
        lang: highlight.lang,
        category: entry.category,
        topics: entry.topics,
        collections: entry
            .collections
            .into_iter()
            .map(|(id, name)| CollectionJson { id, name })
            .collect(),
        quotes: entry
            .voices
            .into_iter()
            .map(|voice| QuoteJson {
                excerpt: voice.words,
                attribution: voice.attribution,
                attributed_as: voice.named,
            })
            .collect(),
        channels: highlights::covered_words(&entry.covered),
        by_hand: entry.covered.by_hand,
        evergreen: highlight.evergreen,
        with_picture: highlight.pictured,
        embargo_until: highlight.embargo_until.map(At::rfc3339),
        expires_at: highlight.expires_at.map(At::rfc3339),
        approved_at: highlight.approved_at.map(At::rfc3339),
        said: entry
            .announcements
            .iter()
            .filter(|a| a.sent_at.is_some())
            .count(),
        taken: entry.taken,
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    shelf: String,
    words: String,
    topic: String,
    category: Option<i64>,
    audience: String,
    lang: String,
    with_picture: bool,
    collection: Option<i64>,
    after: String,
}

/// `GET /api/v1/library`: what stands on the shelves (`all`, `unused`, `evergreen`, `embargo`, `ending`, `retired`).
#[utoipa::path(get, path = "/api/v1/library", tag = "library", params(("shelf" = Option<String>, Query), ("words" = Option<String>, Query), ("topic" = Option<String>, Query), ("category" = Option<i64>, Query), ("audience" = Option<String>, Query), ("lang" = Option<String>, Query), ("with_picture" = Option<bool>, Query), ("collection" = Option<i64>, Query), ("after" = Option<String>, Query)), responses((status = 200), (status = 403)))]
pub async fn list(call: Call) -> Answer {
    let query: Query = call.query()?;
    let after = Cursor::decode(&query.after);
    let wanted = Wanted {
        shelf: Shelf::parse(&query.shelf).unwrap_or(Shelf::All),
        words: query.words,
        topic: query.topic,
        category: query.category.map(CategoryId),
        audience: query.audience,
        lang: query.lang,
        pictured: query.with_picture,
        collection: query.collection.map(CollectionId),
    };
    call.api_read(move |tx, viewer| {
        let (entries, next) = highlights::library(tx, &viewer.actor, &wanted, after)?;
        Ok(List {
            items: entries.into_iter().map(entry_json).collect::<Vec<_>>(),
            next: next.map(|c| c.encode()),
        })
    })
    .await
}

/// What stands on a label. `version` is the one it was made from; an older one is refused as stale.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
struct LabelBody {
    version: i64,
    topics: Vec<String>,
    audience: String,
    lang: String,
    evergreen: bool,
    /// The last day on which it may be used (`2026-12-24`), in the community's zone.
    expires: String,
    /// Not to be said before this wall time (`2026-12-01T09:00`), in the community's zone.
    embargo: String,
}

/// `PATCH /api/v1/highlights/{id}`
#[utoipa::path(patch, path = "/api/v1/highlights/{id}", tag = "library", request_body = LabelBody, params(("id" = i64, Path)), responses((status = 200), (status = 403), (status = 409), (status = 422)))]
pub async fn label(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let body: LabelBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let label = Label {
            topics: body.topics.join(","),
            audience: body.audience.clone(),
            lang: body.lang.clone(),
            evergreen: body.evergreen,
            expires: body.expires.clone(),
            embargo: body.embargo.clone(),
        };
        highlights::label(tx, &viewer.actor, id, body.version, &label)?;
        Ok(entry_json(highlights::entry(tx, &viewer.actor, id)?))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
struct NoteBody {
    note: String,
}

/// `POST /api/v1/highlights/{id}/retirement`: lays it aside.
#[utoipa::path(post, path = "/api/v1/highlights/{id}/retirement", tag = "library", request_body = NoteBody, params(("id" = i64, Path)), responses((status = 204), (status = 403), (status = 409)))]
pub async fn retire(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let body: NoteBody = call.json()?;
    call.api_write(204, move |tx, viewer| {
        highlights::retire(tx, &viewer.actor, id, &body.note)
    })
    .await
}

/// `DELETE /api/v1/highlights/{id}/retirement`: takes it up again; a moderator looks at it first.
#[utoipa::path(delete, path = "/api/v1/highlights/{id}/retirement", tag = "library", params(("id" = i64, Path)), responses((status = 204), (status = 403), (status = 409)))]
pub async fn bring_back(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        highlights::bring_back(tx, &viewer.actor, id)
    })
    .await
}

/// `DELETE /api/v1/highlights/{id}/card`: empties the card on other websites.
#[utoipa::path(delete, path = "/api/v1/highlights/{id}/card", tag = "library", params(("id" = i64, Path)), responses((status = 204), (status = 403), (status = 404)))]
pub async fn close_card(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        highlights::close_card(tx, &viewer.actor, id)
    })
    .await
}

#[derive(Debug, Clone, Serialize)]
struct CollectionLine {
    id: CollectionId,
    name: String,
    note: String,
    highlights: i64,
    created_at: String,
}

fn line(collection: highlights::Collection) -> CollectionLine {
    CollectionLine {
        id: collection.id,
        name: collection.name,
        note: collection.note,
        highlights: collection.items,
        created_at: collection.created_at.rfc3339(),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct After {
    after: String,
}

/// `GET /api/v1/collections`
#[utoipa::path(get, path = "/api/v1/collections", tag = "library", params(("after" = Option<String>, Query)), responses((status = 200), (status = 403)))]
pub async fn collections(call: Call) -> Answer {
    let query: After = call.query()?;
    let after = Cursor::decode(&query.after);
    call.api_read(move |tx, viewer| {
        let (all, next) = highlights::collections(tx, &viewer.actor, after)?;
        Ok(List {
            items: all.into_iter().map(line).collect::<Vec<_>>(),
            next: next.map(|c| c.encode()),
        })
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
struct CollectionBody {
    name: String,
    note: String,
}

/// `POST /api/v1/collections`
#[utoipa::path(post, path = "/api/v1/collections", tag = "library", request_body = CollectionBody, responses((status = 201), (status = 403), (status = 422)))]
pub async fn make_collection(call: Call) -> Answer {
    let body: CollectionBody = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let id = highlights::make_collection(tx, &viewer.actor, &body.name, &body.note)?;
        Ok(line(highlights::collection(tx, &viewer.actor, id)?))
    })
    .await
}

/// `PATCH /api/v1/collections/{id}`
#[utoipa::path(patch, path = "/api/v1/collections/{id}", tag = "library", request_body = CollectionBody, params(("id" = i64, Path)), responses((status = 200), (status = 404), (status = 422)))]
pub async fn change_collection(call: Call) -> Answer {
    let id: CollectionId = call.segment("id")?;
    let body: CollectionBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        highlights::change_collection(tx, &viewer.actor, id, &body.name, &body.note)?;
        Ok(line(highlights::collection(tx, &viewer.actor, id)?))
    })
    .await
}

/// `DELETE /api/v1/collections/{id}`
#[utoipa::path(delete, path = "/api/v1/collections/{id}", tag = "library", params(("id" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn remove_collection(call: Call) -> Answer {
    let id: CollectionId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        highlights::remove_collection(tx, &viewer.actor, id)
    })
    .await
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CollectBody {
    highlight_id: i64,
}

/// `POST /api/v1/collections/{id}/highlights`
#[utoipa::path(post, path = "/api/v1/collections/{id}/highlights", tag = "library", request_body = CollectBody, params(("id" = i64, Path)), responses((status = 204), (status = 404), (status = 422)))]
pub async fn collect(call: Call) -> Answer {
    let id: CollectionId = call.segment("id")?;
    let body: CollectBody = call.json()?;
    call.api_write(204, move |tx, viewer| {
        highlights::collect(tx, &viewer.actor, id, HighlightId(body.highlight_id))
    })
    .await
}

/// `DELETE /api/v1/collections/{id}/highlights/{highlight}`
#[utoipa::path(delete, path = "/api/v1/collections/{id}/highlights/{highlight}", tag = "library", params(("id" = i64, Path), ("highlight" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn uncollect(call: Call) -> Answer {
    let id: CollectionId = call.segment("id")?;
    let highlight: HighlightId = call.segment("highlight")?;
    call.api_write(204, move |tx, viewer| {
        highlights::uncollect(tx, &viewer.actor, id, highlight)
    })
    .await
}

/// Does the weekly letter with what is new in the library come to you?
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeeklyLetter {
    wanted: bool,
}

/// Whether the weekly letter comes to you.
#[utoipa::path(get, path = "/api/v1/library/letter", tag = "library",
    responses((status = 200, body = WeeklyLetter), (status = 401), (status = 403)))]
pub async fn letter(call: Call) -> Answer {
    call.api_read(move |tx, viewer| {
        let me = viewer.actor.id().ok_or(Refusal::SignInFirst)?;
        viewer.actor.may(&Action::SeeLibrary)?;
        let wanted = highlights::wants_letter(tx, me)?;
        Ok(WeeklyLetter { wanted })
    })
    .await
}

/// Says whether you want the weekly letter.
#[utoipa::path(patch, path = "/api/v1/library/letter", tag = "library", request_body = WeeklyLetter,
    responses((status = 200, body = WeeklyLetter), (status = 401), (status = 403)))]
pub async fn choose_letter(call: Call) -> Answer {
    let chosen: WeeklyLetter = call.json()?;
    call.api_write(200, move |tx, viewer| {
        viewer.actor.may(&Action::SeeLibrary)?;
        highlights::want_letter(tx, &viewer.actor, chosen.wanted)?;
        Ok(chosen)
    })
    .await
}
