//! Reading the log, newest first.

use diesel::prelude::*;

use super::entry::Entry;
use crate::db::Tx;
use crate::db::schema::audit_entries;
use crate::kit::Result;
use crate::kit::ids::{AuditId, MemberId};
use crate::kit::stop::OrRefuse;

/// One entry.
///
/// # Errors
/// Not found where there is none.
pub fn find(tx: &mut Tx<'_>, id: AuditId) -> Result<Entry> {
    audit_entries::table
        .find(id.0)
        .select(audit_entries::all_columns)
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

/// Which entries are wanted; everything left open means all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Done by this member.
    pub actor: Option<MemberId>,
    /// About this subject.
    pub subject: Option<(String, i64)>,
    /// Of these kinds; all where none is named.
    pub kinds: Vec<String>,
    /// Older than this entry.
    pub before: Option<AuditId>,
}

/// Up to `most` entries, newest first.
///
/// # Errors
/// A fault where the database fails.
pub fn list(tx: &mut Tx<'_>, wanted: &Wanted, most: i64) -> Result<Vec<Entry>> {
    let mut query = audit_entries::table
        .select(audit_entries::all_columns)
        .into_boxed();
    if let Some(actor) = wanted.actor {
        query = query.filter(audit_entries::actor_id.eq(actor.0));
    }
    if let Some((kind, id)) = &wanted.subject {
        query = query
            .filter(audit_entries::subject_kind.eq(kind.clone()))
            .filter(audit_entries::subject_id.eq(*id));
    }
    if !wanted.kinds.is_empty() {
        query = query.filter(audit_entries::kind.eq_any(wanted.kinds.clone()));
    }
    if let Some(before) = wanted.before {
        query = query.filter(audit_entries::id.lt(before.0));
    }
    Ok(query
        .order(audit_entries::id.desc())
        .limit(most)
        .load(tx.conn)?)
}
