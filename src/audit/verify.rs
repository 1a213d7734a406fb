//! Proving that nobody changed the log afterwards.

use diesel::prelude::*;

use super::entry::{Covered, Entry};
use crate::db::Tx;
use crate::db::schema::audit_entries;
use crate::kit::Result;
use crate::kit::ids::AuditId;

/// What a look at the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// So many entries, every link holds.
    Whole(i64),
    /// The first entry whose link does not hold.
    Broken(AuditId),
}

/// Rows read at a time.
const STEP: i64 = 500;

/// Walks the chain from its beginning.
///
/// # Errors
/// A fault where the database fails.
pub fn verify(tx: &mut Tx<'_>) -> Result<Verdict> {
    let (mut after, mut prev, mut count) = (0, Vec::new(), 0);
    loop {
        let rows: Vec<Entry> = audit_entries::table
            .filter(audit_entries::id.gt(after))
            .order(audit_entries::id)
            .limit(STEP)
            .select(audit_entries::all_columns)
            .load(tx.conn)?;
        let Some(last) = rows.last() else {
            return Ok(Verdict::Whole(count));
        };
        after = last.id.0;
        for row in &rows {
            let covered = Covered {
                at: row.at,
                actor_kind: &row.actor_kind,
                actor_id: row.actor_id,
                kind: &row.kind,
                subject_kind: &row.subject_kind,
                subject_id: row.subject_id,
                details: &row.details,
                reason_hash: row.reason_hash.as_deref(),
                prev_hash: &row.prev_hash,
            };
            if row.prev_hash != prev || covered.hash() != row.hash {
                return Ok(Verdict::Broken(row.id));
            }
            prev.clone_from(&row.hash);
            count += 1;
        }
    }
}
