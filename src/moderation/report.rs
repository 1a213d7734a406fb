//! A member says that something is wrong with a post.

use diesel::prelude::*;
use serde_json::json;

use super::cited::{Cited, cited};
use super::item::{Item, ItemState, KIND, POST, seek_item};
use super::snapshot::Snapshot;
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
use crate::policy::{Action, Actor, PostFacts, Role};

crate::text_enum! {
    /// Why somebody reports.
    pub enum Reason {
        /// Advertising, nonsense, a machine.
        Spam = "spam",
        /// Has nothing to do with where it stands.
        OffTopic = "off_topic",
        /// Goes at a person.
        Unkind = "unkind",
        /// Breaks the law; needs words.
        Illegal = "illegal",
        /// Something else; needs words.
        Other = "other",
    }
}

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Why {
    /// Why.
    pub reason: Reason,
    /// The number of a rule of the community guidelines in force.
    pub rule: Option<i64>,
}

impl From<Reason> for Why {
    fn from(reason: Reason) -> Self {
        Self { reason, rule: None }
    }
}

/// The longest message of a report, in characters.
const MOST_MESSAGE: usize = 2_000;
/// So many reports a member can send in a day.
const A_DAY: Limit = Limit {
    most: 40,
    seconds: 86_400,
};

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
    why: impl Into<Why>,
    message: &str,
) -> Result<ReviewItemId> {
    let Why { reason, rule } = why.into();
    let facts = forum::post_facts(tx, post)?;
    actor.may(&Action::Report(&facts))?;
    let me = actor.id().ok_or(Stop::Refused(Refusal::SignInFirst))?;
    check(reason, message)?;
    let rule = cited(tx, rule)?;
    count(tx, &format!("report:member:{}", me.0), A_DAY)?;
    let item = opened(tx, &facts)?;
    keep(tx, item.id, me, (reason, rule), message)?;
    audit::record(
        tx,
        actor,
        "post.reported",
        subject("review_item", item.id.0),
        json!({ "post": post.0, "reason": reason.as_str(), "rule": rule.map(|r| r.number) }),
        None,
    )?;
    if item.news {
        tell_moderators(tx, me, item.id, reason)?;
    }
    Ok(item.id)
}

fn check(reason: Reason, message: &str) -> Result<()> {
    let mut problems = Problems::default();
    if matches!(reason, Reason::Illegal | Reason::Other) && message.trim().is_empty() {
        problems.add("message", "needed", &[]);
    }
    if message.chars().count() > MOST_MESSAGE {
        problems.add("message", "too-long", &[("most", MOST_MESSAGE.to_string())]);
    }
    problems.check()
}

struct Opened {
    id: ReviewItemId,
    /// New, or open again: the moderators are told.
    news: bool,
}

fn opened(tx: &mut Tx<'_>, facts: &PostFacts) -> Result<Opened> {
    // Two members who report at once meet here, not in a violated constraint.
    tx.lock(Lock::Post(facts.id))?;
    match seek_item(tx, facts.id)? {
        None => Ok(Opened {
            id: insert(tx, facts)?,
            news: true,
        }),
        Some(item) if item.state.waits() => Ok(Opened {
            id: item.id,
            news: false,
        }),
        Some(item) => {
            reopen(tx, &item)?;
            Ok(Opened {
                id: item.id,
                news: true,
            })
        }
    }
}

fn insert(tx: &mut Tx<'_>, facts: &PostFacts) -> Result<ReviewItemId> {
    let (snapshot, hash) = Snapshot::of(tx, facts.id)?.stored()?;
    let now = tx.now();
    Ok(diesel::insert_into(items::table)
        .values((
            items::kind.eq(KIND),
            items::subject_kind.eq(POST),
            items::subject_id.eq(facts.id.0),
            items::subject_author_id.eq(facts.author),
            items::category_id.eq(Some(facts.thread.category.id)),
            items::state.eq(ItemState::Open),
            items::snapshot.eq(Some(snapshot)),
            items::snapshot_hash.eq(Some(hash)),
            items::created_at.eq(now),
            items::updated_at.eq(now),
        ))
        .returning(items::id)
        .get_result(tx.conn)?)
}

/// Opens a decided item again, with the words as they are now.
pub(super) fn reopen(tx: &mut Tx<'_>, item: &Item) -> Result<()> {
    let (snapshot, hash) = Snapshot::of(tx, item.post()?)?.stored()?;
    let now = tx.now();
    diesel::update(items::table.filter(items::id.eq(item.id)))
        .set((
            items::state.eq(ItemState::Open),
            items::assignee_id.eq(None::<MemberId>),
            items::version.eq(items::version + 1),
            items::snapshot.eq(Some(snapshot)),
            items::snapshot_hash.eq(Some(hash)),
            items::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn keep(
    tx: &mut Tx<'_>,
    item: ReviewItemId,
    reporter: MemberId,
    (reason, rule): (Reason, Option<Cited>),
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
    let reporters: i64 = reports::table
        .filter(reports::item_id.eq(item))
        .count()
        .get_result(tx.conn)?;
    diesel::update(items::table.filter(items::id.eq(item)))
        .set(items::report_count.eq(reporters))
        .execute(tx.conn)?;
    Ok(())
}

/// By mail only where the law may be broken: that must not wait until somebody looks in.
fn tell_moderators(
    tx: &mut Tx<'_>,
    reporter: MemberId,
    item: ReviewItemId,
    reason: Reason,
) -> Result<()> {
    for card in members::with_role(tx, Role::Moderator)? {
        let notice = Notice {
            member: card.id,
            kind: "report-new",
            subject_kind: "review_item",
            subject_id: item.0,
            // Not named: who reported stands on the desk, for those who need to know.
            actor: (card.id == reporter).then_some(reporter),
            data: json!({ "reason": reason.as_str(), "path": format!("/desk/review/{item}") }),
            mail: reason == Reason::Illegal,
        };
        notifications::tell(tx, &notice)?;
    }
    Ok(())
}

/// A member's own report about a post.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct MyReport {
    /// Why.
    pub reason: Reason,
    /// In words.
    pub message: Option<String>,
    /// What became of it.
    pub state: ReportState,
    /// When it was sent.
    pub at: At,
    /// The rule it had in mind: the version's id, and the number.
    pub rule: (Option<i64>, Option<i64>),
}

/// What this actor reported about a post, if anything: also where the post is gone since.
///
/// # Errors
/// Refused to guests and suspended members.
pub fn my_report(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<Option<MyReport>> {
    let me = actor.id().ok_or(Stop::Refused(Refusal::SignInFirst))?;
    actor.may(&Action::ManageSelf(me))?;
    let Some(item) = seek_item(tx, post)? else {
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
