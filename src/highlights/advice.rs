//! What the rules for texts cannot know: what stands against the time, and reasons for passing a warning over.

use std::collections::BTreeMap;

use super::announcement;
use super::calendar::{self, Against};
use super::check::{Level, Report};
use super::claims;
use super::highlight::{self, Highlight};
use super::when::{Planned, wall_of, zone_of};
use crate::bridge::ChannelLine;
use crate::db::Tx;
use crate::kit::clock::DAY;
use crate::kit::ids::{AnnouncementId, HighlightId};
use crate::kit::{At, Problems, Result};

/// Marks that change the direction in which what follows is read, unseen.
const TURNING: &[char] = &[
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
    '\u{2069}',
];

/// Adds what the calendar has to say about the time, and what cannot be seen in the text.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn add(
    tx: &mut Tx<'_>,
    report: &mut Report,
    text: &str,
    highlight: &Highlight,
    (channel, planned): (&ChannelLine, &Planned),
    besides: Option<AnnouncementId>,
) -> Result<()> {
    if text.contains(TURNING) {
        report.add("text.turning", Level::Error, &[]);
    }
    match calendar::against(tx, channel, planned.at, besides)? {
        Some(Against::Near(other)) => {
            let tz = zone_of(&planned.zone)?;
            let other = wall_of(other, &tz).replace('T', " ");
            let minutes = (channel.min_gap_seconds / 60).max(1).to_string();
            let args = [("other", other), ("minutes", minutes)];
            report.add("pace.gap", Level::Suggestion, &args);
        }
        Some(Against::Many) => {
            let args = [("most", channel.daily_cap.to_string())];
            report.add("pace.cap", Level::Suggestion, &args);
        }
        None => {}
    }
    if let Some(title) = same_day(tx, highlight, planned)? {
        report.add("day.category", Level::Suggestion, &[("title", title)]);
    }
    Ok(())
}

/// The heading of another highlight about the same category that is said or planned on the same day.
fn same_day(tx: &mut Tx<'_>, highlight: &Highlight, planned: &Planned) -> Result<Option<String>> {
    let own = calendar::categories_of(tx, std::iter::once(highlight))?;
    let Some((category, _)) = own.get(&highlight.id) else {
        return Ok(None);
    };
    let tz = zone_of(&planned.zone)?;
    let day = |at: At| at.timestamp().to_zoned(tz.clone()).date();
    let around = (planned.at.plus(-DAY), planned.at.plus(DAY));
    let mut that_day = announcement::between(tx, around.0, around.1, 200)?;
    that_day.retain(|one| {
        let counts = one.state.is_unfinished() || one.state.is_out();
        counts && one.highlight != highlight.id && day(one.planned_at) == day(planned.at)
    });
    let ids: Vec<HighlightId> = that_day.iter().map(|one| one.highlight).collect();
    let others = highlight::find_many(tx, &ids)?;
    let there = calendar::categories_of(tx, others.values())?;
    let same = ids
        .iter()
        .find(|id| there.get(id).is_some_and(|(id, _)| id == category));
    Ok(same.and_then(|id| others.get(id)).map(|h| h.title.clone()))
}

/// Every warning has a reason, or there is a problem with it.
pub(super) fn reasons(report: &Report, reasons: &BTreeMap<String, String>) -> Problems {
    let mut problems = Problems::default();
    for finding in &report.findings {
        let given = reasons
            .get(&finding.rule)
            .is_some_and(|why| !why.trim().is_empty());
        if finding.level == Level::Warning && !given {
            let args = [("rule", finding.rule.clone())];
            problems.add("reasons", "check-reason-needed", &args);
        }
    }
    problems.0.dedup();
    problems
}

/// The reasons that belong to warnings of this report, as they are kept with it.
pub(super) fn kept(
    report: &Report,
    reasons: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let found = |rule: &str| report.of(Level::Warning).find(|f| f.rule == rule);
    reasons
        .iter()
        .filter(|(rule, why)| !why.trim().is_empty() && found(rule).is_some())
        .map(|(rule, why)| (rule.clone(), claims::kept(found(rule), why)))
        .collect()
}
