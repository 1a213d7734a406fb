//! Acknowledging a version, and who has.

use diesel::prelude::*;

use super::version::{by_id, current};
use crate::db::Tx;
use crate::db::schema::acknowledgements as acks;
use crate::each_backend;
use crate::kit::ids::{MemberId, VersionId};
use crate::kit::stop::{Document, OrRefuse, Refusal};
use crate::kit::{At, Result, Stop};
use crate::members;
use crate::policy::{Action, Actor};

/// One member's acknowledgement of one version.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Acknowledgement {
    /// Its id, by which lists are paged.
    pub id: i64,
    /// Who.
    pub member: MemberId,
    /// When.
    pub at: At,
    /// Which version.
    pub version: VersionId,
}

/// What a member last acknowledged of a document.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Mine {
    /// Which version.
    pub version: VersionId,
    /// Its major number: while the one in force has the same, the acknowledgement holds.
    pub major: i64,
    /// When.
    pub at: At,
}

/// A member says: I have read this and will keep to it. The row is the record of it, so the log gets no second one.
///
/// # Errors
/// Refused to guests and suspended members; not found for a version that was never published or is of another document;
/// stale where another version is in force by now: nobody can agree to a text that no longer holds.
pub fn acknowledge(tx: &mut Tx<'_>, actor: &Actor, kind: Document, id: VersionId) -> Result<()> {
    let version = by_id(tx, id)?;
    (version.kind == kind).then_some(()).or_not_found()?;
    actor.may(&Action::Acknowledge)?;
    let me = actor.id().ok_or(Stop::Refused(Refusal::SignInFirst))?;
    if current(tx, kind)?.is_none_or(|now| now.id != id) {
        return Err(Refusal::Stale.into());
    }
    let now = tx.now();
    let row = (
        acks::member_id.eq(me),
        acks::kind.eq(kind),
        acks::version_id.eq(id),
        acks::major.eq(version.major),
        acks::text_hash.eq(&version.text_hash),
        acks::at.eq(now),
    );
    // Saying it twice (a double click, a second tab) is saying it once; the first moment stands.
    each_backend!(tx.conn, c => diesel::insert_into(acks::table)
        .values(row)
        .on_conflict((acks::member_id, acks::version_id))
        .do_nothing()
        .execute(c))?;
    members::acknowledged(tx, me, kind, version.major)
}

/// What this member last acknowledged of a document, if anything.
///
/// # Errors
/// A fault where the database fails.
pub fn mine(tx: &mut Tx<'_>, member: MemberId, kind: Document) -> Result<Option<Mine>> {
    Ok(acks::table
        .filter(acks::member_id.eq(member))
        .filter(acks::kind.eq(kind))
        .order(acks::id.desc())
        .select((acks::version_id, acks::major, acks::at))
        .first(tx.conn)
        .optional()?)
}

/// Up to `most` acknowledgements of a document's major version (2.0, 2.1 and so on alike), latest first, older than the
/// acknowledgement `before`.
///
/// # Errors
/// Refused to people who do not keep this document.
pub fn acknowledged_by(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (kind, major): (Document, i64),
    before: Option<i64>,
    most: i64,
) -> Result<Vec<Acknowledgement>> {
    actor.may(&Action::SeeAcknowledgements(kind))?;
    Ok(acks::table
        .filter(acks::kind.eq(kind))
        .filter(acks::major.eq(major))
        .filter(acks::id.lt(before.unwrap_or(i64::MAX)))
        .order(acks::id.desc())
        .limit(most)
        .select((acks::id, acks::member_id, acks::at, acks::version_id))
        .load(tx.conn)?)
}

/// How many members acknowledged a document's major version. Who acknowledged 2.0 and 2.1 counts once.
///
/// # Errors
/// A fault where the database fails.
pub fn acknowledged_count(tx: &mut Tx<'_>, kind: Document, major: i64) -> Result<i64> {
    Ok(acks::table
        .filter(acks::kind.eq(kind))
        .filter(acks::major.eq(major))
        .select(diesel::dsl::count(acks::member_id).aggregate_distinct())
        .first(tx.conn)?)
}
