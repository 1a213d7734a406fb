//! What the bridge does when something happens below it.

use super::bulletin;
use super::clicks::count_first_post;
use crate::db::Tx;
use crate::kit::{Event, Result};

/// Counts first posts of people who came by a link code, and forgets subscribers whose account is erased.
///
/// # Errors
/// A fault where the database fails.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::FirstPost {
            code: Some(code), ..
        } => count_first_post(tx, code),
        Event::MemberErased { member } => bulletin::forget_member(tx, *member),
        _ => Ok(()),
    }
}
