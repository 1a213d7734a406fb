//! Tokens for the API: signed, shown once, revocable one by one or all at once.

use diesel::prelude::*;
use serde_json::json;

use super::keys::signing_keys;
use super::session::own;
use super::sign_in::{Proof, admitted};
use crate::audit;
use crate::db::Tx;
use crate::db::schema::api_tokens;
use crate::kit::clock::{DAY, SECOND};
use crate::kit::ids::MemberId;
use crate::kit::stop::OrRefuse;
use crate::kit::token::{Claims, Purpose, issue, random_token};
use crate::kit::{At, Fault, Problems, Result, Stop};
use crate::policy::Actor;

/// Most tokens of one member that hold at the same time; beyond, the oldest ends.
const MOST: i64 = 100;
/// How long a token holds that was made by signing in through the API, in days.
const SESSION_DAYS: i64 = 30;
/// The longest a token can hold, in days.
pub const DAYS_MAX: i64 = 366;
/// Most characters of a label.
const LABEL_MAX: usize = 60;

/// A token as its owner sees it; the token itself was shown once.
#[derive(Debug, Clone)]
pub struct TokenLine {
    /// Its row.
    pub id: i64,
    /// What its owner calls it.
    pub label: String,
    /// When it was made.
    pub created_at: At,
    /// When it ends by itself.
    pub expires_at: At,
}

/// Makes a token with a label, good for so many days (1 to 366). It is shown once and stored as a hash of its id.
///
/// # Errors
/// Problems with `label` or `days`.
pub fn create_token(tx: &mut Tx<'_>, actor: &Actor, label: &str, days: i64) -> Result<String> {
    let me = own(actor)?;
    let mut problems = Problems::default();
    let label = label.trim();
    if label.is_empty() || label.chars().count() > LABEL_MAX || label.chars().any(char::is_control)
    {
        problems.add("label", "token-label", &[("most", LABEL_MAX.to_string())]);
    }
    if !(1..=DAYS_MAX).contains(&days) {
        problems.add("days", "token-days", &[("most", DAYS_MAX.to_string())]);
    }
    problems.check()?;
    let token = make(tx, me, label, days)?;
    audit::record(
        tx,
        actor,
        "member.token_created",
        audit::subject("member", me.0),
        serde_json::json!({ "days": days }),
        None,
    )?;
    Ok(token)
}

/// Signs in through the API: a token for whoever has proved to be somebody.
///
/// # Errors
/// [`crate::kit::Refusal::WrongPassword`] or [`crate::kit::Refusal::Suspended`].
pub fn sign_in_for_token(tx: &mut Tx<'_>, proof: &Proof) -> Result<String> {
    let member = admitted(tx, proof)?;
    make(tx, member, "API", SESSION_DAYS)
}

fn make(tx: &mut Tx<'_>, member: MemberId, label: &str, days: i64) -> Result<String> {
    let now = tx.now();
    let (jti, hash) = random_token();
    let claims = Claims::new(
        Purpose::Api,
        member.to_string(),
        jti,
        now.unix_seconds(),
        days * DAY / SECOND,
    );
    let token = issue(&signing_keys(tx.house()), claims)
        .map_err(|e| Stop::Fault(Fault::from_error("signing a token", e)))?;
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::token_hash.eq(hash.to_vec()),
            api_tokens::member_id.eq(member),
            api_tokens::label.eq(label),
            api_tokens::created_at.eq(now),
            api_tokens::expires_at.eq(now.plus(days * DAY)),
        ))
        .execute(tx.conn)?;
    let surplus: Vec<i64> = api_tokens::table
        .filter(api_tokens::member_id.eq(member))
        .order(api_tokens::id.desc())
        .offset(MOST)
        .limit(MOST)
        .select(api_tokens::id)
        .load(tx.conn)?;
    diesel::delete(api_tokens::table.filter(api_tokens::id.eq_any(surplus))).execute(tx.conn)?;
    Ok(token)
}

/// The actor's own tokens that still hold, newest first.
///
/// # Errors
/// Refused for guests.
pub fn tokens(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<TokenLine>> {
    use crate::db::schema::members;
    let me = own(actor)?;
    let now = tx.now();
    let rows: Vec<(i64, String, At, At)> = api_tokens::table
        .inner_join(members::table)
        .filter(api_tokens::member_id.eq(me))
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.gt(now))
        .filter(api_tokens::created_at.ge(members::tokens_not_before))
        .order(api_tokens::id.desc())
        .limit(MOST)
        .select((
            api_tokens::id,
            api_tokens::label,
            api_tokens::created_at,
            api_tokens::expires_at,
        ))
        .load(tx.conn)?;
    let line = |(id, label, created_at, expires_at)| TokenLine {
        id,
        label,
        created_at,
        expires_at,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Revokes one of the actor's own tokens, at once and on every node.
///
/// # Errors
/// Not found where it is none of the actor's.
pub fn revoke_token(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<()> {
    let me = own(actor)?;
    let now = tx.now();
    let changed = diesel::update(
        api_tokens::table
            .filter(api_tokens::id.eq(id))
            .filter(api_tokens::member_id.eq(me))
            .filter(api_tokens::revoked_at.is_null()),
    )
    .set(api_tokens::revoked_at.eq(now))
    .execute(tx.conn)?;
    (changed == 1).then_some(()).or_not_found()?;
    audit::record(
        tx,
        actor,
        "member.token_revoked",
        audit::subject("member", me.0),
        json!({ "token": id }),
        None,
    )
}

/// Forgets tokens that ended before `before`.
pub(super) fn sweep(tx: &mut Tx<'_>, before: At) -> Result<usize> {
    Ok(
        diesel::delete(api_tokens::table.filter(api_tokens::expires_at.lt(before)))
            .execute(tx.conn)?,
    )
}
