//! How many letters an address, a client and the whole house may cause in an hour.

use crate::db::Tx;
use crate::db::limits::{Limit, count, is_full};
use crate::kit::names::email_digest;
use crate::kit::{Refusal, Result, Stop};

const HOUR: i64 = 3_600;
/// Letters of one kind to one address.
const PER_ADDRESS: Limit = Limit {
    most: 3,
    seconds: HOUR,
};
/// Letters of one kind that one client may cause.
const PER_CLIENT: Limit = Limit {
    most: 60,
    seconds: HOUR,
};
/// Letters of one kind that everybody together may cause.
const TOTAL: Limit = Limit {
    most: 2_000,
    seconds: HOUR,
};

/// May one more letter of this kind be sent to this address? Counts it if so.
///
/// `false` means: say nothing about it and send nothing, so that the answer is the same for every address. `client` is
/// the caller's address as limits count it.
///
/// # Errors
/// [`Refusal::TooMany`] where this client or the whole house has caused too many.
pub fn may_send(tx: &mut Tx<'_>, kind: &str, to: &str, client: &str) -> Result<bool> {
    count(tx, &format!("mail:{kind}:from:{client}"), PER_CLIENT)?;
    // Addresses stand in no table but the members': a hash is enough to count by.
    let address = email_digest(to);
    let bucket = format!("mail:{kind}:to:{address}");
    if is_full(tx, &bucket, PER_ADDRESS)? {
        return Ok(false);
    }
    count(tx, &format!("mail:{kind}"), TOTAL)?;
    match count(tx, &bucket, PER_ADDRESS) {
        Ok(()) => Ok(true),
        Err(Stop::Refused(Refusal::TooMany { .. })) => Ok(false),
        Err(other) => Err(other),
    }
}
