//! Asks nobody because rooms above ask whose mailbox it is: addresses that do not take letters any more.
//!
//! A mail server that says for good that nobody reads mail there is believed: what the house writes of itself (notices,
//! digests) is not tried again. Letters that somebody asks for in this moment (a new password) are.

use diesel::prelude::*;

use super::letter::Waiting;
use crate::db::Tx;
use crate::db::schema::mail_suppressions;
use crate::each_backend;
use crate::kit::names::email_key;
use crate::kit::{At, Result};

/// Kinds of letters that are not tried where the mailbox is known to be dead.
const SPARED: &[&str] = &["notice", "digest", "library"];
/// Characters of the server's answer that are kept.
const REASON: usize = 300;

/// Addresses are not kept: what stands here outlives letters and members, and is of no use without our key.
fn key(tx: &Tx<'_>, address: &str) -> String {
    let address = email_key(address);
    super::mark(tx.house(), &format!("mail-suppression:{address}"))
}

/// Since when no letters go to this address, and what the server said; nothing where they do.
///
/// # Errors
/// A fault where the database fails.
pub fn suppressed(tx: &mut Tx<'_>, address: &str) -> Result<Option<(At, String)>> {
    let key = key(tx, address);
    Ok(mail_suppressions::table
        .find(key)
        .select((mail_suppressions::at, mail_suppressions::reason))
        .first(tx.conn)
        .optional()?)
}

/// From now on letters are tried again.
///
/// # Errors
/// A fault where the database fails.
pub fn lift_suppression(tx: &mut Tx<'_>, address: &str) -> Result<()> {
    let key = key(tx, address);
    diesel::delete(mail_suppressions::table.find(key)).execute(tx.conn)?;
    Ok(())
}

/// Is this letter one that is not tried at a dead mailbox?
pub(super) fn is_spared(tx: &mut Tx<'_>, letter: &Waiting) -> Result<bool> {
    Ok(SPARED.contains(&letter.kind.as_str()) && suppressed(tx, &letter.to)?.is_some())
}

/// Writes down that nobody reads mail there, and what its server said.
///
/// # Errors
/// A fault where the database fails.
pub fn suppress(tx: &mut Tx<'_>, address: &str, said: &str) -> Result<()> {
    let said = said.replace(address, "…");
    let reason: String = said.chars().take(REASON).collect();
    let row = (
        mail_suppressions::mailbox.eq(key(tx, address)),
        mail_suppressions::reason.eq(reason),
        mail_suppressions::at.eq(tx.now()),
    );
    each_backend!(tx.conn, c => diesel::insert_into(mail_suppressions::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Does this answer of a mail server mean that nobody reads mail there?
pub(super) fn is_dead(said: &str) -> bool {
    match super::enhanced(said) {
        Some((class, subject, detail)) => super::is_dead_mailbox(class, subject, detail),
        None => ["(550)", "(551)", "(553)"]
            .iter()
            .any(|code| said.contains(code)),
    }
}

#[cfg(test)]
mod tests {
    use super::is_dead;

    #[test]
    fn only_dead_mailboxes_are_given_up() {
        assert!(is_dead("permanent error (550): 5.1.1 no such user"));
        assert!(is_dead("permanent error (550): no such user"));
        assert!(!is_dead("permanent error (554): 5.7.1 looks like spam"));
        assert!(!is_dead("permanent error (552): too big"));
    }
}
