//! The calendar and the slots of channels by API.

use serde::{Deserialize, Serialize};

use super::announcements::{AnnouncementJson, announcement_json};
use crate::highlights::{self, Slot};
use crate::kit::clock::DAY;
use crate::kit::ids::{ChannelId, HighlightId, SlotId, VoiceRequestId};
use crate::kit::{At, Refusal, Result, Stop};
use crate::web::{Answer, Call};

/// The longest stretch that is answered at once.
const LONGEST: i64 = 100 * DAY;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    from: String,
    to: String,
}

#[derive(Debug, Clone, Serialize)]
struct EntryJson {
    #[serde(flatten)]
    announcement: AnnouncementJson,
    title: String,
    category_id: Option<i64>,
    wall_time: String,
    zone: String,
    conflicts: Vec<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
struct FreeJson {
    at: String,
    channel_id: ChannelId,
}

#[derive(Debug, Clone, Serialize)]
struct EmbargoJson {
    at: String,
    highlight_id: HighlightId,
    title: String,
}

#[derive(Debug, Clone, Serialize)]
struct DueJson {
    at: String,
    request_id: VoiceRequestId,
    title: String,
}

#[derive(Debug, Clone, Serialize)]
struct CalendarJson {
    items: Vec<EntryJson>,
    free_slots: Vec<FreeJson>,
    embargoes: Vec<EmbargoJson>,
    due_requests: Vec<DueJson>,
    next: Option<String>,
}

fn moment(field: &str, text: &str) -> Result<At> {
    let stamp: jiff::Timestamp = text
        .parse()
        .map_err(|_unreadable| Stop::invalid(field, "when-unreadable"))?;
    Ok(At(stamp.as_microsecond()))
}

/// `GET /api/v1/calendar?from=&to=`: what is planned and was said, with what stands in its way. At most 100 days.
#[utoipa::path(get, path = "/api/v1/calendar", tag = "highlights", params(("from" = String, Query), ("to" = String, Query)), responses((status = 200), (status = 403), (status = 422)))]
pub async fn show(call: Call) -> Answer {
    let query: Query = call.query()?;
    call.api_read(move |tx, viewer| {
        let (from, to) = (moment("from", &query.from)?, moment("to", &query.to)?);
        if to < from || to.since(from) > LONGEST {
            return Err(Stop::invalid("to", "when-far"));
        }
        let all = highlights::calendar(tx, &viewer.actor, from, to)?;
        Ok(CalendarJson {
            items: all
                .entries
                .iter()
                .map(|entry| EntryJson {
                    announcement: announcement_json(&entry.announcement),
                    title: entry.title.clone(),
                    category_id: entry.category.as_ref().map(|(id, _)| id.0),
                    wall_time: entry.announcement.wall_time.clone(),
                    zone: entry.announcement.zone.clone(),
                    conflicts: entry.conflicts.iter().map(|c| c.as_str()).collect(),
                })
                .collect(),
            free_slots: all
                .free
                .iter()
                .map(|slot| FreeJson {
                    at: slot.at.rfc3339(),
                    channel_id: slot.channel,
                })
                .collect(),
            embargoes: all
                .embargoes
                .iter()
                .map(|embargo| EmbargoJson {
                    at: embargo.at.rfc3339(),
                    highlight_id: embargo.highlight,
                    title: embargo.title.clone(),
                })
                .collect(),
            due_requests: all
                .due
                .iter()
                .map(|due| DueJson {
                    at: due.at.rfc3339(),
                    request_id: due.request,
                    title: due.title.clone(),
                })
                .collect(),
            next: None,
        })
    })
    .await
}

#[derive(Debug, Clone, Serialize)]
struct SlotJson {
    id: SlotId,
    channel_id: ChannelId,
    weekday: i64,
    time: String,
}

fn slot_json(slot: &Slot) -> SlotJson {
    SlotJson {
        id: slot.id,
        channel_id: slot.channel,
        weekday: slot.time.weekday,
        time: format!("{:02}:{:02}", slot.time.minute / 60, slot.time.minute % 60),
    }
}

#[derive(Debug, Clone, Serialize)]
struct SlotsJson {
    items: Vec<SlotJson>,
    next: Option<String>,
    /// The next free slot as a moment and as the clocks show it there.
    next_free: Option<String>,
    next_free_wall: Option<String>,
}

/// `GET /api/v1/channels/{id}/slots`: the hours at which a channel speaks, and the next one that is free.
#[utoipa::path(get, path = "/api/v1/channels/{id}/slots", tag = "channels", params(("id" = i64, Path)), responses((status = 200), (status = 403), (status = 404)))]
pub async fn slots(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    call.api_read(move |tx, viewer| {
        let free = highlights::next_slot(tx, &viewer.actor, id)?;
        let all = highlights::slots(tx, &viewer.actor, Some(id))?;
        Ok(SlotsJson {
            items: all.iter().map(slot_json).collect(),
            next: None,
            next_free: free.as_ref().map(|p| p.at.rfc3339()),
            next_free_wall: free.map(|p| p.wall),
        })
    })
    .await
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SlotBody {
    /// 1 is Monday, 7 is Sunday.
    weekday: i64,
    /// Such as `10:00`, in the community's zone.
    time: String,
}

/// `POST /api/v1/channels/{id}/slots`
#[utoipa::path(post, path = "/api/v1/channels/{id}/slots", tag = "channels", request_body = SlotBody, params(("id" = i64, Path)), responses((status = 201), (status = 403), (status = 422)))]
pub async fn add_slot(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let body: SlotBody = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let made = highlights::add_slot(tx, &viewer.actor, id, body.weekday, &body.time)?;
        let all = highlights::slots(tx, &viewer.actor, Some(id))?;
        let made = all.iter().find(|slot| slot.id == made);
        Ok(slot_json(made.ok_or(Refusal::NotFound)?))
    })
    .await
}

/// `DELETE /api/v1/slots/{id}`
#[utoipa::path(delete, path = "/api/v1/slots/{id}", tag = "channels", params(("id" = i64, Path)), responses((status = 204), (status = 403), (status = 404)))]
pub async fn drop_slot(call: Call) -> Answer {
    let id: SlotId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        highlights::drop_slot(tx, &viewer.actor, id).map(drop)
    })
    .await
}
