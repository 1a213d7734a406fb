//! Removing a picture everywhere it stands, and bringing it back.

use super::facts::find_post;
use crate::audit;
use crate::content::uploads;
use crate::db::Tx;
use crate::kit::ids::MediaId;
use crate::kit::stop::OrRefuse;
use crate::kit::{Event, Refusal, Result};
use crate::policy::{Action, Actor};

/// Removes a picture, and every copy of it, from sight; for thirty days it can be brought back. What was announced with
/// it is taken back in the same transaction, and stays so.
///
/// # Errors
/// Not found where the post it stands in is not the actor's to see; a refusal where the actor does not moderate there,
/// or it is removed already.
pub fn remove_picture(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: MediaId,
    reason: Option<&str>,
) -> Result<()> {
    let post = uploads::find(tx, id)?.post.or_not_found()?;
    let (_, _, law) = find_post(tx, post)?;
    actor.may(&Action::HidePost(&law))?;
    if uploads::is_removed(tx, id)? {
        return Err(Refusal::WrongState("removed").into());
    }
    let copies = uploads::remove_everywhere(tx, id)?;
    let about = audit::subject("upload", id.0);
    let details = serde_json::json!({ "post": post.0, "copies": copies.len() });
    audit::record(tx, actor, "upload.removed", about, details, reason)?;
    tx.tell(&Event::PicturesRemoved {
        pictures: copies,
        by: actor.id(),
    })
}

/// Brings a removed picture back.
///
/// # Errors
/// As [`remove_picture`], where it is not removed.
pub fn bring_picture_back(tx: &mut Tx<'_>, actor: &Actor, id: MediaId) -> Result<()> {
    let post = uploads::find(tx, id)?.post.or_not_found()?;
    let (_, _, law) = find_post(tx, post)?;
    actor.may(&Action::HidePost(&law))?;
    if !uploads::is_removed(tx, id)? {
        return Err(Refusal::WrongState("shown").into());
    }
    let copies = uploads::bring_back(tx, id)?;
    let about = audit::subject("upload", id.0);
    let details = serde_json::json!({ "post": post.0, "copies": copies.len() });
    audit::record(tx, actor, "upload.restored", about, details, None)
}
