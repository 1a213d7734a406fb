//! What each link of a highlight brought, side by side: for `partials/highlights/brought`.

use serde::Serialize;

use super::parts::SAMPLE;
use crate::db::Tx;
use crate::highlights::{self, Way};
use crate::kit::Result;
use crate::kit::ids::HighlightId;
use crate::policy::Action;
use crate::web::Viewer;

/// One link.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Link {
    /// The channel's name; empty for what was taken out.
    channel: String,
    /// How it was taken out; empty for an announcement.
    how: &'static str,
    purpose: String,
    /// Where it is shown with more about it.
    href: String,
    code: String,
    at: i64,
    visits: i64,
    sign_ups: i64,
    first_posts: i64,
}

impl Link {
    /// For samples: an announcement and what was taken out, the usual and the worst.
    pub fn samples() -> Vec<Self> {
        let announced = Self {
            channel: "The museum at Mastodon".into(),
            href: "/outreach/announcements/7".into(),
            code: "k7mwq2xp".into(),
            at: SAMPLE.0,
            visits: 41,
            sign_ups: 2,
            first_posts: 1,
            ..Self::default()
        };
        let kit = Self {
            channel: String::new(),
            how: "kit",
            purpose: "A poster".into(),
            href: "/outreach/pulls/3".into(),
            ..announced.clone()
        };
        let worst = Self {
            how: "feed",
            purpose: "م".repeat(255),
            href: String::new(),
            visits: i64::MAX,
            ..kit.clone()
        };
        vec![announced, kit, worst]
    }

    /// Every link of a highlight, for those who may see figures.
    pub fn all(tx: &mut Tx<'_>, viewer: &Viewer, id: HighlightId) -> Result<Vec<Self>> {
        if !viewer.can(&Action::SeeOutreach) {
            return Ok(Vec::new());
        }
        let all = highlights::brought(tx, &viewer.actor, id)?;
        Ok(all.into_iter().map(Self::of).collect())
    }

    fn of(one: highlights::Brought) -> Self {
        let link = Self {
            code: one.code,
            at: one.at.0,
            visits: one.clicks.people,
            sign_ups: one.clicks.sign_ups,
            first_posts: one.clicks.first_posts,
            ..Self::default()
        };
        match one.way {
            Way::Announced(id, channel) => Self {
                channel,
                href: format!("/outreach/announcements/{id}"),
                ..link
            },
            Way::Taken(id, how, purpose) => Self {
                how: how.as_str(),
                purpose,
                href: if highlights::by_machine(how) {
                    String::new()
                } else {
                    format!("/outreach/pulls/{id}")
                },
                ..link
            },
        }
    }
}
