//! Signed-in browsers: opaque random tokens, stored as hashes.

use diesel::prelude::*;

use serde_json::json;

use super::standing::{ABSOLUTE, IDLE};
use crate::audit;
use crate::db::Tx;
use crate::db::schema::{members, sessions};
use crate::kit::ids::{MemberId, SessionId};
use crate::kit::stop::OrRefuse;
use crate::kit::token::random_token;
use crate::kit::{At, Refusal, Result};
use crate::policy::{Action, Actor};

/// Most sessions of one member; beyond, the one unused longest ends.
const MOST: i64 = 50;
/// Most characters kept of what a browser says of itself.
const AGENT_MAX: usize = 200;

/// A session that has just begun.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Whose it is.
    pub member: MemberId,
    /// The cookie's value. It is stored nowhere.
    pub token: String,
    /// When it ends at the latest.
    pub expires_at: At,
}

/// A session as its owner sees it.
#[derive(Debug, Clone)]
pub struct SessionLine {
    /// Which one.
    pub id: SessionId,
    /// What the browser said of itself.
    pub agent: String,
    /// When it began.
    pub created_at: At,
    /// When it was used last, to the hour.
    pub seen_at: At,
}

/// Begins a session. `instead_of` is the browser's former one, which ends: a session never outlives a sign-in.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    member: MemberId,
    agent: &str,
    instead_of: Option<SessionId>,
) -> Result<SignedIn> {
    if let Some(former) = instead_of {
        diesel::delete(sessions::table.filter(sessions::id.eq(former))).execute(tx.conn)?;
    }
    let (token, hash) = random_token();
    let now = tx.now();
    let expires_at = now.plus(ABSOLUTE);
    let agent: String = agent
        .chars()
        .filter(|c| !c.is_control())
        .take(AGENT_MAX)
        .collect();
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(hash.to_vec()),
            sessions::member_id.eq(member),
            sessions::created_at.eq(now),
            sessions::seen_at.eq(now),
            sessions::expires_at.eq(expires_at),
            sessions::agent.eq(agent),
        ))
        .execute(tx.conn)?;
    let surplus: Vec<SessionId> = sessions::table
        .filter(sessions::member_id.eq(member))
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .offset(MOST)
        .limit(MOST)
        .select(sessions::id)
        .load(tx.conn)?;
    diesel::delete(sessions::table.filter(sessions::id.eq_any(surplus))).execute(tx.conn)?;
    Ok(SignedIn {
        member,
        token,
        expires_at,
    })
}

/// Ends all sessions of a member but one.
pub(super) fn end_all(tx: &mut Tx<'_>, member: MemberId, but: Option<SessionId>) -> Result<()> {
    let of = sessions::table.filter(sessions::member_id.eq(member));
    match but {
        Some(kept) => diesel::delete(of.filter(sessions::id.ne(kept))).execute(tx.conn)?,
        None => diesel::delete(of).execute(tx.conn)?,
    };
    Ok(())
}

/// Ends every session and every token of a member: somebody else may be using the account.
///
/// # Errors
/// Refused for everybody but admins; not found where there is no such member.
pub fn sign_out_everywhere(tx: &mut Tx<'_>, actor: &Actor, member: MemberId) -> Result<()> {
    actor.may(&Action::ManageMembers)?;
    let now = tx.now();
    let changed = diesel::update(
        members::table
            .filter(members::id.eq(member))
            .filter(members::erased_at.is_null()),
    )
    .set(members::tokens_not_before.eq(now.plus(1)))
    .execute(tx.conn)?;
    (changed == 1).then_some(()).or_not_found()?;
    end_all(tx, member, None)?;
    audit::record(
        tx,
        actor,
        "member.signed_out",
        audit::subject("member", member.0),
        json!({}),
        None,
    )
}

/// Ends the browser's own session.
///
/// # Errors
/// A fault where the database fails.
pub fn sign_out(tx: &mut Tx<'_>, session: Option<SessionId>) -> Result<()> {
    if let Some(session) = session {
        diesel::delete(sessions::table.filter(sessions::id.eq(session))).execute(tx.conn)?;
    }
    Ok(())
}

/// The actor's own sessions that still hold, used last first.
///
/// # Errors
/// Refused for guests.
pub fn sessions(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<SessionLine>> {
    let me = own(actor)?;
    let now = tx.now();
    let rows: Vec<(SessionId, String, At, At)> = sessions::table
        .filter(sessions::member_id.eq(me))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::seen_at.gt(now.plus(-IDLE)))
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .limit(MOST)
        .select((
            sessions::id,
            sessions::agent,
            sessions::created_at,
            sessions::seen_at,
        ))
        .load(tx.conn)?;
    let line = |(id, agent, created_at, seen_at)| SessionLine {
        id,
        agent,
        created_at,
        seen_at,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Ends one of the actor's own sessions.
///
/// # Errors
/// Not found where it is none of the actor's.
pub fn end_session(tx: &mut Tx<'_>, actor: &Actor, session: SessionId) -> Result<()> {
    let me = own(actor)?;
    let gone = diesel::delete(
        sessions::table
            .filter(sessions::id.eq(session))
            .filter(sessions::member_id.eq(me)),
    )
    .execute(tx.conn)?;
    (gone == 1).then_some(()).or_not_found()
}

/// Ends all of the actor's sessions but the present one.
///
/// # Errors
/// Refused for guests.
pub fn end_other_sessions(
    tx: &mut Tx<'_>,
    actor: &Actor,
    present: Option<SessionId>,
) -> Result<()> {
    let me = own(actor)?;
    end_all(tx, me, present)
}

/// The actor, who must be a member in good standing, for what is everybody's own.
pub(super) fn own(actor: &Actor) -> Result<MemberId> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    Ok(me)
}

/// Forgets sessions that are over.
pub(super) fn sweep(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now();
    // Two questions, so that each has its index; an OR of both would look at every session there is.
    let expired = diesel::delete(sessions::table.filter(sessions::expires_at.lt(now)));
    let expired = expired.execute(tx.conn)?;
    let idle = diesel::delete(sessions::table.filter(sessions::seen_at.lt(now.plus(-IDLE))));
    Ok(expired + idle.execute(tx.conn)?)
}
