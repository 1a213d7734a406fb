//! What is done to authors: warned, silenced, suspended; and lifting that.

use diesel::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::appeal::path_of;
use super::cited::cited;
use super::decisions::{self, Fresh};
use super::sanctions::{columns, is_seen};
use super::words::{Because, MOST_REASON, reason_with_rule};
use crate::audit::{self, subject};
use crate::db::schema::sanctions;
use crate::db::{Lock, Tx};
use crate::kit::clock::DAY;
use crate::kit::event::Sanction;
use crate::kit::ids::{CategoryId, MemberId, ReviewItemId, SanctionId};
use crate::kit::stop::{OrRefuse, Refusal};
use crate::kit::{At, Event, Problems, Result, Stop};
use crate::members;
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor, Role};

crate::text_enum! {
    /// What can be done to an author.
    pub enum MeasureKind {
        /// Told, nothing more; kept on record.
        Warning = "warning",
        /// May read, may not write.
        Silence = "silence",
        /// May not sign in.
        Suspension = "suspension",
    }
}

/// What a moderator does to a member.
#[derive(Debug, Clone)]
pub struct Measure {
    /// Warning, silence or suspension.
    pub kind: MeasureKind,
    /// Until when; `None`: without end. Meaningless for a warning.
    pub until: Option<At>,
    /// Why; the member reads it.
    pub reason: String,
    /// The number of the rule it rests on, in the community guidelines in force.
    pub rule: Option<i64>,
}

/// A measure as it stands on record.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Sanctioned {
    /// Its id.
    pub id: SanctionId,
    /// What was done.
    pub kind: MeasureKind,
    /// Why; `None` once erased.
    pub reason: Option<String>,
    /// The review item it came from.
    pub item: Option<ReviewItemId>,
    /// Who did it.
    pub by: Option<MemberId>,
    /// From when.
    pub from: At,
    /// Until when; `None`: without end.
    pub until: Option<At>,
    /// When it was lifted.
    pub lifted_at: Option<At>,
    /// Who lifted it.
    pub lifted_by: Option<MemberId>,
}

impl Sanctioned {
    /// Does it hold at this moment?
    #[must_use]
    pub fn in_force(&self, now: At) -> bool {
        self.lifted_at.is_none() && self.until.is_none_or(|until| until > now)
    }
}

/// Days after which a warning is forgotten.
const WARNING_DAYS: i64 = 90;

/// Warns, silences or suspends a member, without a report.
///
/// # Errors
/// Refused to everybody but moderators, against oneself, and against staff unless an admin does it; not found for a member
/// who is gone; invalid without a reason or a rule, or with an end in the past.
pub fn measure(
    tx: &mut Tx<'_>,
    actor: &Actor,
    member: MemberId,
    wanted: &Measure,
) -> Result<SanctionId> {
    actor.may(&Action::Sanction(member))?;
    let mut problems = Problems::default();
    if wanted.reason.trim().is_empty() && wanted.rule.is_none() {
        problems.add("reason", "needed", &[]);
    }
    if wanted.reason.chars().count() > MOST_REASON {
        problems.add("reason", "too-long", &[("most", MOST_REASON.to_string())]);
    }
    let lasts = wanted.kind != MeasureKind::Warning;
    if lasts && wanted.until.is_some_and(|until| until <= tx.now()) {
        problems.add("until", "in-the-past", &[]);
    }
    problems.check()?;
    let because = Because {
        reason: wanted.reason.trim().to_owned(),
        rule: cited(tx, wanted.rule)?,
        item: None,
    };
    impose(tx, actor, member, wanted, &because, None)
}

/// Imposes what was checked already.
pub(super) fn impose(
    tx: &mut Tx<'_>,
    actor: &Actor,
    member: MemberId,
    wanted: &Measure,
    because: &Because,
    category: Option<CategoryId>,
) -> Result<SanctionId> {
    actor.may(&Action::Sanction(member))?;
    spare_staff(tx, actor, member)?;
    tx.lock(Lock::Member(member))?;
    let now = tx.now();
    // A rule alone says why, too: then it stands on record in its words.
    let reason = match wanted.reason.trim() {
        "" => reason_with_rule(tx, because)?,
        words => words.to_owned(),
    };
    let reason = reason.as_str();
    let until = match wanted.kind {
        // A warning is forgotten by itself.
        MeasureKind::Warning => Some(now.plus(WARNING_DAYS * DAY)),
        MeasureKind::Silence | MeasureKind::Suspension => wanted.until,
    };
    let id: SanctionId = diesel::insert_into(sanctions::table)
        .values((
            sanctions::member_id.eq(member),
            sanctions::kind.eq(wanted.kind),
            sanctions::reason.eq(Some(reason)),
            sanctions::reason_hash.eq(Some(Sha256::digest(reason.as_bytes()).to_vec())),
            sanctions::item_id.eq(because.item),
            sanctions::by_id.eq(actor.id()),
            sanctions::from_at.eq(now),
            sanctions::until_at.eq(until),
        ))
        .returning(sanctions::id)
        .get_result(tx.conn)?;
    put_in_force(tx, member)?;
    audit::record(
        tx,
        actor,
        "member.sanctioned",
        subject("member", member.0),
        json!({ "kind": wanted.kind.as_str(), "until": until.map(|at| at.0), "sanction": id.0 }),
        Some(reason),
    )?;
    let (event, notice) = match wanted.kind {
        MeasureKind::Warning => (Sanction::Warning, "warned"),
        MeasureKind::Silence => (Sanction::Silence, "silenced"),
        MeasureKind::Suspension => (Sanction::Suspension, "suspended"),
    };
    tx.tell(&Event::MemberSanctioned {
        member,
        kind: event,
    })?;
    let fresh = Fresh {
        what: wanted.kind.as_str(),
        sanction: Some(id),
        category,
        ..Fresh::of(member, because)
    };
    let decision = decisions::add(tx, actor, &fresh)?;
    // Whoever is suspended cannot sign in: the letter itself opens the form.
    let path = match wanted.kind {
        MeasureKind::Suspension => path_of(tx.house(), decision),
        MeasureKind::Warning | MeasureKind::Silence => "/my/decisions".to_owned(),
    };
    let reason = reason_with_rule(tx, because)?;
    let data = json!({ "reason": reason, "until": day(until), "path": path });
    tell(tx, member, notice, data)?;
    Ok(id)
}

/// The last day for the sentence of the notice, or `none`.
fn day(until: Option<At>) -> String {
    until.map_or_else(
        || "none".to_owned(),
        |at| at.timestamp().strftime("%Y-%m-%d").to_string(),
    )
}

/// Moderators do not decide about moderators: an admin does.
pub(super) fn spare_staff(tx: &mut Tx<'_>, actor: &Actor, member: MemberId) -> Result<()> {
    let staff = members::actor(tx, member)?.is_staff();
    if staff && !actor.has(Role::Admin) {
        return Err(Refusal::RoleNeeded("admin").into());
    }
    Ok(())
}

/// Works out what is in force from all that stands on record: a lifted silence may leave a longer one behind it.
fn put_in_force(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let now = tx.now();
    let rows: Vec<(MeasureKind, Option<At>)> = sanctions::table
        .filter(sanctions::member_id.eq(member))
        .filter(sanctions::lifted_at.is_null())
        .filter(sanctions::kind.ne(MeasureKind::Warning))
        .filter(
            sanctions::until_at
                .is_null()
                .or(sanctions::until_at.gt(now)),
        )
        .select((sanctions::kind, sanctions::until_at))
        .load(tx.conn)?;
    let longest = |wanted: MeasureKind| {
        rows.iter()
            .filter(|(kind, _)| *kind == wanted)
            .map(|(_, until)| until.unwrap_or(At(i64::MAX)))
            .max()
    };
    members::set_sanction(
        tx,
        member,
        longest(MeasureKind::Silence),
        longest(MeasureKind::Suspension),
    )
}

/// Lifts a measure before its time.
///
/// # Errors
/// Refused to everybody but moderators, for oneself, and for staff unless an admin does it; not found where there is none;
/// stale where it was lifted already; in the state `ended` where its time is over.
pub fn lift(tx: &mut Tx<'_>, actor: &Actor, id: SanctionId, reason: &str) -> Result<MemberId> {
    let (member, kind) = end(tx, actor, id, reason)?;
    let data = json!({ "kind": kind.as_str(), "reason": reason.trim(), "path": "/latest" });
    tell(tx, member, "sanction-lifted", data)?;
    Ok(member)
}

/// Lifts a measure because an appeal was granted; its answer tells the member. One that ended by itself is marked only.
pub(super) fn lift_for_appeal(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: SanctionId,
    reason: &str,
) -> Result<()> {
    match end(tx, actor, id, reason) {
        Err(Stop::Refused(Refusal::WrongState(_) | Refusal::Stale)) => {
            decisions::undone_for_sanction(tx, id)
        }
        other => other.map(drop),
    }
}

fn end(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: SanctionId,
    reason: &str,
) -> Result<(MemberId, MeasureKind)> {
    let found: Option<(MemberId, Sanctioned)> = sanctions::table
        .filter(sanctions::id.eq(id))
        .select((sanctions::member_id, columns()))
        .first(tx.conn)
        .optional()?;
    actor.may(&Action::Review)?;
    let (member, sanctioned) = found.or_not_found()?;
    is_seen(tx, actor, id)?.then_some(()).or_not_found()?;
    actor.may(&Action::Sanction(member))?;
    spare_staff(tx, actor, member)?;
    tx.lock(Lock::Member(member))?;
    let now = tx.now();
    if !sanctioned.in_force(now) && sanctioned.lifted_at.is_none() {
        return Err(Refusal::WrongState("ended").into());
    }
    let still = sanctions::table
        .filter(sanctions::id.eq(id))
        .filter(sanctions::lifted_at.is_null());
    let changed = diesel::update(still)
        .set((
            sanctions::lifted_at.eq(Some(now)),
            sanctions::lifted_by.eq(actor.id()),
        ))
        .execute(tx.conn)?;
    if changed != 1 {
        return Err(Refusal::Stale.into());
    }
    put_in_force(tx, member)?;
    audit::record(
        tx,
        actor,
        "member.sanction_lifted",
        subject("member", member.0),
        json!({ "kind": sanctioned.kind.as_str(), "sanction": id.0 }),
        Some(reason),
    )?;
    tx.tell(&Event::MemberSanctioned {
        member,
        kind: Sanction::Lifted,
    })?;
    decisions::undone_for_sanction(tx, id)?;
    Ok((member, sanctioned.kind))
}

/// Always by mail too: a suspended member reads nothing else. Moderators act as moderators, so no name stands in it.
fn tell(
    tx: &mut Tx<'_>,
    member: MemberId,
    kind: &'static str,
    data: serde_json::Value,
) -> Result<()> {
    let notice = Notice {
        member,
        kind,
        subject_kind: "member",
        subject_id: member.0,
        actor: None,
        data,
        mail: true,
    };
    notifications::tell(tx, &notice)
}
