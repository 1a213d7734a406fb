//! Where letters to a member go.

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::members;
use crate::kit::ids::MemberId;
use crate::kit::{At, Result};

/// Where letters to a member go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The address, if it was confirmed.
    pub confirmed: Option<String>,
    /// The language the member reads (BCP 47).
    pub lang: String,
}

/// A member's mailbox; `None` where there is no such member any more.
///
/// # Errors
/// A fault where the database fails.
pub fn seek_mailbox(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<Mailbox>> {
    let row: Option<(Option<String>, Option<At>, String)> = members::table
        .filter(members::id.eq(member))
        .filter(members::erased_at.is_null())
        .select((members::email, members::email_confirmed_at, members::lang))
        .first(tx.conn)
        .optional()?;
    Ok(row.map(|(email, at, lang)| Mailbox {
        confirmed: at.and(email),
        lang,
    }))
}
