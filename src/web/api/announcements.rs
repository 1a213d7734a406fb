//! Announcements by API: previewing, scheduling, reading, taking back, correcting.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::highlights::{List, ListQuery};
use crate::bridge;
use crate::highlights::{self, Announcement, Correction, Draft, Finding, Hour, PictureWish, When};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{AnnouncementId, ChannelId, HighlightId, MediaId};
use crate::kit::{At, Refusal, Result, Stop};
use crate::web::highlights::frame_words;
use crate::web::{Answer, Call};

/// An announcement as the API says it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AnnouncementJson {
    id: AnnouncementId,
    highlight_id: HighlightId,
    channel_id: ChannelId,
    channel: String,
    state: &'static str,
    revision: i64,
    text: String,
    code: String,
    scheduled_at: String,
    sent_at: Option<String>,
    withdrawn_at: Option<String>,
    url: Option<String>,
    picture_id: Option<MediaId>,
    picture_alt: String,
    /// The champion's suggestion that it began with.
    suggestion_id: Option<i64>,
    /// Why warnings were passed over, by rule.
    reasons: BTreeMap<String, String>,
}

pub(super) fn announcement_json(one: &Announcement) -> AnnouncementJson {
    AnnouncementJson {
        id: one.id,
        highlight_id: one.highlight,
        channel_id: one.channel,
        channel: one.channel_kind.clone(),
        state: one.state.as_str(),
        revision: one.revision,
        text: one.text.clone(),
        code: one.code.clone(),
        scheduled_at: one.planned_at.rfc3339(),
        sent_at: one.sent_at.map(At::rfc3339),
        withdrawn_at: one.withdrawn_at.map(At::rfc3339),
        url: one.remote_url.clone(),
        picture_id: one.picture,
        picture_alt: one.picture_alt.clone(),
        suggestion_id: one.suggestion,
        reasons: serde_json::from_str(&one.reasons).unwrap_or_default(),
    }
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AnnouncementBody {
    channel_id: i64,
    text: String,
    /// RFC 3339; absent or null: now.
    #[serde(default)]
    scheduled_at: Option<String>,
    /// A wall time in the community's zone, such as `2026-11-24T10:00`, instead of a moment.
    #[serde(default)]
    wall_time: Option<String>,
    /// `first` or `second`, where clocks go back and that hour comes twice.
    #[serde(default)]
    hour: String,
    /// At the channel's next free slot.
    #[serde(default)]
    slot: bool,
    /// The language (BCP 47); empty: the highlight's own.
    #[serde(default)]
    lang: String,
    /// Words it may be found by.
    #[serde(default)]
    hashtags: Vec<String>,
    /// Why a warning may be passed over, by rule.
    #[serde(default)]
    reasons: BTreeMap<String, String>,
    /// One of the pictures that may go along; see `texts` of the highlight.
    #[serde(default)]
    picture_id: Option<i64>,
    /// What it shows; absent: what its author wrote.
    #[serde(default)]
    picture_alt: Option<String>,
    /// The champion's suggestion that the text began with.
    #[serde(default)]
    suggestion_id: Option<i64>,
    /// Only in a preview, where no address names it.
    #[serde(default)]
    highlight_id: Option<i64>,
}

impl AnnouncementBody {
    fn draft(&self, nameless: String) -> Result<Draft> {
        let when = match self.scheduled_at.as_deref() {
            None | Some("") => When::Now,
            Some(text) => {
                let stamp: jiff::Timestamp = text
                    .parse()
                    .map_err(|_unreadable| Stop::invalid("scheduled_at", "when-unreadable"))?;
                When::At(At(stamp.as_microsecond()))
            }
        };
        let when = match (self.slot, self.wall_time.as_deref()) {
            (true, _) => When::Slot,
            (false, Some(wall)) if !wall.is_empty() => When::wall(wall, self.hour()?),
            _ => when,
        };
        Ok(Draft {
            channel: ChannelId(self.channel_id),
            text: self.text.clone(),
            when,
            nameless,
            lang: self.lang.clone(),
            hashtags: self.hashtags.join(" "),
            reasons: self.reasons.clone(),
            picture: picture_wish(self.picture_id, self.picture_alt.as_ref()),
            suggestion: self.suggestion_id,
        })
    }

    fn hour(&self) -> Result<Option<Hour>> {
        hour_of(&self.hour)
    }
}

/// The picture that was asked for.
pub(super) fn picture_wish(id: Option<i64>, alt: Option<&String>) -> Option<PictureWish> {
    Some(PictureWish {
        id: MediaId(id?),
        alt: alt.cloned(),
    })
}

/// Which of two equal hours; empty where it was not said.
pub(super) fn hour_of(word: &str) -> Result<Option<Hour>> {
    match word {
        "" => Ok(None),
        word => match Hour::parse(word) {
            Some(hour) => Ok(Some(hour)),
            None => Err(Stop::invalid("hour", "when-unreadable")),
        },
    }
}

/// `POST /api/v1/highlights/{id}/announcements`
#[utoipa::path(post, path = "/api/v1/highlights/{id}/announcements", tag = "highlights", request_body = AnnouncementBody, params(("id" = i64, Path)), responses((status = 201), (status = 403), (status = 409), (status = 422)))]
pub async fn announce(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let body: AnnouncementBody = call.json()?;
    let ui = call.app().ui()?;
    call.api_write(201, move |tx, viewer| {
        let draft = body.draft(frame_words(&ui, &viewer.settings).nameless)?;
        let made = highlights::announce(tx, &viewer.actor, id, &draft)?;
        let (one, _) = highlights::announcement(tx, &viewer.actor, made)?;
        Ok(announcement_json(&one))
    })
    .await
}

#[derive(Debug, Clone, Serialize)]
struct PreviewJson {
    title: String,
    text: String,
    length: usize,
    limit: Option<usize>,
    passes: bool,
    findings: Vec<Finding>,
    picture_id: Option<MediaId>,
    picture_alt: String,
    /// Does it go along: `along`, `bare` (without what it shows), `by-hand`, `not-this-way`, `no-address`, `never`.
    picture_goes: Option<&'static str>,
}

/// `POST /api/v1/announcements/preview`: the text as it would leave, and what the rules found. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/announcements/preview", tag = "highlights", request_body = AnnouncementBody, responses((status = 200), (status = 422)))]
pub async fn preview(call: Call) -> Answer {
    let body: AnnouncementBody = call.json()?;
    let ui = call.app().ui()?;
    call.api_read(move |tx, viewer| {
        let id = body
            .highlight_id
            .ok_or_else(|| Stop::invalid("highlight_id", "needed"))?;
        let draft = body.draft(frame_words(&ui, &viewer.settings).nameless)?;
        let seen = highlights::examine(tx, &viewer.actor, HighlightId(id), &draft)?;
        let (picture_id, picture_alt) = seen.picture.map(|(upload, alt)| (upload.id, alt)).unzip();
        Ok(PreviewJson {
            picture_goes: picture_id.map(|_| seen.channel.carriage.as_str()),
            picture_id,
            picture_alt: picture_alt.unwrap_or_default(),
            title: seen.title,
            text: seen.text,
            length: seen.report.length,
            limit: seen.report.limit,
            passes: seen.report.passes(),
            findings: seen.report.findings,
        })
    })
    .await
}

/// `GET /api/v1/announcements`
#[utoipa::path(get, path = "/api/v1/announcements", tag = "highlights", params(("after" = Option<String>, Query)), responses((status = 200), (status = 403)))]
pub async fn announcements(call: Call) -> Answer {
    let query: ListQuery = call.query()?;
    let after = match query.after.as_str() {
        "" => None,
        text => Some(Cursor::decode(text).ok_or(Refusal::Unreadable("cursor"))?),
    };
    call.api_read(move |tx, viewer| {
        let (lines, next) = highlights::announcements(tx, &viewer.actor, after)?;
        let items = lines
            .iter()
            .map(|(one, _)| announcement_json(one))
            .collect::<Vec<_>>();
        Ok(List {
            items,
            next: next.map(|c| c.encode()),
        })
    })
    .await
}

/// `GET /api/v1/announcements/{id}`
#[utoipa::path(get, path = "/api/v1/announcements/{id}", tag = "highlights", params(("id" = i64, Path)), responses((status = 200), (status = 404)))]
pub async fn announcement(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    call.api_read(move |tx, viewer| {
        let (one, _) = highlights::announcement(tx, &viewer.actor, id)?;
        Ok(announcement_json(&one))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
struct ReasonBody {
    reason: String,
}

/// Days in one answer.
const DAYS: i64 = 50;

/// What an announcement's link brought: numbers only, with nothing of anybody in them.
#[derive(Debug, Clone, Serialize)]
struct ClicksJson {
    /// `2026-11-22`, in UTC.
    day: String,
    visits: i64,
    /// Programs that fetched it to show a preview.
    previews: i64,
    sign_ups: i64,
    first_posts: i64,
}

/// `GET /api/v1/announcements/{id}/clicks`: what its link brought, day by day, the latest first.
#[utoipa::path(get, path = "/api/v1/announcements/{id}/clicks", tag = "highlights", params(("id" = i64, Path), ("after" = Option<String>, Query)), responses((status = 200), (status = 403), (status = 404)))]
pub async fn clicks(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let query: ListQuery = call.query()?;
    let before = match query.after.as_str() {
        "" => None,
        text => {
            let cursor = Cursor::decode(text).and_then(|cursor| cursor.as_one());
            Some(cursor.ok_or(Refusal::Unreadable("cursor"))?)
        }
    };
    call.api_read(move |tx, viewer| {
        let (one, _) = highlights::announcement(tx, &viewer.actor, id)?;
        let mut days = bridge::clicks_by_day(tx, &viewer.actor, &one.code, before, DAYS + 1)?;
        let next = Cursor::turn(&mut days, DAYS, |day| Cursor::one(day.day));
        let items = days.iter().map(|one| ClicksJson {
            day: one.date(),
            visits: one.clicks.people,
            previews: one.clicks.previews,
            sign_ups: one.clicks.sign_ups,
            first_posts: one.clicks.first_posts,
        });
        Ok(List {
            items: items.collect(),
            next: next.map(|c| c.encode()),
        })
    })
    .await
}

/// `POST /api/v1/announcements/{id}/withdrawal`
#[utoipa::path(post, path = "/api/v1/announcements/{id}/withdrawal", tag = "highlights", request_body = ReasonBody, params(("id" = i64, Path)), responses((status = 200), (status = 409)))]
pub async fn withdrawal(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let body: ReasonBody = call.json()?;
    call.api_write(200, move |tx, viewer| {
        highlights::withdraw_announcement(tx, &viewer.actor, id, &body.reason)?;
        let (one, _) = highlights::announcement(tx, &viewer.actor, id)?;
        Ok(announcement_json(&one))
    })
    .await
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectionBody {
    text: String,
    /// Why a warning may be passed over, by rule; those of the first text are asked again.
    #[serde(default)]
    reasons: BTreeMap<String, String>,
    /// Another description of its picture; absent: as it is.
    #[serde(default)]
    picture_alt: Option<String>,
    /// Leaves the picture out.
    #[serde(default)]
    without_picture: bool,
}

/// A corrected announcement, or one whose correction waits.
#[derive(Debug, Clone, Serialize)]
struct CorrectedJson {
    #[serde(flatten)]
    announcement: AnnouncementJson,
    /// The words that wait for a second pair of eyes; somebody else sends them by `…/release`.
    waiting_correction: Option<String>,
}

/// `POST /api/v1/announcements/{id}/correction`: where a second pair of eyes is asked for, it waits for its release.
#[utoipa::path(post, path = "/api/v1/announcements/{id}/correction", tag = "highlights", request_body = CorrectionBody, params(("id" = i64, Path)), responses((status = 200), (status = 409), (status = 422)))]
pub async fn correction(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let body: CorrectionBody = call.json()?;
    let ui = call.app().ui()?;
    call.api_write(200, move |tx, viewer| {
        let nameless = frame_words(&ui, &viewer.settings).nameless;
        let correction = Correction {
            text: body.text.clone(),
            reasons: body.reasons.clone(),
            picture_alt: body.picture_alt.clone(),
            without_picture: body.without_picture,
        };
        highlights::correct(tx, &viewer.actor, id, &correction, &nameless)?;
        let (one, _) = highlights::announcement(tx, &viewer.actor, id)?;
        let waits = highlights::waiting_correction(tx, &viewer.actor, id)?;
        Ok(CorrectedJson {
            announcement: announcement_json(&one),
            waiting_correction: waits.map(|one| one.correction.text),
        })
    })
    .await
}
