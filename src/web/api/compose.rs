//! The writing desk by API: texts in the making, second eyes, moving what is planned.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::announcements::{announcement_json, hour_of, picture_wish};
use crate::db::Tx;
use crate::highlights::{self, Composition, Kept, Plan, Wanted, WantedText, When};
use crate::kit::ids::{AnnouncementId, ChannelId, HighlightId};
use crate::kit::{At, Result, Stop};
use crate::web::highlights::frame_words;
use crate::web::{Answer, Call};

/// One channel's text in the making.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TextBody {
    channel_id: i64,
    /// Absent or empty: it follows the master text.
    #[serde(default)]
    text: String,
    /// Answered only: was it changed by hand?
    #[serde(default)]
    own: bool,
    /// `now`, `later` or `slot`.
    #[serde(default)]
    plan: String,
    /// A wall time in the community's zone, for `later`.
    #[serde(default)]
    wall_time: String,
    /// `first` or `second`, where that hour comes twice.
    #[serde(default)]
    hour: String,
    /// Why a warning may be passed over, by rule.
    #[serde(default)]
    reasons: BTreeMap<String, String>,
    /// Answered only: what the second pair of eyes said.
    #[serde(default)]
    note: String,
}

impl TextBody {
    fn of(text: &Kept) -> Self {
        Self {
            channel_id: text.channel.0,
            text: text.text.clone(),
            own: text.own,
            plan: text.plan.as_str().to_owned(),
            wall_time: text.wall.clone(),
            hour: text.hour.map_or("", |hour| hour.as_str()).to_owned(),
            reasons: text.reasons.clone(),
            note: text.note.clone(),
        }
    }

    fn wanted(&self) -> Result<WantedText> {
        let plan = match self.plan.as_str() {
            "" => Plan::Now,
            word => Plan::parse(word).ok_or_else(|| Stop::invalid("plan", "request-answer"))?,
        };
        Ok(WantedText {
            channel: ChannelId(self.channel_id),
            text: Some(self.text.clone()).filter(|text| !text.trim().is_empty()),
            plan,
            wall: self.wall_time.clone(),
            hour: hour_of(&self.hour)?,
            reasons: self.reasons.clone(),
        })
    }
}

/// Everything that is being written for a highlight.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TextsBody {
    /// The revision that it was made from; 0 where nothing was kept.
    revision: i64,
    master: String,
    lang: String,
    #[serde(default)]
    hashtags: String,
    texts: Vec<TextBody>,
    /// One of `pictures`.
    #[serde(default)]
    picture_id: Option<i64>,
    /// What it shows; absent: what its author wrote.
    #[serde(default)]
    picture_alt: Option<String>,
    /// The champion's suggestion that the master text began with.
    #[serde(default)]
    suggestion_id: Option<i64>,
    /// Answered only: the pictures that may go along.
    #[serde(default)]
    pictures: Vec<PictureBody>,
    /// Answered only: who kept it last.
    #[serde(default)]
    saved_by: Option<i64>,
    /// Answered only.
    #[serde(default)]
    saved_at: Option<String>,
}

/// A picture that may go along.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PictureBody {
    id: i64,
    url: String,
    alt: String,
    media_type: String,
}

impl TextsBody {
    fn of(tx: &mut Tx<'_>, all: &Composition) -> Result<Self> {
        let pictures = highlights::pictures(tx, all.highlight)?;
        Ok(Self {
            picture_id: all.picture.as_ref().map(|p| p.id.0),
            picture_alt: all.picture.as_ref().and_then(|p| p.alt.clone()),
            suggestion_id: all.suggestion,
            pictures: pictures
                .into_iter()
                .map(|p| PictureBody {
                    id: p.id.0,
                    url: tx.link(&p.path()),
                    alt: p.alt,
                    media_type: p.media_type,
                })
                .collect(),
            revision: all.revision,
            master: all.master.clone(),
            lang: all.lang.clone(),
            hashtags: all.hashtags.clone(),
            texts: all.texts.iter().map(TextBody::of).collect(),
            saved_by: all.saved_by.map(|id| id.0),
            saved_at: all.saved_at.map(At::rfc3339),
        })
    }

    fn wanted(&self) -> Result<Wanted> {
        Ok(Wanted {
            revision: self.revision,
            master: self.master.clone(),
            lang: self.lang.clone(),
            hashtags: self.hashtags.clone(),
            picture: picture_wish(self.picture_id, self.picture_alt.as_ref()),
            suggestion: self.suggestion_id,
            texts: self
                .texts
                .iter()
                .map(TextBody::wanted)
                .collect::<Result<_>>()?,
        })
    }
}

/// `GET /api/v1/highlights/{id}/texts`: what is being written; the standard text where nothing was kept.
#[utoipa::path(get, path = "/api/v1/highlights/{id}/texts", tag = "highlights", params(("id" = i64, Path)), responses((status = 200), (status = 403)))]
pub async fn texts(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let ui = call.app().ui()?;
    call.api_read(move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        let all = highlights::composition(tx, &viewer.actor, id, &words.nameless, &words.said_in)?;
        TextsBody::of(tx, &all)
    })
    .await
}

/// `POST /api/v1/highlights/{id}/texts`: keeps what is being written. A stale revision is 409.
#[utoipa::path(post, path = "/api/v1/highlights/{id}/texts", tag = "highlights", request_body = TextsBody, params(("id" = i64, Path)), responses((status = 200), (status = 409), (status = 422)))]
pub async fn keep(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let body: TextsBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let kept = highlights::save(tx, &viewer.actor, id, &body.wanted()?)?;
        TextsBody::of(tx, &kept)
    })
    .await
}

/// `POST /api/v1/highlights/{id}/texts/{channel}/announcement`: schedules the text that was kept for a channel.
#[utoipa::path(post, path = "/api/v1/highlights/{id}/texts/{channel}/announcement", tag = "highlights", params(("id" = i64, Path), ("channel" = i64, Path)), responses((status = 201), (status = 409), (status = 422)))]
pub async fn send(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let channel: ChannelId = call.segment("channel")?;
    let ui = call.app().ui()?;
    call.api_write(201, move |tx, viewer| {
        let nameless = frame_words(&ui, &viewer.settings).nameless;
        let made = highlights::schedule_text(tx, &viewer.actor, id, channel, &nameless)?;
        let (one, _) = highlights::announcement(tx, &viewer.actor, made)?;
        Ok(announcement_json(&one))
    })
    .await
}

/// Why warnings that came up since may be passed over.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
struct ReasonsBody {
    reasons: BTreeMap<String, String>,
}

/// `POST /api/v1/announcements/{id}/release`: the second pair of eyes lets it go on its way.
#[utoipa::path(post, path = "/api/v1/announcements/{id}/release", tag = "highlights", request_body = ReasonsBody, params(("id" = i64, Path)), responses((status = 200), (status = 403), (status = 409), (status = 422)))]
pub async fn release(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let body: ReasonsBody = call.json_if_any()?;
    let ui = call.app().ui()?;
    call.api_write(200, move |tx, viewer| {
        let nameless = frame_words(&ui, &viewer.settings).nameless;
        highlights::release(tx, &viewer.actor, id, &body.reasons, &nameless)?;
        let (one, _) = highlights::announcement(tx, &viewer.actor, id)?;
        Ok(announcement_json(&one))
    })
    .await
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    note: String,
}

/// `POST /api/v1/announcements/{id}/return`: the second pair of eyes hands it back with a note.
#[utoipa::path(post, path = "/api/v1/announcements/{id}/return", tag = "highlights", request_body = NoteBody, params(("id" = i64, Path)), responses((status = 200), (status = 403), (status = 409), (status = 422)))]
pub async fn hand_back(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let body: NoteBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        highlights::hand_back(tx, &viewer.actor, id, &body.note)?;
        let (one, _) = highlights::announcement(tx, &viewer.actor, id)?;
        Ok(announcement_json(&one))
    })
    .await
}

/// When: a moment, a wall time, or the next free slot.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WhenBody {
    /// RFC 3339.
    scheduled_at: Option<String>,
    /// A wall time in the community's zone, such as `2026-11-24T10:00`.
    wall_time: Option<String>,
    /// `first` or `second`, where that hour comes twice.
    hour: String,
    /// The channel's next free slot.
    slot: bool,
}

impl WhenBody {
    pub(super) fn when(&self) -> Result<When> {
        if self.slot {
            return Ok(When::Slot);
        }
        if let Some(wall) = self.wall_time.as_deref() {
            return Ok(When::wall(wall, hour_of(&self.hour)?));
        }
        let text = self.scheduled_at.as_deref().unwrap_or_default();
        let stamp: jiff::Timestamp = text
            .parse()
            .map_err(|_unreadable| Stop::invalid("scheduled_at", "when-unreadable"))?;
        Ok(When::At(At(stamp.as_microsecond())))
    }
}

/// `POST /api/v1/announcements/{id}/schedule`: moves what has not left to another time.
#[utoipa::path(post, path = "/api/v1/announcements/{id}/schedule", tag = "highlights", request_body = WhenBody, params(("id" = i64, Path)), responses((status = 200), (status = 409), (status = 422)))]
pub async fn schedule(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let body: WhenBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        highlights::reschedule(tx, &viewer.actor, id, &body.when()?)?;
        let (one, _) = highlights::announcement(tx, &viewer.actor, id)?;
        Ok(announcement_json(&one))
    })
    .await
}
