//! What is told of because something happened below.

use serde_json::json;

use super::tell::{Notice, tell};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::event::Event;
use crate::kit::ids::MemberId;
use crate::members;
use crate::policy::Role;

/// The joint of this room: a role that somebody gave to themselves is told to all staff.
///
/// # Errors
/// A fault where the database fails.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    super::ways::forget(tx, event)?;
    match event {
        // Nobody waits for words that are gone.
        Event::PostsHidden { posts, .. } => super::list::gone(tx, posts),
        Event::RoleChanged {
            member,
            role,
            given: true,
            by: Some(by),
        } if member == by => role_self(tx, *by, role),
        _ => Ok(()),
    }
}

fn role_self(tx: &mut Tx<'_>, by: MemberId, role: &'static str) -> Result<()> {
    let mut staff: Vec<MemberId> = Vec::new();
    for of in [Role::Moderator, Role::Publisher, Role::Admin] {
        staff.extend(members::with_role(tx, of)?.into_iter().map(|card| card.id));
    }
    staff.sort_unstable();
    staff.dedup();
    let name = members::card(tx, by)?.name;
    for member in staff {
        tell(
            tx,
            &Notice {
                member,
                kind: "role-self",
                subject_kind: "member",
                subject_id: by.0,
                actor: Some(by),
                data: json!({ "role": role, "path": format!("/u/{name}") }),
                mail: true,
            },
        )?;
    }
    Ok(())
}
