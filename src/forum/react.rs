//! Answering a post without words. One member has one reaction to a post; another one takes its place.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::facts::find_post;
use super::path::post_path;
use super::reaction::{Reaction, written};
use crate::db::limits::{self, Limit};
use crate::db::schema::{posts, reactions};
use crate::db::{Lock, Tx};
use crate::each_backend;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{MemberId, PostId};
use crate::kit::{At, Refusal, Result, Stop};
use crate::members::{self, Card};
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor, PostState};
use crate::site;

/// Reactions of one member in an hour.
const PACE: Limit = Limit {
    most: 200,
    seconds: 3_600,
};

/// Reacts to a post.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal where it is their own, they do not take part, or have
/// reacted too often; a problem with `reaction` where this community does not offer it.
pub fn react(tx: &mut Tx<'_>, actor: &Actor, post: PostId, kind: Reaction) -> Result<()> {
    tx.lock(Lock::Post(post))?;
    let (row, thread, law) = find_post(tx, post)?;

    actor.may(&Action::ReactTo(&law))?;
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    if law.state != PostState::Visible {
        return Err(Refusal::WrongState("hidden").into());
    }
    if !Reaction::offered(&site::settings(tx)?).contains(&kind) {
        return Err(Stop::invalid("reaction", "reaction-unknown"));
    }
    limits::count(tx, &format!("forum:react:{me}"), PACE)?;

    let (before, now) = (mine(tx, me, post)?, tx.now());
    if before == Some(kind) {
        return Ok(());
    }
    each_backend!(tx.conn, c => diesel::insert_into(reactions::table)
        .values((
            reactions::member_id.eq(me),
            reactions::post_id.eq(post),
            reactions::kind.eq(kind),
            reactions::created_at.eq(now),
        ))
        .on_conflict((reactions::member_id, reactions::post_id))
        .do_update()
        .set(reactions::kind.eq(kind))
        .execute(c))?;
    let all = count(tx, post)?;
    match row.author {
        Some(author) if before.is_none() => notifications::tell_again(
            tx,
            &Notice {
                member: author,
                kind: "reaction",
                subject_kind: "post",
                subject_id: post.0,
                actor: Some(me),
                data: json!({
                    "title": thread.title,
                    "path": post_path(&thread.slug, thread.id, row.number),
                    "count": all,
                }),
                mail: false,
            },
        ),
        _ => Ok(()),
    }
}

/// Takes one's reaction back. Where there is none, nothing happens; also from what is not the actor's to see any more.
///
/// # Errors
/// Refused to guests and suspended members.
pub fn unreact(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<()> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    tx.lock(Lock::Post(post))?;
    let gone = diesel::delete(
        reactions::table
            .filter(reactions::member_id.eq(me))
            .filter(reactions::post_id.eq(post)),
    )
    .execute(tx.conn)?;
    if gone > 0 {
        count(tx, post)?;
    }
    Ok(())
}

fn mine(tx: &mut Tx<'_>, me: MemberId, post: PostId) -> Result<Option<Reaction>> {
    Ok(reactions::table
        .filter(reactions::member_id.eq(me))
        .filter(reactions::post_id.eq(post))
        .select(reactions::kind)
        .first(tx.conn)
        .optional()?)
}

/// Counts a post's reactions anew and answers how many there are.
fn count(tx: &mut Tx<'_>, post: PostId) -> Result<i64> {
    let found: Vec<(String, i64)> = reactions::table
        .filter(reactions::post_id.eq(post))
        .group_by(reactions::kind)
        .select((reactions::kind, diesel::dsl::count_star()))
        .load(tx.conn)?;
    let counts: BTreeMap<Reaction, i64> = found
        .iter()
        .filter_map(|(kind, count)| Some((Reaction::parse(kind)?, *count)))
        .collect();
    let all: i64 = counts.values().sum();
    diesel::update(posts::table.find(post))
        .set((
            posts::reactions.eq(written(&counts)),
            posts::reaction_count.eq(all),
        ))
        .execute(tx.conn)?;
    Ok(all)
}

/// Somebody who reacted to a post.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Reacted {
    /// Who.
    pub by: Card,
    /// How.
    pub kind: Reaction,
    /// The character that stands for it.
    pub sign: &'static str,
    /// When.
    pub at: At,
}

/// Who reacted to a post, the latest first, and where the list goes on.
///
/// # Errors
/// Not found where the post is not the actor's to see; unreadable for a cursor that is none.
pub fn reactions_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    after: Option<&str>,
    most: i64,
) -> Result<(Vec<Reacted>, Option<String>)> {
    let (_, _, law) = find_post(tx, post)?;
    actor.may(&Action::SeePost(&law))?;
    let before = Cursor::below(after)?;
    let most = most.clamp(1, 100);
    let mut rows: Vec<(i64, MemberId, Reaction, At)> = reactions::table
        .filter(reactions::post_id.eq(post))
        .filter(reactions::id.lt(before))
        .order(reactions::id.desc())
        .limit(most + 1)
        .select((
            reactions::id,
            reactions::member_id,
            reactions::kind,
            reactions::created_at,
        ))
        .load(tx.conn)?;
    let next = Cursor::turn(&mut rows, most, |row| Cursor::one(row.0)).map(|next| next.encode());
    let people: Vec<MemberId> = rows.iter().map(|row| row.1).collect();
    let cards = members::cards(tx, &people)?;
    let found = rows.into_iter().map(|(_, by, kind, at)| Reacted {
        by: cards.get(&by).cloned().unwrap_or_else(Card::nobody),
        kind,
        sign: kind.sign(),
        at,
    });
    Ok((found.collect(), next))
}

/// What an erased member had answered goes with them.
pub(super) fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let answered: Vec<PostId> = reactions::table
        .filter(reactions::member_id.eq(member))
        .select(reactions::post_id)
        .load(tx.conn)?;
    diesel::delete(reactions::table.filter(reactions::member_id.eq(member))).execute(tx.conn)?;
    for post in answered {
        count(tx, post)?;
    }
    Ok(())
}
