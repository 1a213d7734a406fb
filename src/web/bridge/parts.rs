//! Shapes that several pages of the bridge share.

use serde::Serialize;

use crate::bridge::{AttemptLine, ChannelLine, DeliveryLine};
use crate::db::Tx;
use crate::highlights;
use crate::kit::Result;
use crate::kit::ids::AnnouncementId;
use crate::policy::Actor;

/// The longest name there can be, for samples.
pub(super) fn longest() -> String {
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd} ".repeat(51)
}

/// A way on in a keyset list.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Pager {
    label: String,
    prev: Option<String>,
    next: Option<String>,
    pages: Vec<()>,
}

/// A pager for a list that goes on at `next`; none where it does not.
pub(super) fn pager(next: Option<String>) -> Option<Pager> {
    next.map(|href| Pager {
        label: String::new(),
        prev: None,
        next: Some(href),
        pages: Vec::new(),
    })
}

/// A channel as templates show it.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct ChannelCard {
    pub id: i64,
    pub kind: String,
    pub name: String,
    pub state: String,
    pub state_note: String,
    pub destination: String,
    pub secret_hint: String,
    pub has_own_secret: bool,
    pub is_built_in: bool,
    pub account: Option<String>,
    pub account_url: Option<String>,
    pub token_expires_at: Option<i64>,
    pub verified_at: Option<i64>,
    pub last_success_at: Option<i64>,
    pub breaker_until: Option<i64>,
    pub failures: i64,
    pub limit: Option<i64>,
    pub min_gap_seconds: i64,
    pub daily_cap: i64,
    pub max_lateness_seconds: i64,
    pub revision: i64,
    pub is_open: bool,
    pub is_paused: bool,
}

impl ChannelCard {
    /// The card of a channel.
    pub fn of(line: &ChannelLine) -> Self {
        use crate::bridge::{ChannelState, SecretRule, kind};
        let rule = kind(&line.kind).map(|kind| kind.secret());
        Self {
            id: line.id.0,
            kind: line.kind.clone(),
            name: line.name.clone(),
            state: line.state.to_string(),
            state_note: line.state_note.clone(),
            destination: line.destination.clone(),
            secret_hint: line.secret_hint.clone(),
            has_own_secret: rule == Some(SecretRule::Ours),
            is_built_in: line.kind == "page",
            account: line.account.clone(),
            account_url: line.account_url.clone(),
            token_expires_at: line.token_expires_at.map(|at| at.0),
            verified_at: line.verified_at.map(|at| at.0),
            last_success_at: line.last_success_at.map(|at| at.0),
            breaker_until: line.breaker_until.map(|at| at.0),
            failures: line.failures,
            limit: line.limit.and_then(|limit| i64::try_from(limit).ok()),
            min_gap_seconds: line.min_gap_seconds,
            daily_cap: line.daily_cap,
            max_lateness_seconds: line.max_lateness_seconds,
            revision: line.revision,
            is_open: line.state == ChannelState::Open,
            is_paused: line.state == ChannelState::Paused,
        }
    }

    /// Samples: usual, and in trouble with the longest name.
    pub fn samples() -> Vec<Self> {
        let usual = Self {
            id: 1,
            kind: "page".to_owned(),
            name: "Announcements".to_owned(),
            state: "open".to_owned(),
            destination: "/announcements".to_owned(),
            verified_at: Some(1_700_000_000_000_000),
            last_success_at: Some(1_700_000_000_000_000),
            limit: Some(2000),
            max_lateness_seconds: 86_400,
            revision: 1,
            is_open: true,
            ..Self::default()
        };
        let worst = Self {
            id: i64::MAX,
            kind: "webhook".to_owned(),
            name: longest(),
            state: "needs_reauth".to_owned(),
            state_note: "unauthorised".to_owned(),
            destination: "hooks.example.org".to_owned(),
            secret_hint: "x9A=".to_owned(),
            has_own_secret: true,
            account: Some(longest()),
            account_url: Some("https://social.example/@museum".to_owned()),
            token_expires_at: Some(1_700_000_000_000_000),
            breaker_until: Some(1_700_000_000_000_000),
            failures: 7,
            daily_cap: 5,
            is_open: false,
            ..usual.clone()
        };
        vec![usual, worst]
    }
}

/// A delivery as templates show it.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct DeliveryCard {
    pub id: i64,
    pub channel: i64,
    pub channel_name: String,
    /// What it is about, where its origin is an announcement; else empty.
    pub title: String,
    /// The announcement's number; 0 where the origin is something else.
    pub announcement: i64,
    pub operation: String,
    pub state: String,
    pub reason: String,
    pub recalled: bool,
    pub code: String,
    pub revision: i64,
    pub tries: i64,
    pub planned_at: i64,
    pub next_at: i64,
    pub waits: bool,
    pub url: Option<String>,
    pub updated_at: i64,
}

impl DeliveryCard {
    /// The card of a delivery.
    pub fn of(line: &DeliveryLine) -> Self {
        Self {
            id: line.id.0,
            channel: line.channel.0,
            channel_name: line.channel_name.clone(),
            title: String::new(),
            announcement: if line.origin_kind == "announcement" {
                line.origin_id
            } else {
                0
            },
            operation: line.operation.to_string(),
            state: line.state.to_string(),
            reason: line.state_reason.clone(),
            recalled: line.recalled,
            code: line.code.clone(),
            revision: line.revision,
            tries: line.tries,
            planned_at: line.planned_at.0,
            next_at: line.next_at.0,
            waits: !line.state.is_settled(),
            // Only what can stand in a link; the address came from outside.
            url: line
                .remote_url
                .clone()
                .filter(|url| url.starts_with("https://") || url.starts_with("http://")),
            updated_at: line.updated_at.0,
        }
    }

    /// The cards of deliveries, each with the heading of what it carries.
    pub fn all(tx: &mut Tx<'_>, actor: &Actor, lines: &[DeliveryLine]) -> Result<Vec<Self>> {
        let mut cards: Vec<Self> = lines.iter().map(Self::of).collect();
        let ids: Vec<AnnouncementId> = cards
            .iter()
            .filter(|card| card.announcement > 0)
            .map(|card| AnnouncementId(card.announcement))
            .collect();
        let headings = highlights::headings(tx, actor, &ids)?;
        for card in &mut cards {
            let heading = headings.get(&AnnouncementId(card.announcement));
            card.title = heading.cloned().unwrap_or_default();
        }
        Ok(cards)
    }

    /// Samples: usual and worst.
    pub fn samples() -> Vec<Self> {
        let usual = Self {
            id: 12,
            title: "A kingfisher in the courtyard".to_owned(),
            announcement: 7,
            channel: 1,
            channel_name: "Announcements".to_owned(),
            operation: "announce".to_owned(),
            state: "sent".to_owned(),
            code: "k7mwq2xp".to_owned(),
            revision: 1,
            tries: 1,
            planned_at: 1_700_000_000_000_000,
            next_at: 1_700_000_000_000_000,
            url: Some("https://commons.example/announcements#k7mwq2xp".to_owned()),
            updated_at: 1_700_000_000_000_000,
            ..Self::default()
        };
        let worst = Self {
            id: i64::MAX,
            title: longest(),
            channel_name: longest(),
            operation: "withdraw".to_owned(),
            state: "needs_human".to_owned(),
            reason: "unknown".to_owned(),
            recalled: true,
            tries: 10,
            waits: true,
            url: None,
            ..usual.clone()
        };
        vec![usual, worst]
    }
}

/// A try as templates show it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AttemptCard {
    number: i64,
    kind: String,
    outcome: String,
    tone: &'static str,
    status: Option<i64>,
    detail: String,
    started_at: i64,
    finished_at: Option<i64>,
}

impl AttemptCard {
    /// The card of a try.
    pub fn of(line: &AttemptLine) -> Self {
        let outcome = if line.outcome.is_empty() {
            "running"
        } else {
            line.outcome.as_str()
        };
        Self {
            number: line.number,
            kind: line.kind.to_string(),
            outcome: outcome.to_owned(),
            tone: match outcome {
                "sent" | "present" => "good",
                "rejected" | "gone" | "unauthorised" => "bad",
                "running" => "",
                _ => "warn",
            },
            status: line.status,
            detail: line.detail.clone(),
            started_at: line.started_at.0,
            finished_at: line.finished_at.map(|at| at.0),
        }
    }

    /// Samples of every ending.
    pub fn samples() -> Vec<Self> {
        use crate::bridge::Ending;
        let endings = Ending::ALL.iter().map(|ending| ending.as_str()).chain([""]);
        (1..)
            .zip(endings)
            .map(|(number, outcome)| {
                Self::of(&AttemptLine {
                    number,
                    kind: crate::bridge::AttemptKind::Send,
                    fence: number,
                    started_at: crate::kit::At(1_700_000_000_000_000),
                    finished_at: None,
                    outcome: outcome.to_owned(),
                    status: Some(503),
                    detail: "the connection broke".to_owned(),
                    by_member: None,
                })
            })
            .collect()
    }
}
