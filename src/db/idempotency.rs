//! Answers kept for repeated requests: a retry or a double click finds what the first one did.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use sha2::{Digest, Sha256};

use super::conn::Conn;
use super::schema::idempotency_keys;
use super::tx::Tx;
use crate::kit::clock::DAY;
use crate::kit::{At, Refusal, Result};

/// Who asks for what with which key. Kept for 24 hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Who: a member, a session or a form's random number.
    pub owner: String,
    /// Method and path.
    pub route: String,
    /// The key that the client made.
    pub key: String,
    /// SHA-256 of the body: the same key with other words is refused.
    pub body_hash: [u8; 32],
}

/// How long an answer is kept, in microseconds.
const KEPT: i64 = DAY;

#[derive(QueryableByName)]
struct Free {
    #[diesel(sql_type = Bool)]
    free: bool,
}

impl Once {
    fn number(&self) -> i64 {
        let mut hash = Sha256::new();
        for part in [&self.owner, &self.route, &self.key] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let bytes: [u8; 32] = hash.finalize().into();
        bytes
            .iter()
            .take(8)
            .fold(0_i64, |n, b| (n << 8) | i64::from(*b))
    }

    /// The answer the first request got, if there was one.
    ///
    /// # Errors
    /// [`Refusal::KeyReused`] with other words, [`Refusal::KeyRunning`] while another node is at it.
    pub fn seek(&self, tx: &mut Tx<'_>) -> Result<Option<String>> {
        if let Conn::Postgres(conn) = &mut *tx.conn {
            let free = diesel::sql_query("SELECT pg_try_advisory_xact_lock($1) AS free")
                .bind::<BigInt, _>(self.number())
                .get_result::<Free>(conn)?;
            if !free.free {
                return Err(Refusal::KeyRunning.into());
            }
        }
        let row: Option<(Vec<u8>, String, At)> = idempotency_keys::table
            .filter(idempotency_keys::owner.eq(&self.owner))
            .filter(idempotency_keys::route.eq(&self.route))
            .filter(idempotency_keys::key.eq(&self.key))
            .select((
                idempotency_keys::body_hash,
                idempotency_keys::answer,
                idempotency_keys::created_at,
            ))
            .first(tx.conn)
            .optional()?;
        match row {
            None => Ok(None),
            Some((_, _, at)) if tx.now().since(at) > KEPT => {
                self.forget(tx)?;
                Ok(None)
            }
            Some((hash, _, _)) if hash != self.body_hash => Err(Refusal::KeyReused.into()),
            Some((_, answer, _)) => Ok(Some(answer)),
        }
    }

    /// Keeps the answer, in the same transaction as what it tells of.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub fn keep(&self, tx: &mut Tx<'_>, answer: &str) -> Result<()> {
        diesel::insert_into(idempotency_keys::table)
            .values((
                idempotency_keys::owner.eq(&self.owner),
                idempotency_keys::route.eq(&self.route),
                idempotency_keys::key.eq(&self.key),
                idempotency_keys::body_hash.eq(self.body_hash.to_vec()),
                idempotency_keys::answer.eq(answer),
                idempotency_keys::created_at.eq(tx.now()),
            ))
            .execute(tx.conn)?;
        Ok(())
    }

    fn forget(&self, tx: &mut Tx<'_>) -> Result<()> {
        diesel::delete(
            idempotency_keys::table
                .filter(idempotency_keys::owner.eq(&self.owner))
                .filter(idempotency_keys::route.eq(&self.route))
                .filter(idempotency_keys::key.eq(&self.key)),
        )
        .execute(tx.conn)?;
        Ok(())
    }
}

/// Forgets answers older than a day.
///
/// # Errors
/// A fault where the database fails.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now().plus(-KEPT);
    Ok(
        diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(before)))
            .execute(tx.conn)?,
    )
}
