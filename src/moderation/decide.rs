//! The decision: three independent choices, applied in one transaction.

use diesel::prelude::*;
use serde_json::json;

use super::cited::{Cited, cited, words_of};
use super::item::{Decided, Item, ItemState};
use super::listing::item;
use super::report::ReportState;
use super::sanction::{Measure, MeasureKind, impose};
use crate::audit::{self, subject};
use crate::db::schema::{reports, review_items as items};
use crate::db::{Lock, Tx};
use crate::forum;
use crate::kit::ids::{MemberId, ReviewItemId};
use crate::kit::stop::Refusal;
use crate::kit::{At, Problems, Result, Stop};
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor, PostFacts, PostState};

crate::text_enum! {
    /// Was the report right?
    pub enum Finding {
        /// Yes.
        Upheld = "upheld",
        /// No.
        Declined = "declined",
        /// It says nothing that needs an answer.
        Ignored = "ignored",
    }
}

crate::text_enum! {
    /// What happens to the words.
    pub enum ContentChoice {
        /// They stand; hidden ones are shown again.
        Keep = "keep",
        /// Moderators and the author see them.
        Hide = "hide",
        /// Hidden, and the author is asked to change them; then the item comes back to the desk.
        Return = "return",
        /// Gone.
        Delete = "delete",
    }
}

crate::text_enum! {
    /// What happens to the author.
    pub enum AuthorChoice {
        /// Nothing.
        None = "none",
        /// A word from the moderators, without any mark.
        Note = "note",
        /// A warning, kept on record.
        Warning = "warning",
        /// May read, may not write.
        Silence = "silence",
        /// May not sign in.
        Suspension = "suspension",
    }
}

impl AuthorChoice {
    const fn measure(self) -> Option<MeasureKind> {
        match self {
            Self::None | Self::Note => None,
            Self::Warning => Some(MeasureKind::Warning),
            Self::Silence => Some(MeasureKind::Silence),
            Self::Suspension => Some(MeasureKind::Suspension),
        }
    }
}

impl Finding {
    pub(super) const fn state(self) -> ItemState {
        match self {
            Self::Upheld => ItemState::Upheld,
            Self::Declined => ItemState::Declined,
            Self::Ignored => ItemState::Ignored,
        }
    }

    const fn report_state(self) -> ReportState {
        match self {
            Self::Upheld => ReportState::Upheld,
            Self::Declined => ReportState::Declined,
            Self::Ignored => ReportState::Ignored,
        }
    }
}

/// What a moderator decided, on which version of the item.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The version the moderator saw.
    pub version: i64,
    /// Was the report right?
    pub finding: Finding,
    /// What happens to the words.
    pub content: ContentChoice,
    /// What happens to the author.
    pub author: AuthorChoice,
    /// Until when a silence or suspension lasts; `None`: without end. Meaningless for the others.
    pub until: Option<At>,
    /// Why; the author reads it.
    pub reason: String,
    /// The number of the rule it rests on, in the community guidelines in force.
    pub rule: Option<i64>,
}

/// The longest reason, in characters.
const MOST_REASON: usize = 2_000;

/// Decides an item.
///
/// # Errors
/// Refused to everybody but moderators, and to the author of the words; stale where a colleague changed or decided it
/// meanwhile. Invalid where words or author are touched without a reason, or an end lies in the past.
pub fn decide(tx: &mut Tx<'_>, actor: &Actor, id: ReviewItemId, wanted: &Decision) -> Result<Item> {
    let found = item(tx, actor, id)?;
    let post = found.post()?;
    let facts = forum::post_facts(tx, post)?;
    actor.may(&Action::Review)?;
    if found.author.is_some() && found.author == actor.id() {
        return Err(Refusal::FourEyes.into());
    }
    if found.version != wanted.version || !found.state.waits() {
        return Err(Refusal::Stale.into());
    }
    check(tx.now(), wanted, &found, &facts)?;
    let rule = cited(tx, wanted.rule)?;
    lock(tx, &facts, found.author)?;
    close(tx, actor, &found, wanted, rule)?;
    let changed = to_the_words(tx, actor, &facts, wanted)?;
    if let (Some(kind), Some(author)) = (wanted.author.measure(), found.author) {
        let measure = Measure {
            kind,
            until: wanted.until,
            reason: wanted.reason.clone(),
        };
        impose(tx, actor, author, &measure, Some(id))?;
    }
    audit::record(
        tx,
        actor,
        "review.decided",
        subject("review_item", id.0),
        json!({
            "post": post.0, "finding": wanted.finding.as_str(), "content": wanted.content.as_str(),
            "author": wanted.author.as_str(), "until": wanted.until.map(|at| at.0), "rule": wanted.rule,
        }),
        Some(&wanted.reason),
    )?;
    tell_author(tx, actor, &found, wanted, (changed, rule))?;
    tell_reporters(tx, actor, &found, wanted.finding)?;
    item(tx, actor, id)
}

fn check(now: At, wanted: &Decision, found: &Item, facts: &PostFacts) -> Result<()> {
    let mut problems = Problems::default();
    let touches = wanted.content != ContentChoice::Keep || wanted.author != AuthorChoice::None;
    if touches && wanted.reason.trim().is_empty() {
        problems.add("reason", "needed", &[]);
    }
    if wanted.reason.chars().count() > MOST_REASON {
        problems.add("reason", "too-long", &[("most", MOST_REASON.to_string())]);
    }
    if found.author.is_none() && wanted.author != AuthorChoice::None {
        problems.add("author", "nobody-left", &[]);
    }
    if wanted.content == ContentChoice::Return
        && (found.author.is_none() || facts.state == PostState::Deleted)
    {
        problems.add("content", "cannot-return", &[]);
    }
    let lasts = matches!(
        wanted.author,
        AuthorChoice::Silence | AuthorChoice::Suspension
    );
    if lasts && wanted.until.is_some_and(|until| until <= now) {
        problems.add("until", "in-the-past", &[]);
    }
    problems.check()
}

/// Takes every lock that the decision will need, in the documented order: the verbs below ask for them one by one, and
/// what hangs on the words and on the author outside is locked before either is told.
fn lock(tx: &mut Tx<'_>, facts: &PostFacts, author: Option<MemberId>) -> Result<()> {
    if let Some(author) = author {
        tx.lock(Lock::Member(author))?;
    }
    tx.lock(Lock::Thread(facts.thread.id))?;
    tx.lock(Lock::Post(facts.id))?;
    tx.lock_behind(&[facts.id], author)
}

fn close(
    tx: &mut Tx<'_>,
    actor: &Actor,
    found: &Item,
    wanted: &Decision,
    rule: Option<Cited>,
) -> Result<()> {
    let decided = Decided {
        finding: wanted.finding,
        content: wanted.content,
        author: wanted.author,
        until: wanted.until,
        reason: wanted.reason.trim().to_owned(),
        rule,
    };
    let now = tx.now();
    // The version in the condition decides between two moderators who apply at once.
    let same = items::table
        .filter(items::id.eq(found.id))
        .filter(items::version.eq(wanted.version));
    let changed = diesel::update(same)
        .set((
            items::state.eq(wanted.finding.state()),
            items::version.eq(items::version + 1),
            items::decision.eq(serde_json::to_string(&decided)?),
            items::decided_at.eq(Some(now)),
            items::decided_by.eq(actor.id()),
            items::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    if changed != 1 {
        return Err(Stop::Refused(Refusal::Stale));
    }
    Ok(())
}

/// Does to the post what was chosen, through the forum's own verbs; true where something changed.
fn to_the_words(
    tx: &mut Tx<'_>,
    actor: &Actor,
    facts: &PostFacts,
    wanted: &Decision,
) -> Result<bool> {
    let reason = wanted.reason.trim();
    match (wanted.content, facts.state) {
        (ContentChoice::Keep, PostState::Hidden) => {
            forum::unhide_post(tx, actor, facts.id)?;
            Ok(true)
        }
        (ContentChoice::Hide | ContentChoice::Return, PostState::Visible) => {
            forum::hide_post(tx, actor, facts.id, Some(reason))?;
            Ok(true)
        }
        (ContentChoice::Return, PostState::Hidden) => Ok(true),
        (ContentChoice::Delete, PostState::Visible | PostState::Hidden) => {
            forum::delete_post(tx, actor, facts.id, Some(reason))?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

fn tell_author(
    tx: &mut Tx<'_>,
    actor: &Actor,
    found: &Item,
    wanted: &Decision,
    (changed, rule): (bool, Option<Cited>),
) -> Result<()> {
    let Some(author) = found.author else {
        return Ok(());
    };
    let mut kinds = Vec::new();
    if changed {
        kinds.push(match wanted.content {
            ContentChoice::Keep => "words-restored",
            ContentChoice::Hide => "words-hidden",
            ContentChoice::Return => "words-returned",
            ContentChoice::Delete => "words-deleted",
        });
    }
    if wanted.author == AuthorChoice::Note {
        kinds.push("note-from-moderators");
    }
    let title = found.snapshot.as_ref().map(|s| s.title.clone());
    let rule = match rule {
        Some(rule) => words_of(tx, rule)?,
        None => None,
    };
    // A sign instead of a word: the reason is in the moderator's language, whichever that is.
    let reason = match rule {
        Some(rule) => format!("§ {} {}. {}", rule.number, rule.title, wanted.reason.trim()),
        None => wanted.reason.trim().to_owned(),
    };
    for kind in kinds {
        let path = match wanted.content {
            ContentChoice::Delete => "/guidelines/community".to_owned(),
            _ => format!("/p/{}", found.subject.id()),
        };
        let notice = Notice {
            member: author,
            kind,
            // About the author, not the post: a deleted post is nothing its author may see.
            subject_kind: "member",
            subject_id: author.0,
            actor: None,
            data: json!({ "reason": reason, "title": title, "path": path }),
            mail: true,
        };
        notifications::tell(tx, &notice)?;
    }
    debug_assert!(actor.id() != Some(author), "nobody decides on own words");
    Ok(())
}

fn tell_reporters(tx: &mut Tx<'_>, actor: &Actor, found: &Item, finding: Finding) -> Result<()> {
    let pending = reports::table
        .filter(reports::item_id.eq(found.id))
        .filter(reports::state.eq(ReportState::Pending));
    let reporters: Vec<Option<MemberId>> = pending
        .select(reports::reporter_id)
        .order(reports::id)
        .limit(1_000)
        .load(tx.conn)?;
    diesel::update(
        reports::table
            .filter(reports::item_id.eq(found.id))
            .filter(reports::state.eq(ReportState::Pending)),
    )
    .set(reports::state.eq(finding.report_state()))
    .execute(tx.conn)?;
    let title = found.snapshot.as_ref().map(|s| s.title.clone());
    for reporter in reporters.into_iter().flatten() {
        let notice = Notice {
            member: reporter,
            kind: match finding {
                Finding::Upheld => "report-upheld",
                Finding::Declined => "report-declined",
                Finding::Ignored => "report-ignored",
            },
            subject_kind: "report",
            subject_id: found.id.0,
            actor: actor.id().filter(|me| *me == reporter),
            data: json!({ "title": title, "path": format!("/p/{}/report", found.subject.id()) }),
            mail: false,
        };
        notifications::tell(tx, &notice)?;
    }
    Ok(())
}
