//! What was decided about a member's words or account, as that member reads it: what, why, by which rule, until when,
//! and how to appeal.
//!
//! Asks nobody because whoever decided was asked already; a member reads only own ones.

use std::collections::HashMap;

use diesel::prelude::*;

use super::cited::Cited;
use super::pictures::PICTURE;
use super::words::Because;
use crate::db::schema::{appeals, decisions};
use crate::db::{Conn, Tx};
use crate::kit::clock::DAY;
use crate::kit::ids::{
    CategoryId, DecisionId, MediaId, MemberId, PostId, ReviewItemId, SanctionId, ThreadId,
};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Refusal, Result};
use crate::policy::Actor;

/// The database under it.
pub(super) type Backend = <Conn as Connection>::Backend;
/// Decisions, not asked for yet.
pub(super) type Query<'q> = decisions::BoxedQuery<'q, Backend>;

/// Days in which a decision can be appealed against.
pub const APPEAL_DAYS: i64 = 20;

crate::text_enum! {
    /// What became of an appeal.
    pub enum AppealState {
        /// Another moderator looks at it.
        Pending = "pending",
        /// The decision was taken back.
        Granted = "granted",
        /// The decision stands.
        Refused = "refused",
    }
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Told {
    /// Which one.
    pub id: DecisionId,
    /// Whom it concerns.
    pub member: MemberId,
    /// `hide`, `return`, `delete`, `thread_hide`, `thread_delete`, `profile`, or a measure's word.
    pub what: String,
    /// The post it is about.
    pub post: Option<PostId>,
    /// The thread it is about.
    pub thread: Option<ThreadId>,
    /// The measure it is.
    pub sanction: Option<SanctionId>,
    /// The entry of the queue it came from.
    pub item: Option<ReviewItemId>,
    /// Where the words stood.
    pub category: Option<CategoryId>,
    /// What they stood under.
    pub title: Option<String>,
    /// The words, given back to be changed.
    pub original: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The rule it rests on.
    pub rule: (Option<i64>, Option<i64>),
    /// Who decided.
    pub by: Option<MemberId>,
    /// When.
    pub at: At,
    /// When it was taken back.
    pub undone_at: Option<At>,
}

impl Told {
    /// The last moment of an appeal.
    #[must_use]
    pub const fn appeal_until(&self) -> At {
        At(self.at.0 + APPEAL_DAYS * DAY)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn columns() -> _ {
    (
        decisions::id,
        decisions::member_id,
        decisions::what,
        decisions::post_id,
        decisions::thread_id,
        decisions::sanction_id,
        decisions::item_id,
        decisions::category_id,
        decisions::title,
        decisions::original,
        decisions::reason,
        (decisions::rule_version, decisions::rule_number),
        decisions::by_id,
        decisions::at,
        decisions::undone_at,
    )
}

/// A decision to be written down.
pub(super) struct Fresh {
    pub member: MemberId,
    pub what: &'static str,
    pub post: Option<PostId>,
    pub picture: Option<MediaId>,
    pub thread: Option<ThreadId>,
    pub sanction: Option<SanctionId>,
    pub category: Option<CategoryId>,
    pub title: Option<String>,
    pub original: Option<String>,
    pub because: Because,
}

impl Fresh {
    /// About this member, for this reason, and nothing else said yet.
    pub fn of(member: MemberId, because: &Because) -> Self {
        Self {
            member,
            what: "",
            post: None,
            picture: None,
            thread: None,
            sanction: None,
            category: None,
            title: None,
            original: None,
            because: because.clone(),
        }
    }
}

/// Writes a decision down for its member.
pub(super) fn add(tx: &mut Tx<'_>, actor: &Actor, fresh: &Fresh) -> Result<DecisionId> {
    let rule = fresh.because.rule;
    Ok(diesel::insert_into(decisions::table)
        .values((
            decisions::member_id.eq(fresh.member),
            decisions::what.eq(fresh.what),
            decisions::post_id.eq(fresh.post),
            decisions::media_id.eq(fresh.picture),
            decisions::thread_id.eq(fresh.thread),
            decisions::sanction_id.eq(fresh.sanction),
            decisions::item_id.eq(fresh.because.item),
            decisions::category_id.eq(fresh.category),
            decisions::title.eq(&fresh.title),
            decisions::original.eq(&fresh.original),
            decisions::reason.eq(Some(fresh.because.reason.trim())),
            decisions::rule_version.eq(rule.map(|r| r.version.0)),
            decisions::rule_number.eq(rule.map(|r| r.number)),
            decisions::by_id.eq(actor.id()),
            decisions::at.eq(tx.now()),
        ))
        .returning(decisions::id)
        .get_result(tx.conn)?)
}

/// The words of a post are to be read again.
pub(super) fn undone_for_post(tx: &mut Tx<'_>, post: PostId) -> Result<()> {
    let now = tx.now();
    diesel::update(
        decisions::table
            .filter(decisions::post_id.eq(Some(post)))
            .filter(decisions::what.ne(PICTURE))
            .filter(decisions::undone_at.is_null()),
    )
    .set(decisions::undone_at.eq(Some(now)))
    .execute(tx.conn)?;
    Ok(())
}

/// A thread is to be read again.
pub(super) fn undone_for_thread(tx: &mut Tx<'_>, thread: ThreadId) -> Result<()> {
    let now = tx.now();
    diesel::update(
        decisions::table
            .filter(decisions::thread_id.eq(Some(thread)))
            .filter(decisions::post_id.is_null())
            .filter(decisions::undone_at.is_null()),
    )
    .set(decisions::undone_at.eq(Some(now)))
    .execute(tx.conn)?;
    Ok(())
}

/// The latest decision of this kind about something was taken back, and those before it stand.
pub(super) fn latest_undone(tx: &mut Tx<'_>, about: Taken, what: &str) -> Result<()> {
    let latest: Option<DecisionId> = decisions_on(about)
        .filter(decisions::undone_at.is_null())
        .filter(decisions::what.eq(what))
        .order(decisions::id.desc())
        .select(decisions::id)
        .first(tx.conn)
        .optional()?;
    latest.map_or(Ok(()), |id| undone(tx, id))
}

/// What a decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// A post: hidden, returned or deleted.
    Post(PostId),
    /// A thread as a whole.
    Thread(ThreadId),
    /// A picture of this post.
    Picture(MediaId, PostId),
}

/// Why it was decided so before: whoever takes back that it was taken back says it again by the same words and rule.
///
/// # Errors
/// A fault where the database fails.
pub fn said_before(tx: &mut Tx<'_>, about: Taken) -> Result<Option<Because>> {
    said(tx, decisions_on(about))
}

/// Why something is as it is: by the latest decision that stands.
pub(super) fn said_still(tx: &mut Tx<'_>, about: Taken) -> Result<Option<Because>> {
    said(
        tx,
        decisions_on(about).filter(decisions::undone_at.is_null()),
    )
}

/// All decisions about something.
pub(super) fn decisions_on<'q>(about: Taken) -> Query<'q> {
    let query = decisions::table.into_boxed::<Backend>();
    match about {
        Taken::Post(post) => query
            .filter(decisions::post_id.eq(Some(post)))
            .filter(decisions::what.ne(PICTURE)),
        // Older decisions name the post alone.
        Taken::Picture(picture, post) => query.filter(decisions::what.eq(PICTURE)).filter(
            decisions::media_id.eq(Some(picture)).or(decisions::media_id
                .is_null()
                .and(decisions::post_id.eq(Some(post)))),
        ),
        Taken::Thread(thread) => query
            .filter(decisions::thread_id.eq(Some(thread)))
            .filter(decisions::post_id.is_null()),
    }
}

fn said(tx: &mut Tx<'_>, query: Query<'_>) -> Result<Option<Because>> {
    let found: Option<(Option<String>, (Option<i64>, Option<i64>))> = query
        .order(decisions::id.desc())
        .select((
            decisions::reason,
            (decisions::rule_version, decisions::rule_number),
        ))
        .first(tx.conn)
        .optional()?;
    Ok(found.map(|(reason, rule)| Because {
        reason: reason.unwrap_or_default(),
        rule: Cited::of(rule),
        item: None,
    }))
}

/// A decision was taken back.
pub(super) fn undone(tx: &mut Tx<'_>, id: DecisionId) -> Result<()> {
    let now = tx.now();
    diesel::update(decisions::table.filter(decisions::id.eq(id)))
        .set(decisions::undone_at.eq(Some(now)))
        .execute(tx.conn)?;
    Ok(())
}

/// A measure was lifted.
pub(super) fn undone_for_sanction(tx: &mut Tx<'_>, id: SanctionId) -> Result<()> {
    let now = tx.now();
    diesel::update(decisions::table.filter(decisions::sanction_id.eq(Some(id))))
        .set(decisions::undone_at.eq(Some(now)))
        .execute(tx.conn)?;
    Ok(())
}

/// A decision, whoever asks; callers ask the law.
///
/// # Errors
/// Not found where there is none.
pub fn find_decision(tx: &mut Tx<'_>, id: DecisionId) -> Result<Told> {
    decisions::table
        .filter(decisions::id.eq(id))
        .select(columns())
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

/// Several decisions, whoever asks; those that are not there are left out.
///
/// # Errors
/// A fault where the database fails.
pub fn find_decisions(tx: &mut Tx<'_>, ids: &[DecisionId]) -> Result<HashMap<DecisionId, Told>> {
    let found: Vec<Told> = decisions::table
        .filter(decisions::id.eq_any(ids))
        .select(columns())
        .load(tx.conn)?;
    Ok(found.into_iter().map(|told| (told.id, told)).collect())
}

/// Up to `most` decisions about the actor's own things older than `before`, latest first.
///
/// # Errors
/// Refused to guests.
pub fn my_decisions(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: Option<DecisionId>,
    most: i64,
) -> Result<Vec<(Told, Option<AppealLine>)>> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    decisions_of(tx, me, before, most)
}

/// The same for any member; callers ask the law.
pub(super) fn decisions_of(
    tx: &mut Tx<'_>,
    member: MemberId,
    before: Option<DecisionId>,
    most: i64,
) -> Result<Vec<(Told, Option<AppealLine>)>> {
    let rows: Vec<Told> = decisions::table
        .filter(decisions::member_id.eq(member))
        .filter(decisions::id.lt(before.unwrap_or(DecisionId(i64::MAX))))
        .order(decisions::id.desc())
        .limit(most)
        .select(columns())
        .load(tx.conn)?;
    let ids: Vec<DecisionId> = rows.iter().map(|row| row.id).collect();
    let said = appeals_of(tx, &ids)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let appeal = said.iter().find(|a| a.decision == row.id).cloned();
            (row, appeal)
        })
        .collect())
}

/// An appeal as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct AppealLine {
    /// Against which decision.
    pub decision: DecisionId,
    /// What the member says; `None` once erased.
    pub words: Option<String>,
    /// What became of it.
    pub state: AppealState,
    /// When it was made.
    pub at: At,
    /// What the moderator answered.
    pub answer: Option<String>,
    /// When.
    pub decided_at: Option<At>,
    /// Who.
    pub decided_by: Option<MemberId>,
}

/// The appeals against these decisions; at most one each.
pub(super) fn appeals_of(tx: &mut Tx<'_>, ids: &[DecisionId]) -> Result<Vec<AppealLine>> {
    Ok(appeals::table
        .filter(appeals::decision_id.eq_any(ids))
        .select((
            appeals::decision_id,
            appeals::words,
            appeals::state,
            appeals::at,
            appeals::answer,
            appeals::decided_at,
            appeals::decided_by,
        ))
        .load(tx.conn)?)
}

/// Words of and about a member who is gone.
pub(super) fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::update(decisions::table.filter(decisions::member_id.eq(member)))
        .set((
            decisions::title.eq(None::<String>),
            decisions::original.eq(None::<String>),
            decisions::reason.eq(None::<String>),
        ))
        .execute(tx.conn)?;
    diesel::update(appeals::table.filter(appeals::member_id.eq(member)))
        .set((
            appeals::words.eq(None::<String>),
            appeals::answer.eq(None::<String>),
        ))
        .execute(tx.conn)?;
    Ok(())
}
