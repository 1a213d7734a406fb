//! Addresses: confirming one, and going by another.

use diesel::prelude::*;
use serde_json::json;

use super::account::owner_of_email;
use super::link::{self, Purpose};
use super::session::own;
use super::sign_in::Proof;
use crate::audit;
use crate::db::schema::members;
use crate::db::{Lock, Tx, violated};
use crate::kit::ids::MemberId;
use crate::kit::names::{Email, email_key};
use crate::kit::stop::OrRefuse;
use crate::kit::{Refusal, Result, Stop};
use crate::mail::{self, Letter};
use crate::policy::Actor;
use crate::site;

/// Confirms the address given at sign-up. The link alone changes nothing; this is called when its button is pressed.
///
/// # Errors
/// [`Refusal::LinkDead`] where the link is used up, too old, or the address is another by now.
pub fn confirm_email(tx: &mut Tx<'_>, token: &str) -> Result<MemberId> {
    let link = link::find(tx, Purpose::Confirm, token)?;
    let member = link.member.ok_or(Refusal::LinkDead)?;
    tx.lock(Lock::Member(member))?;
    let (email, before): (Option<String>, Option<String>) = members::table
        .filter(members::id.eq(member))
        .filter(members::erased_at.is_null())
        .select((members::email, members::email_key))
        .first(tx.conn)
        .optional()?
        .ok_or(Refusal::LinkDead)?;
    let key = email.as_deref().map(email_key);
    if key.is_none() || key != link.email_key || before.is_some() {
        return Err(Refusal::LinkDead.into());
    }
    link::use_up(tx, &link)?;
    claim_address(tx, member, None, &key.unwrap_or_default())?;
    audit::record(
        tx,
        &Actor::Guest,
        "member.email_confirmed",
        audit::subject("member", member.0),
        json!({}),
        None,
    )?;
    Ok(member)
}

/// Writes the confirmed address; the key is unique, so of two who confirm the same one, the second is told.
fn claim_address(tx: &mut Tx<'_>, member: MemberId, email: Option<&str>, key: &str) -> Result<()> {
    if owner_of_email(tx, key)?.is_some_and(|owner| owner != member) {
        return Err(Refusal::LinkDead.into());
    }
    let now = tx.now();
    let of = members::table.filter(members::id.eq(member));
    let confirmed = (
        members::email_key.eq(key),
        members::email_confirmed_at.eq(now),
    );
    let written = match email {
        Some(email) => diesel::update(of)
            .set((members::email.eq(email), confirmed))
            .execute(tx.conn),
        None => diesel::update(of).set(confirmed).execute(tx.conn),
    };
    written.map(drop).map_err(|error| match violated(&error) {
        Some(_) => Refusal::LinkDead.into(),
        None => error.into(),
    })
}

/// Asks to go by another address: a letter goes there, and nothing changes until its link is used. The answer is the
/// same whether or not the address is known here.
///
/// # Errors
/// [`Refusal::WrongPassword`] without a fresh proof; [`Refusal::TooMany`].
pub fn change_email(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    email: &Email,
    client: &str,
) -> Result<()> {
    let me = own(actor)?;
    proof.is(me)?;
    if !mail::may_send(tx, "change-email", email.as_str(), client)? {
        return Ok(());
    }
    let site = site::settings(tx)?.name;
    let (lang, display): (String, String) = members::table
        .find(me)
        .select((members::lang, members::display_name))
        .first(tx.conn)?;
    let key = email.key();
    let (kind, data) = match owner_of_email(tx, &key)? {
        Some(owner) if owner != me => (
            "known-address",
            json!({ "link": tx.link("/sign-in"), "site": site }),
        ),
        _ => {
            let token = link::make(
                tx,
                Purpose::ChangeEmail,
                Some(me),
                Some(&key),
                &json!({ "email": email.as_str() }),
            )?;
            (
                "email-change",
                json!({ "link": tx.link(&format!("/confirm/{token}")), "site": site, "name": display }),
            )
        }
    };
    let to = email.as_str().to_owned();
    mail::enqueue(
        tx,
        &Letter {
            to,
            lang,
            kind,
            data,
            message_id: None,
            references: None,
            unsubscribe: None,
        },
    )
}

/// Confirms the new address: from now on the account goes by it, links sent to the old one are dead, and the old one is told.
///
/// # Errors
/// [`Refusal::LinkDead`].
pub fn confirm_new_email(tx: &mut Tx<'_>, token: &str) -> Result<MemberId> {
    let link = link::find(tx, Purpose::ChangeEmail, token)?;
    let (Some(member), Some(key), Some(email)) = (
        link.member,
        link.email_key.clone(),
        link.data
            .get("email")
            .and_then(|e| e.as_str())
            .map(str::to_owned),
    ) else {
        return Err(Refusal::LinkDead.into());
    };
    tx.lock(Lock::Member(member))?;
    let (old, confirmed, lang, display): (Option<String>, Option<crate::kit::At>, String, String) =
        members::table
            .filter(members::id.eq(member))
            .filter(members::erased_at.is_null())
            .select((
                members::email,
                members::email_confirmed_at,
                members::lang,
                members::display_name,
            ))
            .first(tx.conn)
            .optional()?
            .or_not_found()
            .map_err(|_| Stop::Refused(Refusal::LinkDead))?;
    link::use_up(tx, &link)?;
    claim_address(tx, member, Some(&email), &key)?;
    for purpose in [Purpose::Confirm, Purpose::Reset] {
        link::forget(tx, purpose, Some(member))?;
    }
    audit::record(
        tx,
        &Actor::Guest,
        "member.email_changed",
        audit::subject("member", member.0),
        json!({}),
        None,
    )?;
    if let (Some(to), Some(_)) = (old.filter(|old| *old != email), confirmed) {
        let site = site::settings(tx)?.name;
        let data = json!({ "link": tx.link("/pages/imprint"), "site": site, "name": display });
        mail::enqueue(
            tx,
            &Letter {
                to,
                lang,
                kind: "email-changed",
                data,
                message_id: None,
                references: None,
                unsubscribe: None,
            },
        )?;
    }
    Ok(member)
}
