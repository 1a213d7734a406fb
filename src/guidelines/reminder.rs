//! Reminding those who have yet to acknowledge: a notice and a letter, seldom and few times.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::version::{Version, current};
use crate::audit::{self, subject};
use crate::db::limits::{Limit, count};
use crate::db::schema::acknowledgement_reminders as reminders;
use crate::db::{Tx, jobs};
use crate::each_backend;
use crate::kit::clock::DAY;
use crate::kit::cursor::Cursor;
use crate::kit::ids::MemberId;
use crate::kit::stop::{Document, OrRefuse};
use crate::kit::{At, Result};
use crate::members::{self, Behind};
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor};

/// The kind of job that writes reminders, a handful at a time.
pub const REMIND: &str = "guidelines-remind";

/// Members reminded in one transaction.
const HANDFUL: i64 = 50;
/// Nobody is reminded of one version more often.
pub const MOST_TIMES: i64 = 3;
/// Nobody is reminded again before so many days have passed.
const PAUSE_DAYS: i64 = 7;
/// All are reminded of one document so often.
const ROUND: Limit = Limit {
    most: 1,
    seconds: 86_400,
};

/// Somebody who has yet to acknowledge, and how often they were reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Who, and what they acknowledged last.
    pub who: Behind,
    /// How often they were reminded of this major version.
    pub times: i64,
    /// When they were last.
    pub reminded_at: Option<At>,
}

/// Up to `most` members who have yet to acknowledge a document's version in force.
///
/// # Errors
/// Refused to people who do not keep this document.
pub fn missing(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: Document,
    after: Option<&Cursor>,
    most: i64,
) -> Result<(Vec<Missing>, Option<Cursor>)> {
    actor.may(&Action::SeeAcknowledgements(kind))?;
    let major = current(tx, kind)?.map_or(0, |version| version.major);
    let (found, next) = members::behind(tx, kind, after, most)?;
    let ids: Vec<MemberId> = found.iter().map(|one| one.card.id).collect();
    let known: Vec<(MemberId, i64, At)> = reminders::table
        .filter(reminders::member_id.eq_any(ids))
        .filter(reminders::kind.eq(kind))
        .filter(reminders::major.eq(major))
        .select((reminders::member_id, reminders::times, reminders::last_at))
        .load(tx.conn)?;
    let lines = found.into_iter().map(|who| {
        let reminded = known.iter().find(|(id, ..)| *id == who.card.id);
        Missing {
            times: reminded.map_or(0, |(_, times, _)| *times),
            reminded_at: reminded.map(|(_, _, at)| *at),
            who,
        }
    });
    Ok((lines.collect(), next))
}

/// What a reminding job knows.
#[derive(Debug, Serialize, Deserialize)]
struct Round {
    kind: Document,
    /// Where the list goes on.
    after: String,
}

/// Reminds everybody who has yet to acknowledge, as far as they were not reminded lately or too often.
///
/// # Errors
/// Refused to people who do not keep this document, and more than once a day; not found where no version is in force.
pub fn remind(tx: &mut Tx<'_>, actor: &Actor, kind: Document) -> Result<()> {
    actor.may(&Action::SeeAcknowledgements(kind))?;
    let version = current(tx, kind)?.or_not_found()?;
    count(tx, &format!("remind:{kind}"), ROUND)?;
    let round = Round {
        kind,
        after: String::new(),
    };
    jobs::enqueue(tx, REMIND, &round)?;
    audit::record(
        tx,
        actor,
        "guidelines.reminded",
        subject("guidelines", version.id.0),
        json!({ "kind": kind.as_str(), "version": version.label() }),
        None,
    )
}

/// The job: reminds a handful and leaves the rest to the next one.
///
/// # Errors
/// A fault where the payload cannot be read or the database fails.
pub fn remind_some(tx: &mut Tx<'_>, payload: &str) -> Result<()> {
    let round: Round = serde_json::from_str(payload)?;
    let Some(version) = current(tx, round.kind)? else {
        return Ok(());
    };
    let after = Cursor::decode(&round.after);
    let house = Actor::System("guidelines");
    let (lines, next) = missing(tx, &house, round.kind, after.as_ref(), HANDFUL)?;
    for line in lines {
        let lately = line
            .reminded_at
            .is_some_and(|at| tx.now().since(at) < PAUSE_DAYS * DAY);
        if !lately && line.times < MOST_TIMES {
            tell(tx, &version, &line)?;
        }
    }
    if let Some(next) = next {
        let rest = Round {
            kind: round.kind,
            after: next.encode(),
        };
        jobs::enqueue(tx, REMIND, &rest)?;
    }
    Ok(())
}

fn tell(tx: &mut Tx<'_>, version: &Version, line: &Missing) -> Result<()> {
    let row = (
        reminders::member_id.eq(line.who.card.id),
        reminders::kind.eq(version.kind),
    );
    let told = (
        reminders::major.eq(version.major),
        reminders::times.eq(line.times + 1),
        reminders::last_at.eq(tx.now()),
    );
    each_backend!(tx.conn, c => diesel::insert_into(reminders::table)
        .values((row, told))
        .on_conflict((reminders::member_id, reminders::kind))
        .do_update()
        .set(told)
        .execute(c))?;
    let (kind, path) = match version.kind {
        Document::Charter => return Ok(()),
        Document::Community => ("acknowledge-community", "/guidelines/community"),
        Document::Messaging => ("acknowledge-messaging", "/guidelines/messaging"),
    };
    notifications::tell(
        tx,
        &Notice {
            member: line.who.card.id,
            kind,
            subject_kind: "guidelines",
            subject_id: version.id.0,
            actor: None,
            data: json!({ "version": version.label(), "path": path }),
            mail: true,
        },
    )
}
