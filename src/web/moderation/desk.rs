//! The desk: what waits for those who answer for the place.

use serde::Serialize;

use super::Titles;
use super::kept::ShownReason;
use super::log::{LogLine, lines};
use crate::audit::{self, Wanted as Logged};
use crate::bridge;
use crate::db::Tx;
use crate::kit::{At, Result};
use crate::moderation::{self, Kind, Subject, Wanted};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, Shown, Viewer};

/// One waiting item.
#[derive(Debug, Clone, Serialize)]
struct Waiting {
    href: String,
    outward: bool,
    title: String,
    /// What was decided, where the entry is an appeal.
    told: String,
    kind: Kind,
    held_for: String,
    reports: i64,
    updated_at: At,
}

/// Something that does not stand outside as it was sent.
#[derive(Debug, Clone, Serialize)]
struct Differing {
    id: i64,
    differs: String,
    channel: String,
    seen_at: Option<i64>,
}

/// What waits.
#[derive(Debug, Clone, Serialize)]
pub struct DeskPage {
    reviews: Vec<Waiting>,
    more_reviews: bool,
    approves: bool,
    /// Announcements that were changed or removed outside.
    differing: Vec<Differing>,
    log: Vec<LogLine>,
    figures: Figured,
}

/// The desk in figures.
#[derive(Debug, Clone, Default, Serialize)]
struct Figured {
    days: i64,
    open: Vec<Counted>,
    oldest: Option<At>,
    median: Option<Span>,
    slow: Option<Span>,
    bars: Vec<Bar>,
    /// What the tallest bar counts.
    most: i64,
    reasons: Vec<ByReason>,
    granted: i64,
    refused: i64,
}

/// Waiting entries of one kind.
#[derive(Debug, Clone, Serialize)]
struct Counted {
    kind: Kind,
    count: i64,
}

/// A time that something took, in the unit a person would say it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Span {
    unit: &'static str,
    count: i64,
}

impl Span {
    /// Minutes up to two hours, hours up to two days, days from there on.
    const fn of_minutes(minutes: i64) -> Self {
        const HOUR: i64 = 60;
        const DAY: i64 = 24 * HOUR;
        let (unit, size) = match minutes {
            m if m >= 2 * DAY => ("days", DAY),
            m if m >= 2 * HOUR => ("hours", HOUR),
            _ => ("minutes", 1),
        };
        Self {
            unit,
            count: (minutes + size / 2) / size,
        }
    }
}

/// One day of the chart: where its bar stands, and what it says.
#[derive(Debug, Clone, Serialize)]
struct Bar {
    x: i64,
    y: i64,
    h: i64,
    at: At,
    count: i64,
}

/// Decided reports of one reason.
#[derive(Debug, Clone, Serialize)]
struct ByReason {
    reason: ShownReason,
    upheld: i64,
    not: i64,
}

/// The chart is so many units high.
const HIGH: i64 = 60;

fn figured(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Figured> {
    let found = moderation::figures(tx, &viewer.actor)?;
    let reasons = moderation::reasons(tx, true)?;
    let most = found
        .by_day
        .iter()
        .map(|day| day.1)
        .max()
        .unwrap_or(0)
        .max(1);
    // An empty chart says less than a sentence.
    let days = found
        .by_day
        .iter()
        .filter(|_| found.by_day.iter().any(|day| day.1 > 0));
    let bars = (0_i64..).zip(days).map(|(n, (at, count))| {
        let h = count * HIGH / most;
        Bar {
            x: n * 10,
            y: HIGH - h,
            h,
            at: *at,
            count: *count,
        }
    });
    Ok(Figured {
        days: moderation::DAYS,
        open: found
            .open
            .into_iter()
            .map(|(kind, count)| Counted { kind, count })
            .collect(),
        oldest: found.oldest,
        median: found.median_minutes.map(Span::of_minutes),
        slow: found.slow_minutes.map(Span::of_minutes),
        bars: bars.collect(),
        most,
        reasons: found
            .by_reason
            .into_iter()
            .map(|(word, upheld, not)| ByReason {
                reason: ShownReason::of(&reasons, &word),
                upheld,
                not,
            })
            .collect(),
        granted: found.appeals.0,
        refused: found.appeals.1,
    })
}

impl Page for DeskPage {
    const TEMPLATE: &'static str = "moderation/desk";

    fn head(&self) -> Head {
        Head::new("moderation-desk-title").nav("desk").no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            reviews: Vec::new(),
            more_reviews: false,
            approves: false,
            differing: Vec::new(),
            log: Vec::new(),
            figures: Figured::default(),
        };
        let usual = Self {
            reviews: ["", "hide", "silence"]
                .map(|told| Waiting {
                    href: "/desk/review/4".to_owned(),
                    outward: false,
                    title: match told {
                        "silence" => String::new(),
                        _ => "A kingfisher in the courtyard".to_owned(),
                    },
                    told: told.to_owned(),
                    kind: match told {
                        "" => Kind::Report,
                        _ => Kind::Appeal,
                    },
                    held_for: String::new(),
                    reports: 1,
                    updated_at: At(1_790_000_000_000_000),
                })
                .to_vec(),
            approves: true,
            figures: Figured {
                days: 30,
                open: vec![Counted {
                    kind: Kind::Report,
                    count: 3,
                }],
                oldest: Some(At(1_790_000_000_000_000)),
                median: Some(Span::of_minutes(42)),
                slow: Some(Span::of_minutes(900)),
                most: 4,
                bars: vec![Bar {
                    x: 0,
                    y: 20,
                    h: 40,
                    at: At(1_790_000_000_000_000),
                    count: 4,
                }],
                reasons: vec![ByReason {
                    reason: ShownReason::sample(),
                    upheld: 3,
                    not: 1,
                }],
                granted: 1,
                refused: 2,
            },
            log: LogLine::samples(),
            ..empty.clone()
        };
        let worst = Self {
            reviews: vec![Waiting {
                href: "/desk/highlights/4".to_owned(),
                outward: true,
                title: "ש".repeat(255),
                told: String::new(),
                kind: Kind::Highlight,
                held_for: String::new(),
                reports: 1_000,
                updated_at: At(0),
            }],
            more_reviews: true,
            differing: ["changed", "gone"]
                .map(|differs| Differing {
                    id: 12,
                    differs: differs.to_owned(),
                    channel: "ש".repeat(255),
                    seen_at: Some(1_790_000_000_000_000),
                })
                .to_vec(),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Shows what waits.
pub async fn show(call: Call) -> Answer {
    call.page(|tx, viewer| {
        let queue = moderation::queue(tx, &viewer.actor, Wanted::default(), None, 8)?;
        let titles = Titles::of(tx, &queue.items)?;
        let recent = audit::list(tx, &Logged::default(), 8)?;
        Ok(Shown::from(DeskPage {
            more_reviews: queue.next.is_some(),
            reviews: queue
                .items
                .into_iter()
                .map(|item| Waiting {
                    href: super::href(&item),
                    outward: matches!(item.subject, Subject::Highlight(_)),
                    title: titles.title(&item),
                    told: titles.told(&item),
                    kind: item.kind,
                    held_for: item.held_for.clone().unwrap_or_default(),
                    reports: item.reports,
                    updated_at: item.updated_at,
                })
                .collect(),
            approves: viewer.can(&Action::SeeApprovals),
            differing: match viewer.can(&Action::SeeOutreach) {
                true => bridge::differences(tx, &viewer.actor)?,
                false => Vec::new(),
            }
            .into_iter()
            .map(|line| Differing {
                id: line.id.0,
                differs: line.looks,
                channel: line.channel_name,
                seen_at: line.seen_at.map(|at| at.0),
            })
            .collect(),
            log: lines(tx, &viewer.actor, recent)?,
            figures: figured(tx, viewer)?,
        }))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn a_time_is_said_in_the_unit_a_person_would_use() {
        let said = |minutes| {
            let span = Span::of_minutes(minutes);
            (span.count, span.unit)
        };
        assert_eq!(said(0), (0, "minutes"));
        assert_eq!(said(119), (119, "minutes"));
        assert_eq!(said(120), (2, "hours"));
        assert_eq!(said(960), (16, "hours"));
        assert_eq!(said(2 * 24 * 60 - 1), (48, "hours"));
        assert_eq!(said(5 * 24 * 60 + 700), (5, "days"));
    }
}
