//! The first admin: a one-time link that the first start prints.

use serde_json::json;

use super::account::{Fresh, make};
use super::applicant::Applicant;
use super::link::{self, Purpose};
use super::role::has_admin;
use super::session::{SignedIn, begin};
use crate::db::Tx;
use crate::kit::{Refusal, Result, Stop};
use crate::policy::{Actor, Role, Roles, Trust};
use crate::site;

/// A fresh link to make the first admin; the one printed before dies. `None` once there is an admin.
///
/// # Errors
/// A fault where the database fails.
pub fn set_up_link(tx: &mut Tx<'_>) -> Result<Option<String>> {
    if has_admin(tx)? {
        return Ok(None);
    }
    let token = link::make(tx, Purpose::SetUp, None, None, &json!({}))?;
    Ok(Some(tx.link(&format!("/setup/{token}"))))
}

/// Is this the link that was printed, and still of use? For the page with the form.
///
/// # Errors
/// [`Refusal::SetUpAlready`] (which is a 404) in every other case.
pub fn may_set_up(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    if has_admin(tx)? || link::find(tx, Purpose::SetUp, token).is_err() {
        return Err(Refusal::SetUpAlready.into());
    }
    Ok(())
}

/// Makes the first admin and begins a session. Of several who try at once, one succeeds. Whoever holds the link of the
/// server's own log needs no letter to confirm the address.
///
/// # Errors
/// [`Refusal::SetUpAlready`]; problems with `name` or `email`.
pub fn set_up(
    tx: &mut Tx<'_>,
    token: &str,
    applicant: &Applicant,
    agent: &str,
) -> Result<SignedIn> {
    may_set_up(tx, token)?;
    let link = link::find(tx, Purpose::SetUp, token)?;
    link::use_up(tx, &link).map_err(|stop| match stop {
        Stop::Refused(_) => Refusal::SetUpAlready.into(),
        other => other,
    })?;
    let (now, lang) = (tx.now(), site::settings(tx)?.lang);
    let member = make(
        tx,
        &Actor::System("set-up"),
        &Fresh {
            name: applicant.name.as_str(),
            display: &applicant.display,
            email: Some(applicant.email.as_str()),
            email_key: Some(&applicant.email.key()),
            password_hash: Some(&applicant.password_hash),
            lang: &lang,
            joined_via: None,
            joined_at: now,
            roles: Roles::of(&[Role::Admin]),
            trust: Trust::Established,
        },
    )?;
    begin(tx, member, agent, None)
}
