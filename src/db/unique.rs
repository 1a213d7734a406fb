//! Which uniqueness was violated, told the same way for both databases.

use diesel::result::{DatabaseErrorKind, Error};

/// The `table.column` (first column) of the unique constraint that an insert or update ran into, if that is what the error is.
///
/// PostgreSQL names the constraint (`members_name_key_key`), SQLite the columns (`UNIQUE constraint failed: members.name_key`).
#[must_use]
pub fn violated(error: &Error) -> Option<String> {
    let Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) = error else {
        return None;
    };
    if let (Some(table), Some(constraint)) = (info.table_name(), info.constraint_name()) {
        let columns = constraint.strip_prefix(table).unwrap_or(constraint);
        let column = columns.trim_start_matches('_').trim_end_matches("_key");
        return Some(format!("{table}.{column}"));
    }
    let message = info.message();
    let columns = message
        .strip_prefix("UNIQUE constraint failed: ")
        .unwrap_or(message);
    Some(
        columns
            .split(',')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned(),
    )
}
