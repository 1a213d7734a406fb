//! One row of the log, and what it is about.

use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::db::House;
use crate::kit::At;
use crate::kit::ids::AuditId;

/// What an entry is about: a kind and an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Such as `post` or `member`.
    pub kind: &'static str,
    /// Its id; `None` for the house itself.
    pub id: Option<i64>,
}

/// A subject with an id.
#[must_use]
pub const fn subject(kind: &'static str, id: i64) -> Subject {
    Subject { kind, id: Some(id) }
}

/// A row as it is read back.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = crate::db::schema::audit_entries)]
pub struct Entry {
    /// Its place in the log.
    pub id: AuditId,
    /// When.
    pub at: At,
    /// `guest`, `member` or `system`.
    pub actor_kind: String,
    /// The member who acted.
    pub actor_id: Option<i64>,
    /// What was done, such as `post.hidden`.
    pub kind: String,
    /// What it was done to.
    pub subject_kind: String,
    /// Its id.
    pub subject_id: Option<i64>,
    /// JSON of ids and plain values.
    pub details: String,
    /// The reason in words, while it has not been erased.
    pub reason: Option<String>,
    /// Keyed hash of the reason.
    pub reason_hash: Option<Vec<u8>>,
    /// The hash of the row before.
    pub prev_hash: Vec<u8>,
    /// This row's hash over everything above but the words.
    pub hash: Vec<u8>,
}

/// The parts of a row that its hash covers.
pub(super) struct Covered<'a> {
    pub at: At,
    pub actor_kind: &'a str,
    pub actor_id: Option<i64>,
    pub kind: &'a str,
    pub subject_kind: &'a str,
    pub subject_id: Option<i64>,
    pub details: &'a str,
    pub reason_hash: Option<&'a [u8]>,
    pub prev_hash: &'a [u8],
}

impl Covered<'_> {
    /// SHA-256 over all parts, each led by its length.
    pub fn hash(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        let mut put = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        put(self.prev_hash);
        put(&self.at.0.to_be_bytes());
        put(self.actor_kind.as_bytes());
        put(&self.actor_id.unwrap_or(-1).to_be_bytes());
        put(self.kind.as_bytes());
        put(self.subject_kind.as_bytes());
        put(&self.subject_id.unwrap_or(-1).to_be_bytes());
        put(self.details.as_bytes());
        put(self.reason_hash.unwrap_or_default());
        hash.finalize().to_vec()
    }
}

/// A hash of words that only this community can compute, so that erased words cannot be guessed from it.
pub(super) fn keyed_hash(house: &House, words: &str) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&house.secret) else {
        return Vec::new();
    };
    mac.update(b"audit-reason:");
    mac.update(words.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
