//! What this room does when something happens in a lower one, in the same transaction.

use super::{bookmark, draft, react, vote};
use crate::db::Tx;
use crate::kit::{Event, Result};

/// The joint for events: what an erased member had saved, answered and voted goes with them.
///
/// # Errors
/// A fault where the database fails.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::MemberErased { member } => {
            bookmark::forget(tx, *member)?;
            draft::forget(tx, *member)?;
            react::forget(tx, *member)?;
            vote::forget(tx, *member)
        }
        _ => Ok(()),
    }
}
