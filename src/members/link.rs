//! Links in letters: random, stored as hashes, for one purpose and one member, good once and not for long.

use diesel::prelude::*;
use serde_json::Value;

use crate::db::Tx;
use crate::db::schema::mail_links;
use crate::kit::clock::{DAY, HOUR};
use crate::kit::ids::MemberId;
use crate::kit::token::{hash_token, random_token};
use crate::kit::{At, Refusal, Result};

crate::text_enum! {
    /// What a link in a letter is for. A link of one purpose is refused for every other.
    pub enum Purpose {
        /// "This address is mine", after signing up.
        Confirm = "confirm",
        /// The same for a new address.
        ChangeEmail = "change-email",
        /// Choosing a new password.
        Reset = "reset",
        /// Making the first admin.
        SetUp = "set-up",
    }
}

impl Purpose {
    /// How long such a link is good, in microseconds.
    const fn lifetime(self) -> i64 {
        match self {
            Self::Confirm | Self::ChangeEmail | Self::Reset => HOUR,
            Self::SetUp => 7 * DAY,
        }
    }
}

/// A link that is good right now.
#[derive(Debug, Clone)]
pub(super) struct Link {
    id: i64,
    /// Whose it is; nobody's for the first admin.
    pub member: Option<MemberId>,
    /// The address key that the member had when it was made, or is to have.
    pub email_key: Option<String>,
    /// What else it carries.
    pub data: Value,
}

/// Makes a link and lets all older ones of this member and purpose die. The answer is its token.
pub(super) fn make(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    member: Option<MemberId>,
    email_key: Option<&str>,
    data: &Value,
) -> Result<String> {
    forget(tx, purpose, member)?;
    let (shown, hash) = random_token();
    let now = tx.now();
    diesel::insert_into(mail_links::table)
        .values((
            mail_links::token_hash.eq(hash.to_vec()),
            mail_links::purpose.eq(purpose.as_str()),
            mail_links::member_id.eq(member),
            mail_links::email_key.eq(email_key),
            mail_links::data.eq(serde_json::to_string(data)?),
            mail_links::created_at.eq(now),
            mail_links::expires_at.eq(now.plus(purpose.lifetime())),
        ))
        .execute(tx.conn)?;
    Ok(shown)
}

/// The link of this token, if it is good for this purpose now. Reading it changes nothing: mail programs look at links.
pub(super) fn find(tx: &mut Tx<'_>, purpose: Purpose, token: &str) -> Result<Link> {
    let now = tx.now();
    let row: Option<(i64, Option<MemberId>, Option<String>, String)> = mail_links::table
        .filter(mail_links::token_hash.eq(hash_token(token).to_vec()))
        .filter(mail_links::purpose.eq(purpose.as_str()))
        .filter(mail_links::expires_at.gt(now))
        .filter(mail_links::used_at.is_null())
        .select((
            mail_links::id,
            mail_links::member_id,
            mail_links::email_key,
            mail_links::data,
        ))
        .first(tx.conn)
        .optional()?;
    let Some((id, member, email_key, data)) = row else {
        return Err(Refusal::LinkDead.into());
    };
    Ok(Link {
        id,
        member,
        email_key,
        data: serde_json::from_str(&data)?,
    })
}

/// Uses a link up. Of several who try at once, one succeeds.
pub(super) fn use_up(tx: &mut Tx<'_>, link: &Link) -> Result<()> {
    let now = tx.now();
    let used = diesel::update(
        mail_links::table
            .filter(mail_links::id.eq(link.id))
            .filter(mail_links::used_at.is_null()),
    )
    .set(mail_links::used_at.eq(now))
    .execute(tx.conn)?;
    if used == 1 {
        Ok(())
    } else {
        Err(Refusal::LinkDead.into())
    }
}

/// Lets all links of a member and purpose die.
pub(super) fn forget(tx: &mut Tx<'_>, purpose: Purpose, member: Option<MemberId>) -> Result<()> {
    let of = mail_links::table.filter(mail_links::purpose.eq(purpose.as_str()));
    match member {
        Some(member) => {
            diesel::delete(of.filter(mail_links::member_id.eq(member))).execute(tx.conn)?
        }
        None => diesel::delete(of.filter(mail_links::member_id.is_null())).execute(tx.conn)?,
    };
    Ok(())
}

/// Is this link good right now? For the page with the button.
///
/// # Errors
/// [`Refusal::LinkDead`] where it is not.
pub fn link_is_good(tx: &mut Tx<'_>, purpose: Purpose, token: &str) -> Result<()> {
    find(tx, purpose, token).map(drop)
}

/// Forgets links that ended before `before`, used or not.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn sweep(tx: &mut Tx<'_>, before: At) -> Result<usize> {
    Ok(
        diesel::delete(mail_links::table.filter(mail_links::expires_at.lt(before)))
            .execute(tx.conn)?,
    )
}
