//! What a moderator does to words: kept or brought back, hidden, returned to be changed, deleted. Every such step tells
//! the author and stands among the author's decisions, whether it came from the queue or from the page itself.

use serde_json::json;

use super::choices::ContentChoice;
use super::cited::{Cited, words_of};
use super::decisions::{self, Fresh, Taken};
use super::hold;
use crate::db::Tx;
use crate::forum::{self, HiddenBefore};
use crate::kit::ids::{MemberId, PostId, ReviewItemId, ThreadId};
use crate::kit::{Problems, Refusal, Result};
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor, PostState};

/// Why words are treated so.
#[derive(Debug, Clone, Default)]
pub struct Because {
    /// In the moderator's words; the author reads them.
    pub reason: String,
    /// The rule it rests on.
    pub rule: Option<Cited>,
    /// The entry of the queue it came from.
    pub item: Option<ReviewItemId>,
}

/// What a decision to delete a thread is called.
const THREAD_DELETE: &str = "thread_delete";

/// The longest reason, in characters.
pub(super) const MOST_REASON: usize = 2_000;

impl Because {
    /// Whoever loses something reads why: the rule that it goes against, or words where none fits.
    pub(super) fn can_be_read(&self) -> Result<()> {
        let mut problems = Problems::default();
        if self.rule.is_none() && self.reason.trim().is_empty() {
            problems.add("reason", "rule-or-words", &[]);
        }
        if self.reason.chars().count() > MOST_REASON {
            problems.add("reason", "too-long", &[("most", MOST_REASON.to_string())]);
        }
        problems.check()
    }
}

/// Does to a post what was chosen; true where something changed.
///
/// # Errors
/// As the verbs of the forum: not found, refused, or in a state where it cannot be done. Invalid where something is taken
/// from somebody else for neither a rule nor a reason in words.
pub fn treat_post(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    choice: ContentChoice,
    because: &Because,
) -> Result<bool> {
    let facts = forum::post_facts(tx, post)?;
    match choice {
        ContentChoice::Delete => actor.may(&Action::DeletePost(&facts))?,
        _ => actor.may(&Action::HidePost(&facts))?,
    }
    let by_author = facts.state != PostState::Visible && forum::taken_by_author(tx, post)?;
    if choice == ContentChoice::Keep && !by_author {
        other_eyes(actor, facts.author)?;
    }
    if choice != ContentChoice::Keep && !is_own(actor, facts.author) {
        because.can_be_read()?;
    }
    let reason = reason_with_rule(tx, because)?;
    match (choice, facts.state) {
        // Words that their author took back are not brought back by finding nothing wrong with them.
        (ContentChoice::Keep, PostState::Deleted) if because.item.is_some() && by_author => {
            return Ok(false);
        }
        // Returned words come back to an entry of the queue.
        (ContentChoice::Return, _) if because.item.is_none() => {
            return Err(Refusal::WrongState("no-entry").into());
        }
        (ContentChoice::Keep, PostState::Hidden) => forum::unhide_post(tx, actor, post)?,
        (ContentChoice::Keep, PostState::Deleted) => forum::restore_post(tx, actor, post)?,
        (ContentChoice::Hide | ContentChoice::Return, PostState::Visible) => {
            forum::hide_post(tx, actor, post, Some(&reason))?;
        }
        (ContentChoice::Hide | ContentChoice::Return, PostState::Hidden)
            if because.item.is_some() =>
        {
            forum::explain_hidden(tx, actor, post, &reason)?;
        }
        (ContentChoice::Delete, PostState::Visible | PostState::Hidden) => {
            forum::delete_post(tx, actor, post, Some(&reason))?;
        }
        _ => return Ok(false),
    }
    hold::thread_follows(tx, actor, post, choice)?;
    let Some(author) = facts.author.filter(|author| Some(*author) != actor.id()) else {
        return Ok(true);
    };
    if choice == ContentChoice::Keep {
        decisions::undone_for_post(tx, post)?;
    } else {
        let said = forum::said_source(tx, post)?;
        let fresh = Fresh {
            what: choice.as_str(),
            post: Some(post),
            thread: Some(facts.thread.id),
            category: Some(facts.thread.category.id),
            title: Some(said.0),
            original: (choice == ContentChoice::Return).then_some(said.1),
            ..Fresh::of(author, because)
        };
        decisions::add(tx, actor, &fresh)?;
    }
    tell(tx, author, choice, &format!("/p/{post}"), because)?;
    Ok(true)
}

/// Does to a whole thread what was chosen; true where something changed.
///
/// # Errors
/// As [`treat_post`]. A thread cannot be returned: it is hidden, and its author reads why.
pub fn treat_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    choice: ContentChoice,
    because: &Because,
) -> Result<bool> {
    let facts = forum::thread_facts(tx, thread)?;
    actor.may(&Action::ModerateThread(&facts))?;
    if choice == ContentChoice::Keep && facts.state != PostState::Visible {
        other_eyes(actor, facts.author)?;
    }
    if choice != ContentChoice::Keep && !is_own(actor, facts.author) {
        because.can_be_read()?;
    }
    let reason = reason_with_rule(tx, because)?;
    let reason = Some(reason.as_str());
    match (choice, facts.state) {
        // It went with its last post, or was merged: there is nothing to keep.
        (ContentChoice::Keep, PostState::Deleted)
            if because.item.is_some() && forum::nothing_left(tx, thread)? =>
        {
            return Ok(false);
        }
        (ContentChoice::Keep, PostState::Hidden) => forum::unhide_thread(tx, actor, thread)?,
        (ContentChoice::Keep, PostState::Deleted) => forum::restore_thread(tx, actor, thread)?,
        (ContentChoice::Hide | ContentChoice::Return, PostState::Visible) => {
            forum::hide_thread(tx, actor, thread, reason)?;
        }
        (ContentChoice::Delete, PostState::Visible | PostState::Hidden) => {
            forum::delete_thread(tx, actor, thread, reason)?;
        }
        _ => return Ok(false),
    }
    let Some(author) = facts.author.filter(|author| Some(*author) != actor.id()) else {
        return Ok(true);
    };
    if choice == ContentChoice::Keep {
        decisions::undone_for_thread(tx, thread)?;
    } else {
        let line = forum::thread_line(tx, thread)?;
        let fresh = Fresh {
            what: if choice == ContentChoice::Delete {
                THREAD_DELETE
            } else {
                "thread_hide"
            },
            thread: Some(thread),
            category: Some(facts.category.id),
            title: Some(line.title),
            ..Fresh::of(author, because)
        };
        decisions::add(tx, actor, &fresh)?;
    }
    tell(tx, author, choice, &format!("/t/-/{thread}"), because)?;
    Ok(true)
}

/// Takes back that hidden words were deleted: they are hidden as before, by what was decided before.
///
/// # Errors
/// As [`treat_post`] for bringing words back.
pub fn undelete_hidden_post(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    before: &HiddenBefore,
) -> Result<()> {
    let facts = forum::post_facts(tx, post)?;
    actor.may(&Action::HidePost(&facts))?;
    other_eyes(actor, facts.author)?;
    forum::hide_deleted_post(tx, actor, post, before)?;
    let Some(author) = facts.author else {
        return Ok(());
    };
    decisions::latest_undone(tx, Taken::Post(post), ContentChoice::Delete.as_str())?;
    let because = Because {
        reason: before.reason.clone().unwrap_or_default(),
        ..Because::default()
    };
    let place = format!("/p/{post}");
    tell(tx, author, ContentChoice::Hide, &place, &because)
}

/// The same for a whole thread.
///
/// # Errors
/// As [`treat_thread`] for bringing a thread back.
pub fn undelete_hidden_thread(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId) -> Result<()> {
    let facts = forum::thread_facts(tx, thread)?;
    actor.may(&Action::ModerateThread(&facts))?;
    other_eyes(actor, facts.author)?;
    forum::hide_deleted_thread(tx, actor, thread)?;
    let Some(author) = facts.author else {
        return Ok(());
    };
    decisions::latest_undone(tx, Taken::Thread(thread), THREAD_DELETE)?;
    let because = decisions::said_still(tx, Taken::Thread(thread))?.unwrap_or_default();
    let place = format!("/t/-/{thread}");
    tell(tx, author, ContentChoice::Hide, &place, &because)
}

fn is_own(actor: &Actor, author: Option<MemberId>) -> bool {
    author.is_some() && author == actor.id()
}

/// Whoever wrote the words leaves it to others to bring them back.
fn other_eyes(actor: &Actor, author: Option<MemberId>) -> Result<()> {
    if is_own(actor, author) {
        return Err(Refusal::FourEyes.into());
    }
    Ok(())
}

/// The reason as the member reads it, led by its rule.
pub(super) fn reason_with_rule(tx: &mut Tx<'_>, because: &Because) -> Result<String> {
    let rule = match because.rule {
        Some(rule) => words_of(tx, rule)?,
        None => None,
    };
    // A sign instead of a word: the reason is in the moderator's language, whichever that is.
    let words = because.reason.trim();
    Ok(match rule {
        Some(rule) if words.is_empty() => format!("§ {} {}", rule.number, rule.title),
        Some(rule) => format!("§ {} {}. {words}", rule.number, rule.title),
        None => words.to_owned(),
    })
}

fn tell(
    tx: &mut Tx<'_>,
    author: MemberId,
    choice: ContentChoice,
    place: &str,
    because: &Because,
) -> Result<()> {
    let kind = match choice {
        ContentChoice::Keep => "words-restored",
        ContentChoice::Hide => "words-hidden",
        ContentChoice::Return => "words-returned",
        ContentChoice::Delete => "words-deleted",
    };
    let path = match choice {
        ContentChoice::Keep => place,
        _ => "/my/decisions",
    };
    let reason = reason_with_rule(tx, because)?;
    let notice = Notice {
        member: author,
        kind,
        // About the author, not the post: a deleted post is nothing its author may see.
        subject_kind: "member",
        subject_id: author.0,
        actor: None,
        data: json!({ "reason": reason, "path": path }),
        mail: true,
    };
    notifications::tell(tx, &notice)
}
