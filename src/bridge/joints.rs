//! What the bridge does when something happens below it.

use super::clicks::count_first_post;
use crate::db::Tx;
use crate::kit::{Event, Result};

/// Counts first posts of people who came by a link code.
///
/// # Errors
/// A fault where the database fails.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::FirstPost {
            code: Some(code), ..
        } => count_first_post(tx, code),
        _ => Ok(()),
    }
}
