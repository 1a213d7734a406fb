//! Passwords: choosing a new one, with the old one or by a link to the confirmed address.

use diesel::prelude::*;
use serde_json::json;

use super::applicant::NewPassword;
use super::link::{self, Purpose};
use super::session::{SignedIn, begin, end_all, own};
use super::sign_in::Proof;
use crate::audit;
use crate::db::schema::members;
use crate::db::{Lock, Tx};
use crate::kit::ids::{MemberId, SessionId};
use crate::kit::names::email_key;
use crate::kit::{Refusal, Result};
use crate::mail::{self, Letter};
use crate::policy::Actor;
use crate::site;

/// Sends a link to choose a new password, if the address is somebody's. The answer is the same for every address.
///
/// # Errors
/// [`Refusal::TooMany`] where this client asks too often.
pub fn request_reset(tx: &mut Tx<'_>, email: &str, client: &str) -> Result<()> {
    if !mail::may_send(tx, "reset", email, client)? {
        return Ok(());
    }
    let key = email_key(email);
    let found: Option<MemberId> = members::table
        .filter(members::email_key.eq(&key))
        .filter(members::erased_at.is_null())
        .select(members::id)
        .first(tx.conn)
        .optional()?;
    let Some(member) = found else { return Ok(()) };
    let path = make_reset_path(tx, member)?;
    let letter = letter(tx, member, "reset-password", &path)?;
    match letter {
        Some(letter) => mail::enqueue(tx, &letter),
        None => Ok(()),
    }
}

/// Makes the link by which a member chooses a new password; all older ones die. Also what the command `member reset` prints.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn make_reset_path(tx: &mut Tx<'_>, member: MemberId) -> Result<String> {
    let key: Option<String> = members::table
        .find(member)
        .select(members::email_key)
        .first(tx.conn)?;
    let token = link::make(tx, Purpose::Reset, Some(member), key.as_deref(), &json!({}))?;
    Ok(format!("/reset/{token}"))
}

fn letter(
    tx: &mut Tx<'_>,
    member: MemberId,
    kind: &'static str,
    path: &str,
) -> Result<Option<Letter>> {
    let (email, key, lang, display): (Option<String>, Option<String>, String, String) =
        members::table
            .find(member)
            .select((
                members::email,
                members::email_key,
                members::lang,
                members::display_name,
            ))
            .first(tx.conn)?;
    let (Some(to), Some(_)) = (email, key) else {
        return Ok(None);
    };
    let data = json!({ "link": tx.link(path), "site": site::settings(tx)?.name, "name": display });
    Ok(Some(Letter {
        to,
        lang,
        kind,
        data,
        message_id: None,
        references: None,
        unsubscribe: None,
    }))
}

/// The words that make a poor password for whoever holds this link: names of site and member, and the address.
///
/// # Errors
/// [`Refusal::LinkDead`].
pub fn words_of_reset(tx: &mut Tx<'_>, token: &str) -> Result<Vec<String>> {
    let link = link::find(tx, Purpose::Reset, token)?;
    words_of(tx, link.member.ok_or(Refusal::LinkDead)?)
}

/// The words that make a poor password for a member.
///
/// # Errors
/// A fault where the database fails.
pub fn words_of(tx: &mut Tx<'_>, member: MemberId) -> Result<Vec<String>> {
    let (name, display, email): (String, String, Option<String>) = members::table
        .find(member)
        .select((members::name, members::display_name, members::email))
        .first(tx.conn)?;
    Ok(vec![
        site::settings(tx)?.name,
        name,
        display,
        email.unwrap_or_default(),
    ])
}

/// Sets the password that was chosen by link. All sessions and API tokens of the member end.
///
/// # Errors
/// [`Refusal::LinkDead`] where the link is used up, too old, or was sent to an address that is not the member's any more.
pub fn reset(tx: &mut Tx<'_>, token: &str, password: &NewPassword) -> Result<MemberId> {
    let link = link::find(tx, Purpose::Reset, token)?;
    let member = link.member.ok_or(Refusal::LinkDead)?;
    tx.lock(Lock::Member(member))?;
    let key: Option<Option<String>> = members::table
        .filter(members::id.eq(member))
        .filter(members::erased_at.is_null())
        .select(members::email_key)
        .first(tx.conn)
        .optional()?;
    if key.is_none() || key != Some(link.email_key.clone()) {
        return Err(Refusal::LinkDead.into());
    }
    link::use_up(tx, &link)?;
    set(tx, member, password, None)?;
    audit::record(
        tx,
        &Actor::Guest,
        "member.password_reset",
        audit::subject("member", member.0),
        json!({}),
        None,
    )?;
    Ok(member)
}

/// Changes the actor's own password. Every session and API token ends; the browser goes on with a session that begins now.
///
/// # Errors
/// [`Refusal::WrongPassword`] without a fresh proof.
pub fn change_password(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    password: &NewPassword,
    agent: &str,
) -> Result<SignedIn> {
    let me = own(actor)?;
    proof.is(me)?;
    tx.lock(Lock::Member(me))?;
    set(tx, me, password, None)?;
    audit::record(
        tx,
        actor,
        "member.password_changed",
        audit::subject("member", me.0),
        json!({}),
        None,
    )?;
    begin(tx, me, agent, None)
}

fn set(
    tx: &mut Tx<'_>,
    member: MemberId,
    password: &NewPassword,
    keep: Option<SessionId>,
) -> Result<()> {
    let now = tx.now();
    diesel::update(members::table.filter(members::id.eq(member)))
        .set((
            members::password_hash.eq(&password.0),
            members::tokens_not_before.eq(now.plus(1)),
        ))
        .execute(tx.conn)?;
    end_all(tx, member, keep)?;
    // Whoever knew the old password may have asked for another address.
    for purpose in [Purpose::Reset, Purpose::ChangeEmail] {
        link::forget(tx, purpose, Some(member))?;
    }
    match letter(tx, member, "password-changed", "/forgot")? {
        Some(letter) => mail::enqueue(tx, &letter),
        None => Ok(()),
    }
}
