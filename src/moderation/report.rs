//! A member says that something is wrong with a post, a thread or a profile.

use diesel::prelude::*;
use serde_json::json;

use super::cited::{Cited, cited};
use super::entry::{self, Entry};
use super::item::{Kind, Subject, seek, seek_of};
use super::reasons::{self, Reason};
use super::{hold, news, spam};
use crate::audit::{self, subject};
use crate::db::limits::{Limit, count};
use crate::db::schema::{reports, review_items as items};
use crate::db::{Lock, Tx};
use crate::each_backend;
use crate::forum;
use crate::kit::ids::{MemberId, PostId, ReviewItemId};
use crate::kit::stop::Refusal;
use crate::kit::{At, Problems, Result, Stop};
use crate::members;
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor};

crate::text_enum! {
    /// What became of a report.
    pub enum ReportState {
        /// Not decided yet.
        Pending = "pending",
        /// It was right.
        Upheld = "upheld",
        /// It was not.
        Declined = "declined",
        /// Nothing to answer.
        Ignored = "ignored",
        /// Taken back by the reporter.
        Rescinded = "rescinded",
    }
}

/// Why somebody reports, and the rule they have in mind, if any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The word of a reason.
    pub reason: String,
    /// The number of a rule of the community guidelines in force.
    pub rule: Option<i64>,
}

impl From<&str> for Why {
    fn from(reason: &str) -> Self {
        Self {
            reason: reason.to_owned(),
            rule: None,
        }
    }
}

/// The longest message of a report, in characters.
pub(super) const MOST_MESSAGE: usize = 2_000;
/// So many reports a member can send in a day.
const A_DAY: Limit = Limit {
    most: 40,
    seconds: 86_400,
};
/// So many reports put a thing before the others.
const MANY: i64 = 3;

/// Where a member reports this, and reads what became of it.
#[must_use]
pub fn report_path(about: Subject) -> String {
    match about {
        Subject::Thread(id) => format!("/threads/{id}/report"),
        Subject::Member(id) => format!("/members/{id}/report"),
        other => format!("/p/{}/report", other.id()),
    }
}

/// Reports a post. A member has one report per post: a second one replaces the first. A report about what was decided
/// opens the same item again.
///
/// # Errors
/// Refused to guests, to those whose address is not confirmed, to whoever may not see the post (not found), and beyond 40
/// a day. Invalid without a message where the reason needs one.
pub fn report(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    reason: &str,
    message: &str,
) -> Result<ReviewItemId> {
    let why = Why::from(reason);
    report_about(tx, actor, Subject::Post(post), &why, message)
}

/// Reports a post, a thread as a whole, or a member's profile.
///
/// # Errors
/// As [`report`].
pub fn report_about(
    tx: &mut Tx<'_>,
    actor: &Actor,
    about: Subject,
    why: &Why,
    message: &str,
) -> Result<ReviewItemId> {
    let mut entry = described(tx, about, Some(actor))?;
    let me = actor.id().ok_or(Stop::Refused(Refusal::SignInFirst))?;
    actor.may(&Action::ReportMember)?;
    let reason = reasons::find(tx, &why.reason)?;
    check(&reason, message)?;
    let rule = match why.rule {
        Some(number) => cited(tx, Some(number))?,
        // The rule that moderators tied to the reason; it may be gone from the version in force.
        None => cited(tx, reason.rule).unwrap_or_default(),
    };
    count(tx, &format!("report:member:{}", me.0), A_DAY)?;
    if reason.legal {
        entry.priority = entry::LEGAL;
    }
    lock(tx, &entry)?;
    let item = entry::open(tx, &entry)?;
    keep(tx, item.id, me, (&reason.word, rule), message)?;
    many(tx, item.id)?;
    audit::record(
        tx,
        actor,
        "post.reported",
        subject("review_item", item.id.0),
        json!({ about.kind(): about.id(), "reason": reason.word, "rule": rule.map(|r| r.number) }),
        None,
    )?;
    if item.news {
        tell_moderators(tx, Some(me), item.id, &reason)?;
    }
    if let Subject::Post(post) = about {
        hold::hide_by_reports(tx, post, item.id)?;
    }
    Ok(item.id)
}

/// What hiding by reports will need, in the documented order: members before threads before posts.
fn lock(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let Subject::Post(post) = entry.subject else {
        return Ok(());
    };
    if let Some(author) = entry.author {
        tx.lock(Lock::Member(author))?;
    }
    if let Some(thread) = entry.thread {
        tx.lock(Lock::Thread(thread))?;
    }
    tx.lock(Lock::Post(post))
}

/// What is reported, if this actor may report it; for a guest whose address was confirmed, what everybody may see.
pub(super) fn described(tx: &mut Tx<'_>, about: Subject, actor: Option<&Actor>) -> Result<Entry> {
    let mut entry = Entry {
        kind: Kind::Report,
        subject: about,
        author: None,
        category: None,
        thread: None,
        priority: entry::USUAL,
        held_for: None,
        hint: None,
    };
    match about {
        Subject::Post(post) => {
            let facts = forum::post_facts(tx, post)?;
            match actor {
                Some(actor) => actor.may(&Action::Report(&facts))?,
                None => Actor::Guest.may(&Action::SeePost(&facts))?,
            }
            entry.author = facts.author;
            entry.category = Some(facts.thread.category.id);
            entry.thread = Some(facts.thread.id);
            let words = forum::said(tx, post)?.text;
            entry.hint = spam::hint(tx, &words)?;
        }
        Subject::Thread(thread) => {
            let facts = forum::thread_facts(tx, thread)?;
            actor
                .unwrap_or(&Actor::Guest)
                .may(&Action::SeeThread(&facts))?;
            entry.author = facts.author;
            entry.category = Some(facts.category.id);
            entry.thread = Some(thread);
        }
        Subject::Member(member) => {
            if members::card(tx, member)?.erased {
                return Err(Refusal::NotFound.into());
            }
            entry.author = Some(member);
        }
        Subject::Highlight(_) | Subject::Decision(_) => return Err(Refusal::NotFound.into()),
    }
    Ok(entry)
}

pub(super) fn check(reason: &Reason, message: &str) -> Result<()> {
    let mut problems = Problems::default();
    if reason.needs_words && message.trim().is_empty() {
        problems.add("message", "needed", &[]);
    }
    if message.chars().count() > MOST_MESSAGE {
        problems.add("message", "too-long", &[("most", MOST_MESSAGE.to_string())]);
    }
    problems.check()
}

fn keep(
    tx: &mut Tx<'_>,
    item: ReviewItemId,
    reporter: MemberId,
    (reason, rule): (&str, Option<Cited>),
    message: &str,
) -> Result<()> {
    let message = Some(message.trim()).filter(|words| !words.is_empty());
    let said = (
        reports::reason.eq(reason),
        reports::message.eq(message),
        reports::state.eq(ReportState::Pending),
        reports::created_at.eq(tx.now()),
        reports::rule_version.eq(rule.map(|rule| rule.version.0)),
        reports::rule_number.eq(rule.map(|rule| rule.number)),
    );
    each_backend!(tx.conn, c => diesel::insert_into(reports::table)
        .values((reports::item_id.eq(item), reports::reporter_id.eq(Some(reporter)), said))
        .on_conflict((reports::item_id, reports::reporter_id))
        .do_update()
        .set(said)
        .execute(c))?;
    Ok(())
}

/// Counts the reports of an item, and puts it before others where there are many.
pub(super) fn many(tx: &mut Tx<'_>, item: ReviewItemId) -> Result<()> {
    let reporters: i64 = reports::table
        .filter(reports::item_id.eq(item))
        .filter(reports::state.eq(ReportState::Pending))
        .count()
        .get_result(tx.conn)?;
    diesel::update(items::table.filter(items::id.eq(item)))
        .set(items::report_count.eq(reporters))
        .execute(tx.conn)?;
    if reporters >= MANY {
        diesel::update(
            items::table
                .filter(items::id.eq(item))
                .filter(items::priority.gt(entry::URGENT)),
        )
        .set(items::priority.eq(entry::URGENT))
        .execute(tx.conn)?;
    }
    Ok(())
}

/// Where no moderator may see and decide it, admins hear of it instead. By mail only where the law may be broken: that must not wait until somebody looks in.
pub(super) fn tell_moderators(
    tx: &mut Tx<'_>,
    reporter: Option<MemberId>,
    item: ReviewItemId,
    reason: &Reason,
) -> Result<()> {
    let author = seek(tx, item)?.and_then(|item| item.author);
    for card in news::who_hears(tx, item, author.as_slice())? {
        // Whoever wrote it may hear of it from others, and not who said so.
        if Some(card.id) == author {
            continue;
        }
        let notice = Notice {
            member: card.id,
            kind: "report-new",
            subject_kind: "review_item",
            subject_id: item.0,
            // Not named: who reported stands on the desk, for those who need to know.
            actor: reporter.filter(|reporter| *reporter == card.id),
            data: json!({ "reason": reason.word, "path": format!("/desk/review/{item}") }),
            mail: reason.legal,
        };
        notifications::tell(tx, &notice)?;
    }
    Ok(())
}

/// A member's own report.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct MyReport {
    /// Why: the word of a reason.
    pub reason: String,
    /// In words.
    pub message: Option<String>,
    /// What became of it.
    pub state: ReportState,
    /// When it was sent.
    pub at: At,
    /// The rule it had in mind: the version's id, and the number.
    pub rule: (Option<i64>, Option<i64>),
}

/// What this actor reported about something, if anything: also where it is gone since.
///
/// # Errors
/// Refused to guests and suspended members.
pub fn my_report(tx: &mut Tx<'_>, actor: &Actor, about: Subject) -> Result<Option<MyReport>> {
    let me = actor.id().ok_or(Stop::Refused(Refusal::SignInFirst))?;
    actor.may(&Action::ManageSelf(me))?;
    let Some(item) = seek_of(tx, Kind::Report, about)? else {
        return Ok(None);
    };
    Ok(reports::table
        .filter(reports::item_id.eq(item.id))
        .filter(reports::reporter_id.eq(Some(me)))
        .select((
            reports::reason,
            reports::message,
            reports::state,
            reports::created_at,
            (reports::rule_version, reports::rule_number),
        ))
        .first(tx.conn)
        .optional()?)
}
