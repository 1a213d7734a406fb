//! Asking everybody: a poll is put under the first post of a thread, changed as long as nobody has voted, and closed.

use diesel::prelude::*;

use super::facts::find_post;
use super::index;
use super::poll::{Count, PollKind, seek};
use crate::audit;
use crate::db::schema::{poll_votes, polls};
use crate::db::{Lock, Tx};
use crate::kit::clock::DAY;
use crate::kit::ids::PostId;
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Event, Problems, Refusal, Result, Stop};
use crate::policy::{Action, Actor};

/// Most options, and most of a ranked poll: nobody puts more than a dozen in order.
const OPTIONS: usize = 20;
const RANKED: usize = 12;
/// Longest question and option, in characters.
const CHARS: usize = 200;
/// Longest time that a poll is open, in days.
const DAYS: i64 = 365;

/// A poll to be asked, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollDraft {
    kind: PollKind,
    secret: bool,
    question: String,
    options: Vec<String>,
    /// For how many days it is open; 0 is without end. `None` leaves a poll that is changed its end.
    days: Option<i64>,
}

impl PollDraft {
    /// Checks what was typed: one option a line, and for how many days the poll is open (0: without end;
    /// empty: without end, or as it was where a poll is changed).
    ///
    /// # Errors
    /// Problems with `poll_kind`, `poll_question`, `poll_options` or `poll_days`.
    pub fn parse(
        kind: &str,
        secret: bool,
        question: &str,
        options: &str,
        days: &str,
    ) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let kind = PollKind::parse(kind);
        if kind.is_none() {
            problems.add("poll_kind", "choose", &[]);
        }
        let question = question.split_whitespace().collect::<Vec<_>>().join(" ");
        if question.is_empty() {
            problems.add("poll_question", "poll-question-missing", &[]);
        }
        let mut lines: Vec<String> = Vec::new();
        for line in options.lines() {
            let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
            if !line.is_empty() && !lines.contains(&line) {
                lines.push(line);
            }
        }
        let most = if kind == Some(PollKind::Ranked) {
            RANKED
        } else {
            OPTIONS
        };
        if lines.len() < 2 {
            problems.add("poll_options", "poll-options-few", &[]);
        } else if lines.len() > most {
            problems.add(
                "poll_options",
                "poll-options-many",
                &[("most", most.to_string())],
            );
        }
        let long = |text: &String| text.chars().count() > CHARS || text.contains('\0');
        if long(&question) {
            problems.add(
                "poll_question",
                "poll-too-long",
                &[("most", CHARS.to_string())],
            );
        }
        if lines.iter().any(long) {
            problems.add(
                "poll_options",
                "poll-too-long",
                &[("most", CHARS.to_string())],
            );
        }
        let days = match days.trim() {
            "" => Some(None),
            typed => typed
                .parse()
                .ok()
                .filter(|days| (0..=DAYS).contains(days))
                .map(Some),
        };
        if days.is_none() {
            problems.add("poll_days", "poll-days", &[("most", DAYS.to_string())]);
        }
        match (kind, days) {
            (Some(kind), Some(days)) if problems.0.is_empty() => Ok(Self {
                kind,
                secret,
                question,
                options: lines,
                days,
            }),
            _ => Err(problems),
        }
    }
}

/// Puts a poll under the first post of a thread, or another one in its place while nobody has voted.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal where it is not theirs to edit, or where somebody has
/// voted: what people answered is not turned into the answer to something else; a problem with `poll_question` where
/// the post is not the first, or there is a word in it that is not taken.
pub fn put_poll(tx: &mut Tx<'_>, actor: &Actor, post: PostId, draft: &PollDraft) -> Result<()> {
    // What holding it back will need, in the documented order: members before threads before posts.
    let (row, _, law) = find_post(tx, post)?;
    if let Some(author) = row.author {
        tx.lock(Lock::Member(author))?;
    }
    tx.lock(Lock::Thread(law.thread.id))?;
    tx.lock(Lock::Post(post))?;
    let (row, _, law) = find_post(tx, post)?;

    actor.may(&Action::EditPost(&law))?;
    if row.number != 1 {
        return Err(Stop::invalid("poll_question", "poll-first-post"));
    }
    let before = seek(tx, post)?;
    if let Some(poll) = &before
        && poll.count()?.voters > 0
    {
        return Err(Stop::invalid("poll_question", "poll-voted"));
    }

    let now = tx.now();
    let closes_at = match draft.days {
        None => before.as_ref().and_then(|poll| poll.closes_at),
        Some(days) => (days > 0).then(|| now.plus(days * DAY)),
    };
    let empty = Count {
        votes: vec![0; draft.options.len()],
        ..Count::default()
    };
    diesel::delete(polls::table.filter(polls::post_id.eq(post))).execute(tx.conn)?;
    diesel::insert_into(polls::table)
        .values((
            polls::post_id.eq(post),
            polls::kind.eq(draft.kind),
            polls::secret.eq(draft.secret),
            polls::question.eq(&draft.question),
            polls::options.eq(serde_json::to_string(&draft.options)?),
            polls::closes_at.eq(closes_at),
            polls::tally.eq(serde_json::to_string(&empty)?),
            polls::created_at.eq(now),
        ))
        .execute(tx.conn)?;
    index::post(tx, post)?;
    if before.is_some() || actor.id() != row.author {
        record(tx, actor, "poll.changed", post)?;
    }
    match actor.id() {
        Some(by) => tx.tell(&Event::PollAsked { post, by }),
        None => Ok(()),
    }
}

/// Closes a poll now.
///
/// # Errors
/// Not found where there is none; a refusal where the post is not the actor's to edit or the poll is closed already.
pub fn close_poll(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<()> {
    tx.lock(Lock::Post(post))?;
    let (_, _, law) = find_post(tx, post)?;
    actor.may(&Action::EditPost(&law))?;
    let poll = seek(tx, post)?.or_not_found()?;
    let now: At = tx.now();
    if poll.is_closed(now) {
        return Err(Refusal::WrongState("closed").into());
    }
    diesel::update(polls::table.find(poll.id))
        .set(polls::closes_at.eq(Some(now)))
        .execute(tx.conn)?;
    record(tx, actor, "poll.closed", post)
}

/// Takes a poll away on which nobody has voted.
///
/// # Errors
/// As [`put_poll`]; not found where there is none.
pub fn remove_poll(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<()> {
    tx.lock(Lock::Post(post))?;
    let (_, _, law) = find_post(tx, post)?;
    actor.may(&Action::EditPost(&law))?;
    let poll = seek(tx, post)?.or_not_found()?;
    if poll.count()?.voters > 0 {
        return Err(Stop::invalid("poll_question", "poll-voted"));
    }
    diesel::delete(poll_votes::table.filter(poll_votes::poll_id.eq(poll.id))).execute(tx.conn)?;
    diesel::delete(polls::table.find(poll.id)).execute(tx.conn)?;
    index::post(tx, post)?;
    record(tx, actor, "poll.removed", post)
}

fn record(tx: &mut Tx<'_>, actor: &Actor, kind: &'static str, post: PostId) -> Result<()> {
    let about = audit::subject("post", post.0);
    audit::record(tx, actor, kind, about, serde_json::json!({}), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(kind: &str, question: &str, options: &str, days: &str) -> Vec<String> {
        match PollDraft::parse(kind, false, question, options, days) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.0.into_iter().map(|p| p.key).collect(),
        }
    }

    #[test]
    fn a_poll_has_a_question_and_at_least_two_different_options() {
        assert!(keys("single", "Which?", "a\nb", "7").is_empty());
        assert_eq!(
            keys("single", " ", "a\n a \n\n", ""),
            ["poll-question-missing", "poll-options-few"]
        );
        assert_eq!(keys("other", "Which?", "a\nb", ""), ["choose"]);
        assert_eq!(keys("single", "Which?", "a\nb", "-1"), ["poll-days"]);
        assert_eq!(keys("single", "Which?", "a\nb", "366"), ["poll-days"]);
        assert_eq!(
            keys("single", &"x".repeat(201), "a\nb", ""),
            ["poll-too-long"]
        );
    }

    #[test]
    fn ranked_polls_are_short() {
        let lines: Vec<String> = (0..13).map(|n| n.to_string()).collect();
        assert!(keys("multiple", "Which?", &lines.join("\r\n"), "").is_empty());
        assert_eq!(
            keys("ranked", "Which?", &lines.join("\n"), ""),
            ["poll-options-many"]
        );
    }
}
