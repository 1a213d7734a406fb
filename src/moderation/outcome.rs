//! Whoever reported something hears what was decided about it.
//!
//! Asks nobody because the decision was asked for before.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::choices::Finding;
use super::guest;
use super::item::{Item, seek};
use super::report::{ReportState, report_path};
use crate::db::schema::reports;
use crate::db::{Tx, jobs};
use crate::kit::ids::{MemberId, ReviewItemId};
use crate::kit::{At, Result, Stop};
use crate::notifications::{self, Notice};
use crate::policy::Actor;

/// The kind of the job that tells the rest of a crowd.
pub const TELL_REPORTERS: &str = "moderation.tell_reporters";
/// So many are told at once; the rest hear in jobs of their own.
const AT_ONCE: i64 = 200;

/// Who has not heard yet.
#[derive(Serialize, Deserialize)]
struct Untold {
    item: i64,
    finding: String,
    /// Reports that came later are about something else.
    decided_at: i64,
    by: Option<i64>,
}

/// Tells whoever reported this entry what was found.
pub(super) fn tell_reporters(
    tx: &mut Tx<'_>,
    actor: &Actor,
    found: &Item,
    finding: Finding,
) -> Result<()> {
    let now = tx.now();
    tell_some(tx, found, finding, actor.id(), now)
}

/// The job: tells the next of them.
///
/// # Errors
/// A fault where the database fails or the job cannot be read.
pub fn tell_rest(tx: &mut Tx<'_>, payload: &str) -> Result<()> {
    let rest: Untold = serde_json::from_str(payload)?;
    let finding = Finding::parse(&rest.finding)
        .ok_or_else(|| Stop::fault(format!("a finding called {}", rest.finding)))?;
    match seek(tx, ReviewItemId(rest.item))? {
        Some(found) => {
            let by = rest.by.map(MemberId);
            tell_some(tx, &found, finding, by, At(rest.decided_at))
        }
        None => Ok(()),
    }
}

fn tell_some(
    tx: &mut Tx<'_>,
    found: &Item,
    finding: Finding,
    by: Option<MemberId>,
    decided_at: At,
) -> Result<()> {
    let reporters: Vec<(i64, Option<MemberId>, Option<i64>)> = reports::table
        .filter(reports::item_id.eq(found.id))
        .filter(reports::state.eq(ReportState::Pending))
        .filter(reports::created_at.le(decided_at))
        .select((reports::id, reports::reporter_id, reports::guest_id))
        .order(reports::id)
        .limit(AT_ONCE)
        .load(tx.conn)?;
    let ids: Vec<i64> = reporters.iter().map(|(id, ..)| *id).collect();
    diesel::update(reports::table.filter(reports::id.eq_any(&ids)))
        .set(reports::state.eq(finding.report_state()))
        .execute(tx.conn)?;
    if ids.len() as i64 == AT_ONCE {
        let rest = Untold {
            item: found.id.0,
            finding: finding.as_str().to_owned(),
            decided_at: decided_at.0,
            by: by.map(|by| by.0),
        };
        jobs::enqueue(tx, TELL_REPORTERS, &rest)?;
    }
    let title = found.snapshot.as_ref().map(|said| said.title.clone());
    for (_, reporter, guest) in reporters {
        if let Some(guest) = guest {
            guest::hears(tx, guest, finding)?;
        }
        let Some(reporter) = reporter else { continue };
        let notice = Notice {
            member: reporter,
            kind: match finding {
                Finding::Upheld => "report-upheld",
                Finding::Declined => "report-declined",
                Finding::Ignored => "report-ignored",
            },
            subject_kind: "report",
            subject_id: found.id.0,
            actor: by.filter(|me| *me == reporter),
            data: json!({ "title": title, "path": report_path(found.subject) }),
            mail: false,
        };
        notifications::tell(tx, &notice)?;
    }
    Ok(())
}
