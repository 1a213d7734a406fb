//! What stands around an announcement on its page: its deliveries, what its link brought, the correction that waits, and
//! the other places where the highlight is said.

use serde::Serialize;

use super::parts::{SAMPLE, Who};
use crate::bridge::{self, Clicks};
use crate::db::Tx;
use crate::highlights::{self, Announcement, AnnouncementState};
use crate::kit::Result;
use crate::kit::ids::{AnnouncementId, HighlightId};
use crate::members;
use crate::policy::Action;
use crate::web::Viewer;
use crate::web::bridge::ChannelRow;

/// One delivery of an announcement.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Delivery {
    pub(super) id: i64,
    pub(super) operation: &'static str,
    pub(super) revision: i64,
    pub(super) state: &'static str,
    pub(super) why: String,
    pub(super) tries: i64,
    pub(super) at: i64,
}

/// Days of figures on the page; the API has all of them.
const DAYS: i64 = 31;

/// What the link brought on a day, or on all of them.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Brought {
    pub(super) day: String,
    pub(super) visits: i64,
    pub(super) sign_ups: i64,
    pub(super) first_posts: i64,
}

impl Brought {
    fn of(day: String, clicks: Clicks) -> Self {
        Self {
            day,
            visits: clicks.people,
            sign_ups: clicks.sign_ups,
            first_posts: clicks.first_posts,
        }
    }

    /// What an announcement's link brought: in all, and day by day.
    pub(super) fn all(tx: &mut Tx<'_>, viewer: &Viewer, code: &str) -> Result<(Self, Vec<Self>)> {
        let days = bridge::clicks_by_day(tx, &viewer.actor, code, None, DAYS)?;
        let sums = bridge::clicks_of(tx, &[code.to_owned()])?;
        let sum = sums.get(code).copied().unwrap_or_default();
        let days = days.iter().map(|one| Self::of(one.date(), one.clicks));
        Ok((Self::of(String::new(), sum), days.collect()))
    }
}

/// A correction that nobody else has read yet.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct WaitingCard {
    pub(super) text: String,
    pub(super) by: Who,
    pub(super) at: i64,
    pub(super) alt: String,
    pub(super) without_picture: bool,
    pub(super) mine: bool,
}

impl WaitingCard {
    /// The one that waits, where something stands outside.
    pub(super) fn seek(
        tx: &mut Tx<'_>,
        viewer: &Viewer,
        one: &Announcement,
    ) -> Result<Option<Self>> {
        if one.state != AnnouncementState::Sent {
            return Ok(None);
        }
        let Some(waits) = highlights::waiting_correction(tx, &viewer.actor, one.id)? else {
            return Ok(None);
        };
        let by = match waits.written_by {
            Some(id) => members::cards(tx, &[id])?.get(&id).map(Who::of),
            None => None,
        };
        Ok(Some(Self {
            text: waits.correction.text,
            by: by.unwrap_or_default(),
            at: waits.written_at.0,
            alt: waits.correction.picture_alt.unwrap_or_default(),
            without_picture: waits.correction.without_picture,
            mine: waits.written_by == viewer.actor.id(),
        }))
    }

    /// Worse than any.
    pub(super) fn sample() -> Self {
        Self {
            text: "م".repeat(255),
            by: Who::sample(),
            at: SAMPLE.0,
            alt: "A heron.".into(),
            without_picture: true,
            mine: false,
        }
    }
}

/// What the viewer has to do with the highlight behind an announcement.
#[derive(Default)]
pub(super) struct Around {
    pub(super) sees: bool,
    pub(super) can_announce: bool,
    pub(super) rows: Vec<ChannelRow>,
}

/// Whether the viewer sees the highlight and may say something of it, and where else it is said.
pub(super) fn around(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    highlight: HighlightId,
    id: AnnouncementId,
) -> Result<Around> {
    match highlights::view(tx, &viewer.actor, highlight) {
        Ok(view) => Ok(Around {
            sees: true,
            can_announce: viewer.can(&Action::Announce(&view.facts)),
            rows: ChannelRow::all(tx, &view.announcements, id)?,
        }),
        Err(_) => Ok(Around::default()),
    }
}

/// Every delivery of an announcement.
pub(super) fn deliveries(tx: &mut Tx<'_>, one: &Announcement) -> Result<Vec<Delivery>> {
    Ok(bridge::deliveries_of(tx, &one.origin())?
        .into_iter()
        .map(|d| Delivery {
            id: d.id.0,
            operation: d.operation.as_str(),
            revision: d.revision,
            state: d.state.as_str(),
            why: d.state_reason.clone(),
            tries: d.tries,
            at: d.updated_at.0,
        })
        .collect())
}
