//! Claims: promises, prices, superlatives and incidents go out only where somebody is named who has checked them. Reads only.
//!
//! Without a name the rule blocks. With one it weighs as a warning that was answered, and the frozen report says whose word
//! stands for it; by number, so that the name leaves with the member.

use std::collections::BTreeMap;

use super::announcement::Announcement;
use super::check::{Finding, Level, Report};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::MemberId;
use crate::kit::stop::Stop;
use crate::members;
use crate::policy::Role;

/// Where a report keeps who checked a claim.
const REVIEWER: &str = "reviewer";
/// How a kept reason says who it was.
const BY_NUMBER: &str = "member:";

/// Does this wait for the name of somebody who has checked it, or hold one?
#[must_use]
pub fn needs_reviewer(finding: &Finding) -> bool {
    let blocks = finding.level == Level::Error || finding.args.contains_key(REVIEWER);
    finding.rule.starts_with("claim.") && finding.rule != "claim.reviewer" && blocks
}

/// Lets claims pass whose reviewer is named among the reasons: a moderator, publisher or admin who did not write the text.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn checked(
    tx: &mut Tx<'_>,
    report: &mut Report,
    reasons: &BTreeMap<String, String>,
    writer: Option<MemberId>,
) -> Result<()> {
    let mut nobody: Vec<String> = Vec::new();
    for finding in report.findings.iter_mut().filter(|f| needs_reviewer(f)) {
        let given = reasons.get(&finding.rule).map(|name| name.trim());
        let Some(given) = given.filter(|name| !name.is_empty()) else {
            continue;
        };
        match reviewer(tx, given)?.filter(|who| Some(*who) != writer) {
            Some(who) => {
                finding.level = Level::Warning;
                finding.args.insert(REVIEWER.to_owned(), who.to_string());
            }
            None => nobody.push(given.chars().take(80).collect()),
        }
    }
    nobody.dedup();
    for name in nobody {
        report.add("claim.reviewer", Level::Error, &[("name", name)]);
    }
    Ok(())
}

/// The member of this name, or of this number, if it is somebody who may check claims.
fn reviewer(tx: &mut Tx<'_>, given: &str) -> Result<Option<MemberId>> {
    let number = given.strip_prefix(BY_NUMBER).and_then(|n| n.parse().ok());
    let id = match number {
        Some(number) => MemberId(number),
        None => match members::seek_by_name(tx, given.trim_start_matches('@'))? {
            Some(card) => card.id,
            None => return Ok(None),
        },
    };
    let actor = match members::actor(tx, id) {
        Ok(actor) => actor,
        Err(Stop::Refused(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let answers = actor.is_staff() || actor.has(Role::Publisher);
    Ok(answers.then_some(id))
}

/// Those named in a report, each once.
pub(super) fn reviewers(report: &Report) -> Vec<MemberId> {
    let numbers = report.findings.iter().filter_map(|f| f.args.get(REVIEWER));
    let mut all: Vec<MemberId> = numbers
        .filter_map(|n| n.parse().ok().map(MemberId))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// How a reason is kept: a reviewer by number, anything else as it was given.
pub(super) fn kept(finding: Option<&Finding>, why: &str) -> String {
    match finding.and_then(|f| f.args.get(REVIEWER)) {
        Some(number) => format!("{BY_NUMBER}{number}"),
        None => why.trim().to_owned(),
    }
}

/// The reasons kept with an announcement, reviewers by the name they go by today.
///
/// # Errors
/// A fault where the database fails.
pub fn reasons_of(tx: &mut Tx<'_>, one: &Announcement) -> Result<BTreeMap<String, String>> {
    let mut reasons: BTreeMap<String, String> = serde_json::from_str(&one.reasons)?;
    for why in reasons.values_mut() {
        let number = why.strip_prefix(BY_NUMBER).and_then(|n| n.parse().ok());
        if let Some(id) = number.map(MemberId) {
            let cards = members::cards(tx, &[id])?;
            let card = cards.get(&id).filter(|card| !card.erased);
            *why = card.map(|card| card.name.clone()).unwrap_or_default();
        }
    }
    Ok(reasons)
}
