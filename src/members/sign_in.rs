//! Signing in, in three steps: [`claim`] counts and fetches the hash, [`Claim::prove`] compares (costly, outside
//! transactions), [`sign_in`] begins the session.
//!
//! A known and an unknown name, a wrong password and a missing one are answered alike and take as long.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::session::{SignedIn, begin};
use crate::db::Tx;
use crate::db::limits::{self, Limit};
use crate::db::schema::{members, standings};
use crate::kit::ids::{MemberId, SessionId};
use crate::kit::names::{email_key, name_key};
use crate::kit::password;
use crate::kit::{At, Refusal, Result};

/// Passwords tried for one account, from clients that have not signed in to it before.
const PER_ACCOUNT: Limit = Limit {
    most: 10,
    seconds: 60,
};
/// Passwords tried for one account from a browser that has signed in to it before.
const PER_KNOWN: Limit = Limit {
    most: 10,
    seconds: 60,
};
/// Passwords tried by one client.
const PER_CLIENT: Limit = Limit {
    most: 20,
    seconds: 60,
};
/// Longest login that is looked up, in bytes.
const LOGIN_MAX: usize = 300;

/// Somebody says who they are; whether it is true is not known yet.
#[derive(Debug, Clone)]
pub struct Claim {
    member: Option<MemberId>,
    hash: Option<String>,
    buckets: Vec<(String, Limit)>,
}

/// What the comparison of a password came to.
#[derive(Debug, Clone)]
pub struct Proof {
    member: Option<MemberId>,
    against: Option<String>,
    rehashed: Option<String>,
    buckets: Vec<(String, Limit)>,
}

/// Looks up who claims to be whom, and counts the try. Runs in a transaction of its own, so that it stays counted.
///
/// `login` is a name or a confirmed address, `client` the caller's address as limits count it, `known` the member whose
/// sign-in this browser has seen before: an owner gets in although strangers use up the account's tries.
///
/// # Errors
/// [`Refusal::TooMany`] with the seconds to wait.
pub fn claim(tx: &mut Tx<'_>, login: &str, client: &str, known: Option<MemberId>) -> Result<Claim> {
    let login = login.trim();
    let found: Option<(MemberId, Option<String>)> = if login.len() > LOGIN_MAX {
        None
    } else if login.contains('@') {
        members::table
            .filter(members::email_key.eq(email_key(login)))
            .filter(members::erased_at.is_null())
            .select((members::id, members::password_hash))
            .first(tx.conn)
            .optional()?
    } else {
        members::table
            .filter(members::name_key.eq(name_key(login)))
            .filter(members::erased_at.is_null())
            .select((members::id, members::password_hash))
            .first(tx.conn)
            .optional()?
    };
    let account = match &found {
        Some((member, _)) => format!("member:{member}"),
        None => format!("nobody:{}", short_hash(login)),
    };
    let is_known = known.is_some() && known == found.as_ref().map(|(member, _)| *member);
    let account = if is_known {
        (format!("sign-in:known:{account}"), PER_KNOWN)
    } else {
        (format!("sign-in:{account}"), PER_ACCOUNT)
    };
    counted(
        tx,
        found,
        vec![(format!("sign-in:client:{client}"), PER_CLIENT), account],
    )
}

/// The actor proves again to be who they are, before something that must not happen to an unattended browser.
///
/// # Errors
/// [`Refusal::TooMany`] with the seconds to wait; refused for guests.
pub fn claim_self(tx: &mut Tx<'_>, actor: &crate::policy::Actor, client: &str) -> Result<Claim> {
    let me = super::session::own(actor)?;
    let hash: Option<Option<String>> = members::table
        .filter(members::id.eq(me))
        .select(members::password_hash)
        .first(tx.conn)
        .optional()?;
    let buckets = vec![
        (format!("sign-in:client:{client}"), PER_CLIENT),
        (format!("sign-in:known:member:{me}"), PER_KNOWN),
    ];
    counted(tx, hash.map(|hash| (me, hash)), buckets)
}

fn counted(
    tx: &mut Tx<'_>,
    found: Option<(MemberId, Option<String>)>,
    buckets: Vec<(String, Limit)>,
) -> Result<Claim> {
    for (bucket, limit) in &buckets {
        limits::count(tx, bucket, *limit)?;
    }
    let (member, hash) = found.map_or((None, None), |(member, hash)| (Some(member), hash));
    Ok(Claim {
        member,
        hash,
        buckets,
    })
}

impl Claim {
    /// Compares a password with the claim. Costly on purpose, and just as costly where nobody is claimed.
    #[must_use]
    pub fn prove(&self, given: &str) -> Proof {
        let right = match &self.hash {
            Some(hash) => password::verify(hash, given),
            None => {
                password::dummy_verify(given);
                false
            }
        };
        let old = right && self.hash.as_deref().is_some_and(password::needs_rehash);
        let rehashed = if old {
            password::hash(given).ok()
        } else {
            None
        };
        Proof {
            member: self.member.filter(|_| right),
            against: self.hash.clone().filter(|_| right),
            rehashed,
            buckets: self.buckets.clone(),
        }
    }
}

impl Proof {
    /// The member who has proved to be who they claim.
    ///
    /// # Errors
    /// [`Refusal::WrongPassword`], whatever was wrong.
    pub fn member(&self) -> Result<MemberId> {
        self.member.ok_or(Refusal::WrongPassword.into())
    }

    /// The actor has proved to be who they are.
    ///
    /// # Errors
    /// [`Refusal::WrongPassword`].
    pub(super) fn is(&self, member: MemberId) -> Result<()> {
        if self.member == Some(member) {
            Ok(())
        } else {
            Err(Refusal::WrongPassword.into())
        }
    }

    /// What a good proof settles: the try does not count against anybody, and an old hash is made anew.
    fn settle(&self, tx: &mut Tx<'_>) -> Result<()> {
        for (bucket, limit) in &self.buckets {
            limits::give_back(tx, bucket, *limit)?;
        }
        if let (Some(member), Some(hash)) = (self.member, &self.rehashed) {
            diesel::update(members::table.filter(members::id.eq(member)))
                .set(members::password_hash.eq(hash))
                .execute(tx.conn)?;
        }
        Ok(())
    }
}

/// Begins a session for whoever has proved to be somebody. `instead_of` is the browser's former session, which ends.
///
/// # Errors
/// [`Refusal::WrongPassword`], or [`Refusal::Suspended`] (told only to those who know the password).
pub fn sign_in(
    tx: &mut Tx<'_>,
    proof: &Proof,
    agent: &str,
    instead_of: Option<SessionId>,
) -> Result<SignedIn> {
    let member = admitted(tx, proof)?;
    begin(tx, member, agent, instead_of)
}

/// The member behind a proof, if nothing keeps them out.
pub(super) fn admitted(tx: &mut Tx<'_>, proof: &Proof) -> Result<MemberId> {
    let member = proof.member()?;
    let now = tx.now();
    let row: Option<(Option<At>, Option<At>)> = members::table
        .inner_join(standings::table)
        .filter(members::id.eq(member))
        // A password that was changed while the old one was being compared does not let in any more.
        .filter(members::password_hash.eq(&proof.against))
        .select((members::erased_at, standings::suspended_until))
        .first(tx.conn)
        .optional()?;
    match row {
        Some((None, until)) => match until.filter(|until| *until > now) {
            Some(until) => Err(Refusal::Suspended(Some(until)).into()),
            None => proof.settle(tx).map(|()| member),
        },
        _ => Err(Refusal::WrongPassword.into()),
    }
}

fn short_hash(text: &str) -> String {
    let hash = Sha256::digest(text.to_lowercase().as_bytes());
    crate::kit::hex(hash.iter().take(12))
}
