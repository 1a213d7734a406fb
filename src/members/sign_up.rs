//! Signing up, openly or by invitation.
//!
//! The answer is the same whether or not the address is known here: an account is made either way, and what differs
//! goes to the mailbox. An address belongs to an account only once it is confirmed, so nobody can occupy another's.

use diesel::prelude::*;
use serde_json::json;

use super::account::{Fresh, make, owner_of_email};
use super::applicant::Applicant;
use super::invitation;
use super::link::{self, Purpose};
use super::session::{SignedIn, begin};
use crate::db::Tx;
use crate::db::limits::{self, Limit};
use crate::db::schema::members;
use crate::kit::clock::SECOND;
use crate::kit::ids::{MemberId, SessionId};
use crate::kit::names::{email_key, name_key};
use crate::kit::{Result, Stop};
use crate::mail::{self, Letter};
use crate::policy::{Actor, Roles, Trust};
use crate::site::{self, Registration, Settings};

/// How somebody came to the form.
#[derive(Debug, Clone, Default)]
pub struct Arrival {
    /// The token of an invitation.
    pub invitation: Option<String>,
    /// The link code by which the visitor came; kept until the first post.
    pub via: Option<String>,
    /// The caller's address as limits count it.
    pub client: String,
    /// What the browser says of itself.
    pub agent: String,
    /// The language the form was read in.
    pub lang: String,
    /// The browser's former session, which ends.
    pub instead_of: Option<SessionId>,
}

/// Accounts that one client tries to make: more than a family behind one address, fewer than keep the machine busy.
const PER_CLIENT: Limit = Limit {
    most: 20,
    seconds: 60,
};

/// Seconds within which a form that comes again is the same one.
const A_MOMENT: i64 = 60;

/// May somebody try to make an account? Counted in a transaction of its own, before the costly hash.
///
/// # Errors
/// [`crate::kit::Refusal::TooMany`] with the seconds to wait.
pub fn claim_sign_up(tx: &mut Tx<'_>, client: &str) -> Result<()> {
    limits::count(tx, &format!("sign-up:client:{client}"), PER_CLIENT)
}

/// Would an account be made for whoever comes with this invitation, or with none?
///
/// # Errors
/// A problem where an invitation is needed; [`crate::kit::Refusal::LinkDead`] where it is of no use.
pub fn may_sign_up(tx: &mut Tx<'_>, invitation: Option<&str>) -> Result<()> {
    match invitation {
        Some(token) => invitation::find(tx, token).map(drop),
        None if site::settings(tx)?.registration == Registration::Invite => {
            Err(Stop::invalid("", "invitation-needed"))
        }
        None => Ok(()),
    }
}

/// Was an account made with this very name and address a moment ago? Then the form was sent twice, most likely by a second
/// click; whether that is so, the password shows.
///
/// # Errors
/// A fault where the database fails.
pub fn just_made(tx: &mut Tx<'_>, name: &str, email: &str) -> Result<bool> {
    let since = tx.now().plus(-A_MOMENT * SECOND);
    let found: Option<Option<String>> = members::table
        .filter(members::name_key.eq(name_key(name.trim())))
        .filter(members::joined_at.ge(since))
        .filter(members::erased_at.is_null())
        .select(members::email)
        .first(tx.conn)
        .optional()?;
    let typed = email_key(email.trim());
    Ok(found
        .flatten()
        .is_some_and(|kept| email_key(&kept) == typed))
}

/// Makes an account, sends the letter and begins a session.
///
/// # Errors
/// Problems with `name` (taken) or the whole (an invitation is needed); [`crate::kit::Refusal::LinkDead`] for an
/// invitation that is used up; [`crate::kit::Refusal::TooMany`].
pub fn sign_up(tx: &mut Tx<'_>, applicant: &Applicant, arrival: &Arrival) -> Result<SignedIn> {
    // find
    let settings = site::settings(tx)?;
    let invitation = match &arrival.invitation {
        Some(token) => Some(invitation::find(tx, token)?),
        None => None,
    };
    let email_key = applicant.email.key();
    // may
    if settings.registration == Registration::Invite && invitation.is_none() {
        return Err(Stop::invalid("", "invitation-needed"));
    }
    let may_write = mail::may_send(tx, "sign-up", applicant.email.as_str(), &arrival.client)?;
    // change
    let owner = owner_of_email(tx, &email_key)?;
    let invited_here = invitation
        .as_ref()
        .is_some_and(|i| i.email_key.as_deref() == Some(email_key.as_str()));
    // Whoever opened an invitation that was sent to this address has shown that it is theirs.
    let proven = invited_here && owner.is_none();
    let now = tx.now();
    let member = make(
        tx,
        &Actor::Guest,
        &Fresh {
            name: applicant.name.as_str(),
            display: &applicant.display,
            email: Some(applicant.email.as_str()),
            email_key: proven.then_some(email_key.as_str()),
            password_hash: Some(&applicant.password_hash),
            lang: &arrival.lang,
            joined_via: arrival.via.as_deref().filter(|code| is_code(code)),
            joined_at: now,
            roles: invitation.as_ref().map_or(Roles::default(), |i| i.roles),
            trust: Trust::New,
        },
    )?;
    if let Some(invitation) = &invitation {
        invitation::use_up(tx, invitation, member)?;
    }
    // tell
    if may_write && !proven {
        let letter = if owner.is_some() {
            known_address(tx, applicant, &settings, arrival)
        } else {
            confirmation(tx, member, &settings)?
        };
        mail::enqueue(tx, &letter)?;
    }
    begin(tx, member, &arrival.agent, arrival.instead_of)
}

/// A link code: short, of letters and digits; anything else was typed by hand.
fn is_code(code: &str) -> bool {
    (1..=16).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn known_address(
    tx: &Tx<'_>,
    applicant: &Applicant,
    settings: &Settings,
    arrival: &Arrival,
) -> Letter {
    Letter {
        to: applicant.email.as_str().to_owned(),
        lang: arrival.lang.clone(),
        kind: "known-address",
        data: json!({ "link": tx.link("/sign-in"), "site": settings.name }),
        message_id: None,
        references: None,
        unsubscribe: None,
    }
}

/// The letter with which a member confirms the address that was typed at sign-up.
fn confirmation(tx: &mut Tx<'_>, member: MemberId, settings: &Settings) -> Result<Letter> {
    let (email, lang, display): (Option<String>, String, String) = members::table
        .find(member)
        .select((members::email, members::lang, members::display_name))
        .first(tx.conn)?;
    let to = email.unwrap_or_default();
    let token = link::make(
        tx,
        Purpose::Confirm,
        Some(member),
        Some(&crate::kit::names::email_key(&to)),
        &json!({}),
    )?;
    let data = json!({ "link": tx.link(&format!("/confirm/{token}")), "site": settings.name, "name": display });
    Ok(Letter {
        to,
        lang,
        kind: "confirm-email",
        data,
        message_id: None,
        references: None,
        unsubscribe: None,
    })
}

/// Sends the letter of confirmation again, to the address the member gave; silently not, where it waits for nothing or
/// too many were sent.
///
/// # Errors
/// Refused for everybody but the member and those who manage members; [`crate::kit::Refusal::TooMany`].
pub fn resend_confirmation(
    tx: &mut Tx<'_>,
    actor: &Actor,
    member: MemberId,
    client: &str,
) -> Result<()> {
    use crate::policy::Action;
    if actor.id() == Some(member) {
        actor.may(&Action::ManageSelf(member))?;
    } else {
        actor.may(&Action::ManageMembers)?;
    }
    let waiting: Option<Option<String>> = members::table
        .filter(members::id.eq(member))
        .filter(members::email_confirmed_at.is_null())
        .filter(members::erased_at.is_null())
        .select(members::email)
        .first(tx.conn)
        .optional()?;
    let Some(Some(email)) = waiting else {
        return Ok(());
    };
    if !mail::may_send(tx, "resend", &email, client)? {
        return Ok(());
    }
    let settings = site::settings(tx)?;
    let letter = if owner_of_email(tx, &crate::kit::names::email_key(&email))?.is_some() {
        let data = json!({ "link": tx.link("/sign-in"), "site": settings.name });
        Letter {
            to: email,
            lang: settings.lang.clone(),
            kind: "known-address",
            data,
            message_id: None,
            references: None,
            unsubscribe: None,
        }
    } else {
        confirmation(tx, member, &settings)?
    };
    mail::enqueue(tx, &letter)
}
