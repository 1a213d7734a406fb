//! Writing one entry.

use diesel::prelude::*;
use serde_json::Value;

use super::entry::{Covered, Subject, keyed_hash};
use crate::db::schema::audit_entries;
use crate::db::{Lock, Tx};
use crate::kit::Result;
use crate::policy::Actor;

/// Records what was done. `details` are ids and plain values only; `reason` is what a person wrote and can be erased.
/// The row is written at the end of the transaction, where the end of the chain is locked last and shortest.
///
/// # Errors
/// A fault where the details cannot be written.
pub fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: &'static str,
    about: Subject,
    details: Value,
    reason: Option<&str>,
) -> Result<()> {
    let (actor_kind, actor_id) = match actor {
        Actor::Guest => ("guest", None),
        Actor::Member(person) => ("member", Some(person.id.0)),
        Actor::System(_) => ("system", None),
    };
    let details = match actor {
        Actor::System(name) => with_job(details, name),
        _ => details,
    };
    let details = serde_json::to_string(&details)?;
    let reason = reason.map(str::to_owned).filter(|r| !r.trim().is_empty());
    let at = tx.now();
    tx.at_end(move |tx| {
        tx.lock(Lock::AuditChain)?;
        let prev_hash: Vec<u8> = audit_entries::table
            .order(audit_entries::id.desc())
            .select(audit_entries::hash)
            .first(tx.conn)
            .optional()?
            .unwrap_or_default();
        let reason_hash = reason.as_deref().map(|words| keyed_hash(tx.house(), words));
        let hash = Covered {
            at,
            actor_kind,
            actor_id,
            kind,
            subject_kind: about.kind,
            subject_id: about.id,
            details: &details,
            reason_hash: reason_hash.as_deref(),
            prev_hash: &prev_hash,
        }
        .hash();
        diesel::insert_into(audit_entries::table)
            .values((
                audit_entries::at.eq(at),
                audit_entries::actor_kind.eq(actor_kind),
                audit_entries::actor_id.eq(actor_id),
                audit_entries::kind.eq(kind),
                audit_entries::subject_kind.eq(about.kind),
                audit_entries::subject_id.eq(about.id),
                audit_entries::details.eq(&details),
                audit_entries::reason.eq(&reason),
                audit_entries::reason_hash.eq(&reason_hash),
                audit_entries::prev_hash.eq(&prev_hash),
                audit_entries::hash.eq(&hash),
            ))
            .execute(tx.conn)?;
        Ok(())
    });
    Ok(())
}

fn with_job(details: Value, name: &str) -> Value {
    match details {
        Value::Object(mut map) => {
            map.insert("job".to_owned(), Value::from(name));
            Value::Object(map)
        }
        Value::Null => serde_json::json!({ "job": name }),
        other => other,
    }
}
