//! A member does not agree: one appeal against each decision, within twenty days, decided by another moderator.

use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use super::choices::{ContentChoice, Finding};
use super::decisions::{
    self, AppealLine, AppealState, Told, appeals_of, decisions_of, find_decision,
};
use super::entry::{self, Entry};
use super::history;
use super::item::{Item, Kind, Subject};
use super::listing::item;
use super::sanction::{MeasureKind, lift_for_appeal};
use super::standing::granting;
use super::words::{Because, treat_post, treat_thread};
use super::{news, people};
use crate::audit::{self, subject};
use crate::db::schema::{appeals, decisions as decided, review_items as items};
use crate::db::{House, Lock, Tx};
use crate::kit::ids::{DecisionId, MemberId, ReviewItemId};
use crate::kit::stop::{OrRefuse, Refusal};
use crate::kit::token::same_secret;
use crate::kit::{At, Problems, Result, Stop, hex};
use crate::members;
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor};

/// The longest appeal or answer, in characters.
const MOST_WORDS: usize = 4_000;

/// Appeals against a decision about the actor's own things.
///
/// # Errors
/// Not found where it is somebody else's; `ended` where it was taken back or twenty days are over; `appealed` where one
/// was made already; invalid without words.
pub fn appeal(tx: &mut Tx<'_>, actor: &Actor, id: DecisionId, words: &str) -> Result<ReviewItemId> {
    let decision = find_decision(tx, id)?;
    actor
        .may(&Action::ManageSelf(decision.member))
        .map_err(|stop| match stop {
            Stop::Refused(Refusal::NotYours) => Refusal::NotFound.into(),
            other => other,
        })?;
    file(tx, actor, &decision, words)
}

/// As [`appeal`], with the proof from the letter: whoever is suspended cannot sign in. While the suspension lasts, the
/// letter about it opens the appeal against every decision about that member (`against`).
///
/// # Errors
/// As [`appeal`]; [`Refusal::LinkDead`] where the proof is not ours; not found where it does not open that decision.
pub fn appeal_by_letter(
    tx: &mut Tx<'_>,
    (id, proof): (DecisionId, &str),
    against: DecisionId,
    words: &str,
) -> Result<ReviewItemId> {
    let letter = proven(tx, id, proof)?;
    let decision = if against == id {
        letter
    } else {
        let other = find_decision(tx, against)?;
        let opens = other.member == letter.member && shut_out(tx, &letter)?.is_some();
        opens.then_some(other).or_not_found()?
    };
    file(tx, &Actor::System("appeal-by-letter"), &decision, words)
}

/// Until when the member is suspended whom a letter about a suspension reached; nothing where the letter is about
/// something else or the member can sign in.
fn shut_out(tx: &mut Tx<'_>, letter: &Told) -> Result<Option<At>> {
    if letter.what != MeasureKind::Suspension.as_str() {
        return Ok(None);
    }
    let member = members::actor(tx, letter.member)?;
    Ok(member.person().and_then(|person| person.suspended))
}

/// What a letter opens: its own decision, and all of the member's while they cannot sign in to read them.
#[derive(Debug, Clone)]
pub struct ByLetter {
    /// The decisions, latest first, with the appeals against them.
    pub lines: Vec<(Told, Option<AppealLine>)>,
    /// Until when the member is suspended; nothing where they can sign in.
    pub suspended: Option<At>,
}

/// Up to `most` decisions older than `before` that a letter's link opens.
///
/// # Errors
/// [`Refusal::LinkDead`] where the proof is not ours.
pub fn decisions_by_letter(
    tx: &mut Tx<'_>,
    (id, proof): (DecisionId, &str),
    before: Option<DecisionId>,
    most: i64,
) -> Result<ByLetter> {
    let letter = proven(tx, id, proof)?;
    let suspended = shut_out(tx, &letter)?;
    let lines = if suspended.is_some() {
        decisions_of(tx, letter.member, before, most)?
    } else {
        let appeal = appeals_of(tx, &[id])?.pop();
        vec![(letter, appeal)]
    };
    Ok(ByLetter { lines, suspended })
}

/// The member whom a letter about a suspension reached, while they cannot sign in.
///
/// # Errors
/// [`Refusal::LinkDead`] where the proof is not ours; not found where they can sign in.
pub fn shut_out_by_letter(tx: &mut Tx<'_>, (id, proof): (DecisionId, &str)) -> Result<MemberId> {
    let letter = proven(tx, id, proof)?;
    shut_out(tx, &letter)?.or_not_found()?;
    Ok(letter.member)
}

/// Where a member who is suspended reads and appeals, for whoever has just proved to be that member and is not let in.
///
/// # Errors
/// A fault where the database fails.
pub fn way_of_the_suspended(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<String>> {
    let latest: Option<DecisionId> = decided::table
        .filter(decided::member_id.eq(member))
        .filter(decided::what.eq(MeasureKind::Suspension.as_str()))
        .order(decided::id.desc())
        .select(decided::id)
        .first(tx.conn)
        .optional()?;
    Ok(latest.map(|id| path_of(tx.house(), id)))
}

/// The address that a letter about a decision carries.
pub(super) fn path_of(house: &House, id: DecisionId) -> String {
    format!("/appeal/{id}/{}", proof_of(house, id))
}

/// The decision that a letter's link is about.
fn proven(tx: &mut Tx<'_>, id: DecisionId, proof: &str) -> Result<Told> {
    let right = proof_of(tx.house(), id);
    if !same_secret(right.as_bytes(), proof.as_bytes()) {
        return Err(Refusal::LinkDead.into());
    }
    find_decision(tx, id)
}

/// What a letter carries to show that it was ours; it opens appeals of the member it went to and nothing else.
fn proof_of(house: &House, id: DecisionId) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&house.secret) else {
        return String::new();
    };
    mac.update(b"appeal:");
    mac.update(&id.0.to_be_bytes());
    let code = mac.finalize().into_bytes();
    hex(code.iter().take(16))
}

fn file(tx: &mut Tx<'_>, actor: &Actor, decision: &Told, words: &str) -> Result<ReviewItemId> {
    // Two clicks at once meet here, not in a violated constraint.
    tx.lock(Lock::Member(decision.member))?;
    let now = tx.now();
    if decision.undone_at.is_some() || decision.appeal_until() < now {
        return Err(Refusal::WrongState("ended").into());
    }
    if !appeals_of(tx, &[decision.id])?.is_empty() {
        return Err(Refusal::WrongState("appealed").into());
    }
    check("words", words)?;
    diesel::insert_into(appeals::table)
        .values((
            appeals::decision_id.eq(decision.id),
            appeals::member_id.eq(decision.member),
            appeals::words.eq(Some(words.trim())),
            appeals::state.eq(AppealState::Pending),
            appeals::at.eq(now),
        ))
        .execute(tx.conn)?;
    let opened = entry::open(
        tx,
        &Entry {
            kind: Kind::Appeal,
            subject: Subject::Decision(decision.id),
            author: Some(decision.member),
            category: decision.category,
            thread: decision.thread,
            priority: entry::URGENT,
            held_for: None,
            hint: None,
        },
    )?;
    audit::record(
        tx,
        actor,
        "appeal.made",
        subject("review_item", opened.id.0),
        json!({ "decision": decision.id.0, "what": decision.what }),
        None,
    )?;
    // Not to whom it is against: somebody else answers.
    let parties = granting(tx, decision)?.parties();
    let path = ("appeal-new", "/desk/review?kind=appeal");
    news::waits(tx, opened.id, path, &parties)?;
    Ok(opened.id)
}

fn check(field: &'static str, words: &str) -> Result<()> {
    let mut problems = Problems::default();
    if words.trim().is_empty() {
        problems.add(field, "needed", &[]);
    }
    if words.chars().count() > MOST_WORDS {
        problems.add(field, "too-long", &[("most", MOST_WORDS.to_string())]);
    }
    problems.check()
}

/// The appeal behind an entry of the queue, and what it is against.
///
/// # Errors
/// As [`item`]; not found where the entry is no appeal.
pub fn appealed(tx: &mut Tx<'_>, actor: &Actor, id: ReviewItemId) -> Result<(Told, AppealLine)> {
    let found = item(tx, actor, id)?;
    let Subject::Decision(decision) = found.subject else {
        return Err(Refusal::NotFound.into());
    };
    let told = find_decision(tx, decision)?;
    let line = appeals_of(tx, &[decision])?.pop().or_not_found()?;
    Ok((told, line))
}

/// Whoever decided what would be taken back, and whom it concerns, leaves an appeal to others.
pub(super) fn other_eyes(tx: &mut Tx<'_>, actor: &Actor, found: &Item) -> Result<()> {
    let Subject::Decision(decision) = found.subject else {
        return match found.is_about(actor) {
            true => Err(Refusal::FourEyes.into()),
            false => Ok(()),
        };
    };
    let told = find_decision(tx, decision)?;
    if granting(tx, &told)?.is_party(actor) {
        return Err(Refusal::FourEyes.into());
    }
    Ok(())
}

/// Answers an appeal: granted takes the decision back, refused lets it stand. Either way that is the end of it. True where
/// it was granted and yet nothing comes back, because of what was decided about the same thing since.
///
/// # Errors
/// Refused to everybody but moderators, and to whoever decided before; stale where a colleague answered; invalid without
/// words.
pub fn answer_appeal(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ReviewItemId,
    (version, granted): (i64, bool),
    words: &str,
) -> Result<bool> {
    actor.may(&Action::Review)?;
    let found = item(tx, actor, id)?;
    let (told, line) = appealed(tx, actor, id)?;
    other_eyes(tx, actor, &found)?;
    if found.version != version || !found.waits || line.state != AppealState::Pending {
        return Err(Refusal::Stale.into());
    }
    check("answer", words)?;
    let overtaken = granted && granting(tx, &told)?.overtaken;
    if overtaken {
        decisions::undone(tx, told.id)?;
    } else if granted && told.undone_at.is_none() {
        take_back(tx, actor, &told, words, id)?;
    }
    let now = tx.now();
    let state = if granted {
        AppealState::Granted
    } else {
        AppealState::Refused
    };
    diesel::update(appeals::table.filter(appeals::decision_id.eq(told.id)))
        .set((
            appeals::state.eq(state),
            appeals::answer.eq(Some(words.trim())),
            appeals::decided_at.eq(Some(now)),
            appeals::decided_by.eq(actor.id()),
        ))
        .execute(tx.conn)?;
    let finding = if granted {
        Finding::Upheld
    } else {
        Finding::Declined
    };
    let changed = diesel::update(
        items::table
            .filter(items::id.eq(id))
            .filter(items::version.eq(version)),
    )
    .set((
        items::state.eq(finding.state()),
        items::waits.eq(false),
        items::version.eq(version + 1),
        items::decided_at.eq(Some(now)),
        items::first_decided_at.eq(Some(now)),
        items::decided_by.eq(actor.id()),
        items::updated_at.eq(now),
    ))
    .execute(tx.conn)?;
    if changed != 1 {
        return Err(Refusal::Stale.into());
    }
    history::add(tx, id, actor.id(), "decided", None)?;
    audit::record(
        tx,
        actor,
        if granted {
            "appeal.granted"
        } else {
            "appeal.refused"
        },
        subject("review_item", id.0),
        json!({ "decision": told.id.0, "what": told.what, "overtaken": overtaken }),
        Some(words),
    )?;
    let kind = match (granted, overtaken) {
        (true, false) => "appeal-granted",
        (true, true) => "appeal-granted-since",
        (false, _) => "appeal-refused",
    };
    tell(tx, told.member, kind, words)?;
    Ok(overtaken)
}

/// Takes back what the decision had done.
fn take_back(
    tx: &mut Tx<'_>,
    actor: &Actor,
    told: &Told,
    words: &str,
    item: ReviewItemId,
) -> Result<()> {
    let because = Because {
        reason: words.trim().to_owned(),
        item: Some(item),
        ..Because::default()
    };
    if let Some(sanction) = told.sanction {
        return lift_for_appeal(tx, actor, sanction, words);
    }
    if let Some(post) = told.post.filter(|_| told.what == super::pictures::PICTURE) {
        return super::pictures::bring_all_back(tx, actor, told.id, post);
    }
    if let Some(post) = told.post {
        return treat_post(tx, actor, post, ContentChoice::Keep, &because).map(drop);
    }
    match told.thread {
        Some(thread) => treat_thread(tx, actor, thread, ContentChoice::Keep, &because).map(drop),
        None => people::profile_back(tx, actor, told),
    }
}

fn tell(tx: &mut Tx<'_>, member: MemberId, kind: &'static str, words: &str) -> Result<()> {
    let notice = Notice {
        member,
        kind,
        subject_kind: "member",
        subject_id: member.0,
        actor: None,
        data: json!({ "reason": words.trim(), "path": "/my/decisions" }),
        mail: true,
    };
    notifications::tell(tx, &notice)
}
