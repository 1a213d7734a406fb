//! A member's standing answer to the question whether their words may be carried outside.

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::members;
use crate::kit::Result;
use crate::kit::ids::MemberId;

/// Does this member never want to be asked? The default is to be asked.
///
/// # Errors
/// A fault where the database fails.
pub fn never_asked(tx: &mut Tx<'_>, member: MemberId) -> Result<bool> {
    let preference: Option<String> = members::table
        .find(member)
        .select(members::consent_preference)
        .first(tx.conn)
        .optional()?;
    Ok(preference.as_deref() == Some("never"))
}
