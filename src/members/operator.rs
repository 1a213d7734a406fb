//! What the person who runs the server does by command: members without the detour over letters.
//!
//! Asks nobody because only the command line calls it: whoever can run it can open the database, too.

use diesel::prelude::*;

use super::account::{Fresh, make, owner_of_email};
use super::applicant::{self, NewPassword};
use super::card::find_by_name;
use super::password::make_reset_path;
use super::role::{give_role, take_role};
use crate::db::Tx;
use crate::db::schema::members;
use crate::kit::ids::MemberId;
use crate::kit::{At, Problems, Result, Stop};
use crate::policy::{Actor, Role, Roles, Trust};

/// A member that the operator makes. The address counts as confirmed: the operator vouches for it.
#[derive(Debug, Clone)]
pub struct Added {
    /// The handle.
    pub name: String,
    /// What others read; empty: the handle.
    pub display: String,
    /// The address, if there is one.
    pub email: Option<String>,
    /// The password; without one, a reset link is needed to sign in.
    pub password: Option<NewPassword>,
    /// Roles from the start.
    pub roles: Vec<Role>,
    /// Trust from the start.
    pub trust: Trust,
    /// The language (BCP 47).
    pub lang: String,
    /// When the member joined, if not now.
    pub joined_at: Option<At>,
    /// Colour of the avatar (0 to 359), if not the name's own.
    pub hue: Option<i64>,
}

impl Added {
    /// A member with a name and nothing else.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            display: String::new(),
            email: None,
            password: None,
            roles: Vec::new(),
            trust: Trust::New,
            lang: "en".to_owned(),
            joined_at: None,
            hue: None,
        }
    }
}

/// Makes a member. `actor` is the house ([`Actor::System`]); nobody else calls this.
///
/// # Errors
/// Problems with `name`, `display` or `email`.
pub fn add(tx: &mut Tx<'_>, actor: &Actor, added: &Added) -> Result<MemberId> {
    let mut problems = Problems::default();
    let name = applicant::read_name(&mut problems, &added.name);
    let display = applicant::read_display(&mut problems, &added.display);
    let email = added
        .email
        .as_deref()
        .and_then(|text| applicant::read_email(&mut problems, text));
    problems.check()?;
    let (Some(name), Some(display)) = (name, display) else {
        return Err(Stop::fault("a field was neither read nor refused"));
    };
    let email_key = email.as_ref().map(crate::kit::names::Email::key);
    if let Some(key) = &email_key
        && owner_of_email(tx, key)?.is_some()
    {
        return Err(Stop::invalid("email", "email-taken"));
    }
    let joined_at = added.joined_at.unwrap_or(tx.now());
    let member = make(
        tx,
        actor,
        &Fresh {
            name: name.as_str(),
            display: if display.is_empty() {
                name.as_str()
            } else {
                &display
            },
            email: email.as_ref().map(crate::kit::names::Email::as_str),
            email_key: email_key.as_deref(),
            password_hash: added.password.as_ref().map(|p| p.0.as_str()),
            lang: &added.lang,
            joined_via: None,
            joined_at,
            roles: Roles::of(&added.roles),
            trust: added.trust,
        },
    )?;
    if let Some(hue) = added.hue {
        diesel::update(members::table.filter(members::id.eq(member)))
            .set(members::avatar_hue.eq(hue.rem_euclid(360)))
            .execute(tx.conn)?;
    }
    Ok(member)
}

/// Gives (`true`) or takes a role by name.
///
/// # Errors
/// Not found; [`crate::kit::Refusal::LastOne`].
pub fn set_role(tx: &mut Tx<'_>, actor: &Actor, name: &str, role: Role, given: bool) -> Result<()> {
    let member = find_by_name(tx, name)?.id;
    if given {
        give_role(tx, actor, member, role)
    } else {
        take_role(tx, actor, member, role)
    }
}

/// A link by which a member chooses a new password, to hand over in person.
///
/// # Errors
/// Not found.
pub fn reset_link(tx: &mut Tx<'_>, name: &str) -> Result<String> {
    let member = find_by_name(tx, name)?.id;
    let path = make_reset_path(tx, member)?;
    Ok(tx.link(&path))
}

/// Forgets what is over: sessions, links in letters, tokens, accounts that were never confirmed. Runs from time to time.
///
/// # Errors
/// A fault where the database fails.
pub fn sweep(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    super::session::sweep(tx)?;
    super::link::sweep(tx, now)?;
    super::api_token::sweep(tx, now)?;
    super::unconfirmed::sweep(tx)?;
    Ok(())
}
