//! The decision: three independent choices, applied in one transaction.

use diesel::prelude::*;
use serde_json::json;

use super::choices::{AuthorChoice, ContentChoice, Decision, Finding};
use super::cited::cited;
use super::history;
use super::item::{Decided, Item, Kind, Subject};
use super::listing::item;
use super::sanction::{Measure, impose};
use super::words::{Because, MOST_REASON, reason_with_rule, treat_post, treat_thread};
use super::{outcome, people, spam};
use crate::audit::{self, subject};
use crate::db::schema::{reports, review_items as items};
use crate::db::{Lock, Tx};
use crate::forum;
use crate::kit::ids::{MemberId, ReviewItemId};
use crate::kit::stop::Refusal;
use crate::kit::{At, Problems, Result, Stop};
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor, PostState};

/// Decides an item at once.
///
/// # Errors
/// Refused to everybody but moderators, and to the author of the words; stale where a colleague changed or decided it
/// meanwhile. Invalid where words or author are touched without a reason, or an end lies in the past.
pub fn decide(tx: &mut Tx<'_>, actor: &Actor, id: ReviewItemId, wanted: &Decision) -> Result<Item> {
    actor.may(&Action::Review)?;
    let found = item(tx, actor, id)?;
    if !found.waits {
        return Err(Refusal::Stale.into());
    }
    check(tx, actor, &found, wanted)?;
    apply(tx, actor, &found, wanted, None)
}

/// May this actor decide so, on the item as it stands?
pub(super) fn check(tx: &mut Tx<'_>, actor: &Actor, found: &Item, wanted: &Decision) -> Result<()> {
    actor.may(&Action::Review)?;
    match found.subject {
        Subject::Highlight(_) => return Err(Refusal::WrongState("highlight").into()),
        Subject::Decision(_) => return Err(Refusal::WrongState("appeal").into()),
        Subject::Post(_) | Subject::Thread(_) | Subject::Member(_) => {}
    }
    if found.author.is_some() && found.author == actor.id() {
        return Err(Refusal::FourEyes.into());
    }
    if found.version != wanted.version || !found.state.waits() {
        return Err(Refusal::Stale.into());
    }
    let now = tx.now();
    let mut problems = Problems::default();
    let touches = wanted.content != ContentChoice::Keep || wanted.author != AuthorChoice::None;
    let because = Because {
        reason: wanted.reason.clone(),
        rule: cited(tx, wanted.rule)?,
        item: Some(found.id),
    };
    if touches {
        match because.can_be_read() {
            Err(Stop::Invalid(found)) => problems = found,
            other => other?,
        }
    } else if wanted.reason.chars().count() > MOST_REASON {
        problems.add("reason", "too-long", &[("most", MOST_REASON.to_string())]);
    }
    if found.author.is_none() && wanted.author != AuthorChoice::None {
        problems.add("author", "nobody-left", &[]);
    }
    if wanted.content == ContentChoice::Return {
        let possible = match found.subject {
            Subject::Post(post) => {
                found.author.is_some() && forum::post_facts(tx, post)?.state != PostState::Deleted
            }
            _ => false,
        };
        if !possible {
            problems.add("content", "cannot-return", &[]);
        }
    }
    let lasts = matches!(
        wanted.author,
        AuthorChoice::Silence | AuthorChoice::Suspension
    );
    if lasts && wanted.until.is_some_and(|until| until <= now) {
        problems.add("until", "in-the-past", &[]);
    }
    problems.check()?;
    let profile =
        matches!(found.subject, Subject::Member(_)) && wanted.content != ContentChoice::Keep;
    if let Some(author) = found.author
        && (profile || wanted.author.measure().is_some())
    {
        super::sanction::spare_staff(tx, actor, author)?;
    }
    Ok(())
}

/// Does what was decided; `together` marks all that was decided in one go.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    actor: &Actor,
    found: &Item,
    wanted: &Decision,
    together: Option<&str>,
) -> Result<Item> {
    let because = Because {
        reason: wanted.reason.trim().to_owned(),
        rule: cited(tx, wanted.rule)?,
        item: Some(found.id),
    };
    lock(tx, found)?;
    close(tx, actor, found, wanted, &because)?;
    match found.subject {
        Subject::Post(post) => {
            treat_post(tx, actor, post, wanted.content, &because)?;
            learn(tx, found, wanted)?;
        }
        Subject::Thread(thread) => {
            treat_thread(tx, actor, thread, wanted.content, &because)?;
        }
        Subject::Member(member) if wanted.content != ContentChoice::Keep => {
            people::reset_profile(tx, actor, member, people::Reset::ALL, &because)?;
        }
        Subject::Member(_) | Subject::Highlight(_) | Subject::Decision(_) => {}
    }
    if let (Some(kind), Some(author)) = (wanted.author.measure(), found.author) {
        let measure = Measure {
            kind,
            until: wanted.until,
            reason: wanted.reason.clone(),
            rule: wanted.rule,
        };
        impose(tx, actor, author, &measure, &because, found.category)?;
    }
    let mut details = json!({
        found.subject.kind(): found.subject.id(), "finding": wanted.finding.as_str(),
        "content": wanted.content.as_str(), "author": wanted.author.as_str(),
        "until": wanted.until.map(|at| at.0), "rule": wanted.rule,
    });
    if let (Some(mark), Some(map)) = (together, details.as_object_mut()) {
        map.insert("together".to_owned(), mark.into());
    }
    audit::record(
        tx,
        actor,
        "review.decided",
        subject("review_item", found.id.0),
        details,
        Some(&wanted.reason),
    )?;
    history::add(tx, found.id, actor.id(), "decided", None)?;
    note_to_author(tx, found, wanted, &because)?;
    outcome::tell_reporters(tx, actor, found, wanted.finding)?;
    item(tx, actor, found.id)
}

/// Takes every lock that the decision will need, in the documented order: the verbs below ask for them one by one, and
/// what hangs on the words and on the author outside is locked before either is told.
fn lock(tx: &mut Tx<'_>, found: &Item) -> Result<()> {
    if let Some(author) = found.author {
        tx.lock(Lock::Member(author))?;
    }
    match found.subject {
        Subject::Post(post) => {
            let facts = forum::post_facts(tx, post)?;
            tx.lock(Lock::Thread(facts.thread.id))?;
            tx.lock(Lock::Post(post))?;
            tx.lock_behind(&[post], found.author)
        }
        Subject::Thread(thread) => {
            tx.lock(Lock::Thread(thread))?;
            tx.lock_behind(&[], found.author)
        }
        Subject::Member(_) => tx.lock_behind(&[], found.author),
        Subject::Highlight(_) | Subject::Decision(_) => Ok(()),
    }
}

fn close(
    tx: &mut Tx<'_>,
    actor: &Actor,
    found: &Item,
    wanted: &Decision,
    because: &Because,
) -> Result<()> {
    let decided = Decided {
        finding: wanted.finding,
        content: wanted.content,
        author: wanted.author,
        until: wanted.until,
        reason: because.reason.clone(),
        rule: because.rule,
    };
    let now = tx.now();
    // The version in the condition decides between two moderators who apply at once.
    let same = items::table
        .filter(items::id.eq(found.id))
        .filter(items::version.eq(found.version));
    let changed = diesel::update(same)
        .set((
            items::state.eq(wanted.finding.state()),
            items::waits.eq(false),
            items::version.eq(items::version + 1),
            items::decision.eq(serde_json::to_string(&decided)?),
            items::decided_at.eq(Some(now)),
            items::decided_by.eq(actor.id()),
            items::assignee_id.eq(actor.id()),
            items::updated_at.eq(now),
            items::pending.eq(None::<String>),
            items::pending_by.eq(None::<MemberId>),
            items::pending_until.eq(None::<At>),
        ))
        .execute(tx.conn)?;
    if changed != 1 {
        return Err(Stop::Refused(Refusal::Stale));
    }
    diesel::update(
        items::table
            .filter(items::id.eq(found.id))
            .filter(items::first_decided_at.is_null()),
    )
    .set(items::first_decided_at.eq(Some(now)))
    .execute(tx.conn)?;
    Ok(())
}

/// The classifier learns from what was decided about advertising: what was reported as such, and what was held and not taken
/// away for another rule than the one that advertising breaks. Not from quarrels.
fn learn(tx: &mut Tx<'_>, found: &Item, wanted: &Decision) -> Result<()> {
    let Subject::Post(post) = found.subject else {
        return Ok(());
    };
    let reported: i64 = reports::table
        .filter(reports::item_id.eq(found.id))
        .filter(reports::reason.eq(super::reasons::SPAM))
        .count()
        .get_result(tx.conn)?;
    let other_rule = wanted.rule.is_some() && wanted.rule != super::reasons::rule_of_spam(tx)?;
    let about_spam = match found.kind {
        Kind::Held => !other_rule,
        _ => reported > 0,
    };
    let Some(words) = found.snapshot.as_ref().filter(|_| about_spam) else {
        return Ok(());
    };
    match (wanted.finding, wanted.content) {
        (Finding::Upheld, ContentChoice::Hide | ContentChoice::Delete) => {
            spam::learn(tx, post, &words.text, true)
        }
        (Finding::Declined, ContentChoice::Keep) => spam::learn(tx, post, &words.text, false),
        _ => Ok(()),
    }
}

fn note_to_author(
    tx: &mut Tx<'_>,
    found: &Item,
    wanted: &Decision,
    because: &Because,
) -> Result<()> {
    let Some(author) = found.author.filter(|_| wanted.author == AuthorChoice::Note) else {
        return Ok(());
    };
    let reason = reason_with_rule(tx, because)?;
    let notice = Notice {
        member: author,
        kind: "note-from-moderators",
        subject_kind: "member",
        subject_id: author.0,
        actor: None,
        data: json!({ "reason": reason, "path": found.subject.path() }),
        mail: true,
    };
    notifications::tell(tx, &notice)
}
