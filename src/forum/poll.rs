//! Polls: a question under the first post of a thread, with options to choose from. What was counted stands in the
//! poll's own row, so that a page reads it with the post and asks nothing more however many voted. Reads only.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::facts::find_post;
use super::runoff::Round;
use crate::db::Tx;
use crate::db::schema::{poll_votes, polls};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{MemberId, PollId, PostId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::policy::{Action, Actor, PostFacts};

crate::text_enum! {
    /// How one chooses.
    pub enum PollKind {
        /// One option.
        Single = "single",
        /// Any number of options.
        Multiple = "multiple",
        /// Options in order, the most wanted first.
        Ranked = "ranked",
    }
}

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Count {
    /// Members who voted.
    pub voters: i64,
    /// Votes per option; of ranked ones the first choices.
    pub votes: Vec<i64>,
    /// The rounds of a ranked poll.
    pub rounds: Vec<Round>,
    /// Who has won them so far.
    pub winner: Option<usize>,
}

/// A poll's row.
#[derive(Debug, Clone, Queryable)]
pub(super) struct PollRow {
    pub id: PollId,
    pub kind: PollKind,
    pub secret: bool,
    pub question: String,
    pub options: String,
    pub closes_at: Option<At>,
    pub tally: String,
}

/// The columns of a [`PollRow`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn poll_columns() -> _ {
    (
        polls::id,
        polls::kind,
        polls::secret,
        polls::question,
        polls::options,
        polls::closes_at,
        polls::tally,
    )
}

impl PollRow {
    /// The options, in the order in which they were written.
    pub fn options(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_str(&self.options)?)
    }

    /// What was counted so far.
    pub fn count(&self) -> Result<Count> {
        Ok(serde_json::from_str(&self.tally)?)
    }

    /// Whether it takes no more votes at this moment.
    pub fn is_closed(&self, now: At) -> bool {
        self.closes_at.is_some_and(|at| at <= now)
    }
}

/// What a poll asks and offers, a line each; nothing where there is none. Says nothing of who may see it.
///
/// # Errors
/// A fault where the database fails.
pub fn poll_words(tx: &mut Tx<'_>, post: PostId) -> Result<Option<Vec<String>>> {
    let Some(poll) = seek(tx, post)? else {
        return Ok(None);
    };
    let mut lines = vec![poll.question.clone()];
    lines.extend(poll.options()?);
    Ok(Some(lines))
}

/// What the polls under these posts ask and offer, in one line each; posts without one are left out.
pub(super) fn poll_lines(tx: &mut Tx<'_>, ids: &[PostId]) -> Result<HashMap<PostId, String>> {
    let rows: Vec<(PostId, String, String)> = polls::table
        .filter(polls::post_id.eq_any(ids))
        .select((polls::post_id, polls::question, polls::options))
        .load(tx.conn)?;
    let mut lines = HashMap::new();
    for (post, question, options) in rows {
        let options: Vec<String> = serde_json::from_str(&options)?;
        lines.insert(post, format!("{question} {}", options.join(" ")));
    }
    Ok(lines)
}

/// A poll as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PollView {
    /// How one chooses.
    pub kind: PollKind,
    /// Nobody is shown who voted for what.
    pub secret: bool,
    /// What is asked.
    pub question: String,
    /// What one chooses from.
    pub options: Vec<OptionView>,
    /// Until when; `None` is without end.
    pub closes_at: Option<At>,
    /// It takes no more votes.
    pub closed: bool,
    /// Members who voted.
    pub voters: i64,
    /// The rounds of a ranked poll, as they are shown.
    pub rounds: Vec<RoundView>,
    /// What won a ranked poll so far; empty where nothing has.
    pub winner: String,
    /// The reader voted.
    pub voted: bool,
    /// The reader may vote.
    pub can_vote: bool,
    /// The reader may change or close it.
    pub can_change: bool,
}

/// One option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionView {
    /// Its place, counted from 0.
    pub index: usize,
    /// What it says.
    pub text: String,
    /// Votes; of ranked polls the first choices.
    pub votes: i64,
    /// Its share of those who voted, in whole percents.
    pub percent: i64,
    /// The reader's choice: 0 for none, 1 for chosen, or the rank.
    pub mine: usize,
    /// The ranks that can be given, and which one the reader gave.
    pub ranks: Vec<Rank>,
}

/// A rank that can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rank {
    /// Counted from 1.
    pub rank: usize,
    /// The reader gave it.
    pub given: bool,
}

/// One round of counting, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoundView {
    /// Counted from 1.
    pub number: usize,
    /// First choices per option; `None` where it had gone.
    pub counts: Vec<Option<i64>>,
    /// The option that went after it; empty in the last.
    pub out: String,
}

/// A poll as this reader sees it; `mine` is what the reader chose.
pub(super) fn view(
    now: At,
    actor: &Actor,
    law: &PostFacts,
    row: &PollRow,
    mine: Option<&str>,
) -> Result<PollView> {
    let (options, count) = (row.options()?, row.count()?);
    let mine: Option<Vec<usize>> = mine.map(serde_json::from_str).transpose()?;
    let chosen = |index: usize| -> usize {
        let place = mine
            .as_ref()
            .and_then(|m| m.iter().position(|o| *o == index));
        match (place, row.kind) {
            (None, _) => 0,
            (Some(place), PollKind::Ranked) => place + 1,
            (Some(_), _) => 1,
        }
    };
    let name = |index: Option<usize>| {
        index
            .and_then(|index| options.get(index).cloned())
            .unwrap_or_default()
    };
    let closed = row.is_closed(now);
    let rounds = count
        .rounds
        .iter()
        .enumerate()
        .map(|(at, round)| RoundView {
            number: at + 1,
            counts: round.counts.clone(),
            out: name(round.out),
        });
    let many = options.len();
    Ok(PollView {
        kind: row.kind,
        secret: row.secret,
        question: row.question.clone(),
        closes_at: row.closes_at,
        closed,
        voters: count.voters,
        rounds: rounds.collect(),
        winner: name(count.winner),
        voted: mine.is_some(),
        can_vote: !closed && actor.can(&Action::React(law)),
        can_change: actor.can(&Action::EditPost(law)),
        options: options
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let votes = count.votes.get(index).copied().unwrap_or(0);
                let mine = chosen(index);
                let ranks = (1..=many).map(|rank| Rank {
                    rank,
                    given: rank == mine,
                });
                OptionView {
                    index,
                    text: text.clone(),
                    votes,
                    percent: (votes * 100).checked_div(count.voters).unwrap_or(0),
                    mine,
                    ranks: match row.kind {
                        PollKind::Ranked => ranks.collect(),
                        _ => Vec::new(),
                    },
                }
            })
            .collect(),
    })
}

/// The poll of a post, where there is one.
pub(super) fn seek(tx: &mut Tx<'_>, post: PostId) -> Result<Option<PollRow>> {
    Ok(polls::table
        .filter(polls::post_id.eq(post))
        .select(poll_columns())
        .first(tx.conn)
        .optional()?)
}

/// One member's vote in an open poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ballot {
    /// Who.
    pub by: Card,
    /// For what, in order.
    pub options: Vec<String>,
    /// When.
    pub at: At,
}

/// Who voted for what in an open poll, the latest first, and where the list goes on.
///
/// # Errors
/// Not found where the post is not the actor's to see or has no poll, or the poll is secret: nobody is shown its votes.
pub fn ballots_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    after: Option<&str>,
    most: i64,
) -> Result<(Vec<Ballot>, Option<String>)> {
    let (_, _, law) = find_post(tx, post)?;
    actor.may(&Action::SeePost(&law))?;
    let poll = seek(tx, post)?.filter(|poll| !poll.secret).or_not_found()?;
    let before = Cursor::below(after)?;
    let most = most.clamp(1, 100);
    let mut rows: Vec<(i64, MemberId, String, At)> = poll_votes::table
        .filter(poll_votes::poll_id.eq(poll.id))
        .filter(poll_votes::id.lt(before))
        .order(poll_votes::id.desc())
        .limit(most + 1)
        .select((
            poll_votes::id,
            poll_votes::member_id,
            poll_votes::choice,
            poll_votes::created_at,
        ))
        .load(tx.conn)?;
    let next = Cursor::turn(&mut rows, most, |row| Cursor::one(row.0)).map(|next| next.encode());
    let people: Vec<MemberId> = rows.iter().map(|row| row.1).collect();
    let cards = members::cards(tx, &people)?;
    let options = poll.options()?;
    let found = rows
        .into_iter()
        .map(|(_, by, choice, at)| {
            let chosen: Vec<usize> = serde_json::from_str(&choice)?;
            Ok(Ballot {
                by: cards.get(&by).cloned().unwrap_or_else(Card::nobody),
                options: chosen
                    .iter()
                    .filter_map(|index| options.get(*index).cloned())
                    .collect(),
                at,
            })
        })
        .collect::<Result<_>>()?;
    Ok((found, next))
}
