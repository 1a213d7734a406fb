//! What staff note about members, and setting back what a member shows of themselves.

use diesel::prelude::*;
use serde_json::json;

use super::decisions::{self, Fresh, Told};
use super::history::check_note;
use super::sanction::spare_staff;
use super::words::{Because, reason_with_rule};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::member_notes as notes;
use crate::kit::ids::MemberId;
use crate::kit::{At, Result};
use crate::members;
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor, Trust};

/// Most notes that are shown.
const MOST: i64 = 50;

/// A note of a colleague.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct MemberNote {
    /// Its row.
    pub id: i64,
    /// Who wrote it.
    pub by: Option<MemberId>,
    /// The words; `None` once erased.
    pub words: Option<String>,
    /// When.
    pub at: At,
}

/// Notes something about a member, for staff alone.
///
/// # Errors
/// Refused to everybody but moderators, and about oneself; invalid where it is empty or too long.
pub fn note_member(tx: &mut Tx<'_>, actor: &Actor, member: MemberId, words: &str) -> Result<()> {
    actor.may(&Action::Sanction(member))?;
    check_note(words)?;
    diesel::insert_into(notes::table)
        .values((
            notes::member_id.eq(member),
            notes::by_id.eq(actor.id()),
            notes::words.eq(Some(words.trim())),
            notes::at.eq(tx.now()),
        ))
        .execute(tx.conn)?;
    audit::record(
        tx,
        actor,
        "member.noted",
        subject("member", member.0),
        json!({}),
        None,
    )
}

/// The latest notes about a member.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn member_notes(tx: &mut Tx<'_>, actor: &Actor, member: MemberId) -> Result<Vec<MemberNote>> {
    actor.may(&Action::Review)?;
    // What colleagues note about oneself is for them.
    if actor.id() == Some(member) {
        return Ok(Vec::new());
    }
    Ok(notes::table
        .filter(notes::member_id.eq(member))
        .order(notes::id.desc())
        .limit(MOST)
        .select((notes::id, notes::by_id, notes::words, notes::at))
        .load(tx.conn)?)
}

/// What of a profile is set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reset {
    /// What the member says of themselves.
    pub bio: bool,
    /// The picture.
    pub avatar: bool,
}

impl Reset {
    /// All of it.
    pub const ALL: Self = Self {
        bio: true,
        avatar: true,
    };
}

/// Sets back what a member shows of themselves; the member reads why.
///
/// # Errors
/// Refused to everybody but moderators, for oneself, and for staff unless an admin does it; invalid for neither a rule nor
/// a reason in words.
pub fn reset_profile(
    tx: &mut Tx<'_>,
    actor: &Actor,
    member: MemberId,
    what: Reset,
    because: &Because,
) -> Result<()> {
    actor.may(&Action::Sanction(member))?;
    spare_staff(tx, actor, member)?;
    because.can_be_read()?;
    let before = members::reset_profile(tx, actor, member, what.bio, what.avatar)?;
    let fresh = Fresh {
        what: "profile",
        original: Some(before).filter(|words| what.bio && !words.is_empty()),
        ..Fresh::of(member, because)
    };
    decisions::add(tx, actor, &fresh)?;
    let reason = reason_with_rule(tx, because)?;
    audit::record(
        tx,
        actor,
        "member.profile_reset",
        subject("member", member.0),
        json!({ "bio": what.bio, "avatar": what.avatar }),
        Some(&reason),
    )?;
    let notice = Notice {
        member,
        kind: "profile-reset",
        subject_kind: "member",
        subject_id: member.0,
        actor: None,
        data: json!({ "reason": reason, "path": "/my/decisions" }),
        mail: true,
    };
    notifications::tell(tx, &notice)
}

/// Takes a set-back profile back: the member's words stand again. The colour of the picture is the member's to choose anew.
pub(super) fn profile_back(tx: &mut Tx<'_>, actor: &Actor, told: &Told) -> Result<()> {
    if let Some(words) = &told.original {
        members::profile_back(tx, actor, told.member, words)?;
    }
    decisions::undone(tx, told.id)
}

/// Holds a member's trust where it is put, or lets it move by itself again where `trust` is none.
///
/// # Errors
/// As [`reset_profile`].
pub fn hold_trust(
    tx: &mut Tx<'_>,
    actor: &Actor,
    member: MemberId,
    trust: Option<Trust>,
) -> Result<()> {
    actor.may(&Action::Sanction(member))?;
    spare_staff(tx, actor, member)?;
    members::lock_trust(tx, member, trust)?;
    audit::record(
        tx,
        actor,
        if trust.is_some() {
            "member.trust_held"
        } else {
            "member.trust_freed"
        },
        subject("member", member.0),
        json!({ "trust": trust.map(Trust::as_str) }),
        None,
    )
}

/// Words of and about a member who is gone.
pub(super) fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::update(
        notes::table.filter(
            notes::member_id
                .eq(member)
                .or(notes::by_id.eq(Some(member))),
        ),
    )
    .set(notes::words.eq(None::<String>))
    .execute(tx.conn)?;
    Ok(())
}
