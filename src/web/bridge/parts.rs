//! Shapes that several pages of the bridge share.
//!
//! Long because each shape has its samples beside it, and every word that says why stands in one list.

use serde::Serialize;

use crate::bridge::{self, AttemptLine, ChannelLine, DeliveryDetail, DeliveryLine, Watch};
use crate::db::Tx;
use crate::highlights::{self, Announcement};
use crate::kit::clock::DAY;
use crate::kit::ids::AnnouncementId;
use crate::kit::{At, Result};
use crate::members;
use crate::policy::Actor;

/// How many days before its end a token is spoken of.
const TOKEN_SOON: i64 = 14 * DAY;

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

/// Thousandths of a dollar as people read them.
pub(in crate::web) fn dollars(mills: i64) -> String {
    let (whole, part) = (mills / 1000, mills % 1000);
    if part % 10 == 0 {
        format!("${whole}.{:02}", part / 10)
    } else {
        format!("${whole}.{part:03}")
    }
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
    pub is_bulletin: bool,
    /// Does somebody sign in there?
    pub signs_in: bool,
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
    /// It is left alone, or asked before anything is sent.
    pub rests: bool,
    /// Its token ends within two weeks, or has ended.
    pub token_ends_soon: bool,
    pub token_ended: bool,
    /// The version of the vendor's interface, where versions end; it ends soon, or has ended.
    pub version: Option<String>,
    pub version_ends_at: Option<i64>,
    pub version_ends_soon: bool,
    pub version_ended: bool,
    pub looked_at: Option<i64>,
    pub queue: i64,
    pub needs_human: i64,
    pub given_up: i64,
    pub sent_today: i64,
    pub differences: i64,
    /// As many as the cap allows have been sent today.
    pub cap_reached: bool,
}

impl ChannelCard {
    /// The card of a channel with what is going on there.
    pub fn watched(line: &ChannelLine, watch: &Watch, now: At) -> Self {
        Self {
            queue: watch.queue,
            needs_human: watch.needs_human,
            given_up: watch.given_up,
            sent_today: watch.sent_today,
            differences: watch.differences,
            cap_reached: line.daily_cap > 0 && watch.sent_today >= line.daily_cap,
            rests: line.failures >= bridge::BREAKER_FAILURES
                || line.breaker_until.is_some_and(|until| now < until),
            token_ends_soon: line
                .token_expires_at
                .is_some_and(|ends| now >= ends.plus(-TOKEN_SOON)),
            token_ended: line.token_expires_at.is_some_and(|ends| now >= ends),
            version_ends_soon: line.interface.as_ref().is_some_and(|i| i.ends_soon(now)),
            version_ended: line.interface.as_ref().is_some_and(|i| i.has_ended(now)),
            ..Self::of(line)
        }
    }

    /// The card of a channel.
    pub fn of(line: &ChannelLine) -> Self {
        use crate::bridge::{ChannelState, Role, SecretRule, kind};
        let rule = kind(&line.kind).map(|kind| kind.secret());
        let role = kind(&line.kind).map(|kind| kind.manner().role);
        Self {
            id: line.id.0,
            kind: line.kind.clone(),
            name: line.name.clone(),
            state: line.state.to_string(),
            state_note: line.state_note.clone(),
            destination: line.destination.clone(),
            secret_hint: line.secret_hint.clone(),
            has_own_secret: rule == Some(SecretRule::Ours),
            is_built_in: role == Some(Role::BuiltIn),
            is_bulletin: role == Some(Role::Letters),
            signs_in: rule == Some(SecretRule::Granted),
            account: line.account.clone(),
            account_url: line.account_url.clone(),
            token_expires_at: line.token_expires_at.map(|at| at.0),
            version: line.interface.as_ref().map(|i| i.version.clone()),
            version_ends_at: line.interface.as_ref().and_then(|i| Some(i.ends_at?.0)),
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
            looked_at: line.looked_at.map(|at| at.0),
            ..Self::default()
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
            signs_in: true,
            account: Some(longest()),
            account_url: Some("https://social.example/@museum".to_owned()),
            token_expires_at: Some(1_700_000_000_000_000),
            version: Some("202601".to_owned()),
            version_ends_at: Some(1_700_000_000_000_000),
            version_ends_soon: true,
            version_ended: true,
            breaker_until: Some(1_700_000_000_000_000),
            failures: 7,
            daily_cap: 5,
            is_open: false,
            rests: true,
            token_ends_soon: true,
            token_ended: true,
            looked_at: Some(1_700_000_000_000_000),
            queue: 12_345,
            needs_human: 7,
            given_up: 3,
            sent_today: 5,
            differences: 2,
            cap_reached: true,
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
    pub channel_kind: String,
    pub operation: String,
    pub state: String,
    /// The word that says why; its sentence where there is one.
    pub reason: String,
    pub reason_known: bool,
    pub recalled: bool,
    /// `changed` or `gone` where that is what stands outside and was not wanted; else empty.
    pub differs: String,
    pub differs_noted: bool,
    pub seen_at: Option<i64>,
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
            channel_kind: line.channel_kind.clone(),
            operation: line.operation.to_string(),
            state: line.state.to_string(),
            reason: line.state_reason.clone(),
            reason_known: super::whys::WHYS.contains(&line.state_reason.as_str()),
            recalled: line.recalled,
            differs: match line.looks.as_str() {
                "changed" | "gone" if !line.recalled && line.state == bridge::State::Sent => {
                    line.looks.clone()
                }
                _ => String::new(),
            },
            differs_noted: line.looks_noted_at.is_some(),
            seen_at: line.seen_at.map(|at| at.0),
            code: line.code.clone(),
            revision: line.revision,
            tries: line.tries,
            planned_at: line.planned_at.0,
            next_at: line.next_at.0,
            waits: !line.state.is_settled(),
            // Only what can stand in a link; the address came from outside.
            url: line.remote_url.clone().filter(|url| is_link(url)),
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
            channel_kind: "page".to_owned(),
            seen_at: Some(1_700_000_000_000_000),
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
            reason_known: true,
            recalled: true,
            differs: "changed".to_owned(),
            tries: 10,
            waits: true,
            url: None,
            ..usual.clone()
        };
        vec![usual, worst]
    }
}

/// Can this address stand in a link? It came from outside.
pub(super) fn is_link(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// What left in a try, in figures: the bytes themselves stand further down, and secrets stand nowhere.
#[derive(Debug, Clone, Default, Serialize)]
struct Left {
    bytes: usize,
    hash: String,
    key: String,
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
    /// How long it took, in tenths of seconds written out; empty while it runs.
    took: String,
    fence: i64,
    left: Option<Left>,
    /// Who answered, where a person did.
    by: String,
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
            took: line
                .finished_at
                .map(|at| took(at.since(line.started_at)))
                .unwrap_or_default(),
            fence: line.fence,
            left: None,
            by: String::new(),
        }
    }

    /// The tries of a delivery, each with what left and who answered.
    pub fn all(tx: &mut Tx<'_>, detail: &DeliveryDetail) -> Result<Vec<Self>> {
        let people: Vec<_> = detail
            .attempts
            .iter()
            .filter_map(|line| line.by_member)
            .collect();
        let cards = members::cards(tx, &people)?;
        let card = |line: &AttemptLine| Self {
            left: (line.kind == bridge::AttemptKind::Send).then(|| Left {
                bytes: detail.payload.len(),
                hash: detail.payload_hash.chars().take(12).collect(),
                key: detail.key.clone(),
            }),
            by: line
                .by_member
                .and_then(|id| cards.get(&id))
                .map(|card| card.display.clone())
                .unwrap_or_default(),
            ..Self::of(line)
        };
        Ok(detail.attempts.iter().map(card).collect())
    }

    /// Samples of every ending.
    pub fn samples() -> Vec<Self> {
        use crate::bridge::Ending;
        let endings = Ending::ALL.iter().map(|ending| ending.as_str()).chain([""]);
        (1..)
            .zip(endings)
            .map(|(number, outcome)| Self {
                left: Some(Left {
                    bytes: 412,
                    hash: "ab".repeat(6),
                    key: "msg_x".to_owned(),
                }),
                by: longest(),
                ..Self::of(&AttemptLine {
                    number,
                    kind: crate::bridge::AttemptKind::Send,
                    fence: number,
                    started_at: At(1_700_000_000_000_000),
                    finished_at: Some(At(1_700_000_001_200_000)),
                    outcome: outcome.to_owned(),
                    status: Some(503),
                    detail: "the connection broke".to_owned(),
                    by_member: None,
                })
            })
            .collect()
    }
}

/// A length of time in seconds, to a tenth.
fn took(micros: i64) -> String {
    let tenths = micros.max(0) / 100_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// One channel's row of what is said about one highlight.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChannelRow {
    announcement: i64,
    here: bool,
    channel: String,
    kind: String,
    state: &'static str,
    at: i64,
    url: Option<String>,
    /// `changed` or `gone`, where nobody has taken note of it; else empty.
    differs: String,
    /// The delivery on which something is to be done: a person is asked, or something differs.
    asks: Option<i64>,
}

impl ChannelRow {
    /// The rows of a highlight, this announcement's own among them.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub fn all(tx: &mut Tx<'_>, of: &[Announcement], here: AnnouncementId) -> Result<Vec<Self>> {
        let mut rows = Vec::with_capacity(of.len());
        for one in of {
            let lines = bridge::deliveries_of(tx, &one.origin())?;
            let cards: Vec<DeliveryCard> = lines.iter().map(DeliveryCard::of).collect();
            let differing = cards
                .iter()
                .find(|card| !card.differs.is_empty() && !card.differs_noted);
            let stuck = cards.iter().find(|card| card.state == "needs_human");
            rows.push(Self {
                announcement: one.id.0,
                here: one.id == here,
                channel: one.channel_name.clone(),
                kind: one.channel_kind.clone(),
                state: one.state.as_str(),
                at: one.withdrawn_at.or(one.sent_at).unwrap_or(one.planned_at).0,
                url: one.remote_url.clone().filter(|url| is_link(url)),
                differs: differing
                    .map(|card| card.differs.clone())
                    .unwrap_or_default(),
                asks: stuck.or(differing).map(|card| card.id),
            });
        }
        Ok(rows)
    }

    /// Samples: usual, and in trouble.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let usual = Self {
            announcement: 7,
            here: true,
            channel: "Announcements".to_owned(),
            kind: "page".to_owned(),
            state: "sent",
            at: 1_700_000_000_000_000,
            url: Some("https://commons.example/announcements#k7mwq2xp".to_owned()),
            ..Self::default()
        };
        let worst = Self {
            announcement: i64::MAX,
            here: false,
            channel: longest(),
            kind: "webhook".to_owned(),
            state: "needs_human",
            url: None,
            differs: "gone".to_owned(),
            asks: Some(12),
            ..usual.clone()
        };
        vec![usual, worst]
    }
}
