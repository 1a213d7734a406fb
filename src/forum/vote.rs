//! Voting in a poll, changing one's vote until it closes, and taking it back.

use diesel::prelude::*;

use super::facts::find_post;
use super::poll::{Count, PollKind, PollRow, seek};
use super::runoff;
use crate::db::schema::{poll_votes, polls, posts};
use crate::db::{Lock, Tx};
use crate::each_backend;
use crate::kit::ids::{MemberId, PollId, PostId};
use crate::kit::stop::OrRefuse;
use crate::kit::{Refusal, Result, Stop};
use crate::policy::{Action, Actor};

/// Votes in the poll of a post; `choice` names options by their place from 0, of a ranked poll the most wanted first.
/// Who has voted before gives another vote.
///
/// # Errors
/// Not found where the post is not the actor's to see or has no poll; a refusal where the actor does not take part or
/// the poll is closed; a problem with `choice`.
pub fn vote(tx: &mut Tx<'_>, actor: &Actor, post: PostId, choice: &[usize]) -> Result<()> {
    tx.lock(Lock::Post(post))?;
    let (_, _, law) = find_post(tx, post)?;
    let poll = seek(tx, post)?.or_not_found()?;

    actor.may(&Action::React(&law))?;
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    if poll.is_closed(tx.now()) {
        return Err(Stop::invalid("choice", "vote-closed"));
    }
    let choice = checked(&poll, choice)?;

    let now = tx.now();
    each_backend!(tx.conn, c => diesel::insert_into(poll_votes::table)
        .values((
            poll_votes::poll_id.eq(poll.id),
            poll_votes::member_id.eq(me),
            poll_votes::choice.eq(&choice),
            poll_votes::created_at.eq(now),
        ))
        .on_conflict((poll_votes::poll_id, poll_votes::member_id))
        .do_update()
        .set((poll_votes::choice.eq(&choice), poll_votes::created_at.eq(now)))
        .execute(c))?;
    count(tx, &poll)
}

/// Takes one's vote back while the poll is open.
///
/// # Errors
/// As [`vote`].
pub fn unvote(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<()> {
    tx.lock(Lock::Post(post))?;
    let (_, _, law) = find_post(tx, post)?;
    let poll = seek(tx, post)?.or_not_found()?;
    actor.may(&Action::React(&law))?;
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    if poll.is_closed(tx.now()) {
        return Err(Stop::invalid("choice", "vote-closed"));
    }
    diesel::delete(
        poll_votes::table
            .filter(poll_votes::poll_id.eq(poll.id))
            .filter(poll_votes::member_id.eq(me)),
    )
    .execute(tx.conn)?;
    count(tx, &poll)
}

/// The choice as it is kept, once it is one that this poll takes.
fn checked(poll: &PollRow, choice: &[usize]) -> Result<String> {
    let options = poll.options()?.len();
    let mut kept: Vec<usize> = Vec::new();
    for one in choice {
        if *one >= options {
            return Err(Stop::invalid("choice", "vote-unknown"));
        }
        if kept.contains(one) {
            return Err(Stop::invalid("choice", "vote-twice"));
        }
        kept.push(*one);
    }
    match (poll.kind, kept.len()) {
        (_, 0) => return Err(Stop::invalid("choice", "vote-missing")),
        (PollKind::Single, 2..) => return Err(Stop::invalid("choice", "vote-one")),
        (PollKind::Multiple, _) => kept.sort_unstable(),
        _ => {}
    }
    Ok(serde_json::to_string(&kept)?)
}

/// Counts anew: equal ballots are counted together by the database, so what is read here is few rows, not many.
fn count(tx: &mut Tx<'_>, poll: &PollRow) -> Result<()> {
    let options = poll.options()?.len();
    let rows: Vec<(String, i64)> = poll_votes::table
        .filter(poll_votes::poll_id.eq(poll.id))
        .group_by(poll_votes::choice)
        .select((poll_votes::choice, diesel::dsl::count_star()))
        .load(tx.conn)?;
    let ballots = rows
        .into_iter()
        .map(|(choice, times)| Ok((serde_json::from_str::<Vec<usize>>(&choice)?, times)))
        .collect::<Result<Vec<_>>>()?;
    let mut counted = Count {
        voters: ballots.iter().map(|(_, times)| times).sum(),
        votes: vec![0; options],
        ..Count::default()
    };
    for (choice, times) in &ballots {
        let ranked = poll.kind == PollKind::Ranked;
        for one in choice.iter().take(if ranked { 1 } else { options }) {
            if let Some(votes) = counted.votes.get_mut(*one) {
                *votes += times;
            }
        }
    }
    if poll.kind == PollKind::Ranked {
        (counted.rounds, counted.winner) = runoff::count(options, &ballots);
    }
    diesel::update(polls::table.find(poll.id))
        .set(polls::tally.eq(serde_json::to_string(&counted)?))
        .execute(tx.conn)?;
    Ok(())
}

/// An erased member's votes go with them.
pub(super) fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let voted: Vec<PollId> = poll_votes::table
        .filter(poll_votes::member_id.eq(member))
        .select(poll_votes::poll_id)
        .load(tx.conn)?;
    diesel::delete(poll_votes::table.filter(poll_votes::member_id.eq(member))).execute(tx.conn)?;
    for poll in voted {
        let post: Option<PostId> = posts::table
            .inner_join(polls::table.on(polls::post_id.eq(posts::id)))
            .filter(polls::id.eq(poll))
            .select(posts::id)
            .first(tx.conn)
            .optional()?;
        if let Some(post) = post
            && let Some(row) = seek(tx, post)?
        {
            count(tx, &row)?;
        }
    }
    Ok(())
}
